"""The engine on Ceph's gateway, which lacks some sub-resources and takes a DELETE of them for DeleteBucket."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.laws import documents
from tests.laws.stage import Stage, blind_deletes
from tests.laws.tenant import Tenant

from securebucket.aws.edge import Aws
from securebucket.controls import CONTROLS
from securebucket_dev.s3 import bare
from securebucket_dev.s3.recorder import Recorder
from securebucket_dev.s3.rgw import CephRgw

MISSING = {
    *("abac", "acceleration", "encryption", "metadata", "ownership", "replication", "website"),
    *("inventory", "analytics", "metrics", "intelligentTiering"),
}
"""Controls whose documents this gateway does not know."""


@dataclass
class CephStage(Stage):
    """A gateway: it knows one user, by its keys."""

    keys: tuple[str, str] = ("", "")

    def plain(self, service: str = "s3", region: str = "us-east-1", account: str = "") -> Any:
        """Give a client as anybody has it, straight to the gateway."""
        return bare.client(self.server, service, region, account, access_key=self.keys[0], secret_key=self.keys[1])


@pytest.fixture(scope="module")
def ceph() -> Iterator[CephRgw]:
    with CephRgw() as server:
        yield server


@pytest.fixture
def stage(ceph: CephRgw, monkeypatch: pytest.MonkeyPatch) -> Iterator[CephStage]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ceph.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", ceph.secret_key)
    with Recorder(ceph.endpoint) as recorder:
        keys = (ceph.access_key, ceph.secret_key)
        yield CephStage("rgw", ceph.endpoint, "", recorder, Aws(lambda *_: None), keys=keys)
        assert list(blind_deletes(recorder.calls)) == []


def exists(stage: CephStage, bucket: str) -> bool:
    return bucket in {each["Name"] for each in stage.plain().list_buckets()["Buckets"]}


def assert_converged(stage: CephStage, tenant: Tenant) -> None:
    """The gateway has what it can have, a further pass of a new process writes nothing, and no DELETE was sent."""
    assert {name for name, state in tenant.run().states.items() if state == "Unsupported"} == set(MISSING)
    assert set(tenant.run().states.values()) == {"InSync", "Unsupported"}
    assert tenant.condition("Ready") == "True Verified"
    assert tenant.condition("InSync") == "True AsDeclared"
    assert tenant.condition("Stalled") == tenant.condition("Reconciling") == ""
    tenant.restart()
    again = tenant.run()
    assert (again.writes, again.changed) == ((), False)
    assert stage.recorder.deletes == ()
    assert exists(stage, tenant.bucket)


def test_a_bare_bucket_converges_without_what_the_gateway_lacks(stage: CephStage) -> None:
    tenant = Tenant(stage)
    tenant.settle()
    assert_converged(stage, tenant)
    missing = [control.name for control in CONTROLS if control.name in MISSING]
    assert f"not on this server: {', '.join(missing)}" in tenant.status.conditions[0].message

    s3, bucket = stage.plain(), {"Bucket": tenant.bucket}
    assert all(s3.get_public_access_block(**bucket)["PublicAccessBlockConfiguration"].values())
    assert s3.get_bucket_versioning(**bucket)["Status"] == "Enabled"
    assert '"aws:SecureTransport":"false"' in s3.get_bucket_policy(**bucket)["Policy"]
    (rule,) = s3.get_bucket_lifecycle_configuration(**bucket)["Rules"]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(**bucket)["TagSet"]}
    assert tags == {"securebucket.io/owner": tenant.owner, "securebucket.io/origin": "Created"}


def test_one_pass_is_enough_and_a_steady_one_is_cheap(stage: CephStage) -> None:
    tenant = Tenant(stage)
    assert set(tenant.run().states.values()) == {"InSync", "Unsupported"}
    steady = tenant.run()
    assert (steady.writes, len(steady.s3_calls)) == ((), len(CONTROLS))


def test_a_bucket_with_data_converges_and_keeps_it(stage: CephStage) -> None:
    """With objects in it, a GET of an unknown sub-resource lists them."""
    s3, bucket = stage.plain(), stage.fresh_name()
    s3.create_bucket(Bucket=bucket)
    for number in range(3):
        s3.put_object(Bucket=bucket, Key=f"data/{number}", Body=b"precious")
    tenant = Tenant(stage, {"bucketName": bucket, "adoption": "Adopt"})
    tenant.settle()
    assert_converged(stage, tenant)
    listed = s3.list_objects_v2(Bucket=bucket)["Contents"]
    assert [each["Key"] for each in listed] == ["data/0", "data/1", "data/2"]


def test_the_owner_tags_follow_the_creation_at_once(stage: CephStage) -> None:
    """It takes no tags in CreateBucket; nothing comes between that and the tags."""
    made = Tenant(stage).run()
    writes = [call for call in made.calls if call.is_s3 and call.is_write]
    assert [(call.operation, call.status) for call in writes[:3]] == [
        ("CreateBucket", 400),
        ("CreateBucket", 200),
        ("PutBucketTagging", 200),
    ]


TAMPERINGS = {
    "publicAccessBlock": {
        "PublicAccessBlockConfiguration": dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False
        )
    },
    "versioning": {"VersioningConfiguration": {"Status": "Suspended"}},
    "policy": None,
    "lifecycle": None,
    "tags": {"Tagging": {"TagSet": [{"Key": "securebucket.io/origin", "Value": "Adopted"}]}},
}
"""By control: what is put, or None to delete it."""


@pytest.mark.parametrize("control", TAMPERINGS)
def test_what_anybody_changes_is_put_right_in_one_pass(stage: CephStage, control: str) -> None:
    tenant = Tenant(stage)
    tenant.settle()
    s3, wanted = stage.plain(), TAMPERINGS[control]
    before = documents.read(s3, tenant.bucket, control)
    if wanted is None:
        getattr(s3, documents.DOCUMENTS[control].delete)(Bucket=tenant.bucket)
    else:
        documents.put(s3, tenant.bucket, control, wanted)

    found = tenant.run()
    assert (found.control(control).state, len(found.writes)) == ("Corrected", 1)
    assert documents.canonical(documents.read(s3, tenant.bucket, control)) == documents.canonical(before)
    assert_converged(stage, tenant)


def test_tags_of_aws_stay_and_are_named(stage: CephStage) -> None:
    """This gateway lets anybody set them; on AWS they come from CloudFormation and its like."""
    tenant = Tenant(stage, {"tags": {"tagSet": {"team": "payments"}, "foreign": "Remove"}})
    tenant.settle()
    document = documents.read(stage.plain(), tenant.bucket, "tags")
    for key in ("aws:cloudformation:stack-name", "theirs"):
        documents.edit(document, "Tagging.TagSet[+]", {"Key": key, "Value": "x"})
    documents.put(stage.plain(), tenant.bucket, "tags", document)
    assert tenant.run().control("tags").state == "Corrected"
    keys = {tag["Key"] for tag in stage.plain().get_bucket_tagging(Bucket=tenant.bucket)["TagSet"]}
    assert keys == {"aws:cloudformation:stack-name", "team", "securebucket.io/owner", "securebucket.io/origin"}
    assert tenant.run().writes == ()
    (control,) = (each for each in tenant.status.controls if each.name == "tags")
    assert control.message == "kept entries of others: aws:cloudformation:stack-name"


@pytest.mark.parametrize(
    "spec",
    [
        {"encryption": {"sseAlgorithm": "aws:kms"}},
        {"ownership": {"objectOwnership": "BucketOwnerEnforced"}},
    ],
    ids=["encryption", "ownership"],
)
def test_what_is_declared_and_missing_needs_a_person(stage: CephStage, spec: dict[str, Any]) -> None:
    (control,) = spec
    tenant = Tenant(stage, spec)
    tenant.settle()
    assert tenant.condition("Ready") == "False DeclaredButUnsupported"
    assert tenant.condition("Stalled") == "True DeclaredButUnsupported"
    tenant.declare({"unmanaged": [control], **spec})
    tenant.settle()
    assert tenant.condition("Ready") == "True Verified"
    assert stage.recorder.deletes == ()


def test_a_lifecycle_of_which_nothing_is_left_is_deleted_and_the_bucket_stays(stage: CephStage) -> None:
    """The gateway knows that document: a GET has just shown it."""
    tenant = Tenant(stage)
    tenant.settle()
    tenant.declare({"lifecycle": {"abortIncompleteMultipartUploadDays": 0}})
    assert tenant.run().writes == ("DeleteBucketLifecycle",)
    assert tenant.run().writes == ()
    assert exists(stage, tenant.bucket)


def test_a_bucket_of_ours_is_deleted_when_that_is_asked_for(stage: CephStage) -> None:
    tenant = Tenant(stage, {"deletionPolicy": "Delete"})
    tenant.settle()
    assert tenant.engine.delete(tenant.request()) is None
    assert not exists(stage, tenant.bucket)


def test_wrong_keys_are_told_from_a_bucket_of_others(stage: CephStage, monkeypatch: pytest.MonkeyPatch) -> None:
    tenant = Tenant(stage)
    tenant.settle()
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    tenant.engine.aws = Aws(lambda *_: None)
    assert tenant.run().reason == "CredentialsInvalid"
