"""Who can reach the bucket at all: Block Public Access, Object Ownership and the ACL."""

from typing import Literal

from pydantic import Field

from securebucket.api.base import ApiModel, Foreign
from securebucket.api.grants import Grantee
from securebucket.api.rule import Rule


class PublicAccessBlock(ApiModel):
    """Block Public Access of the bucket (PutPublicAccessBlock). Secure default: all four on."""

    block_public_acls: bool = Field(True, description="Refuse ACLs that grant the public anything. Default: true.")
    ignore_public_acls: bool = Field(True, description="Ignore public ACLs that are there. Default: true.")
    block_public_policy: bool = Field(True, description="Refuse bucket policies that are public. Default: true.")
    restrict_public_buckets: bool = Field(
        True, description="Cut public and cross-account access while the policy is public. Default: true."
    )


class AclGrant(ApiModel):
    """One grant of the bucket's ACL."""

    grantee: Grantee = Field(description="Who gets it.")
    permission: Literal["FULL_CONTROL", "READ", "WRITE", "READ_ACP", "WRITE_ACP"] = Field(
        description="What they may do with the bucket."
    )


class Ownership(ApiModel):
    """Object Ownership (PutBucketOwnershipControls), and the bucket's ACL (PutBucketAcl). BucketOwnerEnforced turns ACLs off."""

    invariants = (
        Rule(
            "!has(self.grants) || self.grants.size() == 0"
            " || (has(self.objectOwnership) && self.objectOwnership != 'BucketOwnerEnforced')",
            lambda block: not block.grants or block.object_ownership != "BucketOwnerEnforced",
            "with BucketOwnerEnforced there are no ACLs; grant by spec.policy.allow, or set objectOwnership to"
            " BucketOwnerPreferred or ObjectWriter",
            "grants",
        ),
    )

    object_ownership: Literal["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"] = Field(
        "BucketOwnerEnforced",
        description=(
            "Who owns uploaded objects, and whether ACLs count. Default: BucketOwnerEnforced (no ACLs). On an adopted bucket,"
            " ACL grants to other accounts are first written into the bucket policy, and ACLs go off after approval (risk: lockout,"
            " since the ACLs of objects go with them); grants to the public are dropped."
        ),
    )
    grants: tuple[AclGrant, ...] = Field(
        (), max_length=99, description="What the bucket's ACL grants to others than the owner. Default: nothing."
    )
    foreign: Foreign | None = Field(
        None,
        description="What becomes of grants in the ACL that are not declared, while ACLs count: Keep or Remove. Default: Remove, but Keep on an adopted bucket.",
    )
