"""Replication, as the laws try it."""

import itertools
from typing import Any

from tests.laws.stage import Stage
from tests.laws.subject import GONE, Document, Foreign, Limit, Subject, Tampering
from tests.laws.surroundings import make_key, make_replica
from tests.laws.things import ACCOUNT, COPY_KEY, COPY_REGION

RULES = "ReplicationConfiguration.Rules"
EXCLUSIONS: tuple[dict[str, Any], ...] = (
    {"prefixes": ["reports/drafts/"]},
    {"tags": [{"key": "copy", "value": "no"}]},
    {"prefixes": ["b/", "a/"], "tags": [{"key": "copy", "value": "no"}, {"key": "copy", "value": "never"}]},
)
"""One of each form that S3 has."""
LOST = "neither server keeps it"
NEWER = Limit("loses Not and UseSourceMultiRegionKey")


def changed(name: str, rule: str, member: str, value: Any) -> Tampering:
    """Change one member of a rule of the sample."""
    return Tampering(name, (f"rules[{rule}]",), {f"{RULES}[{rule}].{member}": value}, 0)


def another_copy(stage: Stage) -> str:
    """Make another bucket that copies may go to."""
    return f"arn:aws:s3:::{make_replica(stage, COPY_REGION)}"


def a_way_out(stage: Stage) -> dict[str, Any]:
    """Write a rule that copies everything to another bucket."""
    return {
        "ID": "theirs",
        "Priority": 9,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": another_copy(stage)},
    }


def a_copy_of_a_part(stage: Stage, _: str) -> dict[str, Any]:
    """Write a rule that copies a part to another bucket, in the region of the bucket."""
    return {
        "ID": "theirs",
        "Priority": 5,
        "Status": "Enabled",
        "Filter": {"Prefix": "a/"},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{make_replica(stage)}"},
    }


def a_copy_of_ours(stage: Stage) -> dict[str, Any]:
    """Declare a rule."""
    return {
        "role": f"arn:aws:iam::{ACCOUNT}:role/ours",
        "rules": [{"id": "ours", "priority": 1, "destination": {"bucket": f"arn:aws:s3:::{make_replica(stage)}"}}],
    }


