"""The law of what is made anew, on a real server: a new object, or a new bucket, under an old name begins with nothing.

S3 shows some settings late, so that a read of what was there before our own write is not taken for somebody's change
for two minutes. A new bucket shows exactly that, and must not wait so long without its settings.
"""

from collections.abc import Callable
from typing import Any

import pytest
from tests.laws.stage import Stage
from tests.laws.tenant import START, Pass, Tenant

from securebucket.api.status import SecureBucketStatus
from securebucket.engine.memory import Pace

PATIENT = Pace(confirmation=0)
"""Settings may come late, as on AWS."""


@pytest.fixture
def tenant(localstack_stage: Stage) -> Tenant:
    """An object whose bucket has just been made and put right."""
    made = Tenant(localstack_stage, pace=PATIENT)
    look(made)
    assert made.condition("Ready") == "True Verified"
    return made


def look(tenant: Tenant, uid: str = "uid-1", **options: Any) -> Pass:
    """Make a pass at the very moment of all the others."""
    return tenant.run(uid=uid, now=START, **options)


def remove(tenant: Tenant) -> None:
    tenant.stage.plain().delete_bucket(Bucket=tenant.bucket)


def make(tenant: Tenant, *, tagged: bool) -> None:
    """Make the bucket anew, as a person does."""
    s3 = tenant.stage.plain()
    s3.create_bucket(Bucket=tenant.bucket)
    tags = {"securebucket.io/owner": tenant.owner, "securebucket.io/origin": "Created"}
    if tagged:
        s3.put_bucket_tagging(
            Bucket=tenant.bucket, Tagging={"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]}
        )


WRITTEN = {"PutBucketPolicy", "PutBucketEncryption", "PutBucketVersioning", "PutBucketLifecycleConfiguration"}


def assert_safe(made: Pass) -> None:
    """What makes a bucket safe was written in this very pass."""
    assert set(made.writes) >= WRITTEN
    assert {each.name: each.reason for each in made.outcome.controls if each.reason == "Settling"} == {}


def test_a_new_object_of_the_same_name(tenant: Tenant) -> None:
    remove(tenant)
    tenant.status = SecureBucketStatus()
    assert_safe(look(tenant, uid="uid-2"))
    assert tenant.condition("Ready") == "True Verified"


def test_a_new_object_that_inherits_the_bucket_of_the_last_one(tenant: Tenant) -> None:
    """With `deletionPolicy: Retain`; somebody has undone everything by then."""
    s3 = tenant.stage.plain()
    s3.delete_bucket_policy(Bucket=tenant.bucket)
    tenant.status = SecureBucketStatus()
    made = look(tenant, uid="uid-2")
    assert (made.writes, made.control("policy").state) == (("PutBucketPolicy",), "InSync")


def test_the_same_object_whose_status_was_lost_with_the_bucket(tenant: Tenant) -> None:
    """The status write failed, and the bucket went meanwhile: it is created once more, and safe at once."""
    remove(tenant)
    tenant.status = SecureBucketStatus()
    assert_safe(look(tenant))


def test_a_bucket_that_was_seen_to_be_gone(tenant: Tenant) -> None:
    remove(tenant)
    assert look(tenant).reason == "BucketGone"
    make(tenant, tagged=True)
    assert_safe(look(tenant))


def test_a_bucket_that_was_made_anew_between_two_passes(tenant: Tenant) -> None:
    remove(tenant)
    make(tenant, tagged=True)
    assert_safe(look(tenant))


def test_a_bucket_that_somebody_made_and_that_is_adopted(tenant: Tenant) -> None:
    remove(tenant)
    make(tenant, tagged=False)
    tenant.declare({"adoption": "Adopt"})
    assert_safe(look(tenant))


def test_a_bucket_of_another_name(tenant: Tenant) -> None:
    """The CRD refuses that change; an older one may not."""
    tenant.spec = {**tenant.spec, "bucketName": tenant.stage.fresh_name()}
    tenant.status = SecureBucketStatus()
    assert_safe(look(tenant))


def undo_the_policy(tenant: Tenant) -> None:
    tenant.stage.plain().delete_bucket_policy(Bucket=tenant.bucket)


def undo_the_lifecycle(tenant: Tenant) -> None:
    tenant.stage.plain().delete_bucket_lifecycle(Bucket=tenant.bucket)


@pytest.mark.parametrize("undo", [undo_the_policy, undo_the_lifecycle])
def test_one_setting_that_comes_late_is_no_new_bucket(tenant: Tenant, undo: Callable[[Tenant], None]) -> None:
    undo(tenant)
    made = look(tenant)
    assert made.writes == ()
    assert [each.reason for each in made.outcome.controls if each.reason] == ["Settling"]
