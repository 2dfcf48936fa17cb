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


FactQuery: TypeAlias = KmsKeyQuery | BucketQuery
Fact: TypeAlias = KmsKey | OtherBucket | Failure
