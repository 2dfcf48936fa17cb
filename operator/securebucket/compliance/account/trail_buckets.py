"""The buckets that trails write to: whether access to the logs is itself logged (CIS 3.4)."""

from collections.abc import Mapping
from dataclasses import dataclass

from securebucket.compliance.account.account_document import (
    AccountCheck,
    AccountDocument,
    AccountPlace,
    AccountSubject,
    Ask,
    document,
    problem,
    unread,
)
from securebucket.compliance.account.bucket_list import BUCKETS, unseen_regions
from securebucket.compliance.account.trails import TRAILS, trails_in
from securebucket.model.failure import Failure
from securebucket.model.flow import Answers
from securebucket.model.observation import Unsupported
from securebucket.model.verdict import Remedy, Severity, Verdict, failed, not_applicable, passed, unknown

LOGGING = "s3:GetBucketLogging"


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
            remedy=Remedy.OUTSIDE,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html#cloudtrail-7",
            ),
            judge=judge_logged,
        ),
    )

    def ask(self, place: AccountPlace, answers: Answers) -> tuple[Ask, ...]:
        """Ask for the buckets that are the account's own."""
        listed = {str(each["Name"]): each for each in document(answers.get(BUCKETS, {})).get("Buckets") or ()}
        known = BUCKETS in answers and not problem(answers[BUCKETS])
        return tuple(
            Ask(
                "s3",
                "get_bucket_logging",
                str(listed.get(each.bucket, {}).get("BucketRegion") or each.region),
                item=each.bucket,
                parameters={"Bucket": each.bucket, "ExpectedBucketOwner": place.account_id},
            )
            for each in trails_in(answers)
            if each.bucket and (each.bucket in listed or not known)
        )

    def parse(self, subject: AccountSubject) -> TrailBucketsState | Failure | Unsupported:
        """Gather them."""
        nothing = unread(subject.items(TRAILS))
        if nothing:
            return nothing
        missing = [problem(answer) for _, answer in subject.items(TRAILS)] + [unseen_regions(subject)]
        logged: dict[str, bool] = {}
        for name in sorted({each.bucket for each in trails_in(subject.answers)} - {""}):
            answer = subject.answers.get(f"{LOGGING}/{name}")
            if answer is None:
                missing.append(f"bucket {name} belongs to another account; look at its logging there")
            elif problem(answer):
                missing.append(f"bucket {name}: {problem(answer)}")
            else:
                logged[name] = bool(document(answer).get("LoggingEnabled"))
        return TrailBucketsState(logged, tuple(each for each in missing if each))
