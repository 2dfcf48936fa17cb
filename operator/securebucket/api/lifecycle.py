"""When objects move to cheaper storage and when they are deleted."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel, AwsName, Foreign, rule, validations

StorageClass = Literal["STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]
Days = Annotated[int, Field(ge=0, le=36500)]
PositiveDays = Annotated[int, Field(ge=1, le=36500)]


class LifecycleFilter(ApiModel):
    """Which objects a rule is for. Empty: all. More than one field: all of them must hold."""

    prefix: str | None = Field(None, max_length=1024, description="Keys that start with this.")
    tags: dict[str, str] = Field({}, description="Objects that carry all these tags.")
    object_size_greater_than: int | None = Field(None, ge=0, description="Objects larger than this many bytes.")
    object_size_less_than: int | None = Field(None, ge=1, description="Objects smaller than this many bytes.")


class Expiration(ApiModel):
    """When current versions expire. Give one field."""

    model_config = validations(
        rule(
            "[has(self.days), has(self.date), has(self.expiredObjectDeleteMarker)].filter(x, x).size() == 1",
            "give exactly one of days, date and expiredObjectDeleteMarker",
        ),
    )

    days: PositiveDays | None = Field(None, description="Days after creation.")
    date: dt.date | None = Field(None, description="On this day, at midnight UTC.")
    expired_object_delete_marker: bool | None = Field(
        None, description="Remove delete markers that hide nothing any more."
    )


class Transition(ApiModel):
    """When current versions move to another storage class. Give one of days and date."""

    model_config = validations(rule("has(self.days) != has(self.date)", "give exactly one of days and date"))

    days: Days | None = Field(None, description="Days after creation; at least 30 for STANDARD_IA and ONEZONE_IA.")
    date: dt.date | None = Field(None, description="On this day, at midnight UTC.")
    storage_class: StorageClass = Field(description="Where they move.")


class NoncurrentVersionExpiration(ApiModel):
    """When noncurrent versions are deleted for good."""

    noncurrent_days: PositiveDays = Field(description="Days after the version became noncurrent.")
    newer_noncurrent_versions: int | None = Field(
        None, ge=1, le=100, description="Keep this many newer noncurrent versions."
    )


class NoncurrentVersionTransition(ApiModel):
    """When noncurrent versions move to another storage class."""

    noncurrent_days: Days = Field(description="Days after the version became noncurrent.")
    newer_noncurrent_versions: int | None = Field(
        None, ge=1, le=100, description="Keep this many newer noncurrent versions in place."
    )
    storage_class: StorageClass = Field(description="Where they move.")


class AbortIncompleteMultipartUpload(ApiModel):
    """When uploads that never finished are cleaned up."""

    days_after_initiation: PositiveDays = Field(description="Days after the upload began.")


class LifecycleRule(ApiModel):
    """One lifecycle rule, in S3's own fields."""

    model_config = validations(
        rule(
            "has(self.expiration) || has(self.transitions) || has(self.noncurrentVersionExpiration)"
            " || has(self.noncurrentVersionTransitions) || has(self.abortIncompleteMultipartUpload)",
            "a rule needs at least one action, e.g. expiration",
        ),
        rule(
            "!has(self.abortIncompleteMultipartUpload) || !has(self.filter) || !has(self.filter.tags) || self.filter.tags.size() == 0",
            "abortIncompleteMultipartUpload cannot be combined with a filter on tags",
            ".abortIncompleteMultipartUpload",
        ),
    )

    id: Annotated[str, AwsName("ID")] = Field(
        min_length=1,
        max_length=255,
        description="Name of the rule, unique in the bucket. Not one that starts with SecureBucket.",
    )
    status: Literal["Enabled", "Disabled"] = Field("Enabled", description="Whether the rule works. Default: Enabled.")
    filter: LifecycleFilter = Field(LifecycleFilter(), description="Which objects it is for. Default: all.")
    expiration: Expiration | None = Field(None, description="When current versions expire.")
    transitions: tuple[Transition, ...] = Field((), max_length=20, description="When current versions move.")
    noncurrent_version_expiration: NoncurrentVersionExpiration | None = Field(
        None, description="When noncurrent versions go."
    )
    noncurrent_version_transitions: tuple[NoncurrentVersionTransition, ...] = Field(
        (), max_length=20, description="When noncurrent versions move."
    )
    abort_incomplete_multipart_upload: AbortIncompleteMultipartUpload | None = Field(
        None, description="When unfinished uploads go."
    )


class Lifecycle(ApiModel):
    """Lifecycle configuration (PutBucketLifecycleConfiguration). Secure default: unfinished uploads are removed after 7 days."""

    abort_incomplete_multipart_upload_days: int = Field(
        7,
        ge=0,
        le=36500,
        description="Remove unfinished multipart uploads after so many days, by a rule of our own. Default: 7. 0 means no such rule.",
    )
    transition_default_minimum_object_size: Literal["all_storage_classes_128K", "varies_by_storage_class"] | None = (
        Field(
            None,
            description="Smallest object that a transition moves. Default: left as it is (S3 gives a new configuration all_storage_classes_128K).",
        )
    )
    rules: tuple[LifecycleRule, ...] = Field((), max_length=200, description="Rules to have. Default: none.")
    foreign: Foreign | None = Field(
        None,
        description="Rules that are not declared here: Keep or Remove. Default: Remove on a bucket that the operator created, Keep on an adopted one.",
    )
