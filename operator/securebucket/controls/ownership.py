"""Object Ownership, and the bucket's access control list where ACLs still count.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from securebucket.api.bucket_profile import Floor
from securebucket.api.spec import SecureBucketSpec
from securebucket.controls.acl_document import (
    block_that_keeps,
    declared_grants,
    owner_of,
    owner_query,
    put_acl,
    refuse_grants,
    staying_grants,
)
from securebucket.model.acl import PUBLIC_GROUPS, AclGrant, read_grants
from securebucket.model.bucket import Bucket, Origin
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control, FloorTerm
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.observation import is_unread, readable
from securebucket.model.risk import Risk
from securebucket.model.surroundings import Query
from securebucket.model.verdict import Check, Remedy, Severity, Subject, Verdict, failed, passed
from securebucket.policy.acl_services import SERVICES, ends_of_services

ENFORCED = "BucketOwnerEnforced"
ONLY_READS = frozenset({"READ", "READ_ACP"})
ONLY_WRITES = frozenset({"WRITE", "WRITE_ACP"})
"""What is in neither, `FULL_CONTROL` or a permission that S3 has later, is taken for both."""


@dataclass(frozen=True, slots=True)
class OwnershipState:
    """Who owns uploaded objects, and who else is in the bucket's ACL.

    Args:
        object_ownership: empty when it was never configured; S3 then acts as with `ObjectWriter`.
        grants: what the ACL grants to anyone but the bucket's owner; none with `BucketOwnerEnforced`, where S3 ignores
            the ACL and answers with the owner's grant alone. Under Block Public Access S3 leaves ignored public
            grants out.
        owner: canonical user id of the bucket's owner, whose own grant goes along with each write; empty where the ACL
            was not read.
    """

    object_ownership: str
    grants: frozenset[AclGrant] = frozenset()
    owner: str = field(default="", compare=False)


def judge_acls_off(_: Subject, state: OwnershipState) -> Verdict:
    """Pass when ACLs are disabled."""
    if state.object_ownership == ENFORCED:
        return passed("ACLs are off")
    return failed(f"ACLs count: Object Ownership is {state.object_ownership or 'not configured'}")


def judge_not_publicly_readable(_: Subject, state: OwnershipState) -> Verdict:
    """Pass when the ACL lets the public neither list the bucket nor read its ACL."""
    return _judge_public(state, ONLY_WRITES)


def judge_not_publicly_writable(_: Subject, state: OwnershipState) -> Verdict:
    """Pass when the ACL lets the public change nothing."""
    return _judge_public(state, ONLY_READS)


def _judge_public(state: OwnershipState, harmless: frozenset[str]) -> Verdict:
    if state.object_ownership == ENFORCED:
        return passed("ACLs are off")
    public = [each for each in state.grants if each.grantee in PUBLIC_GROUPS and each.permission not in harmless]
    return failed(f"the ACL grants {_listed(public)}") if public else passed("the ACL does not let the public in")


class OwnershipControl(Control[OwnershipState]):
    """Keeps ACLs off, or Object Ownership and the ACL's grants as declared.

    `DeleteBucketOwnershipControls` is never used: it falls back to ObjectWriter, with ACLs on, and Ceph RGW takes it
    for DeleteBucket.
    """

    name = "ownership"
    permissions = Permissions(
        read=("s3:GetBucketOwnershipControls", "s3:GetBucketAcl"),
        write=("s3:PutBucketOwnershipControls", "s3:PutBucketAcl"),
    )
    written_by = ("PutBucketOwnershipControls", "DeleteBucketOwnershipControls", "PutBucketAcl")
    requires = ("policy",)
    new_fields = ("grants", "foreign")
    checks = (
        Check(
            id="acls-disabled",
            title="Access control lists are disabled",
            severity=Severity.MEDIUM,
            rationale="Access granted by an ACL on a single object escapes policies and reviews.",
            remediation="Leave spec.ownership out, or set objectOwnership to BucketOwnerEnforced.",
            remedy=Remedy.BUCKET,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-12",
            ),
            judge=judge_acls_off,
        ),
        Check(
            id="acl-not-publicly-readable",
            title="The ACL does not let the public read",
            severity=Severity.HIGH,
            rationale="Only Block Public Access then keeps the public from listing the bucket.",
            remediation="Leave spec.ownership and spec.publicAccessBlock out, which turns ACLs off.",
            remedy=Remedy.BUCKET,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-2",
            ),
            judge=judge_not_publicly_readable,
        ),
        Check(
            id="acl-not-publicly-writable",
            title="The ACL does not let the public write",
            severity=Severity.HIGH,
            rationale="Only Block Public Access then keeps the public from writing into the bucket.",
            remediation="Leave spec.ownership and spec.publicAccessBlock out, which turns ACLs off.",
            remedy=Remedy.BUCKET,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-3",
            ),
            judge=judge_not_publicly_writable,
        ),
    )

    def observe(self, bucket: Bucket) -> Flow[OwnershipState]:
        """Read the one rule, and the ACL's grants to others where they count.

        The owner is known by id: display names change and went away.
        """
        controls = yield Read(
            "get_bucket_ownership_controls",
            absent=frozenset({"OwnershipControlsNotFoundError"}),
            required="OwnershipControls.Rules",
        )
        rules = (controls or {}).get("OwnershipControls", {}).get("Rules") or [{}]
        ownership = rules[0].get("ObjectOwnership", "")
        if ownership == ENFORCED:
            return OwnershipState(ownership)
        acl = (yield Read("get_bucket_acl", required="Owner")) or {}
        owner = acl.get("Owner", {}).get("ID", "")
        grants = read_grants(acl.get("Grants", ()))
        return OwnershipState(ownership, frozenset(grant for grant in grants if grant.grantee != owner), owner)

    def facts(self, context: Context, observed: OwnershipState) -> tuple[Query[Any], ...]:
        """Ask who the owner is, only where grants are due in an ACL that was not read: a write names the owner too."""
        asks = not observed.owner and bool(self.desired(context, observed).grants)
        return (owner_query(context),) if asks else ()

    def desired(self, context: Context, observed: OwnershipState) -> OwnershipState:
        """Take the declared ownership and grants, with those that stay. With ACLs off nothing is left of them."""
        block = context.spec.ownership
        if block.object_ownership == ENFORCED:
            return OwnershipState(ENFORCED)
        grants = declared_grants(context) | staying_grants(context, observed.grants)
        return OwnershipState(block.object_ownership, grants, observed.owner)

    def refuse(self, context: Context, observed: OwnershipState, desired: OwnershipState) -> Failure | None:
        """Refuse grants that S3 would refuse, and to drop those that the policy control should take over and cannot."""
        if desired.object_ownership != ENFORCED:
            return refuse_grants(context, observed.grants, desired.grants, owner_of(context, observed.owner))
        dropped = _dropped(context, observed, desired)
        moving = {each for each in dropped if each.grantee not in PUBLIC_GROUPS and each.grantee not in SERVICES}
        if not moving:
            return None
        if "policy" in context.spec.unmanaged:
            return Failure(
                "GrantsNotMigrated",
                f"the ACL grants {_listed(moving)}, and turning ACLs off would drop that: spec.unmanaged holds policy,"
                " so the grants cannot be written into the bucket policy. Take policy out of spec.unmanaged, or grant"
                " what is still needed by policy and remove the ACL grants.",
            )
        policy = context.observed.get("policy")
        if policy is None or not readable(policy):
            return Failure(
                "GrantsNotMigrated",
                f"the ACL grants {_listed(moving)}, which has to go into the bucket policy before ACLs are turned off,"
                " and the policy cannot be read; give the operator s3:GetBucketPolicy, or remove the ACL grants.",
                retry=is_unread(policy),
            )
        return None

    def calls(self, context: Context, observed: OwnershipState, desired: OwnershipState) -> tuple[Call, ...]:
        """Put what differs: the ACL once ACLs count. Before they go off, the ACL is emptied.

        S3 refuses BucketOwnerEnforced (InvalidBucketAclWithObjectOwnership) while the stored ACL grants anything to
        others, and does not show public grants that Block Public Access ignores, be it the bucket's, the account's or
        the organization's. So the ACL is emptied whether grants are seen or not.
        """
        put = Call(
            "put_bucket_ownership_controls",
            {"OwnershipControls": {"Rules": [{"ObjectOwnership": desired.object_ownership}]}},
        )
        if desired.object_ownership == ENFORCED:
            return (Call("put_bucket_acl", {"ACL": "private"}), put)
        first = (put,) if desired.object_ownership != observed.object_ownership else ()
        if desired.grants == observed.grants:
            return first
        return (*first, put_acl(desired.grants, owner_of(context, observed.owner)))

    def risk(self, context: Context, observed: OwnershipState, desired: OwnershipState) -> Risk:
        """Tell of a lock-out when accounts that use ACLs lose them.

        The grants of the bucket's ACL move into the policy, but ACLs of objects end too, and cannot be seen or moved.
        """
        dropped = _dropped(context, observed, desired)
        return Risk.NONE if all(grant.to_group for grant in dropped) else Risk.LOCKOUT

    def warning(self, context: Context, observed: OwnershipState, desired: OwnershipState) -> str:
        """Name the AWS services that look at the ACL and find nothing there any more."""
        return ends_of_services(context.bucket, observed.grants - desired.grants)

    def kept(self, context: Context, state: OwnershipState) -> tuple[str, ...]:
        """Name the grants that are not declared and stay while ACLs count."""
        if context.spec.ownership.object_ownership == ENFORCED:
            return ()
        return tuple(map(str, sorted(staying_grants(context, state.grants) - declared_grants(context))))

    def floor_terms(self, spec: SecureBucketSpec, floor: Floor) -> tuple[FloorTerm, ...]:
        """Ask for ACLs to be off."""
        if not floor.bucket_owner_enforced:
            return ()
        met = spec.ownership.object_ownership == ENFORCED
        return (FloorTerm("objectOwnership", met, f"it must be {ENFORCED}"),)

    def declaration(self, state: OwnershipState) -> dict[str, Any] | None:
        """Declare the ownership; a bucket without the setting cannot be declared."""
        return {"objectOwnership": state.object_ownership} if state.object_ownership else None

    def found_block(self, state: OwnershipState) -> dict[str, Any] | None:
        """Declare the grants, which a release without the field left alone on every bucket."""
        return block_that_keeps(state.grants, state.object_ownership or "ObjectWriter")


def _dropped(context: Context, observed: OwnershipState, desired: OwnershipState) -> frozenset[AclGrant]:
    """Give the grants that end and were there before us; on a bucket that we created, grants to others are drift."""
    return observed.grants - desired.grants if context.bucket.origin is Origin.ADOPTED else frozenset()


def _listed(grants: Iterable[AclGrant]) -> str:
    return ", ".join(map(str, sorted(grants)))
