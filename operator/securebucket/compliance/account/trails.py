"""CloudTrail's trails: whether what happens to objects is written down.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

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
from securebucket.compliance.account.bucket_list import regions_of
from securebucket.compliance.account.event_selectors import Access, covers
from securebucket.model.failure import Failure
from securebucket.model.flow import Answers
from securebucket.model.observation import Unsupported
from securebucket.model.verdict import Remedy, Severity, Verdict, failed, passed, unknown

TRAILS = "cloudtrail:DescribeTrails"


@dataclass(frozen=True, slots=True)
class Trail:
    """One trail as DescribeTrails tells it.

    Args:
        arn: names it in every region.
        region: where it was made, and answers.
        bucket: that it writes to.
        log_group: ARN of the CloudWatch log group that it writes to; empty without one.
    """

    arn: str
    region: str
    multi_region: bool
    bucket: str
    log_group: str


@dataclass(frozen=True, slots=True)
class Recording:
    """What a trail takes in.

    Args:
        logging: whether it is on.
        covered: the data events that it takes in of all buckets.
        unread: why that could not be read; empty when it could.
    """

    trail: Trail
    logging: bool
    covered: frozenset[Access]
    unread: str = ""


@dataclass(frozen=True, slots=True)
class TrailsState:
    """The multi-Region trails of the account, and what they take in."""

    recordings: tuple[Recording, ...]


def trails_in(answers: Answers) -> tuple[Trail, ...]:
    """Give every trail once; each region tells of a multi-Region trail."""
    found: dict[str, Trail] = {}
    for _, answer in AccountSubject("", answers).items(TRAILS):
        for each in document(answer).get("trailList") or ():
            arn = str(each["TrailARN"])
            found[arn] = Trail(
                arn=arn,
                region=str(each.get("HomeRegion") or arn.split(":")[3]),
                multi_region=bool(each.get("IsMultiRegionTrail")),
                bucket=str(each.get("S3BucketName") or ""),
                log_group=str(each.get("CloudWatchLogsLogGroupArn") or ""),
            )
    return tuple(found[arn] for arn in sorted(found))


def recordings_in(subject: AccountSubject) -> Iterator[Recording]:
    """Give what each multi-Region trail takes in."""
    for trail in trails_in(subject.answers):
        if trail.multi_region:
            status = subject.answer(f"cloudtrail:GetTrailStatus/{trail.arn}")
            selectors = subject.answer(f"cloudtrail:GetEventSelectors/{trail.arn}")
            yield Recording(
                trail,
                logging=bool(document(status).get("IsLogging")),
                covered=frozenset(each for each in Access if covers(document(selectors), each)),
                unread=problem(status) or problem(selectors),
            )


def judge_logged(access: Access, state: TrailsState) -> Verdict:
    """Pass when one multi-Region trail is on and takes in the events of all buckets."""
    covering = [each for each in state.recordings if access in each.covered]
    on = next((each for each in covering if each.logging), None)
    if on:
        return passed(f"trail {on.trail.arn} logs the {access.value} events of all buckets")
    reason = next((each.unread for each in state.recordings if each.unread), "")
    if reason:
        return unknown(reason)
    if covering:
        return failed(f"trail {covering[0].trail.arn} takes them in, but does not log")
    if state.recordings:
        names = ", ".join(each.trail.arn for each in state.recordings)
        return failed(f"no multi-Region trail takes in the {access.value} events of all buckets: {names}")
    return failed("the account has no multi-Region trail")


class TrailsDocument(AccountDocument[TrailsState]):
    """The trails, whether they log, and which data events they take in."""

    name = "trails"
    title = "CloudTrail trails"
    actions = ("cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus")
    checks = (
        AccountCheck(
            id="write-events-logged",
            title="A multi-Region trail logs who writes objects",
            severity=Severity.MEDIUM,
            rationale="Who overwrote or deleted an object cannot be found out.",
            remediation="Have a multi-Region trail log the write data events of all S3 buckets.",
            remedy=Remedy.OUTSIDE,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-cloudtrail-logging-for-s3.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-22",
            ),
            judge=partial(judge_logged, Access.WRITE),
        ),
        AccountCheck(
            id="read-events-logged",
            title="A multi-Region trail logs who reads objects",
            severity=Severity.MEDIUM,
            rationale="What a thief has taken cannot be found out.",
            remediation="Have a multi-Region trail log the read data events of all S3 buckets.",
            remedy=Remedy.OUTSIDE,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-cloudtrail-logging-for-s3.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-23",
            ),
            judge=partial(judge_logged, Access.READ),
        ),
    )

    def ask(self, place: AccountPlace, answers: Answers) -> tuple[Ask, ...]:
        """List the trails of each region, then look at the multi-Region ones where they were made."""
        lists = [
            Ask("cloudtrail", "describe_trails", region, item=region, member="trailList")
            for region in regions_of(place, answers)
        ]
        wide = [each for each in trails_in(answers) if each.multi_region]
        states = [
            Ask("cloudtrail", "get_trail_status", each.region, item=each.arn, parameters={"Name": each.arn})
            for each in wide
        ]
        selectors = [
            Ask("cloudtrail", "get_event_selectors", each.region, item=each.arn, parameters={"TrailName": each.arn})
            for each in wide
        ]
        return (*lists, *states, *selectors)

    def parse(self, subject: AccountSubject) -> TrailsState | Failure | Unsupported:
        """Gather them; one region that answers is enough, since it tells of all multi-Region trails."""
        return unread(subject.items(TRAILS)) or TrailsState(tuple(recordings_in(subject)))
