"""Documents with every member: what is put must come back."""

import json
from typing import Any

from securebucket_dev.s3.fidelity.probe import BUCKET, RIGHT, TARGET, kept, probe, refused

KEY = "arn:aws:kms:us-east-1:000000000000:key/0f5b2a63-3f0c-4b3c-9a0e-5d0d4b3b6a11"
ROLE = "arn:aws:iam::000000000000:role/replication"


@probe
def encryption_with_every_member(s3: Any, _: str) -> str:
    """A KMS key, the bucket key and blocked encryption types come back."""
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    blocked = {"EncryptionType": ["SSE-C"]}
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True, "BlockedEncryptionTypes": blocked}
    return _encrypt(s3, rule)


@probe
def encryption_dsse_with_key(s3: Any, _: str) -> str:
    """Dual-layer encryption takes a key of one's own."""
    return _encrypt(s3, {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms:dsse", "KMSMasterKeyID": KEY}})


@probe
def replication_with_every_member(s3: Any, _: str) -> str:
    """Filter, criteria, owner, key, time control, metrics and delete markers come back."""
    rule = {
        "ID": "everything",
        "Priority": 3,
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "a/", "Tags": [{"Key": "k", "Value": "v"}]}},
        "SourceSelectionCriteria": {
            "SseKmsEncryptedObjects": {"Status": "Enabled"},
            "ReplicaModifications": {"Status": "Enabled"},
        },
        "ExistingObjectReplication": {"Status": "Enabled"},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {
            "Bucket": f"arn:aws:s3:::{TARGET}",
            "Account": "000000000000",
            "StorageClass": "STANDARD_IA",
            "AccessControlTranslation": {"Owner": "Destination"},
            "EncryptionConfiguration": {"ReplicaKmsKeyID": KEY},
            "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
            "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}},
        },
    }
    sent = {"Role": ROLE, "Rules": [rule]}
    replicate(s3, sent)
    return kept(sent, s3.get_bucket_replication(Bucket=BUCKET)["ReplicationConfiguration"])


@probe
def replication_of_delete_markers(s3: Any, _: str) -> str:
    """Delete markers are replicated when the rule says so."""
    sent = {"Role": ROLE, "Rules": [{**simple_replication(), "DeleteMarkerReplication": {"Status": "Enabled"}}]}
    replicate(s3, sent)
    return kept(sent, s3.get_bucket_replication(Bucket=BUCKET)["ReplicationConfiguration"])


