"""When objects move to cheaper storage and when they are deleted."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel, AwsName, Foreign
from securebucket.api.lifecycle_moves import (
    DATES,
    EXPIRES_AFTER,
    INFREQUENT_ACCESS,
    RELEASE,
    VERSIONS_GO_AFTER,
    rules_of_moves,
)
from securebucket.api.rule import Keyed, Rule, exactly_one
from securebucket.api.tags import TAGS_HAVE_KEYS, TagValue

StorageClass = Literal["STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]
OWN_ID = Rule(
    "!self.startsWith('SecureBucket')",
    lambda name: not name.startswith("SecureBucket"),
    "names that start with SecureBucket are the operator's own; choose another one",
)
Days = Annotated[int, Field(ge=0, le=36500)]
PositiveDays = Annotated[int, Field(ge=1, le=36500)]


class LifecycleFilter(ApiModel):
    """Which objects a rule is for. Empty: all. More than one field: all of them must hold."""

    invariants = (
        TAGS_HAVE_KEYS,
        Rule(
            "!has(self.objectSizeGreaterThan) || !has(self.objectSizeLessThan) || self.objectSizeGreaterThan < self.objectSizeLessThan",
            lambda given: (
                given.object_size_greater_than is None
                or given.object_size_less_than is None
                or given.object_size_greater_than < given.object_size_less_than
            ),
            "objectSizeGreaterThan must be smaller than objectSizeLessThan, or no object fits",
            "objectSizeGreaterThan",
        ),
    )

    prefix: str | None = Field(None, max_length=1024, description="Keys that start with this.")
    tags: dict[str, TagValue] = Field({}, max_length=10, description="Objects that carry all these tags.")
    object_size_greater_than: int | None = Field(None, ge=0, description="Objects larger than this many bytes.")
    object_size_less_than: int | None = Field(None, ge=1, description="Objects smaller than this many bytes.")


class Expiration(ApiModel):
    """When current versions expire. Give one field."""

    invariants = (exactly_one(days="days", date="date", expired_object_delete_marker="expiredObjectDeleteMarker"),)

    days: PositiveDays | None = Field(None, description="Days after creation.")
    date: dt.date | None = Field(None, description="On this day, at midnight UTC.")
    expired_object_delete_marker: bool | None = Field(
        None, description="Remove delete markers that hide nothing any more."
    )


class Transition(ApiModel):
    """When current versions move to another storage class. Give one of days and date."""

    invariants = (
        exactly_one(days="days", date="date"),
        Rule(
            "!(self.storageClass in ['STANDARD_IA', 'ONEZONE_IA']) || !has(self.days) || self.days >= 30",
            lambda move: move.storage_class not in INFREQUENT_ACCESS or move.days is None or move.days >= 30,
            "S3 moves objects to STANDARD_IA and ONEZONE_IA after 30 days at the earliest; set days to 30 or more",
            "days",
        ),
    )

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

    invariants = (
        Rule(
            "!(self.storageClass in ['STANDARD_IA', 'ONEZONE_IA']) || self.noncurrentDays >= 30",
            lambda move: move.storage_class not in INFREQUENT_ACCESS or move.noncurrent_days >= 30,
            "S3 moves noncurrent versions to STANDARD_IA and ONEZONE_IA after 30 days at the earliest; set"
            " noncurrentDays to 30 or more",
            "noncurrentDays",
            since=RELEASE,
        ),
    )

    noncurrent_days: Days = Field(
        description="Days after the version became noncurrent; at least 30 for STANDARD_IA and ONEZONE_IA."
    )
    newer_noncurrent_versions: int | None = Field(
        None, ge=1, le=100, description="Keep this many newer noncurrent versions in place."
    )
    storage_class: StorageClass = Field(description="Where they move.")


class AbortIncompleteMultipartUpload(ApiModel):
    """When uploads that never finished are cleaned up."""

    days_after_initiation: PositiveDays = Field(description="Days after the upload began.")


class LifecycleRule(ApiModel):
    """One lifecycle rule, in S3's own fields."""

    invariants = (
        Rule(
            "has(self.expiration) || (has(self.transitions) && self.transitions.size() > 0) || has(self.noncurrentVersionExpiration)"
            " || (has(self.noncurrentVersionTransitions) && self.noncurrentVersionTransitions.size() > 0)"
            " || has(self.abortIncompleteMultipartUpload)",
            lambda rule: bool(
                rule.expiration
                or rule.transitions
                or rule.noncurrent_version_expiration
                or rule.noncurrent_version_transitions
                or rule.abort_incomplete_multipart_upload
            ),
            "a rule needs at least one action, e.g. expiration",
        ),
        Rule(
            "!has(self.abortIncompleteMultipartUpload) || !has(self.filter) || !has(self.filter.tags) || self.filter.tags.size() == 0",
            lambda rule: rule.abort_incomplete_multipart_upload is None or not rule.filter.tags,
            "abortIncompleteMultipartUpload cannot be combined with a filter on tags; make a rule of its own for it",
            "abortIncompleteMultipartUpload",
        ),
        Rule(
            "!has(self.abortIncompleteMultipartUpload) || !has(self.filter)"
            " || (!has(self.filter.objectSizeGreaterThan) && !has(self.filter.objectSizeLessThan))",
            lambda rule: (
                rule.abort_incomplete_multipart_upload is None
                or (rule.filter.object_size_greater_than is None and rule.filter.object_size_less_than is None)
            ),
            "abortIncompleteMultipartUpload cannot be combined with a filter on sizes; make a rule of its own for it",
            "abortIncompleteMultipartUpload",
            since=RELEASE,
        ),
        Rule(
            "!has(self.expiration) || !has(self.expiration.expiredObjectDeleteMarker) || !has(self.filter)"
            " || !has(self.filter.tags) || self.filter.tags.size() == 0",
            lambda rule: (
                rule.expiration is None or rule.expiration.expired_object_delete_marker is None or not rule.filter.tags
            ),
            "expiredObjectDeleteMarker cannot be combined with a filter on tags; make a rule of its own for it",
            "expiration.expiredObjectDeleteMarker",
        ),
        Rule(
            "!has(self.expiration) || !has(self.expiration.days) || !has(self.transitions)"
            " || self.transitions.all(move, !has(move.days) || move.days < self.expiration.days)",
            lambda rule: (
                rule.expiration is None
                or rule.expiration.days is None
                or all(move.days is None or move.days < rule.expiration.days for move in rule.transitions)
            ),
            "objects must move before they expire; set expiration.days higher than the days of every transition",
            "expiration.days",
        ),
        DATES,
        EXPIRES_AFTER,
        VERSIONS_GO_AFTER,
        *rules_of_moves("transitions", "transitions", "days", "days"),
        *rules_of_moves(
            "noncurrentVersionTransitions", "noncurrent_version_transitions", "noncurrentDays", "noncurrent_days"
        ),
    )

    id: Annotated[str, AwsName("ID"), OWN_ID] = Field(
        min_length=1,
        max_length=255,
        description="Name of the rule, unique in the bucket; names that start with SecureBucket are the operator's.",
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
    rules: Annotated[tuple[LifecycleRule, ...], Keyed("id")] = Field(
        (), max_length=200, description="Rules to have. Default: none."
    )
    foreign: Foreign | None = Field(
        None,
        description="Rules that are not declared here: Keep or Remove. Default: Remove on a bucket that the operator created, Keep on an adopted one.",
    )
