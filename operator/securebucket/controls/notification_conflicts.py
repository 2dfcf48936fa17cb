"""Notification targets that S3 takes no document with: two for one event and key, one in another region, too many.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
"""

import itertools
from collections.abc import Mapping
from typing import Any

from securebucket.controls.entries import refuse_number
from securebucket.controls.notification_targets import KINDS
from securebucket.model.failure import Failure

Targets = Mapping[str, Mapping[str, Any]]

MOST = 100
"""Notifications of a bucket: https://docs.aws.amazon.com/general/latest/gr/s3.html"""


def refuse_targets(observed: Targets, desired: Targets, kept: tuple[str, ...], region: str) -> Failure | None:
    """Say why S3 would refuse the targets; what it holds already, side by side, it has taken.

    Args:
        observed: the targets that are there, by kind and id.
        desired: those that are to be there.
        kept: those of others among them.
        region: the bucket's; empty where it is not known.
    """
    new = {key for key, target in desired.items() if observed.get(key) != target}
    return (
        _refuse_ids(desired)
        or refuse_number("notifications", observed, desired, kept, MOST)
        or _refuse_regions(desired, new, region)
        or _refuse_overlaps(desired, new, kept)
    )


def _refuse_ids(desired: Targets) -> Failure | None:
    owners: dict[str, str] = {}
    for key in sorted(desired):
        owner = owners.setdefault(key.partition("/")[2], key)
        if owner != key:
            return Failure(
                "NotificationIdTaken",
                f"notification targets {owner} and {key} have the same id, which S3 refuses; give each target of"
                " spec.notifications an id of its own.",
            )
    return None


def _refuse_regions(desired: Targets, new: set[str], region: str) -> Failure | None:
    for key in sorted(new):
        arn = next((str(desired[key][kind.arn]) for kind in KINDS if kind.arn in desired[key]), "")
        there = arn.split(":")[3] if arn.count(":") >= 5 else ""
        if region and there not in {"", region}:
            return Failure(
                "NotificationTargetInOtherRegion",
                f"notification target {key} is in {there}, the bucket in {region}, which S3 refuses; name one of"
                f" {region}, or use spec.notifications.eventBridge.",
            )
    return None


def _refuse_overlaps(desired: Targets, new: set[str], kept: tuple[str, ...]) -> Failure | None:
    for one, other in itertools.combinations(sorted(desired), 2):
        shared = _shared_event(desired[one], desired[other])
        if shared and _overlap(desired[one], desired[other]) and new & {one, other}:
            of_others = [key for key in (one, other) if key in kept]
            hint = f", remove {of_others[0]}, which is of others, or set foreign to Remove" if of_others else ""
            return Failure(
                "NotificationsOverlap",
                f"notification targets {one} and {other} are both for {shared} of the same keys, and S3 takes one"
                f" target only for an event and a key; give them prefixes or suffixes that do not overlap{hint}. SNS"
                " tells many at once, as does spec.notifications.eventBridge.",
            )
    return None


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether a key may fit both filters: S3 looks at the prefixes and at the suffixes, each for itself."""
    here, there = (target.get("Filter") or {} for target in (one, other))
    first, second = str(here.get("prefix", "")), str(there.get("prefix", ""))
    last, latter = str(here.get("suffix", "")), str(there.get("suffix", ""))
    return (first.startswith(second) or second.startswith(first)) and (last.endswith(latter) or latter.endswith(last))


def _shared_event(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Give an event that both are for; empty where there is none. `s3:ObjectCreated:*` is all of its kind."""
    for mine, theirs in itertools.product(one.get("Events") or (), other.get("Events") or ()):
        if mine == theirs or _covers(mine, theirs):
            return str(theirs)
        if _covers(theirs, mine):
            return str(mine)
    return ""


def _covers(event: str, other: str) -> bool:
    return event.endswith(":*") and other.startswith(event.removesuffix("*"))
