"""What becomes of a change: one fate each, in the registry's order."""

import itertools
from dataclasses import replace
from typing import Any

import pytest
from tests.engine.builders import change

from securebucket.api.spec import Mode
from securebucket.engine.decision import RULES, Contents, Situation, decide, names_it, proposal_of
from securebucket.engine.outcome import Change, Decision, Fate
from securebucket.engine.plan import propose
from securebucket.engine.signs import Signs
from securebucket.model.failure import Failure
from securebucket.model.risk import Risk

OWNER = "cluster-1/payments/invoices"
SAFE, RISKY = change("safe"), change("risky", Risk.LOCKOUT)
DENIED = Failure("AccessDenied", "no")


def situation(**options: Any) -> Situation:
    """Give a situation in which nothing stands in the way but what is named."""
    usual: dict[str, Any] = {
        "mode": Mode.ENFORCE,
        "read_only": False,
        "unmanaged": frozenset(),
        "permitted": frozenset(),
        "signs": {"safe": Signs(), "risky": Signs()},
    }
    return Situation(**{**usual, **options})


def signs(**options: bool) -> dict[str, Signs]:
    return {"safe": Signs(**options), "risky": Signs(**options)}


def fates(*changes: Change, **options: Any) -> str:
    """Give the fates of the changes, in their order."""
    return " ".join(each.fate for each in decide(changes or (SAFE, RISKY), situation(**options)))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({}, "made waiting", id="Enforce: a risk waits, the rest does not"),
        pytest.param({"approved": True}, "made made", id="approved"),
        pytest.param({"permitted": {Risk.LOCKOUT}}, "made made", id="the profile permits the risk"),
        pytest.param({"permitted": {Risk.DATA_LOSS}}, "made waiting", id="the profile permits another risk"),
        pytest.param({"signs": signs(restoring=True)}, "made made", id="restoring needs no second approval"),
        pytest.param({"unmanaged": {"risky"}}, "made unmanaged", id="unmanaged"),
        pytest.param({"mode": Mode.PLAN}, "waiting waiting", id="Plan: everything waits"),
        pytest.param({"mode": Mode.PLAN, "approved": True}, "made made", id="Plan, approved"),
        pytest.param(
            {
                "mode": Mode.PLAN,
                "permitted": {Risk.LOCKOUT},
                "signs": signs(restoring=True),
                "contents": Contents.NOTHING,
            },
            "waiting waiting",
            id="Plan: neither a permit nor restoring nor an empty bucket goes round it",
        ),
        pytest.param({"mode": Mode.PLAN, "unmanaged": {"risky"}}, "waiting unmanaged", id="Plan, unmanaged"),
        pytest.param({"mode": Mode.OBSERVE}, "seen seen", id="Observe: everything is only seen"),
        pytest.param({"mode": Mode.OBSERVE, "approved": True}, "seen seen", id="Observe takes no approval"),
        pytest.param({"read_only": True}, "seen seen", id="read only"),
        pytest.param({"read_only": True, "approved": True}, "seen seen", id="read only, though approved"),
        pytest.param({"contents": Contents.NOTHING}, "made made", id="nothing is in the new bucket"),
        pytest.param({"contents": Contents.SOMETHING}, "made waiting", id="something is in it"),
        pytest.param({"contents": DENIED}, "made waiting", id="nobody may look into it"),
        pytest.param({"signs": signs(dropped=True)}, "dropped dropped", id="the server does not keep it"),
        pytest.param({"signs": signs(stale=True)}, "settling settling", id="our own write is on its way"),
        pytest.param({"signs": signs(contended=True)}, "contended contended", id="a fight"),
        pytest.param(
            {"signs": signs(contended=True), "mode": Mode.OBSERVE}, "seen seen", id="who only looks fights nobody"
        ),
        pytest.param({"signs": signs(contended=True), "read_only": True}, "seen seen", id="nor does a paused object"),
        pytest.param({"signs": signs(contended=True, stale=True)}, "contended contended", id="a fight is no late read"),
        pytest.param({"held": True, "signs": signs(rolled_out=True)}, "held waiting", id="the guard holds it"),
        pytest.param({"held": True}, "made waiting", id="the guard holds rollouts and nothing else"),
        pytest.param(
            {"held": True, "approved": True, "signs": signs(rolled_out=True)},
            "made made",
            id="an approval goes before the guard",
        ),
    ],
)
def test_fates(options: dict[str, Any], expected: str) -> None:
    assert fates(**options) == expected


