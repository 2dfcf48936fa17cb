"""What is remembered of a bucket between passes: writes that settle or are dropped, and fights."""

import datetime as dt
from dataclasses import replace

import pytest
from tests.engine.builders import at

from securebucket.engine.memory import Fields, Memory, Pace, digest_of

PACE = Pace(settling=120, fights=3, fight_window=3600)
OLD: Fields = {"status": "Suspended"}
NEW: Fields = {"status": "Enabled"}
OTHER: Fields = {"status": ""}


def wrote(after: Fields, times: int = 1) -> Memory:
    """Remember writes from OLD to NEW after which `after` was read."""
    memory = Memory()
    for _ in range(times):
        memory.note_write("versioning", OLD, after, NEW, at(), arrived=after == NEW)
    return memory


# Settling


@pytest.mark.parametrize(
    ("seen", "seconds", "stale"),
    [
        pytest.param(OLD, 1, True, id="the state before our write"),
        pytest.param(OLD, 119, True, id="still within the time"),
        pytest.param(OLD, 120, False, id="after it, it is somebody's change"),
        pytest.param(OTHER, 1, False, id="a third state is somebody's change at once"),
    ],
)
def test_a_read_of_the_state_before_our_write_is_stale_for_a_while(seen: Fields, seconds: float, stale: bool) -> None:
    assert wrote(after=NEW).is_stale("versioning", seen, NEW, at(seconds), PACE) is stale


def test_what_was_never_written_is_not_stale() -> None:
    assert not Memory().is_stale("versioning", OLD, NEW, at(), PACE)


def test_a_write_of_one_control_does_not_excuse_another() -> None:
    assert not wrote(after=NEW).is_stale("tags", OLD, NEW, at(1), PACE)


def test_what_was_read_right_after_a_write_in_vain_is_stale_too() -> None:
    assert wrote(after=OTHER).is_stale("versioning", OTHER, NEW, at(1), PACE)


@pytest.mark.parametrize("hours", [-2, 400])
@pytest.mark.parametrize(("seconds", "stale"), [(119, True), (120, False)])
def test_a_wall_clock_that_is_set_changes_nothing(hours: int, seconds: float, *, stale: bool) -> None:
    now = replace(at(seconds), wall=at().wall + dt.timedelta(hours=hours))
    assert wrote(after=NEW).is_stale("versioning", OLD, NEW, now, PACE) is stale


def excused(memory: Memory) -> Memory:
    memory.excuse("versioning")
    return memory


def test_after_it_was_read_as_written_the_old_state_is_excused_once() -> None:
    assert not excused(wrote(after=NEW)).is_stale("versioning", OLD, NEW, at(1), PACE)


def test_until_it_was_read_as_written_the_old_state_is_excused_each_time() -> None:
    memory = excused(excused(wrote(after=OLD)))
    assert memory.is_stale("versioning", OLD, NEW, at(1), PACE)
    memory.note_in_sync(["versioning"])
    assert memory.is_stale("versioning", OLD, NEW, at(2), PACE)
    assert not excused(memory).is_stale("versioning", OLD, NEW, at(3), PACE)


@pytest.mark.parametrize(
    ("memory", "desired", "arrived"),
    [
        pytest.param(wrote(after=NEW), NEW, True, id="it was read as written"),
        pytest.param(wrote(after=NEW), OTHER, False, id="something else was written"),
        pytest.param(wrote(after=OLD), NEW, False, id="it was not read as written"),
        pytest.param(Memory(), NEW, False, id="nothing was written"),
    ],
)
def test_arrived(memory: Memory, desired: Fields, *, arrived: bool) -> None:
    assert memory.has_arrived("versioning", desired) is arrived


def test_what_arrives_in_a_later_pass_has_arrived() -> None:
    memory = wrote(after=OLD)
    memory.note_in_sync(["tags"])
    assert not memory.has_arrived("versioning", NEW)
    memory.note_in_sync(["versioning", "tags"])
    assert memory.has_arrived("versioning", NEW)


