"""Where a control stands at the end of a pass."""

from typing import Any

import pytest
from tests.engine.builders import Shelf, ShelfControl, change, planned, progress, settlement

from securebucket.api.status import ControlState
from securebucket.engine.application import Applied
from securebucket.engine.outcome import ControlOutcome
from securebucket.engine.plan import Permitted, Refused, propose
from securebucket.engine.standing import standings
from securebucket.model.failure import Failure
from securebucket.model.observation import Unsupported
from securebucket.model.risk import Risk

BAD, GOOD = Shelf("bad"), Shelf("good")
DUE = change("versioning", Risk.DATA_LOSS)
TWO_DUE = change("versioning", observed=Shelf("bad", {"a": 1}))
MINE = frozenset({"versioning"})
WAITING = Permitted((), (DUE,), (), propose("o", [DUE]))


def standing(seen: Any = BAD, **options: Any) -> ControlOutcome:
    """Say where the one control stands."""
    (found,) = standings(progress({"versioning": seen}, **options), [ShelfControl("versioning")])
    return found


def after(
    failure: Failure | None = None, made: tuple[str, ...] = ("PutShelf",), seen: Any = GOOD
) -> dict[str, Applied]:
    return {"versioning": Applied(DUE, seen, made, failure)}


def refused(reason: str, *, retry: bool = False) -> Any:
    return planned(refused={"versioning": Refused(DUE, Failure(reason, "why", retry))})


CASES = [
    pytest.param({"seen": GOOD}, ControlState.IN_SYNC, "", False, id="as declared"),
    pytest.param(
        {"seen": Failure("AccessDenied", "m", retry=False)}, ControlState.UNKNOWN, "AccessDenied", False, id="denied"
    ),
    pytest.param(
        {"seen": Failure("Throttled", "m", retry=True)}, ControlState.UNKNOWN, "Throttled", True, id="throttled"
    ),
    pytest.param({"seen": Unsupported("m")}, ControlState.UNSUPPORTED, "Unsupported", False, id="unsupported"),
    pytest.param(
        {"seen": Unsupported("m"), "spec": {"versioning": {}}},
        ControlState.UNSUPPORTED,
        "DeclaredButUnsupported",
        False,
        id="unsupported, and somebody asked for it",
    ),
    pytest.param(
        {"seen": Unsupported("m"), "spec": {"versioning": {}, "unmanaged": ["versioning"]}},
        ControlState.UNSUPPORTED,
        "Unsupported",
        False,
        id="unsupported, and unmanaged",
    ),
    pytest.param({"plan": planned(DUE)}, ControlState.DRIFTED, "Differs", False, id="only seen"),
    pytest.param(
        {"plan": planned(DUE), "spec": {"unmanaged": ["versioning"]}},
        ControlState.UNMANAGED,
        "Unmanaged",
        False,
        id="unmanaged, and differs",
    ),
    pytest.param(
        {"seen": GOOD, "spec": {"unmanaged": ["versioning"]}}, ControlState.UNMANAGED, "", False, id="unmanaged"
    ),
    pytest.param({"plan": refused("MfaDeleteOn")}, ControlState.FAILED, "MfaDeleteOn", False, id="refused"),
    pytest.param(
        {"plan": refused("KmsKeyPending", retry=True)}, ControlState.FAILED, "KmsKeyPending", True, id="refused for now"
    ),
    pytest.param(
        {"plan": refused("MfaDeleteOn"), "spec": {"unmanaged": ["versioning"]}},
        ControlState.UNMANAGED,
        "Unmanaged",
        False,
        id="refused, and unmanaged",
    ),
    pytest.param(
        {"plan": planned(DUE), "settled": settlement(stale=MINE)},
        ControlState.PENDING,
        "Settling",
        True,
        id="our own write has not arrived",
    ),
    pytest.param(
        {"plan": planned(DUE), "settled": settlement(dropped=MINE)},
        ControlState.UNSUPPORTED,
        "Unsupported",
        False,
        id="the server does not keep it",
    ),
    pytest.param(
        {"plan": planned(DUE), "settled": settlement(dropped=MINE), "spec": {"versioning": {}}},
        ControlState.UNSUPPORTED,
        "DeclaredButUnsupported",
        False,
        id="the server does not keep what somebody asked for",
    ),
    pytest.param(
        {"plan": planned(DUE), "settled": settlement(contended=MINE)},
        ControlState.DRIFTED,
        "Contended",
        False,
        id="a fight",
    ),
    pytest.param(
        {"plan": planned(DUE), "permitted": Permitted((), (), (), None, held=MINE)},
        ControlState.PENDING,
        "RolloutHeld",
        False,
        id="the guard of the fleet holds it",
    ),
    pytest.param(
        {"plan": planned(DUE), "permitted": WAITING}, ControlState.PENDING, "ApprovalRequired", False, id="it waits"
    ),
    pytest.param({"plan": planned(DUE), "applied": after()}, ControlState.IN_SYNC, "", False, id="done"),
    pytest.param(
        {"plan": planned(DUE), "applied": after(), "settled": settlement(drifted=MINE, restoring=MINE)},
        ControlState.CORRECTED,
        "",
        False,
        id="put back",
    ),
    pytest.param(
        {"plan": planned(DUE), "applied": after(), "settled": settlement(restoring=MINE)},
        ControlState.CORRECTED,
        "",
        False,
        id="put back by a later pass than the one that found it",
    ),
    pytest.param(
        {"plan": planned(DUE), "applied": after(Failure("AccessDenied", "m"), ())},
        ControlState.FAILED,
        "AccessDenied",
        False,
        id="denied when written",
    ),
    *(
        pytest.param(
            {"plan": planned(DUE), "applied": after(Failure(reason, "m", retry=True), ())},
            ControlState.PENDING,
            reason,
            True,
            id=f"no fault: {reason}",
        )
        for reason in ("Settling", "Waiting", "NotLeading")
    ),
    pytest.param(
        {"plan": planned(DUE), "applied": after(Failure("Throttled", "m", retry=True), ())},
        ControlState.FAILED,
        "Throttled",
        True,
        id="throttled when written",
    ),
]


