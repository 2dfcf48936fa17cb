"""From states to changes, from changes to a proposal, and what of it may be done."""

from dataclasses import replace
from typing import Any

import pytest
from tests.controls.builders import context
from tests.engine.builders import Shelf, ShelfControl, change, planned

from securebucket.api.spec import Mode
from securebucket.engine.location import CREATION
from securebucket.engine.outcome import Change, Difference
from securebucket.engine.plan import Permitted, differences, make_plan, permit, propose
from securebucket.engine.settlement import NONE
from securebucket.model.call import Call
from securebucket.model.failure import Failure
from securebucket.model.observation import Unsupported
from securebucket.model.risk import Risk

OWNER = "cluster-1/payments/invoices"


# Differences


@pytest.mark.parametrize(
    ("observed", "desired", "expected"),
    [
        pytest.param(Shelf("a"), Shelf("a"), (), id="none"),
        pytest.param(Shelf("a"), Shelf("b"), (Difference("text", "a", "b"),), id="a field"),
        pytest.param(
            Shelf("a", {"x": 1, "y": 2}),
            Shelf("a", {"x": 1, "y": 3}),
            (Difference("entries[y]", 2, 3),),
            id="the one entry that differs, not the whole document",
        ),
        pytest.param(
            Shelf("a", {"x": 1}),
            Shelf("a", {"y": 2}),
            (Difference("entries[x]", 1, None), Difference("entries[y]", None, 2)),
            id="an entry goes and another comes",
        ),
        pytest.param(
            Shelf("a", {}),
            Shelf("a", {"x": None}),
            (Difference("entries[x]", None, None),),
            id="an empty entry is not an absent one",
        ),
    ],
)
def test_differences(observed: Shelf, desired: Shelf, expected: tuple[Difference, ...]) -> None:
    assert differences(observed, desired) == expected


# The plan

REFUSAL = Failure("MfaDeleteOn", "only the root user can")


def test_the_plan_has_what_differs_in_the_controls_order() -> None:
    controls = [ShelfControl("b"), ShelfControl("a", danger=Risk.LOCKOUT), ShelfControl("c", wanted="bad")]
    found = make_plan(context(observed=dict.fromkeys("abc", Shelf("bad"))), controls)
    assert [(name, each.risk) for name, each in found.changes.items()] == [("b", Risk.NONE), ("a", Risk.LOCKOUT)]
    assert found.changes["b"].calls == (Call("put_shelf", {"Text": "good"}),)


@pytest.mark.parametrize("seen", [Failure("Throttled", "later", retry=True), Unsupported("not here"), None])
def test_nothing_is_planned_over_what_was_not_read(seen: Any) -> None:
    observed = {} if seen is None else {"a": seen}
    assert make_plan(context(observed=observed), [ShelfControl("a")]) == planned()


def test_a_refused_change_has_its_differences_and_no_calls() -> None:
    found = make_plan(context(observed={"a": Shelf("bad")}), [ShelfControl("a", refusal=REFUSAL)])
    assert not found.changes
    assert found.refused["a"].failure == REFUSAL
    assert found.refused["a"].change.differences == (Difference("text", "bad", "good"),)
    assert found.refused["a"].change.calls == ()


@pytest.mark.parametrize(
    ("risk", "left"),
    [
        (Risk.NONE, Risk.NONE),
        (Risk.DATA_LOSS, Risk.NONE),
        (Risk.LOCKOUT, Risk.NONE),
        (Risk.IRREVERSIBLE, Risk.IRREVERSIBLE),
    ],
)
def test_an_empty_bucket_has_nothing_to_lose_and_nobody_to_lock_out(risk: Risk, left: Risk) -> None:
    assert planned(change("a", risk)).on_an_empty_bucket().changes["a"].risk is left


# The proposal


def test_a_proposal_has_one_step_a_difference() -> None:
    found = propose(OWNER, [change("a", Risk.LOCKOUT, Shelf("x", {"k": 1}), Shelf("y"))])
    assert found is not None
    assert [(each.control, each.field, each.observed, each.desired) for each in found.steps] == [
        ("a", "text", "x", "y"),
        ("a", "entries[k]", 1, None),
    ]
    assert {(each.risk, each.call) for each in found.steps} == {(Risk.LOCKOUT, "PutShelf")}


def test_nothing_to_do_is_no_proposal() -> None:
    assert propose(OWNER, []) is None


def test_creating_the_bucket_is_the_first_step() -> None:
    found = propose(OWNER, [change("a")], creation=CREATION)
    assert found is not None
    assert (found.steps[0].control, found.steps[0].call, len(found.steps)) == ("bucket", "CreateBucket", 2)


def hash_of(*changes: Change, owner: str = OWNER, **options: Any) -> str:
    found = propose(owner, changes, **options)
    assert found is not None
    return found.hash


