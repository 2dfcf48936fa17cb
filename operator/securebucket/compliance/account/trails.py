"""CloudTrail's trails: whether what happens to objects is written down.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
"""

from dataclasses import dataclass
from functools import partial

from securebucket.compliance.account.account_document import (
    AccountCheck,
    AccountDocument,
    AccountPlace,
    Found,
    items_of,
    problem,
)
from securebucket.compliance.account.bucket_list import Regional, read_regions
from securebucket.compliance.account.event_selectors import Access, covers
from securebucket.model.document import Response
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.verdict import Severity, Verdict, failed, passed, unknown


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


def list_trails(place: AccountPlace) -> Flow[Regional | Failure]:
    """List the trails that each region tells of."""
    return (yield from read_regions(place, Read("describe_trails", service="cloudtrail", required="trailList")))


def trails_in(listed: Regional) -> tuple[Trail, ...]:
    """Give every trail once; each region tells of a multi-Region trail."""
    found: dict[str, Trail] = {}
    for answer in listed.answers.values():
        for each in items_of(answer, "trailList"):
            arn = str(each["TrailARN"])
            found[arn] = Trail(
                arn=arn,
                region=str(each.get("HomeRegion") or arn.split(":")[3]),
                multi_region=bool(each.get("IsMultiRegionTrail")),
                bucket=str(each.get("S3BucketName") or ""),
                log_group=str(each.get("CloudWatchLogsLogGroupArn") or ""),
            )
    return tuple(found[arn] for arn in sorted(found))


def status_of(trail: Trail) -> Read:
    """Read whether a trail logs, where it was made."""
    return Read(
        "get_trail_status",
        service="cloudtrail",
        region=trail.region,
        item=trail.arn,
        parameters={"Name": trail.arn},
        optional=True,
    )


def is_logging(status: Found) -> bool:
    """Tell whether an answer says that the trail logs."""
    return bool(_told(status).get("IsLogging"))


def _told(answer: Found) -> Response:
    return {} if answer is None or isinstance(answer, Failure) else answer


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
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-cloudtrail-logging-for-s3.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-23",
            ),
            judge=partial(judge_logged, Access.READ),
        ),
    )

    def observe(self, place: AccountPlace) -> Flow[TrailsState | Failure]:
        """List the trails, then look at the multi-Region ones where they were made.

        One region that answers is enough, since it tells of all multi-Region trails.
        """
        listed = yield from list_trails(place)
        if isinstance(listed, Failure):
            return listed
        recordings: list[Recording] = []
        for trail in trails_in(listed):
            if trail.multi_region:
                status = yield status_of(trail)
                selectors = yield Read(
                    "get_event_selectors",
                    service="cloudtrail",
                    region=trail.region,
                    item=trail.arn,
                    parameters={"TrailName": trail.arn},
                    optional=True,
                )
                recordings.append(_recording(trail, status, selectors))
        return TrailsState(tuple(recordings))


def _recording(trail: Trail, status: Found, selectors: Found) -> Recording:
    return Recording(
        trail,
        logging=is_logging(status),
        covered=frozenset(each for each in Access if covers(_told(selectors), each)),
        unread=problem(status) or problem(selectors),
    )
