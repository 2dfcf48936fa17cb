"""Questions about things outside the bucket that a control may need answered before it can decide."""

from dataclasses import dataclass
from typing import TypeAlias

from securebucket.model.failure import Failure


@dataclass(frozen=True, slots=True)
class KmsKeyQuery:
    """What is this KMS key? `key` is an id, an ARN, an alias or an alias ARN as written in the spec or read from S3."""

    key: str
    region: str


@dataclass(frozen=True, slots=True)
class KmsKey:
    """A KMS key as DescribeKey tells it (https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html).

    Args:
        arn: the key's ARN, whatever name was asked for.
        state: `Enabled`, `Disabled`, `PendingDeletion`, `PendingImport`, …
        symmetric: S3 takes symmetric encryption keys only.
        aws_managed: `aws/s3` and its like, which no other account can use.
    """

    arn: str
    state: str
    symmetric: bool
    aws_managed: bool


@dataclass(frozen=True, slots=True)
class BucketQuery:
    """What is this other bucket (a log target, a replica)? `account_id` is the owner that it must have."""

    name: str
    account_id: str


@dataclass(frozen=True, slots=True)
class OtherBucket:
    """Another bucket as far as it matters to this one.

    Args:
        region: where it lies.
        sse_algorithm: its default encryption; empty when it could not be read.
        object_lock: whether Object Lock is on.
        requester_pays: whether Requester Pays is on.
        versioning: `Enabled`, `Suspended` or empty.
    """

    name: str
    region: str
    sse_algorithm: str
    object_lock: bool
    requester_pays: bool
    versioning: str


@dataclass(frozen=True, slots=True)
class BucketRegionQuery:
    """In which region does another bucket lie? `account_id` is the owner that it must have; empty means any."""

    name: str
    account_id: str


@dataclass(frozen=True, slots=True)
class BucketRegion:
    """Where another bucket lies; empty where its server does not tell."""

    region: str


@dataclass(frozen=True, slots=True)
class AccountBlockQuery:
    """What does the account's own Block Public Access say?"""

    account_id: str


@dataclass(frozen=True, slots=True)
class AccountBlock:
    """The account's Block Public Access; all off where it was never configured.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-account.html
    """

    block_public_acls: bool = False
    ignore_public_acls: bool = False
    block_public_policy: bool = False
    restrict_public_buckets: bool = False


FactQuery: TypeAlias = KmsKeyQuery | BucketQuery | BucketRegionQuery | AccountBlockQuery
Fact: TypeAlias = KmsKey | OtherBucket | BucketRegion | AccountBlock | Failure
