"""Lists of the bucket's objects that S3 delivers to a bucket day by day or week by week."""

from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel, AwsName
from securebucket.api.configuration_list import MOST, Configuration, ConfigurationList, ReportBucket
from securebucket.api.names import AccountId
from securebucket.api.rule import Distinct, Keyed, exactly_one_of_any, fits

OptionalField = Literal[
    "Size",
    "LastModifiedDate",
    "StorageClass",
    "ETag",
    "IsMultipartUploaded",
    "ReplicationStatus",
    "EncryptionStatus",
    "ObjectLockRetainUntilDate",
    "ObjectLockMode",
    "ObjectLockLegalHoldStatus",
    "ObjectLockEventHoldStatus",
    "ObjectLockEventHoldDuration",
    "IntelligentTieringAccessTier",
    "BucketKeyStatus",
    "ChecksumAlgorithm",
    "ObjectAccessControlList",
    "ObjectOwner",
    "LifecycleExpirationDate",
    "IntelligentTieringReferenceDate",
]
ReportKey = Annotated[
    str,
    Field(max_length=2048),
    fits(
        "arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+",
        "not the ARN of a KMS key; write e.g. arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    ),
]


class SseS3(ApiModel):
    """Encryption with keys of S3."""


class SseKms(ApiModel):
    """Encryption with a KMS key."""

    key_id: ReportKey = Field(description="ARN of the key. Its policy must let S3 use it.")


class InventoryEncryption(ApiModel):
    """How the reports are encrypted. Give one of the two."""

    invariants = (exactly_one_of_any(sse_s3="sseS3", sse_kms="sseKms"),)

    sse_s3: Annotated[SseS3 | None, AwsName("SSES3")] = Field(None, description="With keys of S3; write {}.")
    sse_kms: Annotated[SseKms | None, AwsName("SSEKMS")] = Field(None, description="With a KMS key.")


class InventoryDestination(ApiModel):
    """Where the reports go."""

    bucket: ReportBucket = Field(description="Name or ARN of a bucket in the same region, whose policy lets S3 write.")
    account_id: AccountId | None = Field(
        None, description="Account that owns it; S3 delivers to no other. Default: S3 does not look who owns it."
    )
    format: Literal["CSV", "ORC", "Parquet"] = Field(description="CSV, ORC or Parquet.")
    prefix: str | None = Field(None, max_length=512, description="What the reports' keys begin with. Default: nothing.")
    encryption: InventoryEncryption | None = Field(
        None, description="How the reports are encrypted. Default: as the destination does."
    )


class InventorySchedule(ApiModel):
    """How often a report is made."""

    frequency: Literal["Daily", "Weekly"] = Field(description="Daily or Weekly.")


class InventoryFilter(ApiModel):
    """Which objects are listed. Empty: all."""

    prefix: str | None = Field(None, max_length=1024, description="Keys that start with this.")


class InventoryConfiguration(Configuration):
    """One inventory, in S3's own fields."""

    enabled: Annotated[bool, AwsName("IsEnabled")] = Field(
        default=True, description="Whether reports are made. Default: true."
    )
    destination: InventoryDestination = Field(description="Where the reports go.")
    included_object_versions: Literal["All", "Current"] = Field(description="All versions, or Current ones only.")
    schedule: InventorySchedule = Field(description="How often a report is made.")
    optional_fields: Annotated[tuple[OptionalField, ...], Distinct()] = Field(
        (), max_length=30, description="What is told of each object besides its key. Default: nothing."
    )
    filter: InventoryFilter = Field(InventoryFilter(), description="Which objects are listed. Default: all.")


class Inventory(ConfigurationList):
    """Inventories (PutBucketInventoryConfiguration). Secure default: no list of the keys leaves a created bucket undeclared."""

    configurations: Annotated[tuple[InventoryConfiguration, ...], Keyed("id")] = Field(
        (), max_length=MOST, description="Inventories to have. Default: none."
    )