@pytest.mark.parametrize("risk", Risk)
def test_an_empty_bucket_has_nothing_to_lose_and_nobody_to_lock_out(risk: Risk) -> None:
    """What is for good is for good in an empty bucket too."""
    expected = "waiting" if risk is Risk.IRREVERSIBLE else "made"
    assert fates(change("risky", risk), contents=Contents.NOTHING) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "refused"),
        ({"approved": True}, "refused"),
        ({"mode": Mode.OBSERVE}, "refused"),
        ({"signs": signs(contended=True, dropped=True, stale=True)}, "refused"),
        ({"unmanaged": {"safe"}}, "unmanaged"),
    ],
)
def test_what_must_not_be_sent_is_refused_whatever_else_is_true(options: dict[str, Any], expected: str) -> None:
    assert fates(change("safe", refusal=DENIED), **options) == expected


def test_every_change_has_a_fate_and_they_stay_in_order() -> None:
    """In every situation there is: the writes are made in the registry's order."""
    flags = ("drifted", "restoring", "stale", "dropped", "contended", "rolled_out")
    changes = (RISKY, replace(SAFE, refusal=DENIED, control="refused"), SAFE)
    for mode, read_only, approved, held, *values in itertools.product(Mode, *[(False, True)] * (3 + len(flags))):
        found = Signs(**dict(zip(flags, values, strict=True)))
        made = decide(
            changes,
            situation(
                mode=mode,
                read_only=read_only,
                approved=approved,
                held=held,
                signs={"safe": Signs(), "risky": found, "refused": found},
            ),
        )
        assert [each.change for each in made] == list(changes)


def test_the_last_rule_always_speaks_and_no_other_does() -> None:
    assert [rule(SAFE, situation()) for rule in RULES] == [None] * (len(RULES) - 1) + [Fate.MADE]


def test_a_decision_carries_what_was_found() -> None:
    (made,) = decide([SAFE], situation(signs=signs(drifted=True, restoring=True)))
    assert made == Decision(SAFE, Fate.MADE, drifted=True, restoring=True)


# What a person approves


def hash_of(*changes: Change) -> str:
    found = propose(OWNER, changes)
    assert found is not None
    return found.hash


BOTH = hash_of(SAFE, RISKY)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({}, hash_of(RISKY), id="what waits"),
        pytest.param({"mode": Mode.PLAN}, BOTH, id="all of it, in mode Plan"),
        pytest.param({"mode": Mode.OBSERVE}, "", id="Observe asks nobody"),
        pytest.param({"read_only": True}, BOTH, id="who only looks shows all of it"),
        pytest.param({"permitted": {Risk.LOCKOUT}}, "", id="nothing waits"),
    ],
)
def test_the_proposal(options: dict[str, Any], expected: str) -> None:
    made = situation(**options)
    found = proposal_of(decide([SAFE, RISKY], made), OWNER, read_only=made.read_only)
    assert (found.hash if found else "") == expected


@pytest.mark.parametrize(
    ("hash_", "named"),
    [
        pytest.param(hash_of(RISKY), True, id="what waits"),
        pytest.param(BOTH, True, id="the whole plan"),
        pytest.param(hash_of(SAFE), False, id="another plan"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_what_a_hash_approves(hash_: str, *, named: bool) -> None:
    assert names_it(hash_, decide([SAFE, RISKY], situation()), OWNER) is named


def test_where_nothing_waits_nothing_is_approved() -> None:
    assert not names_it(hash_of(SAFE), decide([SAFE], situation()), OWNER)
