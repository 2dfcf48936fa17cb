"""Whose turn it is to be read, and how long an earlier reading holds."""

from collections.abc import Iterable, Mapping

import pytest

from securebucket.controls import CONTROLS
from securebucket.engine.turns import LastReading, due, outlasts, shared
from securebucket.model.failure import Failure
from securebucket.model.flow import NeverConfigured, Reading

HOUR, DAY = 3600.0, 86400.0
IN_TURN = tuple(control.name for control in CONTROLS if control.read_in_turn)
NOW = 10 * DAY
FINE = Reading(observation="fine", answers={})
LATE = Reading(Failure("Throttled", "later.", retry=True), {})
DENIED = Reading(Failure("AccessDenied", "no."), {})


def ages(hours: Iterable[float]) -> Mapping[str, LastReading]:
    return {name: LastReading(FINE, NOW - age * HOUR) for name, age in zip(IN_TURN, hours, strict=True)}


def due_now(last: Mapping[str, LastReading], interval: float = HOUR) -> frozenset[str]:
    return due(CONTROLS, last, now=NOW, interval=interval, within=DAY)


def test_what_was_never_read_is_due() -> None:
    assert due_now({}) == set(IN_TURN)


def test_what_was_read_a_moment_ago_is_not() -> None:
    assert due_now(ages([0.0] * len(IN_TURN))) == frozenset()


def test_only_documents_that_take_turns_are_named() -> None:
    assert 0 < len(IN_TURN) < len(CONTROLS)
    assert due_now({}) < {control.name for control in CONTROLS}


def test_one_a_pass_is_read_and_all_of_them_in_time() -> None:
    """All were read in the first pass; with an interval of an hour nothing ever gets older than a day."""
    read = dict.fromkeys(IN_TURN, 0.0)
    most_at_once, oldest = 0, 0.0
    for hour in range(1, 24 * 7):
        last = {name: LastReading(FINE, at) for name, at in read.items()}
        named = due(CONTROLS, last, now=hour * HOUR, interval=HOUR, within=DAY)
        read |= dict.fromkeys(named, hour * HOUR)
        most_at_once = max(most_at_once, len(named))
        oldest = max(oldest, *(hour * HOUR - at for at in read.values()))
    assert (most_at_once, oldest <= DAY) == (1, True)


@pytest.mark.parametrize("interval", [DAY, 3 * DAY])
def test_with_passes_as_seldom_as_that_everything_is_read_in_each(interval: float) -> None:
    assert due_now(ages([interval / HOUR] * len(IN_TURN)), interval) == set(IN_TURN)


@pytest.mark.parametrize(
    ("reading", "age", "holds"),
    [
        (LATE, DAY, True),
        (LATE, 2 * DAY, True),
        (LATE, 2 * DAY + 1, False),
        (DENIED, HOUR, False),
        (FINE, HOUR, False),
    ],
)
def test_a_reading_outlasts_what_time_may_mend_but_not_for_ever(reading: Reading[str], age: float, holds: bool) -> None:
    assert outlasts(reading, LastReading(FINE, NOW - age), now=NOW, within=DAY) is holds


def test_without_a_reading_before_nothing_outlasts() -> None:
    assert not outlasts(LATE, None, now=NOW, within=DAY)


def test_readings_that_say_the_same_are_one() -> None:
    def never() -> Reading[str]:
        return Reading(observation="none", answers={"GetBucketX": NeverConfigured()})

    assert shared("a", never()) is shared("a", never())
    assert shared("a", never()) is not shared("b", never())


def test_what_could_not_be_read_is_not_shared() -> None:
    assert shared("a", DENIED) is DENIED
