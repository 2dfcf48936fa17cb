"""The guard of the fleet, alone and in the engine."""

from typing import Any

import pytest
from tests.laws.stage import Stage
from tests.laws.tenant import Pass, Tenant

from securebucket.api.status import ControlState
from securebucket.engine.rollout import RolloutGuard


def admitted(guard: RolloutGuard, count: int, fleet: int, *, first: int = 0, seconds: float = 0) -> int:
    """Ask for that many objects and give how many may change."""
    return sum(guard.admits(f"uid-{number}", fleet, seconds) for number in range(first, first + count))


@pytest.mark.parametrize(
    ("fleet", "most"),
    [
        pytest.param(0, 20, id="a fleet of unknown size"),
        pytest.param(10, 20, id="a small fleet"),
        pytest.param(400, 20, id="5 % are just as many"),
        pytest.param(419, 20, id="parts of a bucket do not count"),
        pytest.param(420, 21, id="5 % are more"),
        pytest.param(2000, 100, id="a large fleet"),
    ],
)
def test_at_least_twenty_and_at_most_five_percent_may_change(fleet: int, most: int) -> None:
    assert admitted(RolloutGuard(), most + 10, fleet) == most


def test_an_object_counts_once() -> None:
    guard = RolloutGuard(least=2)
    assert [guard.admits("uid-0", 0, 0.0) for _ in range(5)] == [True] * 5
    assert admitted(guard, 5, 0, first=1) == 1


def test_who_was_admitted_stays_so_when_the_door_is_shut() -> None:
    guard = RolloutGuard(least=1)
    assert admitted(guard, 3, 0) == 1
    assert guard.admits("uid-0", 0, 0.0)


@pytest.mark.parametrize(("seconds", "more"), [(3600, 0), (3601, 2)])
def test_the_door_opens_again_after_the_window(seconds: float, more: int) -> None:
    guard = RolloutGuard(least=2)
    admitted(guard, 2, 0)
    assert admitted(guard, 5, 0, first=2, seconds=seconds) == more


def test_two_objects_of_one_name_in_two_namespaces_are_two() -> None:
    guard = RolloutGuard(least=1)
    assert guard.admits("a/logs", 0, 0.0)
    assert not guard.admits("b/logs", 0, 0.0)


def test_an_object_that_is_made_anew_is_another_bucket_that_changes() -> None:
    guard = RolloutGuard(least=1)
    assert guard.admits("uid-1", 0, 0.0)
    assert not guard.admits("uid-2", 0, 0.0)


# In the engine


SUSPENDED: dict[str, Any] = {"defaults": {"versioning": {"status": "Suspended"}}, "permit": ["data-loss"]}


@pytest.fixture
def tenant(stage: Stage) -> Tenant:
    """An object that is settled, and whose profile then wants something new; nobody may follow."""
    tenant = Tenant(stage)
    tenant.settle()
    tenant.engine.guard = RolloutGuard(least=0)
    tenant.profile = SUSPENDED
    return tenant


def versioning(made: Pass) -> tuple[ControlState, str]:
    found = made.control("versioning")
    return found.state, found.reason


def test_what_is_held_is_pending_and_nothing_is_written(tenant: Tenant) -> None:
    made = tenant.run()
    assert versioning(made) == (ControlState.PENDING, "RolloutHeld")
    assert made.writes == ()
    assert tenant.condition("Ready") == "False RolloutHeld"
    assert tenant.condition("InSync") == "False Differs"


def test_while_it_is_held_the_status_keeps_what_was_in_force(tenant: Tenant) -> None:
    tenant.run()
    assert tenant.status.effective is not None
    assert tenant.status.effective["versioning"] == {"status": "Enabled"}


def test_it_is_held_until_somebody_allows_it(tenant: Tenant) -> None:
    tenant.run()
    assert not tenant.run().changed
    made = tenant.run(rollout_approved=True)
    assert made.writes == ("PutBucketVersioning",)
    assert versioning(made) == (ControlState.IN_SYNC, "")
    assert tenant.status.effective is not None
    assert tenant.status.effective["versioning"] == {"status": "Suspended"}


def test_the_first_ones_follow_at_once(tenant: Tenant) -> None:
    tenant.engine.guard = RolloutGuard(least=1)
    assert tenant.run().writes == ("PutBucketVersioning",)


def test_what_others_changed_is_put_back_meanwhile(tenant: Tenant) -> None:
    tenant.run()
    tenant.stage.plain().delete_bucket_policy(Bucket=tenant.bucket)
    made = tenant.run()
    assert made.writes == ("PutBucketPolicy",)
    assert versioning(made) == (ControlState.PENDING, "RolloutHeld")


def test_what_the_object_itself_declares_is_not_held(tenant: Tenant) -> None:
    tenant.run()
    tenant.declare({"versioning": {"status": "Suspended"}})
    assert tenant.run().writes == ("PutBucketVersioning",)


def test_a_profile_that_begins_to_enforce_is_held(stage: Stage) -> None:
    tenant = Tenant(stage, profile={"mode": "Enforce"})
    tenant.settle()
    tenant.profile = {"mode": "Observe"}
    tenant.settle()
    tenant.stage.plain().delete_bucket_policy(Bucket=tenant.bucket)
    tenant.settle()
    tenant.engine.guard = RolloutGuard(least=0)
    tenant.profile = {"mode": "Enforce"}
    made = tenant.run()
    assert (made.writes, made.control("policy").reason) == ((), "RolloutHeld")
    assert not tenant.run().changed


def test_a_release_with_other_defaults_is_a_rollout_too(stage: Stage) -> None:
    """The status tells what the release before had in force."""
    tenant = Tenant(stage)
    tenant.settle()
    effective = {**(tenant.status.effective or {}), "versioning": {"status": "Suspended"}}
    tenant.status = tenant.status.model_copy(update={"effective": effective})
    tenant.stage.plain().put_bucket_versioning(Bucket=tenant.bucket, VersioningConfiguration={"Status": "Suspended"})
    tenant.engine.guard = RolloutGuard(least=0)
    assert versioning(tenant.run()) == (ControlState.PENDING, "RolloutHeld")
