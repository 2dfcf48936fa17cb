"""Laws of states: what is read means one thing, what is desired is a fixed point, and others' entries survive."""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest
from tests.controls.builders import state_of
from tests.laws.register import FOREIGN, SUBJECTS, TRIED
from tests.laws.worlds import (
    AnyControl,
    every_control,
    in_place,
    informed,
    names,
    readings,
    states,
    transitions,
)

from securebucket.model.acl import AclGrant
from securebucket.model.bucket import Origin
from securebucket.model.document import fields_of

LIST_LIKE = [control for control in TRIED if control.name in FOREIGN]
every_list_like_control = pytest.mark.parametrize("control", LIST_LIKE, ids=names)


@every_control
def test_never_configured_is_a_state_of_its_own_and_always_the_same(control: AnyControl) -> None:
    assert state_of(control) is not None
    assert state_of(control) == state_of(control)


@every_control
def test_an_answer_means_the_same_every_time(control: AnyControl) -> None:
    assert list(readings(control)) == list(readings(control))


@every_control
def test_reading_an_answer_leaves_the_answer_alone(control: AnyControl) -> None:
    for response, more in SUBJECTS[control.name].readings:
        before = repr((response, more))
        state_of(control, response, more)
        assert repr((response, more)) == before


@every_control
def test_a_state_is_laid_out_as_plain_json(control: AnyControl) -> None:
    for state in states(control):
        json.dumps(fields_of(state))


@every_control
def test_two_states_differ_exactly_where_their_fields_differ(control: AnyControl) -> None:
    known = list(states(control))
    for one in known:
        for other in known:
            assert (one == other) == (fields_of(one) == fields_of(other))


@every_control
def test_what_is_desired_is_desired_again_once_it_is_there(control: AnyControl) -> None:
    for situation, _, desired in transitions(control):
        again = informed(control, situation, desired)
        assert control.desired(again, desired) == desired


@every_control
def test_deciding_leaves_the_observed_state_alone(control: AnyControl) -> None:
    for situation, observed, desired in transitions(control):
        before = repr(observed)
        control.calls(situation, observed, desired)
        control.risk(situation, observed, desired)
        control.refuse(situation, observed, desired)
        control.kept(situation, observed)
        assert repr(observed) == before


@every_control
def test_what_is_kept_stays_unchanged_in_what_is_desired(control: AnyControl) -> None:
    for situation, observed, desired in transitions(control):
        for name in control.kept(situation, observed):
            before, after = _entries(observed), _entries(desired)
            assert name not in before or after.get(name) == before[name], name


@every_list_like_control
@pytest.mark.parametrize("origin", list(Origin))
def test_entries_of_others_are_kept_and_named_where_that_is_the_rule(control: AnyControl, origin: Origin) -> None:
    keeps = origin is Origin.ADOPTED or FOREIGN[control.name].stays
    for foreign, expected in ((None, keeps), ("Keep", True), ("Remove", False)):
        needs = FOREIGN[control.name].needs
        spec = {control.name: {**needs, "foreign": foreign}} if foreign else {control.name: needs}
        situation = in_place(spec, origin)
        never = state_of(control)
        ours = set(_entries(control.desired(informed(control, situation, never), never)))
        for state in _with_lists(control):
            placed = informed(control, situation, state)
            desired, kept = control.desired(placed, state), control.kept(placed, state)
            theirs = {name for name in _entries(state) if not name.startswith("aws:")}
            assert theirs, "the sample answers need entries of others"
            left = theirs if expected else set()
            assert {name for name in kept if not name.startswith("aws:")} == left
            assert {name for name in _entries(desired) if not name.startswith("aws:")} == ours | left
            assert ours or not expected or desired == state


def _with_lists(control: AnyControl) -> list[Any]:
    """Give the states of the sample answers that have the document with the entries; a second one may not be read."""
    found = list(readings(control))[1:]
    second = FOREIGN[control.name].document is not None
    answers = SUBJECTS[control.name].readings
    return [state for state, (_, more) in zip(found, answers, strict=True) if more is not None or not second]


def _entries(state: Any) -> dict[str, Any]:
    """Give the keyed entries of a list-like document, grants by what messages call them."""
    values = [getattr(state, each.name) for each in fields(state)]
    keyed = {name: entry for value in values if isinstance(value, Mapping) for name, entry in value.items()}
    return keyed | {
        str(grant): grant
        for value in values
        if isinstance(value, frozenset)
        for grant in value
        if isinstance(grant, AclGrant)
    }
