"""Which check of a scanner asks what which of our checks ask."""

from collections.abc import Mapping
from dataclasses import dataclass

from securebucket_dev.scanners.custodian import CUSTODIAN
from securebucket_dev.scanners.prowler import PROWLER


@dataclass(frozen=True, slots=True)
class Question:
    """One question that a scanner and we answer.

    Args:
        scanner: `Prowler` or `Cloud Custodian`.
        check: the scanner's name of it; of Custodian's, the name of the policy in `custodian.yaml`.
        ours: the ids of our checks; the scanner passes a bucket where all of them pass it.
    """

    scanner: str
    check: str
    ours: tuple[str, ...]


_PROWLER = {
    "s3_bucket_level_public_access_block": ("public-access-blocked",),
    "s3_bucket_public_access": ("policy-not-public", "acl-not-publicly-readable", "acl-not-publicly-writable"),
    "s3_bucket_public_list_acl": ("acl-not-publicly-readable",),
    "s3_bucket_public_write_acl": ("acl-not-publicly-writable",),
    "s3_bucket_policy_public_write_access": ("policy-not-public",),
    "s3_bucket_secure_transport_policy": ("tls-required",),
    "s3_bucket_acl_prohibited": ("acls-disabled",),
    "s3_bucket_kms_encryption": ("encrypted-with-kms",),
    "s3_bucket_default_encryption": ("encrypted-by-default",),
    "s3_bucket_object_versioning": ("versioning-enabled",),
    "s3_bucket_no_mfa_delete": ("mfa-delete-enabled",),
    "s3_bucket_object_lock": ("object-lock-enabled",),
    "s3_bucket_lifecycle_enabled": ("lifecycle-active",),
    "s3_bucket_event_notifications_enabled": ("events-notified",),
    "s3_bucket_server_access_logging_enabled": ("access-logged",),
    "s3_bucket_cross_region_replication": ("replicated",),
}

_CUSTODIAN = {
    "public-access-block-incomplete": ("public-access-blocked",),
    "acl-lets-public-read": ("acl-not-publicly-readable",),
    "acl-lets-public-write": ("acl-not-publicly-writable",),
    "acls-enabled": ("acls-disabled",),
    "policy-lets-public-in": ("policy-not-public",),
    "policy-lets-others-administer": ("administration-not-shared",),
    "policy-lets-plain-http-in": ("tls-required",),
    "not-encrypted": ("encrypted-by-default",),
    "not-encrypted-with-kms": ("encrypted-with-kms",),
    "not-versioned": ("versioning-enabled",),
    "not-locked": ("object-lock-enabled",),
    "not-logged": ("access-logged",),
    "no-lifecycle-rule": ("lifecycle-active",),
    "versions-without-lifecycle-rule": ("versions-have-lifecycle",),
    "unfinished-uploads-stay": ("unfinished-uploads-removed",),
    "not-replicated": ("replicated",),
    "no-notification": ("events-notified",),
    "no-tags": ("tagged",),
}

QUESTIONS: tuple[Question, ...] = tuple(
    Question(scanner, check, ours)
    for scanner, mapping in ((PROWLER, _PROWLER), (CUSTODIAN, _CUSTODIAN))
    for check, ours in mapping.items()
)

UNASKED: Mapping[tuple[str, str], str] = {
    (PROWLER, "s3_account_level_public_access_blocks"): "asks about the account, not about a bucket",
    (PROWLER, "s3_bucket_cross_account_access"): "asks for any access of other accounts, we for administration alone",
    (CUSTODIAN, "policy-lets-others-in"): "asks for any access of other accounts, we for administration alone",
}
"""What the scanners answer and is not compared, with the reason."""
