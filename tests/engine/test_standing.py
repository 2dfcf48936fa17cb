"""Where a control stands at the end of a pass."""

from dataclasses import replace
from typing import Any

import pytest
from tests.engine.builders import Shelf, ShelfControl, change, decided, progress

from securebucket.api.status import ControlState
from securebucket.engine.application import Applied
from securebucket.engine.outcome import ControlOutcome, Decision, Fate
from securebucket.engine.plan import propose
from securebucket.engine.standing import standings
from securebucket.model.failure import Failure
from securebucket.model.observation import Unsupported
from securebucket.model.risk import Risk

BAD, GOOD = Shelf("bad"), Shelf("good")
DUE = change("versioning", Risk.DATA_LOSS)
TWO_DUE = change("versioning", observed=Shelf("bad", {"a": 1}))
SEEN, SETTLING, DROPPED, FOUGHT, HELD, WAITS, LEFT, DONE = (
    decided(DUE, fate) for fate in ("seen", "settling", "dropped", "contended", "held", "waiting", "unmanaged", "made")
)
PROPOSAL = propose("o", [DUE])
assert PROPOSAL is not None


def standing(*decisions: Decision, seen: Any = BAD, **options: Any) -> ControlOutcome:
    """Say where the one control stands."""
    (found,) = standings(progress({"versioning": seen}, *decisions, **options), [ShelfControl("versioning")])
    return found


def after(
    failure: Failure | None = None, made: tuple[str, ...] = ("PutShelf",), seen: Any = GOOD
) -> dict[str, Applied]:
    return {"versioning": Applied(DUE, seen, made, failure)}


def refused(reason: str, *, retry: bool = False) -> Decision:
    return decided(change("versioning", Risk.DATA_LOSS, refusal=Failure(reason, "why", retry)), "refused")


CASES = [
    pytest.param((), {"seen": GOOD}, ControlState.IN_SYNC, "", False, id="as declared"),
    pytest.param((), {"seen": Failure("AccessDenied", "m")}, ControlState.UNKNOWN, "AccessDenied", False, id="denied"),
    pytest.param(
        (), {"seen": Failure("Throttled", "m", retry=True)}, ControlState.UNKNOWN, "Throttled", True, id="throttled"
    ),
    pytest.param((), {"seen": Unsupported("m")}, ControlState.UNSUPPORTED, "Unsupported", False, id="unsupported"),
    pytest.param(
        (),
        {"seen": Unsupported("m"), "spec": {"versioning": {}}},
        ControlState.UNSUPPORTED,
        "DeclaredButUnsupported",
        False,
        id="unsupported, and somebody asked for it",
    ),
    pytest.param(
        (),
        {"seen": Unsupported("m"), "spec": {"versioning": {}, "unmanaged": ["versioning"]}},
        ControlState.UNSUPPORTED,
        "Unsupported",
        False,
        id="unsupported, and unmanaged",
    ),
    pytest.param((SEEN,), {}, ControlState.DRIFTED, "Differs", False, id="only seen"),
    pytest.param((LEFT,), {}, ControlState.UNMANAGED, "Unmanaged", False, id="unmanaged, and differs"),
    pytest.param(
        (), {"seen": GOOD, "spec": {"unmanaged": ["versioning"]}}, ControlState.UNMANAGED, "", False, id="unmanaged"
    ),
    pytest.param((refused("MfaDeleteOn"),), {}, ControlState.FAILED, "MfaDeleteOn", False, id="refused"),
    pytest.param(
        (refused("KmsKeyPending", retry=True),), {}, ControlState.FAILED, "KmsKeyPending", True, id="refused for now"
    ),
    pytest.param((SETTLING,), {}, ControlState.PENDING, "Settling", True, id="our own write has not arrived"),
    pytest.param((DROPPED,), {}, ControlState.UNSUPPORTED, "Unsupported", False, id="the server does not keep it"),
    pytest.param(
        (DROPPED,),
        {"spec": {"versioning": {}}},
        ControlState.UNSUPPORTED,
        "DeclaredButUnsupported",
        False,
        id="the server does not keep what somebody asked for",
    ),
    pytest.param((FOUGHT,), {}, ControlState.DRIFTED, "Contended", False, id="a fight"),
    pytest.param((HELD,), {}, ControlState.PENDING, "RolloutHeld", False, id="the guard of the fleet holds it"),
    pytest.param((WAITS,), {"proposal": PROPOSAL}, ControlState.PENDING, "ApprovalRequired", False, id="it waits"),
    pytest.param((DONE,), {"applied": after()}, ControlState.IN_SYNC, "", False, id="done"),
    pytest.param(
        (replace(DONE, drifted=True, restoring=True),),
        {"applied": after()},
        ControlState.CORRECTED,
        "",
        False,
        id="put back",
    ),
    pytest.param(
        (replace(DONE, restoring=True),),
        {"applied": after()},
        ControlState.CORRECTED,
        "",
        False,
        id="put back by a later pass than the one that found it",
    ),
    pytest.param(
        (DONE,),
        {"applied": after(Failure("AccessDenied", "m"), ())},
        ControlState.FAILED,
        "AccessDenied",
        False,
        id="denied when written",
    ),
    *(
        pytest.param(
            (DONE,),
            {"applied": after(Failure(reason, "m", retry=True), ())},
            ControlState.PENDING,
            reason,
            True,
            id=f"no fault: {reason}",
        )
        for reason in ("Settling", "Waiting", "NotLeading")
    ),
    pytest.param(
        (DONE,),
        {"applied": after(Failure("Throttled", "m", retry=True), ())},
        ControlState.FAILED,
        "Throttled",
        True,
        id="throttled when written",
    ),
]