def test_a_write_that_somebody_changed_excuses_nothing() -> None:
    memory = wrote(after=NEW)
    memory.overrule("versioning")
    memory.overrule("tags")
    assert not memory.has_arrived("versioning", NEW)
    assert not memory.is_stale("versioning", OLD, NEW, at(1), PACE)


# Another bucket


def wrote_two(after: Fields = NEW) -> Memory:
    memory = wrote(after=NEW)
    memory.note_write("encryption", OLD, after, NEW, at(), arrived=after == NEW)
    return memory


@pytest.mark.parametrize(
    ("memory", "seen", "another"),
    [
        pytest.param(wrote_two(), {"versioning": OLD, "encryption": OLD}, True, id="all is as before"),
        pytest.param(wrote_two(), {"versioning": OLD}, False, id="one arrived"),
        pytest.param(wrote_two(), {"versioning": OLD, "encryption": OTHER}, False, id="one was changed"),
        pytest.param(wrote_two(after=OTHER), {"versioning": OLD, "encryption": OLD}, False, id="one never arrived"),
        pytest.param(wrote(after=NEW), {"versioning": OLD}, False, id="one write is no proof"),
        pytest.param(Memory(), {}, False, id="nothing was written"),
    ],
)
def test_a_bucket_on_which_all_is_as_it_was_before_is_another_one(
    memory: Memory, seen: dict[str, Fields], another: bool
) -> None:
    assert memory.shows_another_bucket(seen) is another


def test_the_writes_to_a_lost_bucket_excuse_nothing() -> None:
    memory = wrote_two()
    memory.lose_bucket()
    assert not memory.is_stale("versioning", OLD, NEW, at(1), PACE)


def test_a_server_that_drops_a_setting_is_remembered_when_the_bucket_is_lost() -> None:
    memory = wrote(after=OTHER, times=2)
    memory.lose_bucket()
    assert memory.is_dropped("versioning", OTHER, NEW)


# Dropped


@pytest.mark.parametrize(("times", "dropped"), [(1, False), (2, True), (3, True)])
def test_after_two_writes_in_vain_the_server_counts_as_dropping_it(times: int, dropped: bool) -> None:
    assert wrote(after=OLD, times=times).is_dropped("versioning", OLD, NEW) is dropped


def test_a_write_that_reads_back_is_not_in_vain() -> None:
    assert not wrote(after=NEW, times=5).is_dropped("versioning", NEW, NEW)


def test_another_wish_is_tried_again() -> None:
    assert not wrote(after=OLD, times=2).is_dropped("versioning", OLD, OTHER)


def test_another_state_is_tried_again() -> None:
    assert not wrote(after=OLD, times=2).is_dropped("versioning", OTHER, NEW)


def test_a_write_that_arrives_starts_the_count_anew() -> None:
    memory = wrote(after=OLD)
    memory.note_write("versioning", OLD, NEW, NEW, at(1), arrived=True)
    memory.note_write("versioning", OLD, OLD, NEW, at(2), arrived=False)
    assert not memory.is_dropped("versioning", OLD, NEW)


# Fights


def reverted(*seconds: float) -> Memory:
    memory = Memory()
    for each in seconds:
        memory.note_drift("policy")
        memory.note_revert("policy", at(each), PACE)
    return memory


def test_a_write_is_a_revert_once_for_each_change_that_was_found() -> None:
    memory = Memory()
    memory.note_revert("policy", at(0), PACE)
    assert memory.is_blank()
    memory.note_drift("policy")
    for second in range(3):
        memory.note_revert("policy", at(second), PACE)
    assert len(memory.fights["policy"].times) == 1


def test_drift_that_is_gone_is_forgotten() -> None:
    memory = Memory()
    memory.note_drift("policy")
    assert not memory.is_blank()
    memory.note_in_sync(["policy"])
    assert memory.is_blank()


