"""The registry: every control, in the order in which changes are applied, each constraint with its reason."""

from typing import Any

from securebucket.controls.abac import AbacControl
from securebucket.controls.acceleration import AccelerationControl
from securebucket.controls.access_logging import LoggingControl
from securebucket.controls.analytics import AnalyticsControl
from securebucket.controls.bucket_policy import BucketPolicyControl
from securebucket.controls.cors import CorsControl
from securebucket.controls.encryption import EncryptionControl
from securebucket.controls.intelligent_tiering import IntelligentTieringControl
from securebucket.controls.inventory import InventoryControl
from securebucket.controls.lifecycle import LifecycleControl
from securebucket.controls.metadata import MetadataControl
from securebucket.controls.notifications import NotificationsControl
from securebucket.controls.object_lock import ObjectLockControl
from securebucket.controls.ownership import OwnershipControl
from securebucket.controls.public_access_block import PublicAccessBlockControl
from securebucket.controls.replication import ReplicationControl
from securebucket.controls.request_metrics import MetricsControl
from securebucket.controls.request_payment import RequestPaymentControl
from securebucket.controls.tags import TagsControl
from securebucket.controls.versioning import VersioningControl
from securebucket.controls.website import WebsiteControl
from securebucket.model.control import Control

CONTROLS: tuple[Control[Any], ...] = (
    PublicAccessBlockControl(),  # first: nothing public can slip in while the rest is put right
    BucketPolicyControl(),  # before ownership: ACL grants go into it; after the block: S3 refuses public ones under it
    EncryptionControl(),
    VersioningControl(),
    ObjectLockControl(),  # S3 takes it on a versioned bucket only
    OwnershipControl(),  # migrated grants must be in the policy before the ACL goes
    LoggingControl(),  # the target's grant, in the target's policy, first
    LifecycleControl(),  # only if MFA delete is off, which versioning tells
    ReplicationControl(),  # versioning on both ends, policy, role and KMS key first
    NotificationsControl(),  # the destinations' policies first; nothing here depends on it
    InventoryControl(),  # the destination's policy first, as for the log target; nothing here depends on it
    AnalyticsControl(),  # the same
    MetricsControl(),  # changes nothing but what CloudWatch counts
    IntelligentTieringControl(),  # after lifecycle: only what that has moved to the storage class has archives
    CorsControl(),  # says what browsers may ask, and gives nobody a right: nothing here depends on it
    WebsiteControl(),  # another way to what the others let the public have; nothing here depends on it
    RequestPaymentControl(),  # says who pays; nothing here depends on it
    AccelerationControl(),  # another way to the same data; nothing here depends on it
    MetadataControl(),  # copies what is known of objects elsewhere, and changes nobody's rights: nothing depends on it
    TagsControl(),  # late: the ownership tags are set at creation, the rest can wait
    AbacControl(),  # last: from then on tags decide who may do what, so they are right before; tags look at what it was
)