@pytest.mark.parametrize(("options", "state", "reason", "retry"), CASES)
def test_standing(options: dict[str, Any], state: ControlState, reason: str, retry: bool) -> None:
    found = standing(**options)
    assert (found.state, found.reason, found.retry) == (state, reason, retry)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param({"permitted": WAITING}, ("text", "data-loss", WAITING.proposal.hash), id="the hash to approve"),  # type: ignore[union-attr]  # it waits
        pytest.param(
            {"permitted": Permitted((), (), (), None, held=MINE)}, ("text", "approve-rollout"), id="how to allow it"
        ),
        pytest.param({"settled": settlement(contended=MINE)}, ("text", "somebody"), id="that somebody fights"),
        pytest.param({"settled": settlement(dropped=MINE)}, ("text", "does not keep"), id="what is not kept"),
        pytest.param(
            {"spec": {"versioning": {}}, "seen": Unsupported("m.")}, ("m.", "spec.unmanaged"), id="the way out"
        ),
        pytest.param({}, ("text differs",), id="what differs"),
        pytest.param({"plan": planned(TWO_DUE)}, ("text, entries[a] differ",), id="what differs, of several"),
    ],
)
def test_the_message_says_what_differs_and_what_to_do(options: dict[str, Any], said: tuple[str, ...]) -> None:
    message = standing(**{"plan": planned(DUE), **options}).message
    assert [part for part in said if part not in message] == []


def test_a_failure_in_the_middle_tells_the_calls_that_were_made() -> None:
    found = standing(plan=planned(DUE), applied=after(Failure("Throttled", "m", retry=True), ("PutShelf",)))
    assert (found.applied, found.observation) == (("PutShelf",), GOOD)


@pytest.mark.parametrize("applied", [None, after(Failure("Throttled", "m", retry=True), (), BAD)])
def test_drift_is_told_whether_it_was_put_back_or_not(applied: dict[str, Applied] | None) -> None:
    found = standing(plan=planned(DUE), applied=applied, settled=settlement(drifted=MINE, restoring=MINE))
    assert (found.drifted, found.differences) == (True, DUE.differences)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="in sync"),
        pytest.param({"plan": planned(DUE)}, id="differs"),
        pytest.param({"plan": planned(DUE), "applied": after()}, id="written"),
    ],
)
def test_entries_of_others_are_named(options: dict[str, Any]) -> None:
    assert standing(Shelf("good", {"theirs": 1}), **options).kept == ("theirs",)


def test_controls_stand_in_the_registrys_order() -> None:
    made = progress({"b": GOOD, "a": GOOD})
    assert [each.name for each in standings(made, [ShelfControl("b"), ShelfControl("a")])] == ["b", "a"]
