"""The buckets that trails write to: whether access to the logs is itself logged (CIS 3.4)."""

from collections.abc import Mapping
from dataclasses import dataclass

from securebucket.compliance.account.account_document import (
    AccountCheck,
    AccountDocument,
    AccountPlace,
)
from securebucket.compliance.account.bucket_list import BucketList, list_buckets
from securebucket.compliance.account.trails import list_trails, trails_in
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.verdict import Severity, Verdict, failed, not_applicable, passed, unknown


@dataclass(frozen=True, slots=True)
class TrailBucketsState:
    """The trails' buckets.

    Args:
        logged: whether access to it is logged, by bucket.
        unread: why some were not looked at.
    """

    logged: Mapping[str, bool]
    unread: tuple[str, ...] = ()


def judge_logged(state: TrailBucketsState) -> Verdict:
    """Pass when access to every trail's bucket is logged."""
    silent = [name for name, logged in state.logged.items() if not logged]
    if silent:
        return failed(f"access to the trails' buckets is not logged: {', '.join(silent)}")
    if state.unread:
        return unknown("; ".join(state.unread))
    if not state.logged:
        return not_applicable("the account has no trail, so there is no bucket that it writes to")
    return passed(f"access to the trails' buckets is logged: {', '.join(state.logged)}")


class TrailBucketsDocument(AccountDocument[TrailBucketsState]):
    """The access logging of each bucket that a trail writes to."""

    name = "trailBuckets"
    title = "Access logging of the trails' buckets"
    actions = ("cloudtrail:DescribeTrails", "s3:GetBucketLogging")
    checks = (
        AccountCheck(
            id="trail-bucket-logged",
            title="Access to the buckets of the trails is logged",
            severity=Severity.MEDIUM,
            rationale="Who reads or removes the audit logs leaves no trace.",
            remediation="Turn server access logging on for the bucket that the trail writes to.",
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html#cloudtrail-7",
            ),
            judge=judge_logged,
        ),
    )

    def observe(self, place: AccountPlace) -> Flow[TrailBucketsState | Failure]:
        """Look at the buckets that are the account's own."""
        listed = yield from list_trails(place)
        if isinstance(listed, Failure):
            return listed
        buckets = yield from list_buckets(place)
        regions = {each.bucket: each.region for each in trails_in(listed) if each.bucket}
        missing = listed.missing
        logged: dict[str, bool] = {}
        for name, trail_region in sorted(regions.items()):
            if isinstance(buckets, BucketList) and name not in buckets.regions:
                missing.append(f"bucket {name} belongs to another account; look at its logging there")
                continue
            answer = yield Read(
                "get_bucket_logging",
                service="s3",
                region=(buckets.regions[name] if isinstance(buckets, BucketList) else "") or trail_region,
                item=name,
                parameters={"Bucket": name, "ExpectedBucketOwner": place.account_id},
                optional=True,
            )
            if isinstance(answer, Failure):
                missing.append(f"bucket {name}: {answer.message}")
            else:
                logged[name] = bool((answer or {}).get("LoggingEnabled"))
        return TrailBucketsState(logged, tuple(missing))
