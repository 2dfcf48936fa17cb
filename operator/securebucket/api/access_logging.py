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


class Logging(ApiModel):
    """Server access logging (PutBucketLogging). Default: left as it is; declare a target to turn it on."""

    invariants = (
        Rule(
            "!has(self.enabled) || !self.enabled || has(self.targetBucket)",
            lambda logging: not logging.enabled or logging.target_bucket is not None,
            "logging needs targetBucket: a bucket of the same account and region with role LogTarget",
            "targetBucket",
        ),
        Rule(
            "!has(self.targetBucket) || !has(self.enabled) || self.enabled",
            lambda logging: logging.target_bucket is None or logging.enabled is not False,
            "enabled: false turns logging off; leave targetBucket out",
            "targetBucket",
        ),
    )

    enabled: bool | None = Field(
        None, description="false turns logging off. Default: on when targetBucket is set, else left as it is."
    )
    target_bucket: str | None = Field(
        None,
        min_length=3,
        max_length=63,
        description="Bucket that gets the logs: same account and region, SSE-S3, no Object Lock.",
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
