"""`SecureBucket.spec`: one bucket and its declared security."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TypeAlias

from pydantic import Field

from securebucket.api.abac import Abac
from securebucket.api.access import Ownership, PublicAccessBlock
from securebucket.api.access_logging import Logging
from securebucket.api.analytics import Analytics
from securebucket.api.base import ApiModel
from securebucket.api.bucket_namespace import BucketNamespace
from securebucket.api.cors import Cors
from securebucket.api.duration import Interval
from securebucket.api.encryption import Encryption
from securebucket.api.intelligent_tiering import IntelligentTiering
from securebucket.api.inventory import Inventory
from securebucket.api.lifecycle import Lifecycle
from securebucket.api.metadata import Metadata
from securebucket.api.names import BucketName, Region
from securebucket.api.notifications import Notifications
from securebucket.api.policy import Policy
from securebucket.api.replication import Replication
from securebucket.api.request_metrics import Metrics
from securebucket.api.retention import ObjectLock, Versioning
from securebucket.api.rule import Distinct, Rule
from securebucket.api.tags import Tags
from securebucket.api.transfer import Acceleration, RequestPayment
from securebucket.api.website import Website


class Role(StrEnum):
    """What the bucket is for; some settings are impossible for some roles."""

    DATA = "Data"
    LOG_TARGET = "LogTarget"
    REPLICA_TARGET = "ReplicaTarget"


class Mode(StrEnum):
    """What the operator may do with a difference."""

    ENFORCE = "Enforce"
    PLAN = "Plan"
    OBSERVE = "Observe"


class Adoption(StrEnum):
    """Whether the operator may adopt a bucket that it did not create."""

    NEVER = "Never"
    ADOPT = "Adopt"


class DeletionPolicy(StrEnum):
    """What happens to the bucket when its object is deleted."""

    RETAIN = "Retain"
    DELETE = "Delete"


class Controls(ApiModel):
    """One block a control; what a bucket declares and what a profile gives as defaults."""

    invariants: ClassVar[tuple[Rule, ...]] = (
        Rule(
            "!has(self.objectLock) || !has(self.objectLock.enabled) || !self.objectLock.enabled || !has(self.versioning)"
            " || !has(self.versioning.status) || self.versioning.status == 'Enabled'",
            lambda spec: not spec.object_lock.enabled or spec.versioning.status == "Enabled",
            "Object Lock needs versioning; leave versioning.status out or set it to Enabled",
            "versioning.status",
        ),
        Rule(
            "!has(self.replication) || !has(self.replication.rules) || self.replication.rules.size() == 0 || !has(self.versioning)"
            " || !has(self.versioning.status) || self.versioning.status == 'Enabled'",
            lambda spec: not spec.replication.rules or spec.versioning.status == "Enabled",
            "replication needs versioning; leave versioning.status out or set it to Enabled",
            "versioning.status",
        ),
    )

    public_access_block: PublicAccessBlock = Field(
        PublicAccessBlock(), description="Block Public Access. Default: all four on."
    )
    ownership: Ownership = Field(Ownership(), description="Object Ownership. Default: BucketOwnerEnforced, no ACLs.")
    encryption: Encryption = Field(Encryption(), description="Default encryption. Default: SSE-S3, SSE-C blocked.")
    versioning: Versioning = Field(Versioning(), description="Versioning. Default: Enabled.")
    object_lock: ObjectLock = Field(ObjectLock(), description="Object Lock. Default: left as it is.")
    policy: Policy = Field(Policy(), description="Bucket policy. Default: HTTPS only.")
    logging: Logging = Field(Logging(), description="Server access logging. Default: left as it is.")
    lifecycle: Lifecycle = Field(
        Lifecycle(), description="Lifecycle. Default: unfinished uploads are removed after 7 days."
    )
    replication: Replication = Field(Replication(), description="Replication. Default: none.")
    notifications: Notifications = Field(Notifications(), description="Event notifications. Default: none.")
    inventory: Inventory = Field(Inventory(), description="Inventories of the objects. Default: none.")
    metrics: Metrics = Field(Metrics(), description="Request metrics. Default: none.")
    analytics: Analytics = Field(Analytics(), description="Storage class analysis. Default: none.")
    intelligent_tiering: IntelligentTiering = Field(
        IntelligentTiering(), description="Archives of Intelligent-Tiering. Default: none."
    )
    cors: Cors = Field(Cors(), description="Cross-origin resource sharing. Default: none.")
    website: Website = Field(
        Website(), description="Website endpoint. Default: none. {} is none, whatever the profile has."
    )
    request_payment: RequestPayment = Field(
        RequestPayment(), description="Who pays for requests. Default: the bucket's owner."
    )
    acceleration: Acceleration = Field(Acceleration(), description="Transfer Acceleration. Default: off.")
    metadata: Metadata = Field(
        Metadata(), description="S3 Metadata tables. Default: none. {} is none, whatever the profile has."
    )
    tags: Tags = Field(Tags(), description="Tags. Default: the operator's own.")
    abac: Abac = Field(Abac(), description="Access control by the bucket's tags. Default: Disabled.")


if TYPE_CHECKING:  # a type checker takes no Literal of names that are collected
    ControlName: TypeAlias = str
else:
    ControlName = Literal[tuple(str(info.alias) for info in Controls.model_fields.values())]


class SecureBucketSpec(Controls):
    """One bucket and its declared security. Everything is optional; an absent field means the secure default."""

    invariants = (
        Rule(
            "!has(self.role) || self.role != 'LogTarget' || !has(self.encryption) || !has(self.encryption.sseAlgorithm)"
            " || self.encryption.sseAlgorithm == 'AES256'",
            lambda spec: spec.role != Role.LOG_TARGET or spec.encryption.sse_algorithm in {None, "AES256"},
            "a bucket with role LogTarget takes AES256 only: S3 cannot deliver access logs to a bucket with KMS by default",
            "encryption.sseAlgorithm",
        ),
        Rule(
            "!has(self.role) || self.role != 'LogTarget' || !has(self.objectLock) || !has(self.objectLock.enabled) || !self.objectLock.enabled",
            lambda spec: spec.role != Role.LOG_TARGET or not spec.object_lock.enabled,
            "a bucket with role LogTarget cannot have Object Lock: S3 does not deliver access logs to it; leave objectLock out",
            "objectLock.enabled",
        ),
        Rule(
            "!has(self.role) || self.role != 'LogTarget' || !has(self.logging)"
            " || (!has(self.logging.targetBucket) && !has(self.logging.targetBucketRef))",
            lambda spec: spec.role != Role.LOG_TARGET or not spec.logging.is_declared,
            "a bucket with role LogTarget cannot log itself or elsewhere: every delivered log would make another one;"
            " leave logging out",
            "logging.targetBucket",
        ),
        Rule(
            "!has(self.role) || self.role != 'LogTarget' || !has(self.requestPayment) || !has(self.requestPayment.payer)"
            " || self.requestPayment.payer == 'BucketOwner'",
            lambda spec: spec.role != Role.LOG_TARGET or spec.request_payment.payer == "BucketOwner",
            "a bucket with role LogTarget cannot have Requester Pays: S3 does not deliver access logs to it; leave"
            " requestPayment out",
            "requestPayment.payer",
        ),
        Rule(
            "!has(self.acceleration) || !has(self.acceleration.status) || self.acceleration.status != 'Enabled'"
            " || !has(self.bucketName) || !self.bucketName.contains('.')",
            lambda spec: spec.acceleration.status != "Enabled" or "." not in (spec.bucket_name or ""),
            "S3 accelerates no bucket with a dot in its name; leave acceleration out, or use a bucketName without dots",
            "acceleration.status",
        ),
        Rule(
            "!has(self.role) || self.role != 'ReplicaTarget' || !has(self.replication) || !has(self.replication.rules)"
            " || self.replication.rules.size() == 0",
            lambda spec: spec.role != Role.REPLICA_TARGET or not spec.replication.rules,
            "a bucket with role ReplicaTarget has no replication of its own; leave replication out, or change the role",
            "replication.rules",
        ),
    )

    bucket_name: BucketName | None = Field(
        None, description="Name of the bucket. Default: the object's name. Cannot be changed."
    )
    bucket_namespace: BucketNamespace = Field(
        BucketNamespace.GLOBAL,
        description="AccountRegional adds -<account>-<region>-an to the name, which no other account can then ever have. Default: Global. Cannot be changed.",
    )
    region: Region | None = Field(
        None,
        description="Region of the bucket. Default: the profile's, else the operator's. Cannot be changed.",
    )
    profile: str | None = Field(
        None,
        min_length=1,
        max_length=253,
        description="BucketProfile to use: account, region, defaults and floor. Default: the operator's own, if it has one.",
    )
    role: Role = Field(
        Role.DATA,
        description="What the bucket is for: Data, LogTarget (gets access logs) or ReplicaTarget (gets copies). Default: Data.",
    )
    mode: Mode | None = Field(
        None,
        description="Enforce corrects; Plan shows the change in status.plan and waits for approval; Observe only reports. Default: the profile's, else Enforce.",
    )
    interval: Interval | None = Field(
        None,
        description="How often the bucket is verified, e.g. 30m; at least 1m. Default: the profile's, else 1h.",
    )
    adoption: Adoption = Field(
        Adoption.NEVER,
        description="Whether the operator may adopt a bucket that it did not create: Never or Adopt. Default: Never.",
    )
    deletion_policy: DeletionPolicy = Field(
        DeletionPolicy.RETAIN,
        description="What deleting this object does: Retain leaves the bucket alone; Delete removes it if it is empty and has no Object Lock. Default: Retain.",
    )
    unmanaged: Annotated[tuple[ControlName, ...], Distinct()] = Field(
        (),
        max_length=40,
        description="Controls that the operator only reads and judges, never writes. Default: none.",
    )
