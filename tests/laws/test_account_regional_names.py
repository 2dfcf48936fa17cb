"""Laws of account-regional names, on a real server: the name has its end everywhere, and the object stays as it is."""

import pytest
from tests.laws.stage import Stage
from tests.laws.tenant import Tenant

SPEC = {"bucketNamespace": "AccountRegional", "region": "eu-west-1", "deletionPolicy": "Delete"}


@pytest.fixture
def tenant(localstack_stage: Stage) -> Tenant:
    made = Tenant(localstack_stage, SPEC)
    made.run()
    return made


def whole(tenant: Tenant) -> str:
    return f"{tenant.bucket}-{tenant.stage.account}-eu-west-1-an"


def test_the_bucket_is_made_in_the_accounts_namespace(tenant: Tenant) -> None:
    (created,) = tenant.stage.recorder.named("CreateBucket")
    assert created.bucket == whole(tenant)
    assert created.headers["x-amz-bucket-namespace"] == "account-regional"
    assert tenant.condition("Ready") == "True Verified"
    assert tenant.status.bucket is not None
    assert (tenant.status.bucket.name, tenant.status.bucket.arn) == (whole(tenant), f"arn:aws:s3:::{whole(tenant)}")


def test_every_call_names_the_whole_bucket(tenant: Tenant) -> None:
    made = tenant.run()
    assert {call.bucket for call in made.calls if call.name.service == "s3"} == {whole(tenant)}
    assert (made.writes, made.changed) == ((), False)


def test_a_restart_without_its_status_finds_it_again(tenant: Tenant) -> None:
    tenant.status = type(tenant.status)()
    tenant.restart()
    made = tenant.run()
    assert made.writes == ()
    assert tenant.condition("Ready") == "True Verified"


def test_a_second_object_of_the_name_is_refused_by_the_tag(tenant: Tenant) -> None:
    other = Tenant(tenant.stage, {**SPEC, "bucketName": tenant.bucket}, name="other")
    made = other.run()
    assert (made.reason, made.writes) == ("Conflict", ())


def test_a_global_bucket_of_the_declared_name_is_another_one(tenant: Tenant) -> None:
    other = Tenant(tenant.stage, {"bucketName": tenant.bucket}, name="other")
    other.run()
    assert other.condition("Ready") == "True Verified"
    assert other.status.bucket is not None
    assert other.status.bucket.name == tenant.bucket


def test_the_profile_admits_the_declared_name(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage, {**SPEC, "bucketName": "acme-admitted"}, {"bucketNames": ["acme-admitted"]})
    tenant.run()
    assert tenant.condition("Ready") == "True Verified"
    assert tenant.run().reason == ""


def test_it_is_deleted_under_its_whole_name(tenant: Tenant) -> None:
    assert tenant.engine.delete(tenant.request()) is None
    names = {each["Name"] for each in tenant.stage.plain().list_buckets()["Buckets"]}
    assert whole(tenant) not in names
