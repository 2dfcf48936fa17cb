"""Laws of what others write into list-like documents, on real servers: kept and named, or gone, as it is promised."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from tests.laws import documents
from tests.laws.stage import Stage
from tests.laws.surroundings import make_bucket, make_queue, make_replica
from tests.laws.tenant import Tenant

from securebucket.engine.effective import laid_over

REGION = "us-east-1"
LIST_LIKE = ("policy", "lifecycle", "replication", "notifications", "tags")
KEPT_ON_A_BUCKET_OF_OURS = ("policy", "tags")
EACH = [("localstack", control) for control in LIST_LIKE] + [
    ("moto", control)
    for control in LIST_LIKE
    if control != "replication"  # it reads its own filter back
]
each_server_and_control = pytest.mark.parametrize(("stage", "control"), EACH, indirect=["stage"])


def foreign_entries(stage: Stage, bucket: str) -> dict[str, tuple[str, Any, str]]:
    """Give an entry of somebody else's for each list-like document: the path of its list, itself, and its name."""
    arn = f"arn:aws:s3:::{make_replica(stage, REGION)}"
    return {
        "policy": (
            "Policy.Statement",
            {
                "Sid": "Partner",
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
                "Action": ["s3:GetObject"],
                "Resource": [f"arn:aws:s3:::{bucket}/shared/*"],
            },
            "Partner",
        ),
        "lifecycle": (
            "LifecycleConfiguration.Rules",
            {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 7}},
            "theirs",
        ),
        "replication": (
            "ReplicationConfiguration.Rules",
            {
                "ID": "theirs",
                "Priority": 5,
                "Status": "Enabled",
                "Filter": {"Prefix": "a/"},
                "DeleteMarkerReplication": {"Status": "Disabled"},
                "Destination": {"Bucket": arn},
            },
            "theirs",
        ),
        "notifications": (
            "NotificationConfiguration.QueueConfigurations",
            {"Id": "theirs", "QueueArn": make_queue(stage, REGION), "Events": ["s3:ObjectCreated:*"]},
            "queues/theirs",
        ),
        "tags": ("Tagging.TagSet", {"Key": "cost center", "Value": "42"}, "cost center"),
    }


FRAMES: Mapping[str, Any] = {
    "policy": {"Policy": {"Version": "2012-10-17", "Statement": []}},
    "lifecycle": {"LifecycleConfiguration": {"Rules": []}},
    "replication": {"ReplicationConfiguration": {"Role": "arn:aws:iam::111122223333:role/theirs", "Rules": []}},
    "notifications": {"NotificationConfiguration": {"QueueConfigurations": []}},
    "tags": {"Tagging": {"TagSet": []}},
}
"""The documents without any entry, for buckets that have none yet."""


def add(stage: Stage, bucket: str, control: str, path: str, entry: Any) -> None:
    """Put an entry into a document, as somebody else does: what is there stays."""
    s3 = stage.plain(region=REGION)
    document = laid_over(copy.deepcopy(FRAMES[control]), documents.read(s3, bucket, control))
    documents.edit(document, f"{path}[+]", entry)
    documents.put(s3, bucket, control, document)


def has(stage: Stage, bucket: str, control: str, path: str, entry: Any) -> bool:
    """Tell whether somebody's entry is still there, as it was or in other words for the same."""
    entries: Any = documents.read(stage.plain(region=REGION), bucket, control)
    for name in path.split("."):
        entries = entries.get(name, {})
    plain = [documents.canonical(documents.unwrapped(each)) for each in entries]
    return documents.canonical(documents.unwrapped(entry)) in plain


def busy_bucket(stage: Stage) -> tuple[str, dict[str, tuple[str, Any, str]]]:
    """Make a bucket with an entry of somebody's in every list-like document."""
    bucket = make_bucket(stage)
    stage.plain().put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    entries = foreign_entries(stage, bucket)
    for control, (path, entry, _) in entries.items():
        add(stage, bucket, control, path, entry)
    return bucket, entries


def message(tenant: Tenant, control: str) -> str:
    return next(each.message for each in tenant.status.controls if each.name == control) or ""


def test_what_was_there_at_adoption_survives_and_is_named(localstack_stage: Stage) -> None:
    bucket, entries = busy_bucket(localstack_stage)
    tenant = Tenant(localstack_stage, {"bucketName": bucket, "adoption": "Adopt"})
    last = tenant.settle()

    assert set(last.states.values()) == {"InSync"}
    for control, (path, entry, name) in entries.items():
        assert has(localstack_stage, bucket, control, path, entry), control
        assert message(tenant, control) == f"kept entries of others: {name}", control


