"""Access points: further doors to a bucket, each with a Block Public Access that can never be changed.

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
from securebucket.model.verdict import Severity, Verdict, failed, not_applicable, passed, unknown

SHOWN = 5
"""Names in one sentence; an account may have ten thousand access points in a region."""


@dataclass(frozen=True, slots=True)
class AccessPointsState:
    """The account's access points.

    Args:
        off: flags that are off, by access point that has any.
        count: how many there are.
        unread: why some were not looked at.
    """

    off: Mapping[str, tuple[str, ...]]
    count: int
    unread: tuple[str, ...] = ()


def judge_blocked(state: AccessPointsState) -> Verdict:
    """Pass when every access point blocks public access with all four flags."""
    if state.off:
        return failed(
            "; ".join(f"{name}: {', '.join(flags)} off" for name, flags in list(state.off.items())[:SHOWN])
            + (f"; and {len(state.off) - SHOWN} more" if len(state.off) > SHOWN else "")
        )
    if state.unread:
        more = f" (and {len(state.unread) - 1} more)" if len(state.unread) > 1 else ""
        return unknown(f"{state.unread[0]}{more}")
    if not state.count:
        return not_applicable("the account has no access point where it has buckets")
    return passed(f"all {state.count} access points block public access")


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
        missing = listed.missing
        points = [(region, each) for region, list_ in listed.answers.items() for each in items_of(list_, listing.pages)]
        off: dict[str, tuple[str, ...]] = {}
        for region, point in points:
            read = _read_of(place, region, point)
            answer = yield read
            if isinstance(answer, Failure):
                missing.append(answer.message)
                continue
            flags = PublicAccessBlock.of((answer or {}).get("PublicAccessBlockConfiguration")).off
            if flags:
                off[read.item] = flags
        return AccessPointsState(off, len(points), tuple(missing))


def _read_of(place: AccountPlace, region: str, point: Mapping[str, Any]) -> Read:
    """Read an access point once: what it blocks never changes.

    The alias is new with each creation, so that one of the same name that was made anew is read again.
    """
    return Read(
        "get_access_point",
        service="s3control",
        region=region,
        item=str(point.get("AccessPointArn") or point["Name"]),
        parameters={"AccountId": place.account_id, "Name": point["Name"]},
        required="PublicAccessBlockConfiguration",
        remembered=math.inf if point.get("Alias") else 0.0,
        edition=str(point.get("Alias") or ""),
        optional=True,
    )
