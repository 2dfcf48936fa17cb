"""Lifecycle rules in one canonical form: JSON in AWS's names, without ID (it is the key), equal where the meaning is.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from securebucket.api.base import aws_document
from securebucket.api.lifecycle import LifecycleRule
from securebucket.controls.entries import is_active
from securebucket.controls.object_filter import covers, declared_filter, read_filter, write_filter

Rule = Mapping[str, Any]

ACTIONS = (
    "Expiration",
    "Transitions",
    "NoncurrentVersionExpiration",
    "NoncurrentVersionTransitions",
    "AbortIncompleteMultipartUpload",
)


def declared_rule(rule: LifecycleRule) -> dict[str, Any]:
    """Give the canonical form of a rule in the spec."""
    return canonical_rule(aws_document(rule) | {"Filter": write_filter(declared_filter(rule.filter))})


def canonical_rule(rule: Rule) -> dict[str, Any]:
    """Give the canonical form of a rule as S3 answers it; members that are not known here are carried along.

    `Filter` is flat (see `object_filter`), dates are `YYYY-MM-DD`, transitions are sorted, and what does nothing is
    left out: false markers, zero days of expiry, zero newer versions.
    """
    canonical = {name: _plain(value) for name, value in rule.items() if name not in {"ID", "Prefix", "Filter"}}
    canonical["Filter"] = read_filter(rule)
    for name, days in (("Transitions", "Days"), ("NoncurrentVersionTransitions", "NoncurrentDays")):
        canonical[name] = _transitions(canonical.get(name) or [], days)
    for name in ("Expiration", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"):
        canonical[name] = {member: value for member, value in (canonical.get(name) or {}).items() if value}
    actions = {name: canonical.pop(name) for name in ACTIONS}
    if not any(actions.values()) and rule.get("Expiration"):
        # S3 refuses a rule without any action, so one that only says "false" has to say it again when it is put back.
        actions["Expiration"] = {"ExpiredObjectDeleteMarker": False}
    return canonical | {name: value for name, value in actions.items() if value}


def write_rule(rule_id: str, rule: Rule) -> dict[str, Any]:
    """Write a canonical rule for PutBucketLifecycleConfiguration.

    Always with `Filter`: S3 refuses a top-level `Prefix` beside any rule that has a filter.
    """
    document = {"ID": rule_id, **rule, "Filter": write_filter(rule["Filter"])}
    if "Expiration" in rule:
        document["Expiration"] = _with_midnight(rule["Expiration"])
    if "Transitions" in rule:
        document["Transitions"] = [_with_midnight(each) for each in rule["Transitions"]]
    return document


def deletes_more(before: Rule, after: Rule) -> bool:
    """Tell whether `after` deletes versions that `before` leaves alone, or deletes them sooner.

    Delete markers without versions and unfinished uploads are no data.
    """
    expiration = {name: value for name, value in after.get("Expiration", {}).items() if name in {"Days", "Date"}}
    noncurrent: Mapping[str, int] = after.get("NoncurrentVersionExpiration", {})
    if not is_active(after) or not (expiration or noncurrent):
        return False
    if not is_active(before) or not covers(before["Filter"], after["Filter"]):
        return True
    earlier: Mapping[str, Any] = before.get("Expiration", {})
    if any(name not in earlier or value < earlier[name] for name, value in expiration.items()):
        return True
    if not noncurrent:
        return False
    earlier = before.get("NoncurrentVersionExpiration", {})
    return (
        not earlier
        or noncurrent.get("NoncurrentDays", 0) < earlier.get("NoncurrentDays", 0)
        or noncurrent.get("NewerNoncurrentVersions", 0) < earlier.get("NewerNoncurrentVersions", 0)
    )


def _transitions(transitions: list[dict[str, Any]], days: str) -> list[dict[str, Any]]:
    """Sort transitions, which Ceph RGW reorders, and say their days, which S3 takes as 0 when they are left out."""
    canonical = []
    for each in transitions:
        transition = {name: value for name, value in each.items() if value or name == days}
        if "Date" in transition:
            transition.pop(days, None)
        else:
            transition[days] = transition.get(days) or 0
        canonical.append(transition)
    return sorted(canonical, key=lambda each: (each.get("Date", ""), each.get(days, 0), each.get("StorageClass", "")))


def _plain(value: Any) -> Any:
    """Turn boto3's values into JSON; a lifecycle date is a day, which S3 answers as midnight UTC."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _with_midnight(action: Mapping[str, Any]) -> dict[str, Any]:
    if "Date" not in action:
        return dict(action)
    return {**action, "Date": dt.datetime.fromisoformat(action["Date"]).replace(tzinfo=dt.UTC)}
