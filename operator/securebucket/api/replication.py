"""Copies of objects in other buckets."""

from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel, AwsName, Foreign, rule, validations

Toggle = Literal["Enabled", "Disabled"]


class ReplicationFilter(ApiModel):
    """Which objects a rule is for. Empty: all. More than one field: all of them must hold."""

    prefix: str | None = Field(None, max_length=1024, description="Keys that start with this.")
    tags: dict[str, str] = Field({}, description="Objects that carry all these tags.")


class Destination(ApiModel):
    """Where copies go."""

    model_config = validations(
        rule(
            "!has(self.ownerOverride) || has(self.account)",
            "ownerOverride needs account, the destination's owner",
            ".account",
        ),
    )

    bucket: str = Field(
        min_length=3,
        max_length=200,
        description="ARN of the destination bucket, e.g. arn:aws:s3:::copy. Versioning must be on there.",
    )
    account: str | None = Field(
        None, pattern=r"^[0-9]{12}$", description="Account that owns the destination, when it is another one."
    )
    owner_override: Literal["Destination"] | None = Field(
        None,
        description="Destination: copies belong to the destination's owner (AccessControlTranslation). Default: the source's owner.",
    )
    storage_class: (
        Literal[
            "STANDARD",
            "STANDARD_IA",
            "ONEZONE_IA",
            "INTELLIGENT_TIERING",
            "GLACIER_IR",
            "GLACIER",
            "DEEP_ARCHIVE",
        ]
        | None
    ) = Field(None, description="Storage class of copies. Default: as in the source.")
    replica_kms_key_id: Annotated[str | None, AwsName("ReplicaKmsKeyID")] = Field(
        None,
        max_length=2048,
        description="KMS key ARN in the destination's region, for objects encrypted with KMS.",
    )
    replication_time: bool | None = Field(
        None, description="Replication Time Control: copies within 15 minutes, with metrics. Default: off."
    )
    metrics: bool | None = Field(None, description="Replication metrics. Default: on with replicationTime, else off.")


class ReplicationRule(ApiModel):
    """One replication rule, in S3's own fields (the current form, with a filter and a priority)."""

    model_config = validations(
        rule(
            "!has(self.deleteMarkerReplication) || self.deleteMarkerReplication != 'Enabled' || !has(self.filter)"
            " || !has(self.filter.tags) || self.filter.tags.size() == 0",
            "delete markers cannot be replicated by a rule with a filter on tags; set deleteMarkerReplication: Disabled",
            ".deleteMarkerReplication",
        ),
        rule(
            "!has(self.sseKmsEncryptedObjects) || self.sseKmsEncryptedObjects != 'Enabled' || has(self.destination.replicaKmsKeyId)",
            "sseKmsEncryptedObjects needs destination.replicaKmsKeyId, a key in the destination's region",
            ".sseKmsEncryptedObjects",
        ),
    )

    id: Annotated[str, AwsName("ID")] = Field(
        min_length=1, max_length=255, description="Name of the rule, unique in the bucket."
    )
    priority: int = Field(
        0,
        ge=0,
        le=2147483647,
        description="Which rule wins for the same destination: the higher. Default: 0.",
    )
    status: Toggle = Field("Enabled", description="Whether the rule works. Default: Enabled.")
    filter: ReplicationFilter = Field(ReplicationFilter(), description="Which objects it is for. Default: all.")
    destination: Destination = Field(description="Where copies go.")
    delete_marker_replication: Toggle = Field(
        "Disabled", description="Whether delete markers are copied too. Default: Disabled."
    )
    sse_kms_encrypted_objects: Toggle | None = Field(
        None,
        description="Whether objects encrypted with KMS are copied. Default: no. Needs destination.replicaKmsKeyId.",
    )
    replica_modifications: Toggle | None = Field(
        None, description="Whether metadata changes on replicas are copied back. Default: no."
    )
    existing_object_replication: Toggle | None = Field(
        None,
        description="S3 keeps this field but replicates existing objects by Batch Replication only. Default: absent.",
    )


class Replication(ApiModel):
    """Replication (PutBucketReplication). Secure default: no rule that was not declared copies data out of a created bucket."""

    model_config = validations(
        rule(
            "!has(self.rules) || self.rules.size() == 0 || has(self.role)",
            "rules need role, the IAM role that S3 copies as",
            ".role",
        ),
    )

    role: str | None = Field(None, max_length=2048, description="ARN of the IAM role that S3 assumes to copy.")
    rules: tuple[ReplicationRule, ...] = Field((), max_length=200, description="Rules to have. Default: none.")
    foreign: Foreign | None = Field(
        None,
        description="Rules that are not declared here: Keep or Remove. Default: Remove on a bucket that the operator created, Keep on an adopted one.",
    )
