"""Which differences are drift, which are our own write on its way, which are a fight, and which are a rollout."""

from typing import Any

import pytest
from tests.engine.builders import Shelf, at, change, effective, request

from securebucket.api.status import ControlState, ControlStatus, SecureBucketStatus
from securebucket.engine.effective import document_of
from securebucket.engine.memory import Memory, Moment, Pace
from securebucket.engine.outcome import Change
from securebucket.engine.signs import Signs, read_signs
from securebucket.engine.task import Task
from securebucket.model.document import fields_of
from securebucket.model.failure import Failure

START = at()
PACE = Pace(settling=120, fights=2, fight_window=3600)
DIFFERS = change("versioning")
REFUSED = change("versioning", refusal=Failure("MfaDeleteOn", "no"))
SUSPENDED = {"versioning": {"status": "Suspended"}}
TAGGED = {"tags": {"tagSet": {"team": "a"}}}


def before(
    state: str = "InSync",
    *,
    in_force: bool | None = None,
    generation: int = 1,
    spec: dict[str, Any] | None = None,
    defaults: dict[str, Any] | None = None,
    mode: str = "Enforce",
) -> SecureBucketStatus:
    """Give the status that an earlier pass left, with what was in force then."""
    return SecureBucketStatus(
        observed_generation=generation,
        controls=(ControlStatus(name="versioning", state=ControlState(state), in_force=in_force),),
        effective=document_of(effective(spec, {"defaults": defaults or {}, "mode": mode})),
    )


def signs(
    status: SecureBucketStatus,
    spec: dict[str, Any] | None = None,
    *,
    memory: Memory | None = None,
    change: Change = DIFFERS,
    now: Moment = START,
    **options: Any,
) -> Signs:
    """Read the signs of a pass in which versioning differs."""
    asked = request(spec, {}, status=status, **options)
    found = read_signs(Task(asked, effective(spec, {})), [change], memory or Memory(), now, PACE)
    return found["versioning"]


def written_at_once(*, in_vain: int = 0) -> Memory:
    """Remember a write just now from what is seen to what is desired."""
    memory = Memory()
    seen, desired = fields_of(DIFFERS.observed), fields_of(DIFFERS.desired)
    for _ in range(in_vain or 1):
        memory.note_write("versioning", seen, seen if in_vain else desired, desired, START, arrived=not in_vain)
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
        pytest.param(before("Unknown", in_force=True), True, id="it was in sync before it could not be read"),
        pytest.param(before("Failed", in_force=True), False, id="told already, and not put back yet"),
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


def test_drift_that_goes_out_of_sight_is_told_once() -> None:
    """A read that fails between two that show it makes no second drift, and no fight."""
    memory = Memory()
    found = [signs(before(state, in_force=True), memory=memory).drifted for state in ("Unknown", "Unknown", "Failed")]
    assert found == [True, False, False]


def test_a_difference_whose_correction_is_refused_is_drift_too() -> None:
    assert signs(before(), change=REFUSED).drifted


def test_an_unmanaged_control_never_drifts() -> None:
    spec = {"unmanaged": ["versioning"]}
    assert signs(before(spec=spec), spec) == Signs()


def test_no_difference_no_signs() -> None:
    assert read_signs(Task(request(status=before()), effective()), [], Memory(), START, PACE) == {}


# Restoring


@pytest.mark.parametrize("state", ["Drifted", "Pending", "Failed", "Unknown"])
def test_what_was_in_force_is_restored_until_it_is_put_back(state: str) -> None:
    """The status says so, and with it whoever goes on after a restart."""
    assert signs(before(state, in_force=True)).restoring
    assert not signs(before(state)).restoring


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(before("Failed", in_force=True, generation=2), id="the object changed"),
        pytest.param(before("Failed", in_force=True, defaults=SUSPENDED), id="the profile changed"),
    ],
)
def test_restoring_ends(later: SecureBucketStatus) -> None:
    assert not signs(later).restoring


# Our own write


def test_our_own_write_on_its_way_is_stale_and_no_drift() -> None:
    found = signs(before(), memory=written_at_once())
    assert (found.stale, found.drifted) == (True, False)


def test_an_old_value_is_late_once_and_then_drift() -> None:
    """Whoever puts the same old value back again and again must not be taken for S3."""
    memory = written_at_once()
    first, second = signs(before(), memory=memory), signs(before("Pending", in_force=True), memory=memory)
    assert (first.stale, first.drifted, first.restoring) == (True, False, True)
    assert (second.stale, second.drifted, second.restoring) == (False, True, True)


def test_such_a_drift_is_found_once() -> None:
    memory = written_at_once()
    found = [signs(before("Pending", in_force=True), memory=memory).drifted for _ in range(3)]
    assert found == [False, True, False]


def test_an_old_value_of_another_wish_is_no_drift() -> None:
    """Else a new spec would go round its approval, as if it had been in force."""
    memory = written_at_once()
    other = change("versioning", desired=Shelf("elsewhere"))
    found = [signs(before("Pending"), memory=memory, change=other, now=at(seconds)) for seconds in (1, 2, 200)]
    assert [each.drifted for each in found] == [False] * 3
    assert [each.restoring for each in found] == [False] * 3


def test_after_the_time_to_settle_an_old_value_is_drift_at_once() -> None:
    found = signs(before(), memory=written_at_once(), now=at(120))
    assert (found.stale, found.drifted) == (False, True)


def test_what_the_server_does_not_keep_is_dropped_and_no_drift() -> None:
    found = signs(before(), memory=written_at_once(in_vain=2))
    assert (found.dropped, found.stale, found.drifted) == (True, False, False)


# Fights


def fought() -> Memory:
    memory = Memory()
    for _ in range(2):
        memory.note_drift("versioning")
        memory.note_revert("versioning", START, PACE)
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


def of_the_policy(asked_before: list[str]) -> Signs:
    """Read the signs of a pass in which the policy differs, and nobody asks anything of the bucket any more."""
    now = effective(None, {})
    status = SecureBucketStatus(
        observed_generation=1,
        controls=(ControlStatus(name="policy", state=ControlState.IN_SYNC),),
        effective={**document_of(now), **({"demands": asked_before} if asked_before else {})},
    )
    found = read_signs(Task(request(None, {}, status=status), now), [change("policy")], Memory(), START, PACE)
    return found["policy"]


def test_what_other_buckets_ask_is_neither_drift_nor_a_rollout() -> None:
    found = of_the_policy(["logs of acme-orders under 'a/'"])
    assert (found.drifted, found.rolled_out) == (False, False)


def test_a_policy_of_which_nobody_asks_anything_else_has_drifted() -> None:
    assert of_the_policy([]).drifted
