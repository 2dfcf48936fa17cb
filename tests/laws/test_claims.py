"""Laws of ownership, on real servers: whose a bucket is, when it is made, and when it is never made again."""

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from tests.laws.stage import Stage
from tests.laws.surroundings import make_bucket
from tests.laws.tenant import Tenant

from securebucket.engine.request import Claim
from securebucket.model.bucket import ObjectKey

OWNER, ORIGIN = "securebucket.io/owner", "securebucket.io/origin"


def tags_of(stage: Stage, bucket: str) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in stage.plain().get_bucket_tagging(Bucket=bucket)["TagSet"]}


def tag(stage: Stage, bucket: str, **tags: str) -> None:
    written = [{"Key": key, "Value": value} for key, value in tags.items()]
    stage.plain().put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": written})


# creation


def test_a_bucket_is_made_once_after_two_404(stage: Stage) -> None:
    made = Tenant(stage).run()
    assert made.s3_calls[:3] == ("HeadBucket", "HeadBucket", "CreateBucket")
    assert made.s3_calls.count("CreateBucket") == 1
    assert [call.status for call in made.calls if call.operation == "HeadBucket"] == [404, 404]


def test_it_is_born_with_its_owner_tags(localstack_stage: Stage) -> None:
    """The very request that makes it says whose it is, so that no crash leaves it without an owner."""
    tenant = Tenant(localstack_stage)
    made = tenant.run()
    (creation,) = (call for call in made.calls if call.operation == "CreateBucket")
    named = {element.tag.rpartition("}")[2]: element.text for element in ET.fromstring(creation.body).iter()}  # noqa: S314 - our own request
    assert (named["Key"], named["Value"]) in {(OWNER, tenant.owner), (ORIGIN, "Created")}
    assert tenant.owner.encode() in creation.body
    assert b"Created" in creation.body
    assert creation.headers["x-amz-object-ownership"] == "BucketOwnerEnforced"


def test_one_404_is_no_proof(localstack_stage: Stage) -> None:
    """S3's index may lag: a bucket that is there is not made again."""
    bucket = make_bucket(localstack_stage)
    localstack_stage.recorder.fail("HeadBucket", 404, "NotFound", bucket=bucket)
    made = Tenant(localstack_stage, {"bucketName": bucket}).run()
    assert (made.reason, made.writes) == ("AdoptionRequired", ())


def test_a_200_to_createbucket_proves_nothing(localstack_stage: Stage) -> None:
    """In us-east-1 it is the answer for a bucket that the account has already."""
    bucket = make_bucket(localstack_stage)
    tag(localstack_stage, bucket, team="others")
    localstack_stage.recorder.fail("HeadBucket", 404, "NotFound", bucket=bucket, times=2)
    made = Tenant(localstack_stage, {"bucketName": bucket}).run()
    assert (made.reason, made.writes) == ("AdoptionRequired", ("CreateBucket",))
    assert tags_of(localstack_stage, bucket) == {"team": "others"}


def test_somebody_else_is_faster_with_createbucket(localstack_stage: Stage) -> None:
    bucket = make_bucket(localstack_stage)
    localstack_stage.recorder.fail("HeadBucket", 404, "NotFound", bucket=bucket, times=2)
    localstack_stage.recorder.fail("CreateBucket", 409, "BucketAlreadyOwnedByYou", bucket=bucket)
    made = Tenant(localstack_stage, {"bucketName": bucket}).run()
    assert made.reason == "AdoptionRequired"