def test_the_hash_names_this_very_plan_across_releases() -> None:
    """An approval given before an upgrade must hold after it."""
    assert hash_of(change("versioning", Risk.DATA_LOSS)) == "85ddaad3a5c66e37"


BASE = change("a", Risk.LOCKOUT)
OTHERS = {
    "another control": hash_of(replace(BASE, control="b")),
    "another risk": hash_of(replace(BASE, risk=Risk.DATA_LOSS)),
    "another call": hash_of(replace(BASE, calls=(Call("delete_shelf"),))),
    "another value now": hash_of(change("a", Risk.LOCKOUT, observed=Shelf("worse"))),
    "another value then": hash_of(change("a", Risk.LOCKOUT, desired=Shelf("better"))),
    "one more change": hash_of(BASE, change("b")),
    "another bucket": hash_of(BASE, owner="cluster-1/payments/other"),
    "a creation": hash_of(BASE, creation=CREATION),
}


@pytest.mark.parametrize("other", OTHERS)
def test_the_hash_approves_nothing_else(other: str) -> None:
    assert OTHERS[other] != hash_of(BASE)


# What may be done

SAFE, RISKY = change("safe"), change("risky", Risk.LOCKOUT)
RISKY_HASH = hash_of(RISKY)
BOTH_HASH = hash_of(SAFE, RISKY)


def permitted(**options: Any) -> Permitted:
    usual = {
        "owner": OWNER,
        "mode": Mode.ENFORCE,
        "approved": "",
        "permitted": NONE,
        "restoring": NONE,
        "unmanaged": NONE,
        "read_only": False,
    }
    return permit(planned(SAFE, RISKY), **{**usual, **options})


@pytest.mark.parametrize(
    ("options", "allowed", "waiting", "only_seen", "proposed"),
    [
        pytest.param({}, "safe", "risky", "", RISKY_HASH, id="Enforce: a risk waits, the rest does not"),
        pytest.param({"approved": RISKY_HASH}, "safe risky", "", "", "", id="approved"),
        pytest.param({"approved": BOTH_HASH}, "safe risky", "", "", "", id="the whole plan was approved"),
        pytest.param({"approved": hash_of(SAFE)}, "safe", "risky", "", RISKY_HASH, id="another plan was approved"),
        pytest.param({"permitted": {Risk.LOCKOUT}}, "safe risky", "", "", "", id="the profile permits the risk"),
        pytest.param(
            {"permitted": {Risk.DATA_LOSS}}, "safe", "risky", "", RISKY_HASH, id="the profile permits another risk"
        ),
        pytest.param({"restoring": {"risky"}}, "safe risky", "", "", "", id="restoring needs no second approval"),
        pytest.param({"unmanaged": {"risky"}}, "safe", "", "risky", "", id="unmanaged is only seen"),
        pytest.param({"mode": Mode.PLAN}, "", "safe risky", "", BOTH_HASH, id="Plan: everything waits"),
        pytest.param({"mode": Mode.PLAN, "approved": BOTH_HASH}, "safe risky", "", "", "", id="Plan, approved"),
        pytest.param(
            {"mode": Mode.PLAN, "permitted": {Risk.LOCKOUT}, "restoring": {"safe", "risky"}},
            "",
            "safe risky",
            "",
            BOTH_HASH,
            id="Plan: neither a permit nor restoring goes round it",
        ),
        pytest.param(
            {"mode": Mode.PLAN, "unmanaged": {"risky"}}, "", "safe", "risky", hash_of(SAFE), id="Plan, unmanaged"
        ),
        pytest.param({"mode": Mode.OBSERVE}, "", "", "safe risky", "", id="Observe: everything is only seen"),
        pytest.param(
            {"mode": Mode.OBSERVE, "approved": BOTH_HASH}, "", "", "safe risky", "", id="Observe takes no approval"
        ),
        pytest.param({"read_only": True}, "", "", "safe risky", BOTH_HASH, id="read only: proposed, never done"),
        pytest.param(
            {"read_only": True, "approved": BOTH_HASH}, "", "", "safe risky", BOTH_HASH, id="read only, though approved"
        ),
    ],
)
def test_permit(options: dict[str, Any], allowed: str, waiting: str, only_seen: str, proposed: str) -> None:
    found = permitted(**options)
    assert [each.control for each in found.allowed] == allowed.split()
    assert [each.control for each in found.waiting] == waiting.split()
    assert [each.control for each in found.only_seen] == only_seen.split()
    assert (found.proposal.hash if found.proposal else "") == proposed


def test_what_the_guard_holds_is_not_allowed() -> None:
    found = permitted().without(frozenset({"safe", "elsewhere"}))
    assert ([each.control for each in found.allowed], found.held) == ([], frozenset({"safe"}))
