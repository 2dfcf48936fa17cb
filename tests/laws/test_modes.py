"""Laws of what may be written, on real servers: modes, approvals, risks, unmanaged controls, pauses."""

from typing import Any

import pytest
from tests.laws import documents
from tests.laws.register import SUBJECTS
from tests.laws.stage import Stage
from tests.laws.surroundings import make_bucket, make_log_target
from tests.laws.tenant import EVERY_RISK, Tenant

NAMES = list(SUBJECTS)
SPOILT = {"publicAccessBlock", "policy", "versioning"}
"""Controls of which `spoil` undoes something."""


def everything(stage: Stage, bucket: str) -> dict[str, Any]:
    """Read every document of a bucket."""
    return {name: documents.canonical(documents.read(stage.plain(), bucket, name)) for name in NAMES}


def spoil(stage: Stage, bucket: str) -> None:
    """Undo what a bare SecureBucket does, as far as S3 lets one."""
    s3 = stage.plain()
    s3.delete_public_access_block(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    s3.delete_bucket_policy(Bucket=bucket)


# Observe


def test_observe_reports_on_a_bucket_of_others_and_writes_nothing(stage: Stage) -> None:
    bucket = make_bucket(stage)
    before = everything(stage, bucket)
    tenant = Tenant(stage, {"bucketName": bucket, "mode": "Observe"})
    made = tenant.run()
    assert (made.writes, everything(stage, bucket)) == ((), before)
    assert tenant.condition("Ready") == "True Verified"
    assert tenant.condition("InSync") == "False Differs"
    assert made.control("policy").state == "Drifted"
    assert tenant.status.compliance is not None
    assert "tls-required" in {each.check for each in tenant.status.compliance.failing}
    assert not tenant.run().changed


def test_observe_sees_a_change_once_and_leaves_it(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    tenant.settle()
    tenant.declare({"mode": "Observe"})
    tenant.settle()
    spoil(localstack_stage, tenant.bucket)

    first, second = tenant.run(), tenant.run()
    assert (first.writes, second.writes) == ((), ())
    assert {each.name for each in first.outcome.controls if each.drifted} == SPOILT
    assert [each.name for each in second.outcome.controls if each.drifted] == []
    assert tenant.status.drift is not None
    assert (tenant.status.drift.count, tenant.status.drift.last_corrected_at) == (3, None)


def test_observe_does_not_create(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage, {"mode": "Observe"})
    made = tenant.run()
    assert (made.reason, made.writes) == ("BucketMissing", ())


# Plan


def test_a_plan_for_a_new_bucket_names_the_bucket_and_waits(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage, {"mode": "Plan"})
    made = tenant.run()
    assert made.writes == ()
    assert tenant.status.plan is not None
    assert (tenant.status.plan.steps[0].control, tenant.status.plan.steps[0].call) == ("bucket", "CreateBucket")
    assert tenant.condition("Ready") == "False ApprovalRequired"
    assert tenant.condition("Reconciling") == tenant.condition("Stalled") == ""
    assert not tenant.run().changed


def test_an_approved_plan_is_carried_out_in_one_pass(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage, {"mode": "Plan", "versioning": {"status": "Enabled"}})
    tenant.run()
    tenant.approve()
    made = tenant.run()
    assert made.writes[0] == "CreateBucket"
    assert set(made.states.values()) == {"InSync"}
    assert (tenant.status.plan, tenant.condition("Ready")) == (None, "True Verified")
    assert tenant.run().writes == ()


@pytest.mark.parametrize("hash_", ["", "0123456789abcdef"])
def test_no_other_hash_approves_a_plan(localstack_stage: Stage, hash_: str) -> None:
    new = Tenant(localstack_stage, {"mode": "Plan"})
    there = Tenant(localstack_stage, {"bucketName": make_bucket(localstack_stage), "adoption": "Adopt", "mode": "Plan"})
    for tenant in (new, there):
        tenant.run()
        tenant.approved = hash_
        assert tenant.run().writes == ()


def test_a_plan_that_changed_needs_another_approval(localstack_stage: Stage) -> None:
    """What was approved is exactly what was shown."""
    bucket = make_bucket(localstack_stage)
    tenant = Tenant(localstack_stage, {"bucketName": bucket, "adoption": "Adopt", "mode": "Plan"})
    tenant.run()
    tenant.approve()
    first = tenant.approved
    localstack_stage.plain().delete_public_access_block(Bucket=bucket)

    made = tenant.run()
    assert made.writes == ()
    assert tenant.status.plan is not None
    assert tenant.status.plan.hash != first
    assert "publicAccessBlock" in {step.control for step in tenant.status.plan.steps}
    tenant.approve()
    assert tenant.run().states["publicAccessBlock"] == "Corrected"
    after = tenant.run()
    assert (set(after.states.values()), after.writes) == ({"InSync"}, ())


def test_a_plan_of_one_object_approves_nothing_for_another(localstack_stage: Stage) -> None:
    one = Tenant(localstack_stage, {"bucketName": make_bucket(localstack_stage), "adoption": "Adopt", "mode": "Plan"})
    other = Tenant(localstack_stage, {**one.spec, "bucketName": make_bucket(localstack_stage)}, name="other")
    one.run()
    other.run()
    one.approve()
    other.approved = one.approved
    assert other.run().writes == ()


def test_drift_waits_in_a_plan(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage, {"mode": "Plan"})
    tenant.settle()
    spoil(localstack_stage, tenant.bucket)
    made = tenant.run()
    assert made.writes == ()
    assert {name for name, state in made.states.items() if state == "Pending"} == SPOILT
    tenant.approve()
    made = tenant.run()
    assert {name for name, state in made.states.items() if state == "Corrected"} == SPOILT
    assert set(tenant.run().states.values()) == {"InSync"}


# risks in Enforce

RISKY = {
    "versioning": ({"versioning": {"status": "Suspended"}}, "data-loss"),
    "objectLock": ({"objectLock": {"enabled": True}}, "irreversible"),
    "policy": ({"policy": {"allowedVpcs": ["vpc-0123456789abcdef0"]}}, "lockout"),
    "lifecycle": ({"lifecycle": {"rules": [{"id": "expire", "expiration": {"days": 400}}]}}, "data-loss"),
}


@pytest.mark.parametrize("control", RISKY)
def test_a_risky_step_waits_and_the_rest_goes_on(localstack_stage: Stage, control: str) -> None:
    spec, risk = RISKY[control]
    tenant = Tenant(localstack_stage)
    tenant.settle()
    tenant.declare({**spec, "tags": {"tagSet": {"team": "payments"}}})

    made = tenant.run()
    assert made.writes == ("PutBucketTagging",)
    assert (made.control(control).state, made.control(control).reason) == ("Pending", "ApprovalRequired")
    assert tenant.status.plan is not None
    assert {(step.control, step.risk) for step in tenant.status.plan.steps} == {(control, risk)}
    assert f"securebucket.io/approve: {tenant.status.plan.hash}" in made.control(control).message
    tenant.approve()
    assert tenant.run().control(control).applied
    assert tenant.run().writes == ()


def test_what_was_approved_once_is_put_back_without_asking_again(localstack_stage: Stage) -> None:
    """Else whoever takes a limit out of the policy would have it out until a person comes."""
    tenant = Tenant(localstack_stage, RISKY["policy"][0])
    tenant.settle()
    localstack_stage.plain().delete_bucket_policy(Bucket=tenant.bucket)
    made = tenant.run()
    assert (made.writes, made.control("policy").state) == (("PutBucketPolicy",), "Corrected")


@pytest.mark.parametrize("control", RISKY)
def test_a_profile_may_permit_the_risk(localstack_stage: Stage, control: str) -> None:
    spec, risk = RISKY[control]
    tenant = Tenant(localstack_stage, profile={"permit": [risk]})
    tenant.settle()
    tenant.declare(spec)
    assert tenant.run().control(control).applied
    assert tenant.run().writes == ()


def test_object_lock_waits_on_a_new_bucket_too(localstack_stage: Stage) -> None:
    """It is for good, so that not even an empty bucket gets it unasked."""
    tenant = Tenant(localstack_stage, {"objectLock": {"enabled": True}})
    made = tenant.run()
    assert made.control("objectLock").reason == "ApprovalRequired"
    (creation,) = (call for call in made.calls if call.operation == "CreateBucket")
    assert "x-amz-bucket-object-lock-enabled" not in creation.headers
    tenant.approve()
    assert tenant.run().control("objectLock").applied == ("PutObjectLockConfiguration",)


@pytest.mark.parametrize("way", ["permitted", "planned"])
def test_object_lock_is_set_at_creation_where_it_is_allowed(localstack_stage: Stage, way: str) -> None:
    spec = {"objectLock": {"enabled": True}, "mode": "Plan" if way == "planned" else "Enforce"}
    tenant = Tenant(localstack_stage, spec, {"permit": EVERY_RISK if way == "permitted" else ()})
    if way == "planned":
        tenant.run()
        tenant.approve()
    made = tenant.run()
    (creation,) = (call for call in made.calls if call.operation == "CreateBucket")
    assert creation.headers["x-amz-bucket-object-lock-enabled"].lower() == "true"
    assert set(made.states.values()) == {"InSync"}


# unmanaged controls and pauses


@pytest.mark.parametrize("control", NAMES)
def test_an_unmanaged_control_is_never_written(localstack_stage: Stage, control: str) -> None:
    bucket = make_bucket(localstack_stage)
    spoil(localstack_stage, bucket)
    before = documents.read(localstack_stage.plain(), bucket, control)
    spec = {
        "bucketName": bucket,
        "adoption": "Adopt",
        "unmanaged": [control],
        "ownership": {"objectOwnership": "ObjectWriter"},
        "objectLock": {"enabled": control == "objectLock" or None},
        "logging": {"targetBucket": make_log_target(localstack_stage, "us-east-1")},
        "notifications": {"eventBridge": True},
        "replication": {"foreign": "Remove"},
    }
    tenant = Tenant(localstack_stage, spec, {"permit": EVERY_RISK})
    for _ in range(3):
        made = tenant.run()
        assert made.control(control).state == "Unmanaged"
        assert made.control(control).applied == ()
    assert documents.read(localstack_stage.plain(), bucket, control) == before
    assert tenant.condition("Ready") == "True Verified"


def test_with_every_control_unmanaged_nothing_is_written(localstack_stage: Stage) -> None:
    tenant = Tenant(
        localstack_stage, {"bucketName": make_bucket(localstack_stage), "adoption": "Adopt", "unmanaged": NAMES}
    )
    assert tenant.run().writes == tenant.run().writes == ()


def test_a_paused_object_is_looked_at_and_left(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    tenant.settle()
    spoil(localstack_stage, tenant.bucket)
    made = tenant.run(read_only=True)
    assert made.writes == ()
    assert {name for name, state in made.states.items() if state == "Drifted"} == SPOILT
    assert tenant.status.plan is not None
    assert {each.name for each in tenant.run().outcome.controls if each.applied} == SPOILT


def test_a_paused_object_creates_nothing(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    assert tenant.run(read_only=True).writes == ()
    tenant.approve()
    assert tenant.run(read_only=True).writes == ()
    assert tenant.condition("Ready") == "False Paused"


def test_somebody_who_changes_it_back_again_and_again_is_left_alone_for_a_while(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    tenant.pace = tenant.pace.__class__(settling=0, confirmation=0, fights=2)
    tenant.restart()
    tenant.settle()
    for _ in range(2):
        localstack_stage.plain().delete_public_access_block(Bucket=tenant.bucket)
        assert tenant.run().writes == ("PutPublicAccessBlock",)
        tenant.run()
    localstack_stage.plain().delete_public_access_block(Bucket=tenant.bucket)
    made = tenant.run()
    assert (made.writes, made.control("publicAccessBlock").reason) == ((), "Contended")
    assert tenant.condition("Contended") == "True ChangedBackRepeatedly"
    tenant.engine.forgive(tenant.key)
    assert tenant.run().writes == ("PutPublicAccessBlock",)
    assert tenant.condition("Contended") == ""