def test_a_name_that_another_account_has(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    localstack_stage.recorder.fail("CreateBucket", 409, "BucketAlreadyExists", bucket=tenant.bucket)
    made = tenant.run()
    assert made.reason == "BucketOwnedByAnother"
    assert tenant.condition("Stalled") == "True BucketOwnedByAnother"


def test_a_region_that_the_server_does_not_have(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage, {"region": "xx-nowhere-1"})
    assert tenant.run().reason == "InvalidRegion"
    assert tenant.condition("Stalled") == "True InvalidRegion"


@pytest.mark.parametrize("restarted", [False, True])
def test_a_bucket_that_vanished_is_never_made_again(stage: Stage, *, restarted: bool) -> None:
    tenant = Tenant(stage)
    tenant.settle()
    stage.plain().delete_bucket(Bucket=tenant.bucket)
    if restarted:
        tenant.restart()
    for _ in range(3):
        made = tenant.run()
        assert (made.reason, made.writes) == ("BucketGone", ())
    assert tenant.condition("Stalled") == "True BucketGone"


def test_a_bucket_that_vanishes_during_the_pass(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    tenant.settle()
    localstack_stage.recorder.fail("Get*", 404, "NoSuchBucket", bucket=tenant.bucket, times=100)
    made = tenant.run()
    assert (made.reason, made.writes) == ("BucketMissing", ())
    assert tenant.condition("Reconciling") == "True BucketMissing"


# buckets of others


def test_a_bucket_that_was_there_is_left_alone(stage: Stage) -> None:
    bucket = make_bucket(stage)
    tenant = Tenant(stage, {"bucketName": bucket})
    made = tenant.run()
    assert (made.reason, made.writes) == ("AdoptionRequired", ())
    assert "spec.adoption: Adopt" in tenant.status.conditions[0].message
    assert tenant.condition("Stalled") == "True AdoptionRequired"


def test_adoption_takes_it_over_and_marks_it(stage: Stage) -> None:
    bucket = make_bucket(stage)
    tenant = Tenant(stage, {"bucketName": bucket, "adoption": "Adopt"})
    tenant.settle()
    tags = tags_of(stage, bucket)
    assert (tags[OWNER], tags[ORIGIN]) == (tenant.owner, "Adopted")
    assert tenant.status.bucket is not None
    assert tenant.status.bucket.created_by_operator is False
    tenant.declare({})
    assert tenant.run().reason == ""


@pytest.mark.parametrize("spec", [{}, {"adoption": "Adopt"}, {"mode": "Observe"}])
def test_a_bucket_with_another_owner_is_left_alone(localstack_stage: Stage, spec: dict[str, Any]) -> None:
    bucket = make_bucket(localstack_stage)
    tag(localstack_stage, bucket, **{OWNER: "cluster-2/payments/invoices", ORIGIN: "Created"})
    tenant = Tenant(localstack_stage, {"bucketName": bucket, **spec})
    made = tenant.run()
    assert (made.reason, made.writes) == ("Conflict", ())
    assert "cluster-2/payments/invoices" in tenant.status.conditions[0].message


def test_the_older_object_wins_before_any_call(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    made = tenant.run(older_claim=Claim(ObjectKey("billing", "invoices")))
    assert (made.reason, made.calls) == ("Conflict", ())
    assert "billing/invoices" in tenant.status.conditions[0].message


@pytest.mark.parametrize(
    ("options", "taken"),
    [
        ({"siblings_known": True}, True),
        ({"siblings_known": True, "siblings": frozenset({"payments/old"})}, False),
        (
            {
                "siblings_known": True,
                "siblings": frozenset({"payments/old"}),
                "newer_claims": frozenset({"payments/old"}),
            },
            True,
        ),
        ({}, False),
    ],
)
def test_a_tag_of_an_object_that_is_gone_or_younger_holds_nobody_up(
    localstack_stage: Stage, options: dict[str, Any], *, taken: bool
) -> None:
    first = Tenant(localstack_stage, name="old")
    first.settle()
    second = Tenant(localstack_stage, {"bucketName": first.bucket}, name="new")
    made = second.run(**options)
    assert (made.reason == "") is taken
    assert (tags_of(localstack_stage, first.bucket)[OWNER] == second.owner) is taken
    if taken:
        assert second.status.bucket is not None
        assert second.status.bucket.created_by_operator


def test_a_bucket_that_was_replaced_is_not_taken_for_ours(localstack_stage: Stage) -> None:
    """S3 never forgets versioning: a bucket without it and without our tags is somebody's new one."""
    tenant = Tenant(localstack_stage)
    tenant.settle()
    s3 = localstack_stage.plain()
    s3.delete_bucket_tagging(Bucket=tenant.bucket)  # else LocalStack gives them to the next bucket of the name
    s3.delete_bucket(Bucket=tenant.bucket)
    s3.create_bucket(Bucket=tenant.bucket)
    made = tenant.run()
    assert (made.reason, made.writes) == ("AdoptionRequired", ())


def test_the_tag_of_the_origin_cannot_be_talked_round(localstack_stage: Stage) -> None:
    """Else a forged `Adopted` would make the operator keep the rules that were added with it."""
    tenant = Tenant(localstack_stage)
    tenant.settle()
    s3 = localstack_stage.plain()
    tag(localstack_stage, tenant.bucket, **{OWNER: tenant.owner, ORIGIN: "Adopted"})
    rule = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
    s3.put_bucket_lifecycle_configuration(Bucket=tenant.bucket, LifecycleConfiguration={"Rules": [rule]})
    tenant.run()
    rules = s3.get_bucket_lifecycle_configuration(Bucket=tenant.bucket)["Rules"]
    assert [each["ID"] for each in rules] == ["SecureBucketAbortIncompleteMultipartUpload"]
    assert tags_of(localstack_stage, tenant.bucket)[ORIGIN] == "Created"


def test_tags_that_cannot_be_read_stop_everything(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    tenant.settle()
    localstack_stage.plain().delete_bucket_policy(Bucket=tenant.bucket)
    localstack_stage.recorder.fail("GetBucketTagging", 403, "AccessDenied", bucket=tenant.bucket, times=2)
    made = tenant.run()
    assert (made.reason, made.writes) == ("AccessDenied", ())


# deletion


def test_retain_leaves_the_bucket(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    tenant.settle()
    assert tenant.engine.delete(tenant.request()) is None
    localstack_stage.plain().head_bucket(Bucket=tenant.bucket)


def exists(stage: Stage, bucket: str) -> bool:
    return bucket in {each["Name"] for each in stage.plain().list_buckets()["Buckets"]}


def test_delete_removes_an_empty_bucket_of_ours(stage: Stage) -> None:
    tenant = Tenant(stage, {"deletionPolicy": "Delete"})
    tenant.settle()
    assert tenant.engine.delete(tenant.request()) is None
    assert not exists(stage, tenant.bucket)
    assert tenant.engine.delete(tenant.request()) is None, "a second try finds nothing left to do"


@pytest.mark.parametrize(
    ("setting", "reason"),
    [("data", "BucketNotEmpty"), ("lock", "ObjectLockForbidsDeletion"), ("unread", "AccessDenied")],
)
def test_delete_is_refused_with_a_reason(localstack_stage: Stage, setting: str, reason: str) -> None:
    tenant = Tenant(localstack_stage, {"deletionPolicy": "Delete"})
    tenant.settle()
    s3 = localstack_stage.plain()
    if setting == "data":
        s3.put_object(Bucket=tenant.bucket, Key="k", Body=b"v")
    elif setting == "lock":
        s3.put_object_lock_configuration(Bucket=tenant.bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})
    else:
        localstack_stage.recorder.fail("GetObjectLockConfiguration", 403, "AccessDenied", bucket=tenant.bucket)
    failure = tenant.engine.delete(tenant.request())
    assert failure is not None
    assert failure.reason == reason
    assert exists(localstack_stage, tenant.bucket)


@pytest.mark.parametrize("spec", [{}, {"adoption": "Adopt"}])
def test_delete_never_touches_what_was_never_taken_over(localstack_stage: Stage, spec: dict[str, Any]) -> None:
    bucket = make_bucket(localstack_stage)
    tenant = Tenant(localstack_stage, {"bucketName": bucket, "deletionPolicy": "Delete", **spec})
    assert tenant.engine.delete(tenant.request()) is None
    assert exists(localstack_stage, bucket)


def test_delete_of_the_younger_of_two_claims_lets_it_go(localstack_stage: Stage) -> None:
    """It must not hang on the older one, whose bucket it is."""
    older = Tenant(localstack_stage)
    older.settle()
    younger = Tenant(localstack_stage, {"bucketName": older.bucket, "deletionPolicy": "Delete"}, name="younger")
    assert younger.engine.delete(younger.request(older_claim=Claim(older.key))) is None
    assert exists(localstack_stage, older.bucket)


@pytest.mark.parametrize("mode", ["Plan", "Observe"])
def test_delete_needs_mode_enforce(localstack_stage: Stage, mode: str) -> None:
    tenant = Tenant(localstack_stage, {"deletionPolicy": "Delete"})
    tenant.settle()
    tenant.declare({"deletionPolicy": "Delete", "mode": mode})
    assert tenant.engine.delete(tenant.request()) is None
    assert exists(localstack_stage, tenant.bucket)


@pytest.mark.parametrize("policy", ["Retain", None])
def test_what_stays_lets_its_object_go_whatever_is_wrong_with_it(localstack_stage: Stage, policy: str | None) -> None:
    """Else a person who sets Retain on an object whose profile is gone would wait for ever."""
    tenant = Tenant(localstack_stage, {"deletionPolicy": policy} if policy else {})
    tenant.run()
    assert tenant.engine.delete(tenant.request(profile_missing="gone")) is None
    assert tags_of(localstack_stage, tenant.bucket)[OWNER] == tenant.owner
