"""Laws of what others write into list-like documents, on real servers: kept and named, or gone, as it is promised."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from tests.laws import documents
from tests.laws.register import FOREIGN, SUBJECTS
from tests.laws.stage import Stage
from tests.laws.surroundings import make_bucket
from tests.laws.tenant import Tenant
from tests.laws.test_on_servers import SERVERS

from securebucket.engine.effective import laid_over

REGION = "us-east-1"
EACH = [
    (server, control)
    for server in SERVERS
    for control, foreign in FOREIGN.items()
    if server not in {*foreign.unshown, *SUBJECTS[control].unknown_to}
]
each_server_and_control = pytest.mark.parametrize(("stage", "control"), EACH, indirect=["stage"])

Entry = Mapping[str, Any]


def add(stage: Stage, bucket: str, control: str, entry: Entry) -> None:
    """Put an entry into a document, as somebody else does: what is there stays."""
    s3 = stage.plain(region=REGION)
    document = laid_over(copy.deepcopy(FOREIGN[control].frame), documents.read_as(documents.LISTS[control], s3, bucket))
    documents.edit(document, f"{FOREIGN[control].path}[+]", entry)
    documents.put_as(documents.LISTS[control], s3, bucket, document)


def has(stage: Stage, bucket: str, control: str, entry: Entry) -> bool:
    """Tell whether somebody's entry is still there, as it was or in other words for the same."""
    entries: Any = documents.read_as(documents.LISTS[control], stage.plain(region=REGION), bucket)
    for name in FOREIGN[control].path.split("."):
        entries = entries.get(name, {})
    plain = [documents.canonical(documents.unwrapped(each)) for each in entries]
    return documents.canonical(documents.unwrapped(entry)) in plain


def busy_bucket(stage: Stage) -> tuple[str, dict[str, Entry]]:
    """Make a bucket with an entry of somebody's in every list-like document; gives the entries."""
    bucket = make_bucket(stage)
    stage.plain().put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    entries = {control: foreign.entry(stage, bucket) for control, foreign in FOREIGN.items()}
    for control, entry in entries.items():
        add(stage, bucket, control, entry)
    return bucket, entries


NEEDED = {control: foreign.needs for control, foreign in FOREIGN.items() if foreign.needs}
"""What has to be declared for entries of others to count."""


def message(tenant: Tenant, control: str) -> str:
    return next(each.message for each in tenant.status.controls if each.name == control) or ""


def test_what_was_there_at_adoption_survives_and_is_named(localstack_stage: Stage) -> None:
    bucket, entries = busy_bucket(localstack_stage)
    tenant = Tenant(localstack_stage, {"bucketName": bucket, "adoption": "Adopt", **NEEDED})
    last = tenant.settle()

    assert set(last.states.values()) == {"InSync"}
    for control, entry in entries.items():
        assert has(localstack_stage, bucket, control, entry), control
        assert message(tenant, control) == f"kept entries of others: {FOREIGN[control].name}", control


def test_it_survives_a_change_of_ours_and_a_repair(localstack_stage: Stage) -> None:
    """Each of our writes replaces the whole document, so that theirs has to go along."""
    bucket, entries = busy_bucket(localstack_stage)
    tenant = Tenant(localstack_stage, {"bucketName": bucket, "adoption": "Adopt", **NEEDED})
    tenant.settle()
    ours = {control: {**foreign.needs, **foreign.ours(localstack_stage)} for control, foreign in FOREIGN.items()}
    tenant.declare({"adoption": "Adopt", **ours})
    changed = tenant.run()
    assert {each.name for each in changed.outcome.controls if each.applied} == set(FOREIGN)
    tenant.settle()
    for control, entry in entries.items():
        assert has(localstack_stage, bucket, control, entry), control
        assert message(tenant, control) == f"kept entries of others: {FOREIGN[control].name}", control


@each_server_and_control
def test_what_is_added_later_to_a_bucket_of_ours_stays_only_where_it_cannot_take_data_out(
    stage: Stage, control: str
) -> None:
    foreign = FOREIGN[control]
    tenant = Tenant(stage, {control: foreign.needs})
    tenant.settle()
    entry = foreign.entry(stage, tenant.bucket)
    add(stage, tenant.bucket, control, entry)

    found = tenant.run()
    assert found.control(control).state == ("InSync" if foreign.stays else "Corrected")
    assert bool(found.writes) is not foreign.stays
    assert has(stage, tenant.bucket, control, entry) is foreign.stays
    assert (foreign.told or foreign.name) in message(tenant, control)


@each_server_and_control
def test_keep_keeps_on_a_bucket_of_ours(stage: Stage, control: str) -> None:
    foreign = FOREIGN[control]
    tenant = Tenant(stage, {control: {**foreign.needs, "foreign": "Keep"}})
    tenant.settle()
    entry = foreign.entry(stage, tenant.bucket)
    add(stage, tenant.bucket, control, entry)

    assert tenant.run().writes == ()
    assert has(stage, tenant.bucket, control, entry)
    assert message(tenant, control) == f"kept entries of others: {foreign.name}"


@pytest.mark.parametrize("control", FOREIGN)
def test_remove_removes_on_an_adopted_bucket(localstack_stage: Stage, control: str) -> None:
    bucket, entries = busy_bucket(localstack_stage)
    removes = {control: {**FOREIGN[control].needs, "foreign": "Remove"}}
    tenant = Tenant(localstack_stage, {"bucketName": bucket, "adoption": "Adopt", **NEEDED, **removes})
    tenant.settle()
    left = {name: has(localstack_stage, bucket, name, entry) for name, entry in entries.items()}
    assert left == {name: name != control for name in FOREIGN}
    assert "kept" not in message(tenant, control)


def test_the_checks_judge_the_whole_document(localstack_stage: Stage) -> None:
    """A kept statement that hands the bucket's protection to another account is a finding."""
    tenant = Tenant(localstack_stage)
    tenant.settle()
    entry = FOREIGN["policy"].entry(localstack_stage, tenant.bucket)
    bucket = f"arn:aws:s3:::{tenant.bucket}"
    add(localstack_stage, tenant.bucket, "policy", {**entry, "Action": ["s3:PutBucketPolicy"], "Resource": [bucket]})
    tenant.run()
    assert tenant.condition("InSync") == "True AsDeclared"
    assert tenant.condition("Compliant") == "False ChecksFail"
    assert tenant.status.compliance is not None
    assert tenant.status.compliance.failing[0].check == "administration-not-shared"


def test_a_public_statement_of_others_is_told_and_not_put_back(localstack_stage: Stage) -> None:
    """S3 would refuse the whole policy under Block Public Access; whether it goes is for a person to say."""
    bucket = make_bucket(localstack_stage)
    entry = FOREIGN["policy"].entry(localstack_stage, bucket)
    add(localstack_stage, bucket, "policy", {**entry, "Principal": "*"})
    tenant = Tenant(localstack_stage, {"bucketName": bucket, "adoption": "Adopt"})
    made = tenant.run()
    assert "PutBucketPolicy" not in made.writes
    assert (made.control("policy").state, made.control("policy").reason) == ("Failed", "PublicPolicyRefused")
    assert "foreign to Remove" in made.control("policy").message
    assert tenant.condition("Compliant") == "False ChecksFail"
    assert tenant.condition("Stalled") == "True PublicPolicyRefused"
    others = {name: state for name, state in made.states.items() if name != "policy"}
    assert set(others.values()) == {"InSync"}
