"""Whether the role of a replication can copy: S3 takes any role, and then copies nothing.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from securebucket.controls.entries import is_active
from securebucket.model.bucket import Bucket
from securebucket.model.copying_role import CopyingRole, CopyingRoleQuery, Need
from securebucket.model.failure import Failure
from securebucket.policy.conditions import may_hold
from securebucket.policy.coverage import covers
from securebucket.policy.document import read_policy

FIELD = "spec.replication.role"
SERVICE = "s3.amazonaws.com"
OF_BUCKET = ("s3:GetReplicationConfiguration", "s3:ListBucket")
OF_SOURCE = ("s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging")
OF_COPIES = ("s3:ReplicateObject", "s3:ReplicateTags")
DELETES = "s3:ReplicateDelete"
GIVES_AWAY = "s3:ObjectOwnerOverrideToBucketOwner"
ENCRYPTS = "kms:Encrypt"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": SERVICE}, "Action": "sts:AssumeRole"}],
}

Rule = Mapping[str, Any]


def needs_of(bucket: Bucket, rules: Iterable[Rule]) -> tuple[Need, ...]:
    """Say what copying takes by canonical rules that are enabled."""
    needs: dict[Need, None] = {(action, bucket.arn): None for action in OF_BUCKET}
    needs |= {(action, f"{bucket.arn}/*"): None for action in OF_SOURCE}
    for rule in filter(is_active, rules):
        needs |= dict.fromkeys(_needs_of_rule(rule))
    return tuple(needs)


def _needs_of_rule(rule: Rule) -> Iterable[Need]:
    destination = rule.get("Destination") or {}
    copies = f"{destination.get('Bucket', '')}/*"
    yield from ((action, copies) for action in OF_COPIES)
    if (rule.get("DeleteMarkerReplication") or {}).get("Status") == "Enabled":
        yield DELETES, copies
    if destination.get("AccessControlTranslation"):
        yield GIVES_AWAY, copies
    key = str((destination.get("EncryptionConfiguration") or {}).get("ReplicaKmsKeyID") or "")
    encrypted = (rule.get("SourceSelectionCriteria") or {}).get("SseKmsEncryptedObjects") or {}
    if encrypted.get("Status") == "Enabled" and ":key/" in key:
        yield ENCRYPTS, key


def query_of(bucket: Bucket, role: str, rules: Mapping[str, Rule]) -> CopyingRoleQuery | None:
    """Ask about the role, where it is of the bucket's own account and IAM is there to be asked."""
    active = [rule for rule in rules.values() if is_active(rule)]
    if not active or not bucket.account_id or bucket.compatible or role.split(":")[4:5] != [bucket.account_id]:
        return None
    return CopyingRoleQuery(role, needs_of(bucket, active))


def problem_of(bucket: Bucket, role: str, found: CopyingRole, rules: Mapping[str, Rule]) -> Failure | None:
    """Say why nothing would be copied; None where nothing is known against it."""
    if not found.exists:
        return Failure(
            "ReplicationRoleMissing",
            f"{FIELD}: there is no role {role}, so that nothing is copied; create it, or name another one. It is tried"
            " again.",
            retry=True,
        )
    if not _lets_s3_in(bucket, found.trust):
        return Failure(
            "ReplicationRoleNotTrusting",
            f"{FIELD}: the trust policy of {role} does not let S3 assume it, so that nothing is copied; it needs"
            f" {json.dumps(TRUST['Statement'][0])}.",
            retry=True,
        )
    if found.lacks:
        return Failure(
            "ReplicationRoleLacks",
            f"{FIELD}: {role} may not {_listed(bucket, found.lacks, rules)}; grant it that.",
            retry=True,
        )
    return None


def _lets_s3_in(bucket: Bucket, trust: Mapping[str, Any]) -> bool:
    known = {
        "aws:sourcearn": (bucket.arn,),
        "aws:sourceaccount": (bucket.account_id,),
        "aws:principalisawsservice": ("true",),
    }
    return any(
        each.get("Effect") == "Allow"
        and SERVICE in each.get("Principal", {}).get("Service", ())
        and covers(each, "Action", "sts:assumerole")
        and may_hold(each.get("Condition", {}), known)
        for each in read_policy(json.dumps(dict(trust))).statements.values()
    )


def _listed(bucket: Bucket, lacks: Iterable[Need], rules: Mapping[str, Rule]) -> str:
    """Say what is lacking and for which rules, by resource."""
    by_resource: dict[str, list[str]] = {}
    for action, resource in lacks:
        by_resource.setdefault(resource, []).append(action)
    return "; ".join(
        f"{', '.join(actions)} on {resource}{_for_rules(bucket, resource, rules)}"
        for resource, actions in by_resource.items()
    )


def _for_rules(bucket: Bucket, resource: str, rules: Mapping[str, Rule]) -> str:
    if resource.startswith(bucket.arn):
        return ""
    names = [
        name
        for name, rule in sorted(rules.items())
        if is_active(rule) and any(resource == of for _, of in _needs_of_rule(rule))
    ]
    return f" (rule {', '.join(names)})" if names else ""