@pytest.mark.parametrize(("decisions", "options", "state", "reason", "retry"), CASES)
def test_standing(
    decisions: tuple[Decision, ...], options: dict[str, Any], state: ControlState, reason: str, retry: bool
) -> None:
    found = standing(*decisions, **options)
    assert (found.state, found.reason, found.retry) == (state, reason, retry)


@pytest.mark.parametrize("fate", [each for each in Fate if each is not Fate.MADE])
def test_whatever_is_not_made_says_why(fate: Fate) -> None:
    found = standing(replace(refused("MfaDeleteOn"), fate=fate), proposal=PROPOSAL)
    assert (found.fate, found.applied, bool(found.reason), bool(found.message)) == (fate, (), True, True)


@pytest.mark.parametrize(
    ("decision", "options", "said"),
    [
        pytest.param(WAITS, {"proposal": PROPOSAL}, ("text", "data-loss", PROPOSAL.hash), id="the hash to approve"),
        pytest.param(HELD, {}, ("text", "approve-rollout"), id="how to allow it"),
        pytest.param(FOUGHT, {}, ("text", "Find out who"), id="that somebody fights"),
        pytest.param(DROPPED, {}, ("text", "does not keep"), id="what is not kept"),
        pytest.param(
            SEEN, {"spec": {"versioning": {}}, "seen": Unsupported("m.")}, ("m.", "spec.unmanaged"), id="the way out"
        ),
        pytest.param(SEEN, {}, ("text differs",), id="what differs"),
        pytest.param(decided(TWO_DUE, "seen"), {}, ("text, entries[a] differ",), id="what differs, of several"),
    ],
)
def test_the_message_says_what_differs_and_what_to_do(
    decision: Decision, options: dict[str, Any], said: tuple[str, ...]
) -> None:
    message = standing(decision, **options).message
    assert [part for part in said if part not in message] == []


def test_a_failure_in_the_middle_tells_the_calls_that_were_made() -> None:
    found = standing(DONE, applied=after(Failure("Throttled", "m", retry=True), ("PutShelf",)))
    assert (found.applied, found.observation) == (("PutShelf",), GOOD)


@pytest.mark.parametrize(
    ("decision", "applied"), [(SEEN, {}), (DONE, after(Failure("Throttled", "m", retry=True), (), BAD))]
)
def test_drift_is_told_whether_it_was_put_back_or_not(decision: Decision, applied: dict[str, Applied]) -> None:
    found = standing(replace(decision, drifted=True, restoring=True), applied=applied)
    assert (found.drifted, found.differences) == (True, DUE.differences)


@pytest.mark.parametrize(
    ("decisions", "options"),
    [
        pytest.param((), {}, id="in sync"),
        pytest.param((SEEN,), {}, id="differs"),
        pytest.param((DONE,), {"applied": after(seen=Shelf("good", {"theirs": 1}))}, id="written"),
    ],
)
def test_entries_of_others_are_named(decisions: tuple[Decision, ...], options: dict[str, Any]) -> None:
    assert standing(*decisions, seen=Shelf("good", {"theirs": 1}), **options).kept == ("theirs",)


def test_controls_stand_in_the_registrys_order() -> None:
    made = progress({"b": GOOD, "a": GOOD})
    assert [each.name for each in standings(made, [ShelfControl("b"), ShelfControl("a")])] == ["b", "a"]
