import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fleet.bodies import READY, record

from securebucket.dispatch.sweep import next_delay, spread, starting_place
from securebucket.dispatch.work_queue import Priority
from securebucket.fleet.annotations import APPROVE, RECONCILE_AT


@given(st.floats(60, 86400), st.floats(0, 1, exclude_max=True))
def test_a_sweep_comes_within_ten_percent_of_the_interval(interval, draw):
    assert 0.9 * interval <= next_delay(interval, draw) <= 1.1 * interval


@pytest.mark.parametrize(("draw", "delay"), [(0.0, 90.0), (0.5, 100.0), (0.9999, 110.0)])
def test_the_draw_decides_where(draw, delay):
    assert next_delay(100.0, draw) == pytest.approx(delay, rel=0.001)


def test_an_object_has_the_same_place_after_every_start():
    assert spread("uid-1", 3600) == spread("uid-1", 3600)


def test_a_fleet_is_spread_evenly():
    places = [spread(f"uid-{number}", 10.0) for number in range(2000)]
    for tenth in range(10):
        assert 150 < sum(tenth <= place < tenth + 1 for place in places) < 250


@pytest.mark.parametrize(
    ("body", "priority"),
    [
        ({}, Priority.SPEC_CHANGE),
        ({"generation": 2, "status": READY}, Priority.SPEC_CHANGE),
        ({"status": {"observedGeneration": 1}}, Priority.RETRY),
        (
            {"status": {"observedGeneration": 1, "conditions": [{"type": "Ready", "status": "False"}]}},
            Priority.RETRY,
        ),
        ({"status": READY, "annotations": {RECONCILE_AT: "now"}}, Priority.SPEC_CHANGE),
        ({"status": READY, "annotations": {APPROVE: "abc"}}, Priority.SWEEP),
        ({"status": {**READY, "plan": {"hash": "abc"}}, "annotations": {APPROVE: "abc"}}, Priority.SPEC_CHANGE),
        ({"status": READY, "deletionTimestamp": "2026-01-01T00:00:00Z"}, Priority.DELETION),
    ],
)
def test_after_a_start_what_nobody_has_handled_comes_first(body, priority):
    placed = starting_place(record(**body))
    assert placed[0] is priority
    assert (placed[1] == 0) is (priority is not Priority.SWEEP)


def test_after_a_start_a_request_that_was_handled_is_no_request():
    handled = {**READY, "lastHandledReconcileAt": "now"}
    seen = record(annotations={RECONCILE_AT: "now"}, status=handled, spec={"interval": "10m"})
    assert starting_place(seen) == (Priority.SWEEP, spread(seen.uid, 600))
