"""The grants of a bucket's ACL: which are declared, which stay, and how they are put.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from securebucket.api.access import Ownership
from securebucket.api.base import Foreign
from securebucket.api.spec import Role
from securebucket.controls.entries import foreign_stay, taken
from securebucket.model.acl import LOG_DELIVERY_GROUP, PUBLIC_GROUPS, AclGrant, write_grants
from securebucket.model.call import Call
from securebucket.model.control import Context
from securebucket.model.failure import Failure
from securebucket.model.surroundings import BucketOwner, BucketOwnerQuery

Grants = frozenset[AclGrant]

OF_LOG_DELIVERY: Grants = frozenset(AclGrant(LOG_DELIVERY_GROUP, each) for each in ("WRITE", "READ_ACP"))
"""What S3 needs by ACL to deliver access logs, and was given before it could be given by policy."""
MOST = 100
"""Grants that an ACL can have: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html"""
MOST_KEPT = 40
"""Grants that are kept one by one as they were found; where there are more, all that are there are kept."""


def declared_grants(context: Context) -> Grants:
    """Give the grants that the spec declares."""
    declared = context.spec.ownership.grants
    return frozenset(AclGrant(each.grantee.id or each.grantee.uri or "", each.permission) for each in declared)


def staying_grants(context: Context, there: Grants) -> Grants:
    """Give the grants that stay because they were there, and on a log target those by which logs arrive."""
    if foreign_stay(context.spec.ownership.foreign, context.bucket):
        return there
    return there & OF_LOG_DELIVERY if context.spec.role is Role.LOG_TARGET else frozenset()


def owner_query(context: Context) -> BucketOwnerQuery:
    """Ask who owns the bucket, where its ACL was not read."""
    return BucketOwnerQuery(context.bucket.name, context.bucket.account_id)


def owner_of(context: Context, seen: str) -> str:
    """Give the canonical user id of the bucket's owner; empty where nobody tells.

    Args:
        context: with the answer to `owner_query`, where it was asked.
        seen: the owner that the ACL named; empty where it was not read.
    """
    fact = context.facts.get(owner_query(context))
    return seen or (fact.id if isinstance(fact, BucketOwner) else "")


def refuse_grants(context: Context, observed: Grants, desired: Grants, owner: str) -> Failure | None:
    """Refuse grants to the public that S3 refuses, and a write that could not name the owner."""
    public = sorted(str(each) for each in desired - observed if each.grantee in PUBLIC_GROUPS)
    if public and context.spec.public_access_block.block_public_acls:
        return Failure(
            "PublicAclRefused",
            f"spec.ownership.grants has {', '.join(public)}, which S3 refuses under Block Public Access; take it out,"
            " or set spec.publicAccessBlock.blockPublicAcls to false.",
        )
    if desired - observed and len(desired) >= MOST:
        return Failure(
            "TooManyGrants",
            f"the ACL would have {len(desired) + 1} grants with the owner's own, and S3 takes {MOST}; declare fewer in"
            " spec.ownership.grants, set spec.ownership.foreign to Remove, or grant by spec.policy.allow.",
        )
    if owner or not desired or desired == observed:
        return None
    fact = context.facts.get(owner_query(context))
    why = fact if isinstance(fact, Failure) else Failure("NotAsked", "it was not asked for.")
    return replace(why, message=f"the ACL names the bucket's owner, who could not be read: {why.message}")


def put_acl(grants: Grants, owner: str) -> Call:
    """Put grants beside the owner's own: the ACL is replaced as a whole."""
    if not grants:
        return Call("put_bucket_acl", {"ACL": "private"})
    written = write_grants(grants | {AclGrant(owner, "FULL_CONTROL")})
    return Call("put_bucket_acl", {"AccessControlPolicy": {"Owner": {"ID": owner}, "Grants": written}})


def block_that_keeps(grants: Iterable[AclGrant], object_ownership: str) -> dict[str, Any]:
    """Write the part of the block that keeps grants; all that are there, where they cannot be declared one by one."""
    entries = [
        {
            "grantee": {"type": "Group", "uri": each.grantee}
            if each.to_group
            else {"type": "CanonicalUser", "id": each.grantee},
            "permission": each.permission,
        }
        for each in sorted(grants)
    ]
    whole = {"objectOwnership": object_ownership, "grants": entries}
    if len(entries) > MOST_KEPT or taken(whole, Ownership) is None:
        return {"foreign": Foreign.KEEP.value}
    return {"grants": entries} if entries else {}