SUBJECT = Subject(
    specs=(
        {
            "replication": {
                "role": "arn:aws:iam::111122223333:role/replication",
                "foreign": "Remove",
                "rules": [
                    {
                        "id": "all",
                        "priority": 1,
                        "status": "Enabled",
                        "destination": {
                            "bucket": "arn:aws:s3:::acme-copy",
                            "account": "444455556666",
                            "ownerOverride": "Destination",
                            "storageClass": "STANDARD_IA",
                            "replicaKmsKeyId": COPY_KEY,
                            "replicationTime": True,
                            "metrics": True,
                        },
                        "deleteMarkerReplication": "Enabled",
                        "sseKmsEncryptedObjects": "Enabled",
                        "replicaModifications": "Enabled",
                        "existingObjectReplication": "Enabled",
                    },
                    {
                        "id": "some",
                        "priority": 2,
                        "filter": {"prefix": "reports/", "tags": {"copy": "yes"}},
                        "destination": {"bucket": "arn:aws:s3:::acme-copy"},
                    },
                    {
                        "id": "tagged",
                        "priority": 3,
                        "filter": {"tags": {"copy": "twice"}},
                        "destination": {"bucket": "arn:aws:s3:::acme-copy"},
                    },
                ],
            }
        },
        {
            "replication": {
                "role": "arn:aws:iam::111122223333:role/replication",
                "rules": [
                    {
                        "id": f"but-{number}",
                        "priority": number,
                        "filter": {**({"prefix": "reports/"} if within else {}), "not": excluded},
                        "destination": {"bucket": "arn:aws:s3:::acme-copy", "useSourceMultiRegionKey": "Enabled"},
                        "sseKmsEncryptedObjects": "Enabled",
                    }
                    for number, (within, excluded) in enumerate(itertools.product((False, True), EXCLUSIONS))
                ],
            }
        },
    ),
    readings=(
        (
            {
                "ReplicationConfiguration": {
                    "Role": "arn:aws:iam::111122223333:role/theirs",
                    "Rules": [
                        {
                            "ID": "theirs",
                            "Priority": 7,
                            "Filter": {},
                            "Status": "Enabled",
                            "Destination": {"Bucket": "arn:aws:s3:::elsewhere"},
                            "DeleteMarkerReplication": {"Status": "Disabled"},
                        }
                    ],
                }
            },
            None,
        ),
    ),
    document=Document(
        get="get_bucket_replication",
        put="put_bucket_replication",
        delete="delete_bucket_replication",
        absent="ReplicationConfigurationNotFoundError",
    ),
    rights={
        "get_bucket_replication": "s3:GetReplicationConfiguration",
        "put_bucket_replication": "s3:PutReplicationConfiguration",
        "delete_bucket_replication": "s3:PutReplicationConfiguration",
    },
    tamperings=(
        Tampering(
            "as another role",
            ("role",),
            {"ReplicationConfiguration.Role": "arn:aws:iam::111122223333:role/theirs"},
            0,
        ),
        changed("disabled", "all", "Status", "Disabled"),
        changed("priority", "some", "Priority", 8),
        changed("prefix", "all", "Filter.Prefix", "x/"),
        changed("tag's key", "tagged", "Filter.Tag.Key", "kopy"),
        changed("tag's value", "tagged", "Filter.Tag.Value", "never"),
        changed("prefix of several", "some", "Filter.And.Prefix", "elsewhere/"),
        changed("key of several", "some", "Filter.And.Tags", [{"Key": "kopy", "Value": "yes"}]),
        changed("value of several", "some", "Filter.And.Tags", [{"Key": "copy", "Value": "no"}]),
        changed("copies of copies", "all", "SourceSelectionCriteria.ReplicaModifications.Status", "Disabled"),
        changed("existing objects", "all", "ExistingObjectReplication.Status", "Disabled"),
        changed("delete markers", "all", "DeleteMarkerReplication.Status", "Disabled"),
        changed("copied elsewhere", "some", "Destination.Bucket", another_copy),
        changed("another account", "all", "Destination.Account", "777788889999"),
        changed("storage class", "all", "Destination.StorageClass", "GLACIER"),
        changed("owner of copies", "all", "Destination.AccessControlTranslation", GONE),
        changed(
            "key of copies",
            "all",
            "Destination.EncryptionConfiguration.ReplicaKmsKeyID",
            lambda stage: make_key(stage, COPY_REGION),
        ),
        changed("no time control", "all", "Destination.ReplicationTime", GONE),
        changed("time control off", "all", "Destination.ReplicationTime.Status", "Disabled"),
        changed("metrics off", "all", "Destination.Metrics.Status", "Disabled"),
        changed("other minutes", "all", "Destination.ReplicationTime.Time.Minutes", 30),
        changed("other threshold", "all", "Destination.Metrics.EventThreshold.Minutes", 30),
        changed("encrypted objects", "all", "SourceSelectionCriteria.SseKmsEncryptedObjects.Status", "Disabled"),
        Tampering("renamed", ("rules[some]", "rules[other]"), {f"{RULES}[some].ID": "other"}, 0),
        Tampering("taken out", ("rules[tagged]",), {f"{RULES}[tagged]": GONE}, 0),
        Tampering("a way out", ("rules[theirs]",), {f"{RULES}[+]": a_way_out}, 0),
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
    untampered={
        f"{RULES}.Destination.AccessControlTranslation.Owner": "it has one value, so that it can only go",
        f"{RULES}.Destination.EncryptionConfiguration.UseSourceMultiRegionKey.Status": LOST,
        f"{RULES}.Filter.Not": LOST,
        f"{RULES}.Filter.And.Not": LOST,
    },
    foreign=Foreign(
        path=RULES,
        entry=a_copy_of_a_part,
        name="theirs",
        frame={"ReplicationConfiguration": {"Role": f"arn:aws:iam::{ACCOUNT}:role/theirs", "Rules": []}},
        ours=a_copy_of_ours,
        unshown={"moto": "it reads its own filter back"},
    ),
    limits={
        "moto": {0: Limit("reads its own filter and no criteria back"), 1: NEWER},
        "localstack": {1: NEWER},
    },
)
