"""Which differences are drift, which are our own write on its way, which are a fight, and which are a rollout."""

from typing import Any

import pytest
from tests.engine.builders import NOW, change, effective, request

from securebucket.api.status import ControlState, ControlStatus, SecureBucketStatus
from securebucket.engine.effective import document_of
from securebucket.engine.memory import Memory, Pace
from securebucket.engine.outcome import Change
from securebucket.engine.signs import Signs, read_signs
from securebucket.engine.task import Task
from securebucket.model.document import fields_of
from securebucket.model.failure import Failure

PACE = Pace(settling=120, fights=2, fight_window=3600)
DIFFERS = change("versioning")
REFUSED = change("versioning", refusal=Failure("MfaDeleteOn", "no"))
SUSPENDED = {"versioning": {"status": "Suspended"}}
TAGGED = {"tags": {"tagSet": {"team": "a"}}}


def before(
    state: str = "InSync",
    *,
    generation: int = 1,
    spec: dict[str, Any] | None = None,
    defaults: dict[str, Any] | None = None,
    mode: str = "Enforce",
) -> SecureBucketStatus:
    """Give the status that an earlier pass left, with what was in force then."""
    return SecureBucketStatus(
        observed_generation=generation,
        controls=(ControlStatus(name="versioning", state=ControlState(state)),),
        effective=document_of(effective(spec, {"defaults": defaults or {}, "mode": mode})),
    )


def signs(
    status: SecureBucketStatus,
    spec: dict[str, Any] | None = None,
    *,
    memory: Memory | None = None,
    change: Change = DIFFERS,
    **options: Any,
) -> Signs:
    """Read the signs of a pass in which versioning differs."""
    asked = request(spec, {}, status=status, **options)
    found = read_signs(Task(asked, effective(spec, {})), [change], memory or Memory(), PACE)
    return found["versioning"]


def written_at_once(*, in_vain: int = 0) -> Memory:
    """Remember a write just now from what is seen to what is desired."""
    memory = Memory()
    seen, desired = fields_of(DIFFERS.observed), fields_of(DIFFERS.desired)
    for _ in range(in_vain or 1):
        memory.note_write("versioning", seen, seen if in_vain else desired, desired, NOW)
    return memory


# Drift


@pytest.mark.parametrize(
    ("status", "drifted"),
    [
        pytest.param(before("InSync"), True, id="it was in sync"),
        pytest.param(before("Corrected"), True, id="it was put back"),
        pytest.param(before("Drifted"), False, id="told already"),
        pytest.param(before("Pending"), False, id="it was never done"),
        pytest.param(before("Failed"), False, id="it failed"),
        pytest.param(before("Unknown"), False, id="nobody knows what it was"),
        pytest.param(before(generation=2), False, id="the object changed"),
        pytest.param(before(defaults=SUSPENDED), False, id="the profile changed this block"),
        pytest.param(before(defaults=TAGGED), True, id="the profile changed another block"),
        pytest.param(SecureBucketStatus(), False, id="the first pass"),
        pytest.param(SecureBucketStatus(observed_generation=1), False, id="nothing is known of what was in force"),
    ],
)
def test_drift_is_a_difference_from_what_was_in_sync_with_this_very_block(
    status: SecureBucketStatus, drifted: bool
) -> None:
    assert signs(status).drifted is drifted


def test_a_difference_whose_correction_is_refused_is_drift_too() -> None:
    assert signs(before(), change=REFUSED).drifted


def test_an_unmanaged_control_never_drifts() -> None:
    spec = {"unmanaged": ["versioning"]}
    assert signs(before(spec=spec), spec) == Signs()


def test_no_difference_no_signs() -> None:
    assert read_signs(Task(request(status=before()), effective()), [], Memory(), PACE) == {}


# Restoring


def test_what_drifted_is_restored_until_it_is_put_back() -> None:
    memory = Memory()
    signs(before("InSync"), memory=memory)
    assert signs(before("Failed"), memory=memory).restoring


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(before("Failed", generation=2), id="the object changed"),
        pytest.param(before("Failed", defaults=SUSPENDED), id="the profile changed"),
    ],
)
def test_restoring_ends(later: SecureBucketStatus) -> None:
    memory = Memory(restoring={"versioning"})
    assert not signs(later, memory=memory).restoring
    assert not memory.restoring


def test_restoring_ends_when_it_is_as_it_should_be_again() -> None:
    memory = Memory(restoring={"versioning"})
    read_signs(Task(request(status=before("Failed")), effective()), [], memory, PACE)
    assert not memory.restoring


# Our own write


def test_our_own_write_on_its_way_is_stale_and_no_drift() -> None:
    found = signs(before(), memory=written_at_once())
    assert (found.stale, found.drifted) == (True, False)


def test_what_the_server_does_not_keep_is_dropped_and_no_drift() -> None:
    found = signs(before(), memory=written_at_once(in_vain=2))
    assert (found.dropped, found.stale, found.drifted) == (True, False, False)


# Fights


def fought() -> Memory:
    memory = Memory()
    memory.note_revert("versioning", NOW)
    memory.note_revert("versioning", NOW)
    return memory


def test_who_was_changed_back_too_often_is_contended() -> None:
    assert signs(before(), memory=fought()).contended


# Rollouts


@pytest.mark.parametrize(
    ("status", "rolled_out"),
    [
        pytest.param(before(defaults=SUSPENDED), True, id="the profile or the release changed this block"),
        pytest.param(before(defaults=TAGGED), False, id="it changed another block"),
        pytest.param(before(), False, id="nothing but the bucket changed"),
        pytest.param(before(generation=2, defaults=SUSPENDED), False, id="the object itself changed"),
        pytest.param(SecureBucketStatus(), False, id="the first pass"),
        pytest.param(SecureBucketStatus(observed_generation=1), False, id="nothing is known of what was in force"),
    ],
)
def test_rolled_out(status: SecureBucketStatus, rolled_out: bool) -> None:
    assert signs(status).rolled_out is rolled_out


def test_a_rollout_does_not_reach_what_is_unmanaged() -> None:
    spec = {"unmanaged": ["versioning"]}
    assert signs(before(defaults=SUSPENDED, spec=spec), spec) == Signs()


@pytest.mark.parametrize(
    ("mode", "rolled_out"),
    [
        pytest.param("Observe", True, id="the profile's buckets were only watched so far"),
        pytest.param("Enforce", False, id="the mode was the same"),
    ],
)
def test_a_profile_that_begins_to_enforce_is_a_rollout(mode: str, rolled_out: bool) -> None:
    """All of its buckets would change at once, though no block of theirs did."""
    assert signs(before("Drifted", mode=mode)).rolled_out is rolled_out
