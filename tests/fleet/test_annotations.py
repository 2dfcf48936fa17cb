import datetime as dt

import pytest

from securebucket.fleet.annotations import (
    ABANDON,
    APPROVE,
    APPROVE_ROLLOUT,
    PAUSED,
    RECONCILE_AT,
    Annotations,
    read_annotations,
)

NOW = dt.datetime(2026, 6, 1, 12, 0, tzinfo=dt.UTC)


def test_the_names_are_those_that_people_write():
    """Objects and scripts have them: under another name what they ask for would be heard no more."""
    assert RECONCILE_AT == "securebucket.io/reconcile-at"
    assert PAUSED == "securebucket.io/paused"
    assert APPROVE == "securebucket.io/approve"
    assert ABANDON == "securebucket.io/abandon"
    assert APPROVE_ROLLOUT == "securebucket.io/approve-rollout"


@pytest.mark.parametrize(
    ("written", "paused", "left"),
    [
        ("", False, 0),
        ("false", False, 0),
        ("true", True, 0),
        (" True ", True, 0),
        ("2026-06-01T12:01:00Z", True, 60),
        ("2026-06-01T14:01:00+02:00", True, 60),
        ("2026-06-01T12:00:00Z", False, 0),
        ("2026-06-01T11:59:59Z", False, 0),
    ],
)
def test_a_pause_is_true_or_lasts_until_its_end(written, paused, left):
    pause = Annotations(paused=written).pause(NOW)
    assert (pause.paused, pause.left, pause.problem) == (paused, left, "")


@pytest.mark.parametrize("written", ["yes", "tomorrow", "2026-06-01T12:01:00", "2020-01-01"])
def test_an_unreadable_pause_pauses_and_says_what_to_write(written):
    pause = Annotations(paused=written).pause(NOW)
    assert pause.paused
    assert written in pause.problem
    assert "2030-01-31T18:00:00Z" in pause.problem


@pytest.mark.parametrize(("written", "abandoned"), [("", False), ("false", False), ("yes", False), ("true", True)])
def test_only_true_abandons(written, abandoned):
    assert Annotations(abandon=written).abandoned is abandoned


def test_ours_are_taken_out_of_all():
    written = {RECONCILE_AT: "1", PAUSED: "true", APPROVE: "hash", ABANDON: "true", "other": "x"}
    assert read_annotations(written) == Annotations("1", "true", "hash", "true")


def test_half_a_character_is_told_as_everywhere():
    written = {PAUSED: "\ud83d\ude00 \ud800", APPROVE: 7}
    assert read_annotations(written) == Annotations(paused="\U0001f600 \ufffd", approve="7")
