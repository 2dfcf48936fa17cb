"""Who can reach the bucket at all: Block Public Access and Object Ownership."""

from typing import Literal

from pydantic import Field

from securebucket.api.base import ApiModel


class PublicAccessBlock(ApiModel):
    """Block Public Access of the bucket (PutPublicAccessBlock). Secure default: all four on."""

    block_public_acls: bool = Field(True, description="Refuse ACLs that grant the public anything. Default: true.")
    ignore_public_acls: bool = Field(True, description="Ignore public ACLs that are there. Default: true.")
    block_public_policy: bool = Field(True, description="Refuse bucket policies that are public. Default: true.")
    restrict_public_buckets: bool = Field(
        True, description="Cut public and cross-account access while the policy is public. Default: true."
    )


class Ownership(ApiModel):
    """Object Ownership (PutBucketOwnershipControls). BucketOwnerEnforced turns ACLs off."""

    object_ownership: Literal["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"] = Field(
        "BucketOwnerEnforced",
        description=(
            "Who owns uploaded objects, and whether ACLs count. Default: BucketOwnerEnforced (no ACLs). On an adopted bucket,"
            " ACL grants to other accounts are first written into the bucket policy, and ACLs go off after approval (risk: lockout,"
            " since the ACLs of objects go with them); grants to the public are dropped."
        ),
    )
