"""Laws of an operator that only observes, on real servers: whatever an object asks for, no bucket is written."""

from typing import Any

import pytest
from tests.cli.test_iam_policy import ACTIONS, NO_ACTION, actions_of
from tests.laws.stage import Stage
from tests.laws.surroundings import make_bucket
from tests.laws.tenant import EVERY_RISK, Pass, Tenant
from tests.laws.test_modes import SPOILT, everything, spoil

from securebucket.cli.iam_policy import Purpose, policy_document

MODES = ["Enforce", "Plan", "Observe", ""]
BASE: dict[str, Any] = {"adoption": "Adopt", "deletionPolicy": "Delete"}


def declared(mode: str, **spec: Any) -> dict[str, Any]:
    return {**BASE, **({"mode": mode} if mode else {}), **spec}


def approved(tenant: Tenant) -> Pass:
    """Make a pass with the hash that the same object has under an operator that enforces."""
    enforcing = Tenant(tenant.stage, {**tenant.spec, "mode": "Plan"}, tenant.profile)
    enforcing.run()
    enforcing.approve()
    tenant.approved = enforcing.approved
    assert tenant.approved
    return tenant.run()


@pytest.mark.parametrize("mode", MODES)
def test_a_bucket_of_others_is_judged_and_left(stage: Stage, mode: str) -> None:
    bucket = make_bucket(stage)
    before = everything(stage, bucket)
    tenant = Tenant(stage, declared(mode, bucketName=bucket), {"permit": EVERY_RISK}, observe_only=True)
    made = tenant.run()
    assert (made.writes, approved(tenant).writes, everything(stage, bucket)) == ((), (), before)
    assert (tenant.condition("Ready"), tenant.condition("InSync")) == ("True Verified", "False Differs")
    assert tenant.status.compliance is not None
    assert "tls-required" in {each.check for each in tenant.status.compliance.failing}
    assert tenant.status.effective is not None
    assert (tenant.status.effective["mode"], tenant.status.plan) == ("Observe", None)


@pytest.mark.parametrize("mode", MODES)
def test_a_bucket_that_is_not_there_is_not_created(localstack_stage: Stage, mode: str) -> None:
    tenant = Tenant(localstack_stage, declared(mode), observe_only=True)
    made = tenant.run()
    assert (made.reason, made.writes) == ("BucketMissing", ())
    assert (approved(tenant).writes, tenant.condition("Stalled")) == ((), "True BucketMissing")


@pytest.mark.parametrize("mode", MODES)
def test_a_bucket_of_its_own_is_not_corrected_and_not_deleted(localstack_stage: Stage, mode: str) -> None:
    """As where the operator enforced until it was started again, only to observe."""
    tenant = Tenant(localstack_stage, BASE)
    tenant.settle()
    tenant.declare(declared(mode))
    tenant.observe_only = True
    tenant.restart()
    tenant.settle()
    spoil(localstack_stage, tenant.bucket)
    made = tenant.run()
    assert made.writes == ()
    assert {each.name for each in made.outcome.controls if each.drifted} == SPOILT
    assert tenant.engine.delete(tenant.request()) is None
    assert localstack_stage.plain().head_bucket(Bucket=tenant.bucket)


def test_who_enforces_again_corrects_again(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage, BASE)
    tenant.settle()
    tenant.observe_only = True
    tenant.restart()
    tenant.settle()
    spoil(localstack_stage, tenant.bucket)
    assert tenant.run().writes == ()
    tenant.observe_only = False
    tenant.restart()
    assert {each.name for each in tenant.run().outcome.controls if each.applied} == SPOILT
    assert tenant.condition("Ready") == "True Verified"


def test_the_policy_for_observing_allows_every_call(localstack_stage: Stage) -> None:
    for spec in (declared("Enforce", bucketName=make_bucket(localstack_stage)), declared("Enforce")):
        tenant = Tenant(localstack_stage, spec, observe_only=True)
        tenant.run()
        tenant.engine.delete(tenant.request())
    asked = {call.operation for call in localstack_stage.recorder.calls} - NO_ACTION
    assert asked
    allowed = actions_of(policy_document(purpose=Purpose.OBSERVE, account_checks=False))
    assert {ACTIONS.get(each, f"s3:{each}") for each in asked} <= allowed


def test_a_second_guard_stands_behind_the_mode(localstack_stage: Stage) -> None:
    """Should a mode above Observe ever get through, the engine still says no before each call."""
    assert Tenant(localstack_stage).engine.writable()
    assert not Tenant(localstack_stage, observe_only=True).engine.writable()
