"""Access points: further doors to a bucket, each with an origin and a Block Public Access that can never be changed.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from securebucket.compliance.account.account_document import (
    AccountCheck,
    AccountDocument,
    AccountPlace,
    items_of,
)
from securebucket.compliance.account.bucket_list import read_regions
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.public_access_block import PublicAccessBlock
from securebucket.model.verdict import Severity, Verdict, failed, not_applicable, passed, some_of, unknown

VPC = "VPC"
"""The network origin of an access point that lets in from one VPC; another one lets in from the internet."""


@dataclass(frozen=True, slots=True)
class AccessPointsState:
    """The account's access points.

    Args:
        off: flags that are off, by access point that has any.
        from_internet: access points that let in from elsewhere than a VPC.
        count: how many there are.
        unlisted: why there may be others.
        unread: why the flags of some were not looked at.
    """

    off: Mapping[str, tuple[str, ...]]
    from_internet: tuple[str, ...]
    count: int
    unlisted: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def judge_blocked(state: AccessPointsState) -> Verdict:
    """Pass when every access point blocks public access with all four flags."""
    if state.off:
        return failed(some_of([f"{name}: {', '.join(flags)} off" for name, flags in state.off.items()]))
    return _otherwise(state, (*state.unlisted, *state.unread), "block public access")


def judge_in_vpc(state: AccessPointsState) -> Verdict:
    """Pass when every access point lets in from a VPC only."""
    if state.from_internet:
        return failed(f"not confined to a VPC: {some_of(state.from_internet)}")
    return _otherwise(state, state.unlisted, "let in from a VPC only")


def _otherwise(state: AccessPointsState, missing: tuple[str, ...], what: str) -> Verdict:
    if missing:
        more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        return unknown(f"{missing[0]}{more}")
    if not state.count:
        return not_applicable("the account has no access point where it has buckets")
    return passed(f"all {state.count} access points {what}")


class AccessPointsDocument(AccountDocument[AccessPointsState]):
    """The access points of the account, in the regions that have its buckets."""

    name = "accessPoints"
    title = "Access points"
    actions = ("s3:ListAccessPoints", "s3:GetAccessPoint")
    checks = (
        AccountCheck(
            id="access-points-blocked",
            title="Access points block public access",
            severity=Severity.CRITICAL,
            rationale="The public gets through the access point to a bucket that lets nobody in by itself.",
            remediation="Make the access point anew with all four settings on: they can never be changed.",
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-19",
            ),
            judge=judge_blocked,
        ),
        AccountCheck(
            id="access-points-in-vpc",
            title="Access points let in from a VPC only",
            severity=Severity.LOW,
            rationale="Stolen credentials are good from anywhere in the internet.",
            remediation="Make it anew in a VPC where nobody else needs it: its origin can never be changed.",
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-vpc.html",
                "https://docs.aws.amazon.com/config/latest/developerguide/s3-access-point-in-vpc-only.html",
            ),
            judge=judge_in_vpc,
        ),
    )

    def observe(self, place: AccountPlace) -> Flow[AccessPointsState | Failure]:
        """List them by region, then gather their flags."""
        listing = Read(
            "list_access_points",
            service="s3control",
            parameters={"AccountId": place.account_id},
            pages="AccessPointList",
        )
        listed = yield from read_regions(place, listing)
        if isinstance(listed, Failure):
            return listed
        points = [(region, each) for region, list_ in listed.answers.items() for each in items_of(list_, listing.pages)]
        off: dict[str, tuple[str, ...]] = {}
        unread: list[str] = []
        for region, point in points:
            read = _read_of(place, region, point)
            answer = yield read
            if isinstance(answer, Failure):
                unread.append(answer.message)
                continue
            flags = PublicAccessBlock.of((answer or {}).get("PublicAccessBlockConfiguration")).off
            if flags:
                off[read.item] = flags
        from_internet = tuple(_name_of(point) for _, point in points if point.get("NetworkOrigin") != VPC)
        return AccessPointsState(off, from_internet, len(points), tuple(listed.missing), tuple(unread))


def _name_of(point: Mapping[str, Any]) -> str:
    return str(point.get("AccessPointArn") or point["Name"])


def _read_of(place: AccountPlace, region: str, point: Mapping[str, Any]) -> Read:
    """Read an access point once: what it blocks never changes.

    The alias is new with each creation, so that one of the same name that was made anew is read again.
    """
    return Read(
        "get_access_point",
        service="s3control",
        region=region,
        item=_name_of(point),
        parameters={"AccountId": place.account_id, "Name": point["Name"]},
        required="PublicAccessBlockConfiguration",
        remembered=math.inf if point.get("Alias") else 0.0,
        edition=str(point.get("Alias") or ""),
        optional=True,
    )
