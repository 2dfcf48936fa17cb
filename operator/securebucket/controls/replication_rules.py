"""Replication rules in one canonical form: JSON in AWS's names, without ID (it is the key), equal where the meaning is.

A rule with `Filter` is of version 2; one with a top-level `Prefix` and no filter is of version 1, which differs in
meaning: it copies the delete markers that users make, and its rules have no priority.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html#replication-backward-compat-considerations
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from securebucket.api.replication import Destination, ReplicationRule
from securebucket.controls.entries import is_active
from securebucket.controls.object_filter import declared_filter, read_filter, write_filter
from securebucket.model.document import jsonable

Rule = Mapping[str, Any]

ON = {"Status": "Enabled"}
OFF = {"Status": "Disabled"}
MINUTES = {"Minutes": 15}
"""The only time that Replication Time Control takes."""


def declared_rule(rule: ReplicationRule) -> dict[str, Any]:
    """Give the canonical form of a rule in the spec."""
    toggles = {
        "SseKmsEncryptedObjects": rule.sse_kms_encrypted_objects,
        "ReplicaModifications": rule.replica_modifications,
    }
    return canonical_rule(
        {
            "Status": rule.status,
            "Priority": rule.priority,
            "Filter": write_filter(declared_filter(rule.filter)),
            "DeleteMarkerReplication": {"Status": rule.delete_marker_replication},
            "SourceSelectionCriteria": {name: {"Status": status} for name, status in toggles.items() if status},
            "ExistingObjectReplication": {"Status": rule.existing_object_replication or "Disabled"},
            "Destination": _declared_destination(rule.destination),
        }
    )


def canonical_rule(rule: Rule) -> dict[str, Any]:
    """Give the canonical form of a rule as S3 answers it; members that are not known here are carried along.

    `Filter` is flat (see `object_filter`), and what is switched off is left out: S3 takes it as if it were not there.
    Only `DeleteMarkerReplication` and `Priority` are always said in version 2, as S3 does.
    """
    canonical: dict[str, Any] = {
        name: jsonable(value) for name, value in rule.items() if name not in {"ID", "Prefix", "Filter"}
    }
    if rule.get("Filter") is None:
        canonical["Prefix"] = rule.get("Prefix") or ""
    else:
        canonical["Filter"] = read_filter(rule)
        canonical["Priority"] = canonical.get("Priority") or 0
        canonical["DeleteMarkerReplication"] = canonical.get("DeleteMarkerReplication") or OFF
    canonical["SourceSelectionCriteria"] = _switched_on(canonical.get("SourceSelectionCriteria"))
    destination = canonical.get("Destination") or {}
    if "EncryptionConfiguration" in destination:
        destination = destination | {"EncryptionConfiguration": _switched_on(destination["EncryptionConfiguration"])}
    canonical["Destination"] = _switched_on(destination)
    return {
        name: value
        for name, value in canonical.items()
        if not (name == "SourceSelectionCriteria" and not value)
        and not (name == "ExistingObjectReplication" and value == OFF)
    }


def write_rule(rule_id: str, rule: Rule) -> dict[str, Any]:
    """Write a canonical rule for PutBucketReplication."""
    document: dict[str, Any] = {"ID": rule_id, **rule}
    if is_current(rule):
        document["Filter"] = write_filter(rule["Filter"])
    if "EncryptionConfiguration" in rule["Destination"]:
        # Else InvalidRequest: "SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present".
        document["SourceSelectionCriteria"] = {
            "SseKmsEncryptedObjects": OFF,
            **rule.get("SourceSelectionCriteria", {}),
        }
    return document


def is_current(rule: Rule) -> bool:
    """Tell whether a canonical rule is of version 2."""
    return "Filter" in rule


def destinations(rules: Mapping[str, Rule]) -> Iterator[tuple[str, str]]:
    """Give the buckets that S3 copies to by rules, each with the account that its rule names; empty for none."""
    for rule in filter(is_active, rules.values()):
        destination = rule.get("Destination") or {}
        yield str(destination.get("Bucket", "")).rpartition(":")[2], str(destination.get("Account") or "")


def in_one_version(rules: Mapping[str, Rule]) -> dict[str, Rule]:
    """Say rules of version 1 in version 2 where both are to stand side by side, with the same meaning.

    One rule without `Filter` makes the whole configuration version 1, and S3 then refuses the others ("Priority cannot
    be used for this version"). They get the lowest free priorities: those of version 1 never overlap each other.
    """
    current = [rule for rule in rules.values() if is_current(rule)]
    if len(current) in {0, len(rules)}:
        return dict(rules)
    taken = {rule["Priority"] for rule in current}
    free = (number for number in itertools.count() if number not in taken)
    return {name: rule if is_current(rule) else _modernised(rule, next(free)) for name, rule in sorted(rules.items())}


def _modernised(rule: Rule, priority: int) -> Rule:
    kept = {name: value for name, value in rule.items() if name != "Prefix"}
    prefix = rule["Prefix"]
    return kept | {
        "Filter": {"Prefix": prefix} if prefix else {},
        "Priority": priority,
        "DeleteMarkerReplication": ON,
    }


def _declared_destination(declared: Destination) -> dict[str, Any]:
    destination: dict[str, Any] = {
        "Bucket": declared.bucket,
        "Account": declared.account,
        "StorageClass": declared.storage_class,
    }
    if declared.owner_override:
        destination["AccessControlTranslation"] = {"Owner": declared.owner_override}
    encryption: dict[str, Any] = {}
    if declared.replica_kms_key_id:
        encryption["ReplicaKmsKeyID"] = declared.replica_kms_key_id
    if declared.use_source_multi_region_key:
        encryption["UseSourceMultiRegionKey"] = {"Status": declared.use_source_multi_region_key}
    if encryption:
        destination["EncryptionConfiguration"] = encryption
    if declared.replication_time:
        # S3 takes Replication Time Control with metrics of the same threshold only, and a threshold only with it.
        destination["ReplicationTime"] = ON | {"Time": MINUTES}
        destination["Metrics"] = ON | {"EventThreshold": MINUTES}
    elif declared.metrics:
        destination["Metrics"] = ON
    return destination


def _switched_on(members: Any) -> dict[str, Any]:
    """Leave out what is empty or says that it is disabled."""
    return {
        name: value
        for name, value in (members or {}).items()
        if value and not (isinstance(value, Mapping) and (value.get("Status") == "Disabled" or not any(value.values())))
    }
