"""Copies of objects in other buckets."""

from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel, AwsName, Foreign
from securebucket.api.lifecycle import StorageClass
from securebucket.api.names import AccountId, RoleArn
from securebucket.api.object_filter import ObjectFilter
from securebucket.api.policy import KmsKeyArn
from securebucket.api.rule import Distinct, Keyed, Rule, matches
from securebucket.api.tags import TagValue

Toggle = Literal["Enabled", "Disabled"]
BucketArn = Annotated[
    str,
    Field(max_length=200),
    matches("arn:[a-z-]+:s3:::[a-z0-9.-]{3,63}", "not the ARN of a bucket; write e.g. arn:aws:s3:::acme-copy"),
]


class ExcludedTag(ApiModel):
    """A tag with one value."""

    key: str = Field(min_length=1, max_length=128, description="The tag's key.")
    value: TagValue = Field("", description="The tag's value. Default: empty.")


class Exclusion(ApiModel):
    """Which objects a rule leaves out: those for which at least one of these holds."""

    invariants = (
        Rule(
            "(has(self.prefixes) && self.prefixes.size() > 0) || (has(self.tags) && self.tags.size() > 0)",
            lambda exclusion: bool(exclusion.prefixes or exclusion.tags),
            "name at least one prefix or tag, or leave `not` out",
        ),
    )

    prefixes: Annotated[tuple[Annotated[str, Field(min_length=1, max_length=1024)], ...], Distinct()] = Field(
        (), max_length=100, description="Keys that start with one of these."
    )
    tags: tuple[ExcludedTag, ...] = Field((), max_length=100, description="Objects that carry one of these tags.")


class ReplicationFilter(ObjectFilter):
    """Which objects it is about. Empty: all. More than one field: all of them must hold."""

    not_: Annotated[Exclusion | None, AwsName("Not")] = Field(
        None, alias="not", description="Objects that are left out. Default: none."
    )


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
    use_source_multi_region_key: Toggle | None = Field(
        None,
        description="Whether the copy of an object that a multi-Region KMS key encrypts is encrypted with the key related to it in the"
        " destination's region. Default: no.",
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
            " || ((!has(self.filter.tags) || self.filter.tags.size() == 0) && (!has(self.filter.not)"
            " || !has(self.filter.not.tags) || self.filter.not.tags.size() == 0))",
            lambda rule: (
                rule.delete_marker_replication != "Enabled"
                or not (rule.filter.tags or (rule.filter.not_ and rule.filter.not_.tags))
            ),
            "delete markers cannot be replicated by a rule with a filter on tags; set deleteMarkerReplication: Disabled",
            "deleteMarkerReplication",
        ),
        Rule(
            "!has(self.sseKmsEncryptedObjects) || self.sseKmsEncryptedObjects != 'Enabled' || has(self.destination.replicaKmsKeyId)"
            " || (has(self.destination.useSourceMultiRegionKey) && self.destination.useSourceMultiRegionKey == 'Enabled')",
            lambda rule: (
                rule.sse_kms_encrypted_objects != "Enabled"
                or rule.destination.replica_kms_key_id is not None
                or rule.destination.use_source_multi_region_key == "Enabled"
            ),
            "sseKmsEncryptedObjects needs destination.replicaKmsKeyId, a key in the destination's region, or"
            " destination.useSourceMultiRegionKey: Enabled",
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
    filter: ReplicationFilter = Field(ReplicationFilter(), description="Which objects it is for. Default: all.")
    destination: Destination = Field(description="Where copies go.")
    delete_marker_replication: Toggle = Field(
        "Disabled", description="Whether delete markers are copied too. Default: Disabled."
    )
    sse_kms_encrypted_objects: Toggle | None = Field(
        None,
        description="Whether objects encrypted with KMS are copied. Default: no. Needs destination.replicaKmsKeyId or"
        " destination.useSourceMultiRegionKey.",
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
