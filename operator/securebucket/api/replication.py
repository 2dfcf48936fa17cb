"""Copies of objects in other buckets."""

from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel, AwsName, Foreign
from securebucket.api.lifecycle import StorageClass
from securebucket.api.names import AccountId, RoleArn
from securebucket.api.object_filter import ObjectFilter
from securebucket.api.policy import KmsKeyArn
from securebucket.api.rule import Keyed, Rule, matches

Toggle = Literal["Enabled", "Disabled"]
BucketArn = Annotated[
    str,
    Field(max_length=200),
    matches("arn:[a-z-]+:s3:::[a-z0-9.-]{3,63}", "not the ARN of a bucket; write e.g. arn:aws:s3:::acme-copy"),
]


class Destination(ApiModel):
    """Where copies go."""

    invariants = (
        Rule(
            "!has(self.ownerOverride) || has(self.account)",
            lambda destination: destination.owner_override is None or destination.account is not None,
            "ownerOverride needs account, the destination's owner",
            "account",
        ),
        Rule(
            "!has(self.replicationTime) || !self.replicationTime || !has(self.metrics) || self.metrics",
            lambda destination: not destination.replication_time or destination.metrics is not False,
            "replicationTime comes with metrics; leave metrics out",
            "metrics",
        ),
    )

    bucket: BucketArn = Field(
        description="ARN of the destination bucket, e.g. arn:aws:s3:::copy. Versioning must be on there.",
    )
    account: AccountId | None = Field(None, description="Account that owns the destination, when it is another one.")
    owner_override: Literal["Destination"] | None = Field(
        None,
        description="Destination: copies belong to the destination's owner (AccessControlTranslation). Default: the source's owner.",
    )
    storage_class: Literal["STANDARD", StorageClass] | None = Field(
        None, description="Storage class of copies. Default: as in the source."
    )
    replica_kms_key_id: Annotated[KmsKeyArn | None, AwsName("ReplicaKmsKeyID")] = Field(
        None,
        description="KMS key ARN in the destination's region, for objects encrypted with KMS.",
    )
    replication_time: bool | None = Field(
        None, description="Replication Time Control: copies within 15 minutes, with metrics. Default: off."
    )
    metrics: bool | None = Field(None, description="Replication metrics. Default: on with replicationTime, else off.")


class ReplicationRule(ApiModel):
    """One replication rule, in S3's own fields (the current form, with a filter and a priority)."""

    invariants = (
        Rule(
            "!has(self.deleteMarkerReplication) || self.deleteMarkerReplication != 'Enabled' || !has(self.filter)"
            " || !has(self.filter.tags) || self.filter.tags.size() == 0",
            lambda rule: rule.delete_marker_replication != "Enabled" or not rule.filter.tags,
            "delete markers cannot be replicated by a rule with a filter on tags; set deleteMarkerReplication: Disabled",
            "deleteMarkerReplication",
        ),
        Rule(
            "!has(self.sseKmsEncryptedObjects) || self.sseKmsEncryptedObjects != 'Enabled' || has(self.destination.replicaKmsKeyId)",
            lambda rule: rule.sse_kms_encrypted_objects != "Enabled" or rule.destination.replica_kms_key_id is not None,
            "sseKmsEncryptedObjects needs destination.replicaKmsKeyId, a key in the destination's region",
            "sseKmsEncryptedObjects",
        ),
    )

    id: Annotated[str, AwsName("ID")] = Field(
        min_length=1, max_length=255, description="Name of the rule, unique in the bucket."
    )
    priority: int = Field(
        0,
        ge=0,
        le=2147483647,
        description="Which rule wins for the same destination: the higher. Every rule needs another one. Default: 0.",
    )
    status: Toggle = Field("Enabled", description="Whether the rule works. Default: Enabled.")
    filter: ObjectFilter = Field(ObjectFilter(), description="Which objects it is for. Default: all.")
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
        description="AWS no longer supports this field: existing objects are copied by S3 Batch Replication. Default: absent.",
    )


class Replication(ApiModel):
    """Replication (PutBucketReplication). Secure default: no rule that was not declared copies data out of a created bucket."""

    invariants = (
        Rule(
            "!has(self.rules) || self.rules.size() == 0 || has(self.role)",
            lambda replication: not replication.rules or replication.role is not None,
            "rules need role, the IAM role that S3 copies as",
            "role",
        ),
        Rule(
            "!has(self.rules) || self.rules.all(one, self.rules.exists_one(other,"
            " (has(other.priority) ? other.priority : 0) == (has(one.priority) ? one.priority : 0)))",
            lambda replication: len({rule.priority for rule in replication.rules}) == len(replication.rules),
            "S3 takes no two rules with the same priority; give each a priority of its own",
            "rules",
        ),
    )

    role: RoleArn | None = Field(None, description="ARN of the IAM role that S3 assumes to copy.")
    rules: Annotated[tuple[ReplicationRule, ...], Keyed("id")] = Field(
        (), max_length=200, description="Rules to have. Default: none."
    )
    foreign: Foreign | None = Field(
        None,
        description="Rules that are not declared here: Keep or Remove. Default: Remove on a bucket that the operator created, Keep on an adopted one.",
    )
