"""Grants of a bucket's ACL as policy statements, so that nobody loses access when ACLs are turned off.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-ownership-migrating-acls-prerequisites.html
"""

from typing import Any, Protocol, runtime_checkable

from securebucket.api.spec import Role
from securebucket.model.acl import LOG_DELIVERY_GROUP, AclGrant
from securebucket.model.bucket import Bucket, Origin
from securebucket.model.control import Context
from securebucket.policy.acl_services import SERVICES
from securebucket.policy.document import digest
from securebucket.policy.log_delivery import account_delivery

ENFORCED = "BucketOwnerEnforced"

LISTING = ("s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads")
ACTIONS: dict[str, tuple[str, ...]] = {
    "READ": LISTING,
    "WRITE": ("s3:PutObject",),
    "READ_ACP": ("s3:GetBucketAcl",),
    "FULL_CONTROL": (*LISTING, "s3:PutObject", "s3:GetBucketAcl"),
}
"""What each permission allows. `WRITE_ACP` (`s3:PutBucketAcl`) is left out: with ACLs off it allows nothing, and it
would give another account the key to the bucket (Security Hub S3.6) if they were ever turned on again."""

NAMES = {"READ": "Read", "WRITE": "Write", "READ_ACP": "ReadAcp", "FULL_CONTROL": "FullControl"}


@runtime_checkable
class WithGrants(Protocol):
    """What this module needs of the observed ownership.

    Args:
        grants: the ACL's grants besides the owner's own; none where ACLs are off.
    """

    grants: frozenset[AclGrant]


def migrated_statements(context: Context) -> tuple[dict[str, Any], ...]:
    """Write the ACL's grants as statements while its end is due, on adopted buckets only.

    On a bucket that the operator created, an ACL that grants somebody something is drift, and must not be made
    permanent. The statements carry no prefix of ours: from then on they are entries of others.
    """
    ownership = context.observed.get("ownership")
    due = (
        context.bucket.origin is Origin.ADOPTED
        and context.spec.ownership.object_ownership == ENFORCED
        and "ownership" not in context.spec.unmanaged
    )
    if not due or not isinstance(ownership, WithGrants):
        return ()
    statements = [_statement(context.bucket, grant) for grant in sorted(ownership.grants) if _is_account(grant)]
    logs = {AclGrant(LOG_DELIVERY_GROUP, "WRITE"), AclGrant(LOG_DELIVERY_GROUP, "FULL_CONTROL")}
    if logs & ownership.grants and context.spec.role is not Role.LOG_TARGET:
        statements.append(account_delivery(context.bucket, "AclGrantLogDelivery"))
    return tuple(statements)


def _is_account(grant: AclGrant) -> bool:
    """Tell whether a statement can give the grantee the same; it cannot for services that look at the ACL."""
    return grant.permission in ACTIONS and bool(grant.grantee) and not grant.to_group and grant.grantee not in SERVICES


def _statement(bucket: Bucket, grant: AclGrant) -> dict[str, Any]:
    actions = ACTIONS[grant.permission]
    resources = [bucket.arn] if actions != ACTIONS["WRITE"] else []
    resources += [f"{bucket.arn}/*"] if "s3:PutObject" in actions else []
    return {
        "Sid": f"AclGrant{NAMES[grant.permission]}{digest(grant.grantee)}",
        "Effect": "Allow",
        "Principal": {"CanonicalUser": grant.grantee},
        "Action": list(actions),
        "Resource": resources,
    }
