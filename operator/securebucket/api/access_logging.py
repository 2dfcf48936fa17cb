"""Server access logs."""

from typing import Literal

from pydantic import Field

from securebucket.api.base import ApiModel
from securebucket.api.grants import Grantee
from securebucket.api.rule import Rule, exactly_one


class PartitionedPrefix(ApiModel):
    """Log keys in folders by account, region, bucket and day."""

    partition_date_source: Literal["EventTime", "DeliveryTime"] = Field(
        "EventTime", description="Which time names the folder. Default: EventTime."
    )


class SimplePrefix(ApiModel):
    """Log keys right behind the prefix: `[prefix][YYYY]-[MM]-[DD]-[hh]-[mm]-[ss]-[random]`."""


class TargetObjectKeyFormat(ApiModel):
    """How log keys are named. Give one of the two."""

    invariants = (exactly_one(simple_prefix="simplePrefix", partitioned_prefix="partitionedPrefix"),)

    simple_prefix: SimplePrefix | None = Field(None, description="The plain format (S3's default).")
    partitioned_prefix: PartitionedPrefix | None = Field(
        None, description="Folders by account, region, bucket and day."
    )


class TargetGrant(ApiModel):
    """A permission on log objects. Impossible when the target enforces bucket ownership."""

    grantee: Grantee = Field(description="Who gets it.")
    permission: Literal["FULL_CONTROL", "READ", "WRITE"] = Field(description="What they may do.")


class BucketRef(ApiModel):
    """Another SecureBucket."""

    name: str = Field(min_length=1, max_length=253, description="Its name.")
    namespace: str | None = Field(None, min_length=1, max_length=63, description="Its namespace. Default: the same.")


class Logging(ApiModel):
    """Server access logging (PutBucketLogging). Default: left as it is; declare a target to turn it on."""

    invariants = (
        Rule(
            "!has(self.enabled) || !self.enabled || has(self.targetBucket) || has(self.targetBucketRef)",
            lambda logging: not logging.enabled or logging.is_declared,
            "logging needs targetBucket or targetBucketRef: a bucket of the same account and region",
            "targetBucket",
        ),
        Rule(
            "!has(self.targetBucket) || !has(self.enabled) || self.enabled",
            lambda logging: logging.target_bucket is None or logging.enabled is not False,
            "enabled: false turns logging off; leave targetBucket out",
            "targetBucket",
        ),
        Rule(
            "!has(self.targetBucketRef) || !has(self.enabled) || self.enabled",
            lambda logging: logging.target_bucket_ref is None or logging.enabled is not False,
            "enabled: false turns logging off; leave targetBucketRef out",
            "targetBucketRef",
        ),
        Rule(
            "!has(self.targetBucket) || !has(self.targetBucketRef)",
            lambda logging: logging.target_bucket is None or logging.target_bucket_ref is None,
            "the target is named twice; give targetBucket or targetBucketRef",
            "targetBucketRef",
        ),
    )

    enabled: bool | None = Field(
        None, description="false turns logging off. Default: on when a target is named, else left as it is."
    )
    target_bucket: str | None = Field(
        None,
        min_length=3,
        max_length=63,
        description="Bucket that gets the logs: same account and region, SSE-S3, no Object Lock.",
    )
    target_bucket_ref: BucketRef | None = Field(
        None, description="The SecureBucket that gets the logs, instead of targetBucket."
    )
    target_prefix: str = Field("", max_length=512, description='Prefix of the log keys. Default: "" (none).')
    target_object_key_format: TargetObjectKeyFormat | None = Field(
        None, description="How log keys are named. Default: simplePrefix."
    )
    target_grants: tuple[TargetGrant, ...] = Field(
        (),
        max_length=100,
        description="Permissions on log objects, for targets that still use ACLs. Default: none.",
    )

    @property
    def is_declared(self) -> bool:
        """Whether a target is named."""
        return self.target_bucket is not None or self.target_bucket_ref is not None