@probe
def lifecycle_with_every_member(s3: Any, _: str) -> str:
    """Filters, transitions, noncurrent versions, uploads, markers and the least size come back."""
    tags = [{"Key": "k", "Value": "v"}]
    matched = {"Prefix": "a/", "Tags": tags, "ObjectSizeGreaterThan": 1, "ObjectSizeLessThan": 9}
    whole: dict[str, Any] = {"Status": "Enabled", "Filter": {}}
    aged = {"NoncurrentDays": 30, "NewerNoncurrentVersions": 2, "StorageClass": "GLACIER"}
    rules = [
        {
            **whole,
            "ID": "everything",
            "Filter": {"And": matched},
            "Expiration": {"Days": 400},
            "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}, {"Days": 90, "StorageClass": "GLACIER"}],
            "NoncurrentVersionExpiration": {"NoncurrentDays": 60, "NewerNoncurrentVersions": 3},
            "NoncurrentVersionTransitions": [aged],
        },
        {**whole, "ID": "uploads", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
        {**whole, "ID": "markers", "Expiration": {"ExpiredObjectDeleteMarker": True}},
    ]
    size = {"TransitionDefaultMinimumObjectSize": "varies_by_storage_class"}
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": rules}, **size)
    return kept({"Rules": rules, **size}, s3.get_bucket_lifecycle_configuration(Bucket=BUCKET))


@probe
def lifecycle_rule_without_id(s3: Any, _: str) -> str:
    """A rule that has no ID is given one."""
    rule = {"Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 9}}
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": [rule]})
    return RIGHT if s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"][0].get("ID") else "gets no ID"


@probe
def logging_with_every_member(s3: Any, _: str) -> str:
    """The key format of a log target comes back."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{TARGET}/*",
    }
    s3.put_bucket_policy(Bucket=TARGET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    return kept(_log_to_target(s3), s3.get_bucket_logging(Bucket=BUCKET)["LoggingEnabled"])


@probe
def logging_target_without_grant(s3: Any, _: str) -> str:
    """A target that the logging service may not write to is refused."""
    return refused("InvalidTargetBucketForLogging", _log_to_target, s3=s3)


@probe
def notification_to_eventbridge(s3: Any, _: str) -> str:
    """The empty document that turns EventBridge on comes back."""
    sent: dict[str, Any] = {"EventBridgeConfiguration": {}}
    s3.put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration=sent)
    return kept(sent, s3.get_bucket_notification_configuration(Bucket=BUCKET))


@probe
def create_bucket_with_tags(s3: Any, _: str) -> str:
    """A bucket is born with its tags: a crash cannot leave it without its owner's mark."""
    tags = [{"Key": "securebucket.io/owner", "Value": "c/n/b"}]
    s3.create_bucket(Bucket="fidelity-tagged", CreateBucketConfiguration={"Tags": tags})
    return kept(tags, s3.get_bucket_tagging(Bucket="fidelity-tagged")["TagSet"])


@probe
def tag_with_an_empty_value(s3: Any, _: str) -> str:
    """An empty value comes back as the empty string."""
    tags = [{"Key": "empty", "Value": ""}]
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": tags})
    return kept(tags, s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"])


@probe
def object_lock_with_retention(s3: Any, _: str) -> str:
    """Mode and days come back, and nothing else."""
    s3.create_bucket(Bucket="fidelity-locked", ObjectLockEnabledForBucket=True)
    sent = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 5}}}
    s3.put_object_lock_configuration(Bucket="fidelity-locked", ObjectLockConfiguration=sent)
    found = s3.get_object_lock_configuration(Bucket="fidelity-locked")["ObjectLockConfiguration"]
    surplus = sorted(found["Rule"]["DefaultRetention"].keys() - {"Mode", "Days"})
    return f"adds {', '.join(surplus)}" if surplus else kept(sent, found)


@probe
def inventory_with_every_member(s3: Any, _: str) -> str:
    """Fields, schedule and encryption of an inventory come back."""
    target = {"Bucket": f"arn:aws:s3:::{TARGET}", "Format": "Parquet", "Prefix": "i", "Encryption": {"SSES3": {}}}
    sent = {
        "Id": "daily",
        "IsEnabled": True,
        "IncludedObjectVersions": "All",
        "Schedule": {"Frequency": "Daily"},
        "OptionalFields": ["Size", "EncryptionStatus"],
        "Destination": {"S3BucketDestination": target},
    }
    s3.put_bucket_inventory_configuration(Bucket=BUCKET, Id="daily", InventoryConfiguration=sent)
    return kept(sent, s3.get_bucket_inventory_configuration(Bucket=BUCKET, Id="daily")["InventoryConfiguration"])


@probe
def metrics_with_every_member(s3: Any, _: str) -> str:
    """A metrics configuration comes back."""
    sent = {"Id": "all", "Filter": {"Prefix": "a/"}}
    s3.put_bucket_metrics_configuration(Bucket=BUCKET, Id="all", MetricsConfiguration=sent)
    return kept(sent, s3.get_bucket_metrics_configuration(Bucket=BUCKET, Id="all").get("MetricsConfiguration"))


def simple_replication() -> dict[str, Any]:
    """The least replication rule."""
    return {
        "ID": "all",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{TARGET}"},
    }


def replicate(s3: Any, document: dict[str, Any]) -> None:
    """Put a replication document, versioning of both buckets first."""
    for bucket in (BUCKET, TARGET):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_replication(Bucket=BUCKET, ReplicationConfiguration=document)


def _encrypt(s3: Any, rule: dict[str, Any]) -> str:
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})
    return kept(rule, s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"][0])


def _log_to_target(s3: Any) -> dict[str, Any]:
    logged: dict[str, Any] = {
        "TargetBucket": TARGET,
        "TargetPrefix": "logs/",
        "TargetObjectKeyFormat": {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}},
    }
    s3.put_bucket_logging(Bucket=BUCKET, BucketLoggingStatus={"LoggingEnabled": logged})
    return logged
