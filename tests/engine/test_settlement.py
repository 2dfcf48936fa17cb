"""Which differences are drift, which are our own write on its way, which are a fight, and which are a rollout."""

from typing import Any

import pytest
from tests.engine.builders import NOW, change, effective, planned, request, settlement

from securebucket.api.status import ControlState, ControlStatus, SecureBucketStatus
from securebucket.engine.effective import document_of
from securebucket.engine.memory import Memory, Pace
from securebucket.engine.plan import Refused
from securebucket.engine.settlement import NONE, Settlement, settle
from securebucket.model.document import fields_of
from securebucket.model.failure import Failure

PACE = Pace(settling=120, fights=2, fight_window=3600)
DIFFERS = change("versioning")
MINE = frozenset({"versioning"})
REFUSED = Refused(DIFFERS, Failure("MfaDeleteOn", "no"))
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


def settled(
    status: SecureBucketStatus,
    spec: dict[str, Any] | None = None,
    *,
    memory: Memory | None = None,
    plan: Any = None,
    **options: Any,
) -> Settlement:
    """Settle a pass in which versioning differs."""
    asked = request(spec, {}, status=status, **options)
    plan = planned(DIFFERS) if plan is None else plan
    return settle(asked, effective(spec, {}), plan, memory or Memory(), PACE)


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
    assert settled(status).drifted == (frozenset({"versioning"}) if drifted else frozenset())


def test_a_difference_whose_correction_is_refused_is_drift_too() -> None:
    assert settled(before(), plan=planned(refused={"versioning": REFUSED})).drifted == {"versioning"}


def test_an_unmanaged_control_never_drifts() -> None:
    spec = {"unmanaged": ["versioning"]}
    assert settled(before(spec=spec), spec).drifted == frozenset()


def test_no_difference_no_drift() -> None:
    assert settled(before(), plan=planned()) == settlement()


# Restoring


def test_what_drifted_is_restored_until_it_is_put_back() -> None:
    memory = Memory()
    settled(before("InSync"), memory=memory)
    assert settled(before("Failed"), memory=memory).restoring == {"versioning"}


@pytest.mark.parametrize(
    ("later", "plan"),
    [
        pytest.param(before("Failed"), planned(), id="it is as it should be again"),
        pytest.param(before("Failed", generation=2), planned(DIFFERS), id="the object changed"),
        pytest.param(before("Failed", defaults=SUSPENDED), planned(DIFFERS), id="the profile changed"),
    ],
)
def test_restoring_ends(later: SecureBucketStatus, plan: Any) -> None:
    memory = Memory(restoring={"versioning"})
    assert settled(later, memory=memory, plan=plan).restoring == frozenset()
    assert not memory.restoring


# Our own write


def test_our_own_write_on_its_way_is_stale_and_no_drift() -> None:
    found = settled(before(), memory=written_at_once())
    assert (found.stale, found.drifted) == (MINE, NONE)


def test_what_the_server_does_not_keep_is_dropped_and_no_drift() -> None:
    found = settled(before(), memory=written_at_once(in_vain=2))
    assert (found.dropped, found.stale, found.drifted) == (MINE, NONE, NONE)


# Fights


def fought() -> Memory:
    memory = Memory()
    memory.note_revert("versioning", NOW)
    memory.note_revert("versioning", NOW)
    return memory


@pytest.mark.parametrize(
    ("options", "spec", "contended"),
    [
        pytest.param({}, {}, True, id="Enforce"),
        pytest.param({}, {"mode": "Observe"}, False, id="Observe fights nobody"),
        pytest.param({"read_only": True}, {}, False, id="nor does a paused object"),
    ],
)
def test_contended(options: dict[str, Any], spec: dict[str, Any], contended: bool) -> None:
    assert bool(settled(before(), spec, memory=fought(), **options).contended) is contended


@pytest.mark.parametrize("kind", ["stale", "dropped", "contended"])
def test_what_is_left_alone_is_not_due(kind: str) -> None:
    plan = planned(DIFFERS, change("tags"), refused={"policy": REFUSED})
    due = settlement(**{kind: frozenset({"versioning"})}).due(plan)
    assert (list(due.changes), list(due.refused)) == (["tags"], ["policy"])


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
    assert settled(status).rolled_out == (frozenset({"versioning"}) if rolled_out else frozenset())


def test_a_rollout_does_not_reach_what_is_unmanaged() -> None:
    spec = {"unmanaged": ["versioning"]}
    assert settled(before(defaults=SUSPENDED, spec=spec), spec).rolled_out == frozenset()


@pytest.mark.parametrize(
    ("mode", "rolled_out"),
    [
        pytest.param("Observe", True, id="the profile's buckets were only watched so far"),
        pytest.param("Enforce", False, id="the mode was the same"),
    ],
)
def test_a_profile_that_begins_to_enforce_is_a_rollout(mode: str, rolled_out: bool) -> None:
    """All of its buckets would change at once, though no block of theirs did."""
    assert bool(settled(before("Drifted", mode=mode)).rolled_out) is rolled_out
