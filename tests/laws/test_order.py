"""The law of order, on a real server: whatever is approved, held, refused or restored, writes go in order.

The order has reasons (`controls/__init__.py`): what a document needs is there before it is written.
"""

from collections.abc import Callable
from typing import Any

import pytest
from tests.laws.stage import Stage
from tests.laws.surroundings import make_bucket
from tests.laws.tenant import EVERY_RISK, Pass, Tenant

from securebucket.engine.rollout import RolloutGuard

SPEC: dict[str, Any] = {
    "objectLock": {"enabled": True},
    "policy": {"allowedVpcs": ["vpc-0123456789abcdef0"]},
    "lifecycle": {"rules": [{"id": "expire", "expiration": {"days": 400}}]},
    "notifications": {"eventBridge": True},
    "tags": {"tagSet": {"team": "payments"}},
}
"""Controls from all over the registry, some of which wait for an approval."""


def of_a_creation_seen_while_paused(stage: Stage) -> Pass:
    """The approval of the creation names what waits too."""
    tenant = Tenant(stage, SPEC)
    tenant.run(read_only=True)
    tenant.approve()
    return tenant.run()


def of_a_creation_planned(stage: Stage) -> Pass:
    tenant = Tenant(stage, {**SPEC, "mode": "Plan"})
    tenant.run()
    tenant.approve()
    return tenant.run()


def of_an_adopted_bucket(stage: Stage) -> Pass:
    tenant = Tenant(stage, {**SPEC, "bucketName": make_bucket(stage), "adoption": "Adopt", "mode": "Plan"})
    tenant.run()
    tenant.approve()
    return tenant.run()


def where_each_risk_is_permitted(stage: Stage) -> Pass:
    return Tenant(stage, SPEC, {"permit": EVERY_RISK}).run()


def where_some_are_restored(stage: Stage) -> Pass:
    tenant = Tenant(stage, SPEC, {"permit": EVERY_RISK})
    tenant.settle()
    tenant.profile = {}
    s3 = stage.plain()
    s3.delete_bucket_policy(Bucket=tenant.bucket)
    s3.delete_bucket_lifecycle(Bucket=tenant.bucket)
    s3.delete_public_access_block(Bucket=tenant.bucket)
    return tenant.run()


def where_some_are_held(stage: Stage) -> Pass:
    tenant = Tenant(stage)
    tenant.settle()
    stage.plain().delete_public_access_block(Bucket=tenant.bucket)
    stage.plain().delete_bucket_lifecycle(Bucket=tenant.bucket)
    tenant.engine.guard = RolloutGuard(least=0)
    tenant.profile = {"defaults": {"versioning": {"status": "Suspended"}, "tags": {"tagSet": {"team": "payments"}}}}
    return tenant.run()


def where_some_are_refused(stage: Stage) -> Pass:
    spec = {"encryption": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "alias/nowhere"}}
    return Tenant(stage, {**SPEC, **spec}, {"permit": EVERY_RISK}).run()


@pytest.mark.parametrize(
    "scene",
    [
        of_a_creation_seen_while_paused,
        of_a_creation_planned,
        of_an_adopted_bucket,
        where_each_risk_is_permitted,
        where_some_are_restored,
        where_some_are_held,
        where_some_are_refused,
    ],
    ids=lambda scene: scene.__name__,
)
def test_writes_go_in_the_registrys_order(localstack_stage: Stage, scene: Callable[[Stage], Pass]) -> None:
    made = scene(localstack_stage)
    expected = [call for control in made.outcome.controls for call in control.applied]
    assert [call for call in made.writes if call != "CreateBucket"] == expected
    assert len(expected) >= 2
