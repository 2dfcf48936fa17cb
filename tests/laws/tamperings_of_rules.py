"""What others do to lifecycle and replication rules."""

from collections.abc import Mapping
from typing import Any

from tests.laws.documents import GONE
from tests.laws.surroundings import COPY_REGION, make_key, make_replica
from tests.laws.tamperings import Tampering

LIFECYCLE = "LifecycleConfiguration.Rules"
REPLICATION = "ReplicationConfiguration.Rules"
OWN = "SecureBucketAbortIncompleteMultipartUpload"
EXPIRING = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}


def lifecycle(name: str, rule: str, member: str, value: Any) -> Tampering:
    """Change one member of a rule of the sample."""
    return Tampering(name, (f"rules[{rule}]",), {f"{LIFECYCLE}[{rule}].{member}": value}, 0)


def replication(name: str, rule: str, member: str, value: Any) -> Tampering:
    """Change one member of a rule of the sample."""
    return Tampering(name, (f"rules[{rule}]",), {f"{REPLICATION}[{rule}].{member}": value}, 0)


def another_copy(stage: Any) -> str:
    """Make another bucket that copies may go to."""
    return f"arn:aws:s3:::{make_replica(stage, COPY_REGION)}"


def a_way_out(stage: Any) -> dict[str, Any]:
    """Write a rule that copies everything to another bucket."""
    return {
        "ID": "theirs",
        "Priority": 9,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": another_copy(stage)},
    }


TAMPERINGS_OF_RULES: Mapping[str, tuple[Tampering, ...]] = {
    "lifecycle": (
        lifecycle("expires sooner", "archive", "Expiration.Days", 100),
        lifecycle("expires on another day", "once", "Expiration.Date", "2029-06-01T00:00:00Z"),
        lifecycle("markers stay", "uploads", "Expiration.ExpiredObjectDeleteMarker", False),
        lifecycle("disabled", "archive", "Status", "Disabled"),
        lifecycle("prefix", "uploads", "Filter.Prefix", "elsewhere/"),
        lifecycle("tag's key", "one tag", "Filter.Tag.Key", "klass"),
        lifecycle("tag's value", "one tag", "Filter.Tag.Value", "other"),
        lifecycle("larger", "large", "Filter.ObjectSizeGreaterThan", 2048),
        lifecycle("smaller", "small", "Filter.ObjectSizeLessThan", 512),
        lifecycle("prefix of several", "archive", "Filter.And.Prefix", "elsewhere/"),
        lifecycle("key of several", "archive", "Filter.And.Tags", [{"Key": "klass", "Value": "archive"}]),
        lifecycle("value of several", "archive", "Filter.And.Tags", [{"Key": "class", "Value": "other"}]),
        lifecycle("larger of several", "archive", "Filter.And.ObjectSizeGreaterThan", 2048),
        lifecycle("smaller of several", "archive", "Filter.And.ObjectSizeLessThan", 4096),
        lifecycle("moved later", "archive", "Transitions[0].Days", 60),
        lifecycle("moved on another day", "once", "Transitions[0].Date", "2028-06-01T00:00:00Z"),
        lifecycle("moved elsewhere", "archive", "Transitions[1].StorageClass", "DEEP_ARCHIVE"),
        lifecycle("old versions moved later", "archive", "NoncurrentVersionTransitions[0].NoncurrentDays", 31),
        lifecycle("old versions moved elsewhere", "archive", "NoncurrentVersionTransitions[0].StorageClass", "GLACIER"),
        lifecycle("more versions stay", "archive", "NoncurrentVersionTransitions[0].NewerNoncurrentVersions", 9),
        lifecycle("old versions go sooner", "archive", "NoncurrentVersionExpiration.NoncurrentDays", 31),
        lifecycle("fewer versions stay", "archive", "NoncurrentVersionExpiration.NewerNoncurrentVersions", 1),
        lifecycle("uploads stay longer", OWN, "AbortIncompleteMultipartUpload.DaysAfterInitiation", 90),
        Tampering("renamed", ("rules[archive]", "rules[other]"), {f"{LIFECYCLE}[archive].ID": "other"}, 0),
        Tampering("taken out", ("rules[uploads]",), {f"{LIFECYCLE}[uploads]": GONE}, 0),
        Tampering("everything expires", ("rules[theirs]",), {f"{LIFECYCLE}[+]": EXPIRING}),
        Tampering(
            "minimum size",
            ("transitionDefaultMinimumObjectSize",),
            {"TransitionDefaultMinimumObjectSize": "all_storage_classes_128K"},
            0,
        ),
        Tampering("deleted", (f"rules[{OWN}]", "transitionDefaultMinimumObjectSize"), deletes=True),
    ),
    "replication": (
        Tampering(
            "as another role",
            ("role",),
            {"ReplicationConfiguration.Role": "arn:aws:iam::111122223333:role/theirs"},
            0,
        ),
        replication("disabled", "all", "Status", "Disabled"),
        replication("priority", "some", "Priority", 8),
        replication("prefix", "all", "Filter.Prefix", "x/"),
        replication("tag's key", "tagged", "Filter.Tag.Key", "kopy"),
        replication("tag's value", "tagged", "Filter.Tag.Value", "never"),
        replication("prefix of several", "some", "Filter.And.Prefix", "elsewhere/"),
        replication("key of several", "some", "Filter.And.Tags", [{"Key": "kopy", "Value": "yes"}]),
        replication("value of several", "some", "Filter.And.Tags", [{"Key": "copy", "Value": "no"}]),
        replication("copies of copies", "all", "SourceSelectionCriteria.ReplicaModifications.Status", "Disabled"),
        replication("existing objects", "all", "ExistingObjectReplication.Status", "Disabled"),
        replication("delete markers", "all", "DeleteMarkerReplication.Status", "Disabled"),
        replication("copied elsewhere", "some", "Destination.Bucket", another_copy),
        replication("another account", "all", "Destination.Account", "777788889999"),
        replication("storage class", "all", "Destination.StorageClass", "GLACIER"),
        replication("owner of copies", "all", "Destination.AccessControlTranslation", GONE),
        replication(
            "key of copies",
            "all",
            "Destination.EncryptionConfiguration.ReplicaKmsKeyID",
            lambda stage: make_key(stage, COPY_REGION),
        ),
        replication("no time control", "all", "Destination.ReplicationTime", GONE),
        replication("time control off", "all", "Destination.ReplicationTime.Status", "Disabled"),
        replication("metrics off", "all", "Destination.Metrics.Status", "Disabled"),
        replication("other minutes", "all", "Destination.ReplicationTime.Time.Minutes", 30),
        replication("other threshold", "all", "Destination.Metrics.EventThreshold.Minutes", 30),
        replication("encrypted objects", "all", "SourceSelectionCriteria.SseKmsEncryptedObjects.Status", "Disabled"),
        Tampering("renamed", ("rules[some]", "rules[other]"), {f"{REPLICATION}[some].ID": "other"}, 0),
        Tampering("taken out", ("rules[tagged]",), {f"{REPLICATION}[tagged]": GONE}, 0),
        Tampering("a way out", ("rules[theirs]",), {f"{REPLICATION}[+]": a_way_out}, 0),
        Tampering(
            "a way out of a bucket without replication",
            ("role", "rules[theirs]"),
            {
                "ReplicationConfiguration": lambda stage: {
                    "Role": f"arn:aws:iam::{stage.account}:role/theirs",
                    "Rules": [a_way_out(stage)],
                }
            },
        ),
        Tampering("deleted", ("role", "rules[all]", "rules[some]", "rules[tagged]"), sample=0, deletes=True),
    ),
}
