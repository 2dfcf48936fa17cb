"""What is not understood in an answer, found again in a state and in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from securebucket.model.understanding import (
    NOT_UNDERSTOOD,
    aside,
    beyond,
    doubt,
    laid_over,
    not_understood,
    refusal,
    unreadable,
)

RULE = {"ID": "a", "Filter": {NOT_UNDERSTOOD: ["Not"]}, "Tags": [{"Key": "k"}, {NOT_UNDERSTOOD: ["@x"]}]}
NAMES = ["Filter.Not", "Tags[1].@x"]


@dataclass(frozen=True)
class State:
    role: str = "r"
    rules: Mapping[str, Any] = field(default_factory=dict)


def test_an_entry_has_all_that_is_not_understood_in_it_at_its_top() -> None:
    assert aside(dict, RULE) == {"ID": "a", "Filter": {}, "Tags": [{"Key": "k"}, {}], NOT_UNDERSTOOD: NAMES}
    assert aside(dict, {"ID": "b"}) == {"ID": "b"}


def test_a_list_of_entries_stands_apart_from_the_rest_of_the_document() -> None:
    answer = {"Configuration": {"Rules": [RULE], "Role": "r", NOT_UNDERSTOOD: ["New"]}}
    assert beyond(answer, ("Configuration.Rules",)) == ("Configuration.New",)
    assert beyond(answer, ()) == (
        "Configuration.New",
        "Configuration.Rules[0].Filter.Not",
        "Configuration.Rules[0].Tags[1].@x",
    )
    assert beyond({"Rules": []}, ()) == ()


def test_a_state_names_the_entry_and_a_change_that_keeps_it_is_refused() -> None:
    state = State(rules={"archive": aside(dict, RULE), "other": {"Status": "Enabled"}})
    assert not_understood(state) == ("rules[archive].Filter.Not", "rules[archive].Tags[1].@x")
    failure = refusal("replication", state)
    assert failure is not None
    assert failure.reason == "NotUnderstood"
    assert failure.message == (
        "S3 has rules[archive].Filter.Not, rules[archive].Tags[1].@x, which this release does not know and would drop"
        " with any change of replication. Install a newer release of the operator, remove the entry, or name"
        " replication in spec.unmanaged."
    )
    assert refusal("replication", State(rules={"other": {"Status": "Enabled"}})) is None


def test_a_declared_entry_keeps_what_is_not_understood_in_the_one_that_is_there() -> None:
    """Else a member that S3 adds to each entry would be put away again in every pass."""
    observed = {"a": {NOT_UNDERSTOOD: ["New"], "Status": "Disabled"}, "b": {}}
    assert laid_over(observed, {"a": {"Status": "Enabled"}, "b": {"X": 1}, "c": {"Y": 1}}) == {
        "a": {"Status": "Enabled", NOT_UNDERSTOOD: ["New"]},
        "b": {"X": 1},
        "c": {"Y": 1},
    }


def test_what_is_not_understood_is_doubted_and_shown_so_that_no_terminal_obeys_it() -> None:
    assert doubt(State()) == ""
    many = State(rules={"a": {NOT_UNDERSTOOD: ["A", "B", "C", "D", "E"]}})
    assert doubt(many) == (
        "this release does not know rules[a].A, rules[a].B, rules[a].C and 2 more, which S3 has; install a newer one"
    )
    assert "\u202e" not in unreadable("GetBucketTagging", ("\u202ex",)).message
