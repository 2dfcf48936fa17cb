"""From states to changes, from changes to a proposal, and what of it may be done."""

from dataclasses import replace
from typing import Any

import pytest
from tests.controls.builders import context
from tests.engine.builders import Shelf, ShelfControl, change

from securebucket.engine.creation import CREATION
from securebucket.engine.outcome import Change, Difference
from securebucket.engine.plan import differences, make_plan, propose
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
    assert [(each.control, each.risk) for each in found] == [("b", Risk.NONE), ("a", Risk.LOCKOUT)]
    assert found[0].calls == (Call("put_shelf", {"Text": "good"}),)


@pytest.mark.parametrize("seen", [Failure("Throttled", "later", retry=True), Unsupported("not here"), None])
def test_nothing_is_planned_over_what_was_not_read(seen: Any) -> None:
    observed = {} if seen is None else {"a": seen}
    assert make_plan(context(observed=observed), [ShelfControl("a")]) == ()


def test_a_refused_change_has_its_differences_and_no_calls() -> None:
    (found,) = make_plan(context(observed={"a": Shelf("bad")}), [ShelfControl("a", refusal=REFUSAL)])
    assert found.refusal == REFUSAL
    assert found.differences == (Difference("text", "bad", "good"),)
    assert found.calls == ()


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
