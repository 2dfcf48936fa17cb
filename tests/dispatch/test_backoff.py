import pytest
from hypothesis import given
from hypothesis import strategies as st

from securebucket.dispatch.backoff import Backoff, full_jitter
from securebucket.model.bucket import ObjectKey

A, B = ObjectKey("one", "a"), ObjectKey("one", "b")
HIGHEST = 0.999999


@pytest.mark.parametrize(
    ("attempt", "longest", "ceiling"),
    [(0, 600, 5), (1, 600, 10), (6, 600, 320), (7, 600, 600), (7, 3600, 640), (10, 3600, 3600), (10_000, 3600, 3600)],
)
def test_the_ceiling_doubles_up_to_the_cap(attempt, longest, ceiling):
    assert full_jitter(attempt, longest, HIGHEST) == pytest.approx(ceiling, rel=0.001)


@given(st.integers(0, 1000), st.floats(0, 1, exclude_max=True))
def test_no_wait_is_shorter_than_a_second_or_longer_than_the_cap(attempt, draw):
    assert 1 <= full_jitter(attempt, 600, draw) <= 600


def test_each_object_counts_its_own_failures():
    backoff = Backoff(draw=lambda: HIGHEST)
    waits = [round(backoff.wait(A, stalled=False)) for _ in range(3)]
    assert waits == [5, 10, 20]
    assert round(backoff.wait(B, stalled=False)) == 5


def test_a_stalled_object_waits_up_to_an_hour():
    backoff = Backoff(draw=lambda: HIGHEST)
    waits = [round(backoff.wait(A, stalled=True)) for _ in range(12)]
    assert waits[-1] == 3600


def test_a_reset_forgives():
    backoff = Backoff(draw=lambda: HIGHEST)
    backoff.wait(A, stalled=False)
    backoff.reset(A)
    assert backoff.failures(A) == 0
    assert round(backoff.wait(A, stalled=False)) == 5
