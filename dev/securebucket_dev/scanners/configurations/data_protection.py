"""Configurations of encryption, versioning and Object Lock."""

from collections.abc import Mapping
from typing import Any

from securebucket_dev.scanners.configuration import Configuration, Step
from securebucket_dev.scanners.configurations.steps import VERSIONED

KEY = "{key}"
EXPIRING = Step(
    "put_bucket_lifecycle_configuration",
    {
        "LifecycleConfiguration": {
            "Rules": [{"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 365}}]
        }
    },
)


def _encrypted(name: str, says: str, **rule: Any) -> Configuration:
    return Configuration(
        f"encryption-{name}",
        says,
        (Step("put_bucket_encryption", {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}),),
    )


def _sse(algorithm: str, **more: str) -> Mapping[str, str]:
    return {"SSEAlgorithm": algorithm, **more}


ENCRYPTION = (
    _encrypted("s3", "New objects are encrypted with SSE-S3.", ApplyServerSideEncryptionByDefault=_sse("AES256")),
    _encrypted(
        "kms", "New objects are encrypted with AWS's own KMS key.", ApplyServerSideEncryptionByDefault=_sse("aws:kms")
    ),
    _encrypted(
        "kms-key",
        "New objects are encrypted with a KMS key of the account, by bucket keys.",
        ApplyServerSideEncryptionByDefault=_sse("aws:kms", KMSMasterKeyID=KEY),
        BucketKeyEnabled=True,
    ),
    _encrypted("dsse", "New objects are encrypted twice.", ApplyServerSideEncryptionByDefault=_sse("aws:kms:dsse")),
    _encrypted(
        "sse-c-blocked",
        "Uploads with keys of the customer's are refused.",
        ApplyServerSideEncryptionByDefault=_sse("AES256"),
        BlockedEncryptionTypes={"EncryptionType": ["SSE-C"]},
    ),
    Configuration(
        "encryption-deleted", "The encryption configuration was deleted.", (Step("delete_bucket_encryption"),)
    ),
)


def _versioned(name: str, says: str, *steps: Step) -> Configuration:
    return Configuration(f"versioning-{name}", says, steps)


VERSIONING = (
    # None with MFA delete: the server accepts it and forgets it.
    _versioned("enabled", "Old versions are kept.", VERSIONED),
    _versioned(
        "suspended",
        "Old versions are not kept any more.",
        VERSIONED,
        Step("put_bucket_versioning", {"VersioningConfiguration": {"Status": "Suspended"}}),
    ),
    _versioned("enabled-and-lifecycle", "Old versions are kept, and objects expire.", VERSIONED, EXPIRING),
)


def _locked(name: str, says: str, **retention: Any) -> Configuration:
    rule = {"Rule": {"DefaultRetention": retention}} if retention else {}
    lock = {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", **rule}}
    return Configuration(
        f"lock-{name}",
        says,
        (Step("put_object_lock_configuration", lock),) if retention else (),
        creation={"ObjectLockEnabledForBucket": True},
    )


OBJECT_LOCK = (
    _locked("plain", "Object Lock is on, and locks nothing by default."),
    _locked("governance", "New objects are locked for 30 days, with a way out.", Mode="GOVERNANCE", Days=30),
    _locked("compliance", "New objects are locked for a year.", Mode="COMPLIANCE", Years=1),
    Configuration(
        "lock-later",
        "Object Lock was turned on for a bucket that was there.",
        (
            VERSIONED,
            Step(
                "put_object_lock_configuration",
                {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}},
            ),
        ),
    ),
)