def test_it_survives_a_change_of_ours_and_a_repair(localstack_stage: Stage) -> None:
    """Each of our writes replaces the whole document, so that theirs has to go along."""
    bucket, entries = busy_bucket(localstack_stage)
    tenant = Tenant(localstack_stage, {"bucketName": bucket, "adoption": "Adopt"})
    tenant.settle()
    queue = make_queue(localstack_stage, REGION)
    copy_to = make_replica(localstack_stage, REGION)
    tenant.declare(
        {
            "adoption": "Adopt",
            "policy": {"minTlsVersion": "1.2"},
            "lifecycle": {"abortIncompleteMultipartUploadDays": 3},
            "replication": {
                "role": "arn:aws:iam::111122223333:role/ours",
                "rules": [{"id": "ours", "priority": 1, "destination": {"bucket": f"arn:aws:s3:::{copy_to}"}}],
            },
            "notifications": {"queues": [{"id": "ours", "arn": queue, "events": ["s3:ObjectRemoved:*"]}]},
            "tags": {"tagSet": {"team": "payments"}},
        }
    )
    changed = tenant.run()
    assert {each.name for each in changed.outcome.controls if each.applied} == set(LIST_LIKE)
    tenant.settle()
    for control, (path, entry, name) in entries.items():
        assert has(localstack_stage, bucket, control, path, entry), control
        assert message(tenant, control) == f"kept entries of others: {name}", control


@each_server_and_control
def test_what_is_added_later_to_a_bucket_of_ours_stays_only_where_it_cannot_take_data_out(
    stage: Stage, control: str
) -> None:
    tenant = Tenant(stage)
    tenant.settle()
    path, entry, name = foreign_entries(stage, tenant.bucket)[control]
    add(stage, tenant.bucket, control, path, entry)

    found = tenant.run()
    stays = control in KEPT_ON_A_BUCKET_OF_OURS
    assert found.control(control).state == ("InSync" if stays else "Corrected")
    assert bool(found.writes) is not stays
    assert has(stage, tenant.bucket, control, path, entry) is stays
    assert (name in message(tenant, control)) is True


@each_server_and_control
def test_keep_keeps_on_a_bucket_of_ours(stage: Stage, control: str) -> None:
    tenant = Tenant(stage, {control: {"foreign": "Keep"}})
    tenant.settle()
    path, entry, name = foreign_entries(stage, tenant.bucket)[control]
    add(stage, tenant.bucket, control, path, entry)

    assert tenant.run().writes == ()
    assert has(stage, tenant.bucket, control, path, entry)
    assert message(tenant, control) == f"kept entries of others: {name}"


@pytest.mark.parametrize("control", LIST_LIKE)
def test_remove_removes_on_an_adopted_bucket(localstack_stage: Stage, control: str) -> None:
    bucket, entries = busy_bucket(localstack_stage)
    tenant = Tenant(localstack_stage, {"bucketName": bucket, "adoption": "Adopt", control: {"foreign": "Remove"}})
    tenant.settle()
    left = {name: has(localstack_stage, bucket, name, path, entry) for name, (path, entry, _) in entries.items()}
    assert left == {name: name != control for name in LIST_LIKE}
    assert "kept" not in message(tenant, control)


def test_the_checks_judge_the_whole_document(localstack_stage: Stage) -> None:
    """A kept statement that hands the bucket's protection to another account is a finding."""
    tenant = Tenant(localstack_stage)
    tenant.settle()
    path, entry, _ = foreign_entries(localstack_stage, tenant.bucket)["policy"]
    bucket = f"arn:aws:s3:::{tenant.bucket}"
    add(
        localstack_stage,
        tenant.bucket,
        "policy",
        path,
        {**entry, "Action": ["s3:PutBucketPolicy"], "Resource": [bucket]},
    )
    tenant.run()
    assert tenant.condition("InSync") == "True AsDeclared"
    assert tenant.condition("Compliant") == "False ChecksFail"
    assert tenant.status.compliance is not None
    assert tenant.status.compliance.failing[0].check == "administration-not-shared"


def test_a_public_statement_of_others_is_told_and_not_put_back(localstack_stage: Stage) -> None:
    """S3 would refuse the whole policy under Block Public Access; whether it goes is for a person to say."""
    bucket = make_bucket(localstack_stage)
    path, entry, _ = foreign_entries(localstack_stage, bucket)["policy"]
    add(localstack_stage, bucket, "policy", path, {**entry, "Principal": "*"})
    tenant = Tenant(localstack_stage, {"bucketName": bucket, "adoption": "Adopt"})
    made = tenant.run()
    assert "PutBucketPolicy" not in made.writes
    assert (made.control("policy").state, made.control("policy").reason) == ("Failed", "PublicPolicyRefused")
    assert "foreign to Remove" in made.control("policy").message
    assert tenant.condition("Compliant") == "False ChecksFail"
    assert tenant.condition("Stalled") == "True PublicPolicyRefused"
    others = {name: state for name, state in made.states.items() if name != "policy"}
    assert set(others.values()) == {"InSync"}
