"""What lies outside a bucket and matters to it: KMS keys, other buckets, the account's Block Public Access.

Each is a question with the flow that answers it.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from securebucket.model.document import Response, jsonable
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.public_access_block import PublicAccessBlock
from securebucket.model.region import region_of

T_co = TypeVar("T_co", covariant=True)

S3_KEY = "alias/aws/s3"
"""The key that AWS manages for S3 in an account and a region; it is made when it is first asked for."""

MINUTES = 600.0
DAY = 86400.0
"""Seconds. A bucket never moves; it can only be deleted and made anew elsewhere."""


class Query(ABC, Generic[T_co]):
    """A question about something outside the bucket. Queries are values: equal ones have the same answer."""

    @abstractmethod
    def observe(self) -> Flow[T_co]:
        """Ask AWS."""


Facts: TypeAlias = Mapping[Query[Any], Any]
"""Answers by their question: what its flow gives, or a `Failure`."""


@dataclass(frozen=True, slots=True)
class KmsKey:
    """A KMS key as DescribeKey tells it (https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html).

    Args:
        arn: the key's ARN, whatever name was asked for.
        state: `Enabled`, `Disabled`, `PendingDeletion`, `PendingImport`, …
        symmetric: S3 takes symmetric encryption keys only.
        managed_by: `CUSTOMER` or `AWS`.
        origin: who made its material: `AWS_KMS`, `EXTERNAL` (imported), `AWS_CLOUDHSM` or `EXTERNAL_KEY_STORE`.
        deleted_on: the day on which it is deleted, e.g. `2026-12-24`; empty where that is not said.
    """

    arn: str
    state: str
    symmetric: bool
    managed_by: str = "CUSTOMER"
    origin: str = "AWS_KMS"
    deleted_on: str = ""

    @property
    def region(self) -> str:
        """Where it is."""
        return self.arn.split(":")[3]

    @property
    def account_id(self) -> str:
        """Whose it is."""
        return self.arn.split(":")[4]


@dataclass(frozen=True, slots=True)
class KmsKeyQuery(Query[KmsKey]):
    """What is this KMS key? `key` is an id, an ARN, an alias or an alias ARN as written in the spec or read from S3."""

    key: str
    region: str

    def observe(self) -> Flow[KmsKey]:
        """Describe it in its own region. A key that is missing is asked for in every pass: it may be made meanwhile."""
        return (yield from look_at_key(self.key, self.region))


def look_at_key(name: str, region: str, **options: Any) -> Flow[KmsKey]:
    """Ask what a key is.

    Args:
        name: its id, ARN, alias or alias ARN.
        region: where it is asked for unless the name says it.
        options: further members of the read.
    """
    key = (yield _of_key(name, region, remembered=MINUTES, **options))["KeyMetadata"]
    return KmsKey(
        arn=key["Arn"],
        state=key["KeyState"],
        symmetric=key.get("KeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT",
        managed_by=key.get("KeyManager", "CUSTOMER"),
        origin=key.get("Origin", "AWS_KMS"),
        deleted_on=str(jsonable(key.get("DeletionDate") or ""))[:10],
    )


@dataclass(frozen=True, slots=True)
class S3Key:
    """Whether a KMS key is the one that AWS manages for S3 in its account and region."""

    managed: bool


@dataclass(frozen=True, slots=True)
class S3KeyQuery(Query[S3Key]):
    """Is this KMS key, by id or ARN, the one that AWS manages for S3 (`aws/s3`)?"""

    key: str
    region: str

    def observe(self) -> Flow[S3Key]:
        """Ask about the key first, and about the alias of a managed one only: that question makes a key where none is.

        https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
        """
        lasting = {"remembered": DAY, "refusal_remembered": MINUTES}
        key = (yield _of_key(self.key, self.region, **lasting))["KeyMetadata"]
        if key.get("KeyManager") != "AWS":
            return S3Key(managed=False)
        managed = (yield _of_key(S3_KEY, self.region, **lasting))["KeyMetadata"]
        return S3Key(managed=key["Arn"] == managed["Arn"])


@dataclass(frozen=True, slots=True)
class OtherBucket:
    """Another bucket as far as it matters to this one.

    Args:
        region: where it lies.
        object_lock: whether Object Lock is on.
        versioning: `Enabled`, `Suspended` or empty.
    """

    name: str
    region: str
    object_lock: bool
    versioning: str


@dataclass(frozen=True, slots=True)
class BucketQuery(Query[OtherBucket]):
    """What is this other bucket, a replica or for reports? `account_id` is the owner that it must have."""

    name: str
    account_id: str

    def observe(self) -> Flow[OtherBucket]:
        """Read what decides whether it can take what is sent there.

        What is absent or denied only explains a refusal that S3 would not explain.
        """

        def read(operation: str) -> Flow[Response]:
            answer = yield of_bucket(self.name, self.account_id, operation, optional=True)
            return {} if answer is None or isinstance(answer, Failure) else answer

        region = region_of((yield of_bucket(self.name, self.account_id, "head_bucket")).get("BucketRegion"))
        lock = (yield from read("get_object_lock_configuration")).get("ObjectLockConfiguration", {})
        return OtherBucket(
            name=self.name,
            region=region,
            object_lock=lock.get("ObjectLockEnabled") == "Enabled",
            versioning=str((yield from read("get_bucket_versioning")).get("Status", "")),
        )


@dataclass(frozen=True, slots=True)
class BucketRegion:
    """Where another bucket lies; empty where its server does not tell."""

    region: str


@dataclass(frozen=True, slots=True)
class BucketRegionQuery(Query[BucketRegion]):
    """In which region does another bucket lie? `account_id` is the owner that it must have; empty means any."""

    name: str
    account_id: str

    def observe(self) -> Flow[BucketRegion]:
        """Ask its head. Only a verdict needs it, so that it may be denied for long."""
        answer = yield of_bucket(self.name, self.account_id, "head_bucket", remembered=DAY, refusal_remembered=MINUTES)
        return BucketRegion(region_of(answer.get("BucketRegion")))


@dataclass(frozen=True, slots=True)
class BucketOwner:
    """Whose a bucket is, as its ACL says it.

    Args:
        id: the canonical user id.
    """

    id: str


@dataclass(frozen=True, slots=True)
class BucketOwnerQuery(Query[BucketOwner]):
    """Who owns a bucket, by canonical user id? `account_id` is the owner that it must have; empty means any."""

    name: str
    account_id: str

    def observe(self) -> Flow[BucketOwner]:
        """Ask its ACL, which names the owner also where ACLs are off."""
        answer = yield of_bucket(self.name, self.account_id, "get_bucket_acl", required="Owner.ID", remembered=DAY)
        return BucketOwner(answer["Owner"]["ID"])


@dataclass(frozen=True, slots=True)
class AccountBlockQuery(Query[PublicAccessBlock]):
    """What does the account's own Block Public Access say?

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/configuring-block-public-access-account.html
    """

    account_id: str

    def observe(self) -> Flow[PublicAccessBlock]:
        """Ask S3 Control. Only a verdict needs it, so that it may be denied for long."""
        answer = yield Read(
            "get_public_access_block",
            service="s3control",
            parameters={"AccountId": self.account_id},
            absent=frozenset({"NoSuchPublicAccessBlockConfiguration"}),
            required="PublicAccessBlockConfiguration",
            remembered=MINUTES,
            refusal_remembered=MINUTES,
        )
        return PublicAccessBlock.of((answer or {}).get("PublicAccessBlockConfiguration"))


def _of_key(key: str, region: str, **options: Any) -> Read:
    parts = key.split(":")
    return Read(
        "describe_key",
        service="kms",
        region=parts[3] if parts[0] == "arn" and len(parts) >= 6 else region,
        item=key,
        parameters={"KeyId": key},
        required="KeyMetadata.Arn",
        **options,
    )


def of_bucket(name: str, account_id: str, operation: str, **options: Any) -> Read:
    """Make a read of another bucket, which must have this owner; an empty one is any."""
    owner = {"ExpectedBucketOwner": account_id} if account_id else {}
    return Read(operation, service="s3", item=name, parameters={"Bucket": name, **owner}, **options)