@pytest.mark.parametrize(
    ("reverts", "now", "contended"),
    [
        pytest.param((), 0, False, id="none"),
        pytest.param((0, 1), 2, False, id="fewer than it takes"),
        pytest.param((0, 1, 2), 3, True, id="as many as it takes"),
        pytest.param((0, 1, 2), 3601, True, id="until the window after the last one ends"),
        pytest.param((0, 1, 2), 3602, False, id="then there is one try"),
        pytest.param((0, 1, 2, 3602), 3603, True, id="which may be in vain"),
        pytest.param((0, 1, 2, 3602), 7202, False, id="and there is another one a window later"),
        pytest.param((0, 3000, 6000), 6001, False, id="too slow for a fight"),
    ],
)
def test_contended(reverts: tuple[float, ...], now: float, contended: bool) -> None:
    assert reverted(*reverts).is_contended("policy", at(now), PACE) is contended


def test_a_fight_over_one_control_leaves_the_others() -> None:
    assert not reverted(0, 1, 2).is_contended("tags", at(3), PACE)


# Forgetting


@pytest.mark.parametrize(
    ("after", "seconds", "blank"),
    [
        pytest.param(NEW, 119, False, id="not settled yet"),
        pytest.param(NEW, 120, True, id="settled"),
        pytest.param(OLD, 7200, False, id="in vain: not forgotten, or it would be written again and again"),
    ],
)
def test_prune_of_writes(after: Fields, seconds: float, blank: bool) -> None:
    memory = wrote(after=after)
    memory.prune(at(seconds), PACE)
    assert memory.is_blank() is blank


@pytest.mark.parametrize(("seconds", "blank"), [(3610, False), (3611, True)])
def test_prune_of_reverts_waits_for_the_last(seconds: float, blank: bool) -> None:
    memory = reverted(0, 10)
    memory.prune(at(seconds), PACE)
    assert memory.is_blank() is blank


def test_forgive_tries_what_was_given_up_and_what_was_dropped() -> None:
    memory = wrote(after=OLD, times=2)
    for second in range(3):
        memory.drifts.add("versioning")
        memory.note_revert("versioning", at(second), PACE)
    memory.forgive()
    assert not memory.is_contended("versioning", at(3), PACE)
    assert not memory.is_dropped("versioning", OLD, NEW)


def test_who_asks_gets_one_try() -> None:
    memory = reverted(0, 1, 2)
    memory.forgive()
    memory.note_revert("policy", at(3), PACE)
    assert memory.is_contended("policy", at(4), PACE)


def test_who_asks_before_a_fight_is_lost_begins_it_anew() -> None:
    memory = reverted(0, 1)
    memory.forgive()
    memory.note_drift("policy")
    memory.note_revert("policy", at(2), PACE)
    assert not memory.is_contended("policy", at(3), PACE)


@pytest.mark.parametrize(("seconds", "lost"), [((0, 1), False), ((0, 1, 2), True), ((0, 1, 2, 5000), True)])
def test_a_fight_is_lost_until_it_is_forgotten(seconds: tuple[float, ...], *, lost: bool) -> None:
    memory = reverted(*seconds)
    assert memory.is_lost("policy") is lost
    assert not memory.is_lost("tags")
    memory.prune(at(seconds[-1] + 3601), PACE)
    assert not memory.is_lost("policy")


# Digests


def test_equal_states_have_one_digest_in_whatever_order() -> None:
    assert digest_of({"a": 1, "b": [1, {"c": 2, "d": 3}]}) == digest_of({"b": [1, {"d": 3, "c": 2}], "a": 1})


@pytest.mark.parametrize("other", [{}, {"a": "1"}, {"a": None}, {"a": True}, {"b": 1}, {"a": 1, "b": 1}])
def test_different_states_have_different_digests(other: Fields) -> None:
    assert digest_of(other) != digest_of({"a": 1})


def test_a_digest_is_short_whatever_it_names() -> None:
    assert len(digest_of({"policy": "x" * 20_000})) == 16
