"""Where configurations of a list deliver reports to, and whether those who get them are trusted.

S3 writes the reports itself: whoever owns the destination learns what lies in the bucket, and no policy of the bucket
says so. With an account given, S3 delivers to a bucket of that account only.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryS3BucketDestination.html
"""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from securebucket.controls.configuration_list import ConfigurationList, Entry, ListState
from securebucket.model.bucket import Bucket
from securebucket.model.control import Context
from securebucket.model.failure import Failure
from securebucket.model.surroundings import BucketQuery, BucketRegion, BucketRegionQuery, OtherBucket, Query
from securebucket.model.verdict import Subject, Verdict, failed, passed, unknown

LOOK = ("s3:ListBucket", "arn:*:s3:::*", "to see that reports go to a bucket of the account, in the same region")


@dataclass(frozen=True, slots=True)
class Delivery:
    """Reports that S3 delivers.

    Args:
        configuration: whose they are.
        bucket: the destination's name.
        account: that must own it; empty where S3 does not look.
    """

    configuration: str
    bucket: str
    account: str


Destination = Callable[[str, Entry], Delivery | None]
"""See `ReportingList.delivery`."""


class ReportingList(ConfigurationList):
    """Keeps the configurations of a list that may deliver reports."""

    @staticmethod
    @abstractmethod
    def delivery(name: str, entry: Entry) -> Delivery | None:
        """Say where a canonical configuration delivers to; None where it delivers nothing."""

    def facts(self, context: Context, observed: ListState) -> tuple[Query[Any], ...]:
        """Ask about the destinations of what is to be put: each costs five calls."""
        deliveries = self._new(observed, self.desired(context, observed))
        return tuple(dict.fromkeys(query for each in deliveries if (query := _query(context.bucket, each))))

    def refuse(self, context: Context, observed: ListState, desired: ListState) -> Failure | None:
        """Refuse too many, and a destination that S3 refuses or that may be somebody else's."""
        too_many = super().refuse(context, observed, desired)
        if too_many is not None:
            return too_many
        for each in self._new(observed, desired):
            query = _query(context.bucket, each)
            fact = None if query is None else context.facts.get(query)
            where = f"{each.bucket}, the destination of configuration {each.configuration} of spec.{self.name},"
            if isinstance(fact, Failure):
                return _unreadable(context.bucket, where, fact)
            here = context.bucket.region
            if isinstance(fact, OtherBucket) and fact.region and here and fact.region != here:
                return Failure(
                    "ReportDestinationInOtherRegion",
                    f"{where} lies in {fact.region}, the bucket in {here}; name one of {here}.",
                )
        return None

    def _new(self, observed: ListState, desired: ListState) -> tuple[Delivery, ...]:
        return delivered(self.delivery, self.sent(observed, desired).configurations)


def delivered(delivery: Destination, entries: Mapping[str, Entry]) -> tuple[Delivery, ...]:
    """Give what configurations deliver."""
    found = (delivery(name, entry) for name, entry in sorted(entries.items()))
    return tuple(each for each in found if each is not None)


def ask_owners(control: str, delivery: Destination, subject: Subject) -> tuple[Query[Any], ...]:
    """Ask whether a destination is the account's own where its configuration names no account."""
    state, own = subject.observed[control], subject.bucket.account_id
    if not isinstance(state, ListState) or not own:
        return ()
    found = delivered(delivery, state.configurations)
    return tuple(dict.fromkeys(BucketRegionQuery(each.bucket, own) for each in found if not each.account))


def judge_trusted(delivery: Destination, subject: Subject, state: ListState) -> Verdict:
    """Pass when all reports go to the account itself or to accounts that are trusted."""
    found = delivered(delivery, state.configurations)
    if not found:
        return passed("no reports are delivered")
    trusted = {subject.bucket.account_id, *subject.trusted_accounts}
    strange, unread = [], []
    for each in found:
        what = f"{each.configuration} delivers to {each.bucket}"
        if each.account:
            strange += [] if each.account in trusted else [f"{what} of account {each.account}"]
            continue
        fact = subject.facts.get(BucketRegionQuery(each.bucket, subject.bucket.account_id))
        if isinstance(fact, Failure) and fact.reason == "BucketMissing":
            strange.append(f"{what}, which does not exist, so that anybody may create it")
        elif not isinstance(fact, BucketRegion):
            why = fact.message if isinstance(fact, Failure) else "it was not asked for"
            unread.append(f"{what} of whatever account, and whose that is could not be read: {why}")
    if strange:
        return failed("; ".join(strange))
    if unread:
        return unknown("; ".join(unread))
    return passed(f"reports go to trusted accounts: {', '.join(each.configuration for each in found)}")


def in_bucket(destination: Mapping[str, Any], bucket: Bucket) -> dict[str, Any]:
    """Write a destination of the spec, which may be a name, as AWS has it."""
    name = destination["Bucket"]
    arn = name if name.startswith("arn:") else f"arn:{bucket.partition}:s3:::{name}"
    return {"S3BucketDestination": {**destination, "Bucket": arn}}


def delivery_to(name: str, destination: Mapping[str, Any], account: str) -> Delivery:
    """Read a destination as AWS has it; `account` is what its member with the owner is called."""
    target: Mapping[str, Any] = destination.get("S3BucketDestination") or {}
    return Delivery(name, str(target.get("Bucket", "")).rpartition(":")[2], str(target.get(account) or ""))


def _query(bucket: Bucket, delivery: Delivery) -> BucketQuery | None:
    """Ask about a destination that is ours; one of another account we cannot read."""
    if delivery.account not in {"", bucket.account_id}:
        return None
    return BucketQuery(delivery.bucket, bucket.account_id)


def _unreadable(bucket: Bucket, where: str, failure: Failure) -> Failure:
    if failure.reason == "BucketMissing":
        # Source and destination may be in one file, and come in either order.
        text = f"{where} does not exist in account {bucket.account_id}; create it, or name another one."
        return Failure("ReportDestinationMissing", text, True, failure.code, failure.operation)
    hint = "" if failure.retry else " If another account owns it, set destination.accountId."
    text = f"{where} could not be read: {failure.message}{hint}"
    return Failure("ReportDestinationUnreadable", text, failure.retry, failure.code, failure.operation)
