"""What a SecureBucket that declares its bucket's name alone does not pass, with the reason: it needs more than that."""

from collections.abc import Mapping

from securebucket_dev.scanners.configuration import Configuration
from securebucket_dev.scanners.custodian import CUSTODIAN
from securebucket_dev.scanners.prowler import PROWLER

BARE = Configuration("bare", "What `securebucket apply` makes of a bucket's name.", account="555566667777")

KEY = "takes a KMS key, and costs for its use; SSE-S3 encrypts without"
ROOT = "only the root user can turn MFA delete on, and only without lifecycle rules"
LOCK = "Object Lock can never be turned off again, so it is asked for"
TARGET = "takes a bucket for the logs"
COPY = "takes a second bucket and a role"
EVENTS = "takes somebody who gets the events"

NEEDS_MORE: Mapping[str, Mapping[str, str]] = {
    PROWLER: {
        "s3_account_level_public_access_blocks": "is set for the account, which is not the bucket's to change",
        "s3_bucket_kms_encryption": KEY,
        "s3_bucket_no_mfa_delete": ROOT,
        "s3_bucket_object_lock": LOCK,
        "s3_bucket_server_access_logging_enabled": TARGET,
        "s3_bucket_cross_region_replication": COPY,
        "s3_bucket_event_notifications_enabled": EVENTS,
    },
    CUSTODIAN: {
        "not-encrypted-with-kms": KEY,
        "not-locked": LOCK,
        "not-logged": TARGET,
        "not-replicated": COPY,
        "no-notification": EVENTS,
    },
}
"""Reasons by scanner and by its check. What ours needs more for is in each check's `remedy`."""
