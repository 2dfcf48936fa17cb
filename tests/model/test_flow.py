"""Conversations with AWS: how they end, and how many share their turns."""

from securebucket.model.failure import Failure
from securebucket.model.flow import Answer, Flow, NeverConfigured, Read, Reading, drive, drive_in_turns, recorded

DENIED = Failure("AccessDenied", "it was denied.")


def count(*items: str, optional: bool = False) -> Flow[list[object]]:
    """Read an item after the other, and give the answers."""
    seen: list[object] = []
    for item in items:
        answer = yield Read("get_item", service="s", item=item, optional=optional)
        seen.append(answer)
    return seen


def test_a_flow_ends_with_its_state_and_with_what_it_is_made_from() -> None:
    answers: dict[str, Answer] = {"s:GetItem/a": {"A": 1}, "s:GetItem/b": NeverConfigured()}
    assert drive(count("a", "b"), recorded(answers)) == Reading([{"A": 1}, None], answers)


def test_a_flow_without_an_answer_ends_with_the_reason_and_asks_no_more() -> None:
    answers: dict[str, Answer] = {"s:GetItem/a": DENIED, "s:GetItem/b": {}}
    assert drive(count("a", "b"), recorded(answers)) == Reading(DENIED, {"s:GetItem/a": DENIED})


def test_a_flow_that_can_do_without_gets_the_reason() -> None:
    assert drive(count("a", optional=True), recorded({"s:GetItem/a": DENIED})).observation == [DENIED]


def test_what_was_not_recorded_is_unknown() -> None:
    assert drive(count("a"), recorded({})).observation == Failure("NotRead", "s:GetItem/a was not asked.")


def test_flows_take_turns_and_none_holds_the_others_up() -> None:
    asked: list[str] = []

    def ask(read: Read) -> Answer:
        asked.append(read.item)
        return DENIED if read.item == "x" else {}

    readings = drive_in_turns({"long": count("1", "2", "3"), "none": count(), "short": count("a", "b")}, ask)
    assert asked == ["1", "a", "2", "b", "3"]
    assert list(readings) == ["long", "none", "short"]
    assert readings["none"] == Reading([], {})
    refused = drive_in_turns({"refused": count("x", "y"), "other": count("a")}, ask)
    assert (refused["refused"].observation, refused["other"].observation) == (DENIED, [{}])
