import datetime as dt
from dataclasses import replace

import pytest

from securebucket.api.spec import Mode
from securebucket.api.status import ControlState
from securebucket.dispatch import requeue
from securebucket.dispatch.backoff import Backoff
from securebucket.dispatch.requeue import Requeue, after_outcome
from securebucket.dispatch.work_queue import Priority
from securebucket.engine.outcome import ControlOutcome, Outcome
from securebucket.model.bucket import ObjectKey
from securebucket.model.failure import Failure
from securebucket.model.observation import Unsupported

KEY = ObjectKey("payments", "invoices")
GOOD = Outcome(at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), mode=Mode.ENFORCE, interval=1000.0)
SEEN = Unsupported("")


def control(state=ControlState.FAILED, *, retry=False):
    return ControlOutcome("encryption", state, SEEN, retry=retry)


@pytest.fixture
def backoff():
    return Backoff(draw=lambda: 0.5)


def test_a_good_pass_is_followed_by_the_sweep(backoff):
    backoff.wait(KEY, stalled=False)
    assert after_outcome(GOOD, KEY, backoff) == Requeue(1000.0, Priority.SWEEP)
    assert backoff.failures(KEY) == 0


@pytest.mark.parametrize(
    "outcome",
    [
        replace(GOOD, failure=Failure("Throttled", "", retry=True)),
        replace(GOOD, controls=(control(retry=True),)),
        replace(GOOD, controls=(control(ControlState.UNKNOWN, retry=True),)),
        replace(GOOD, controls=(control(ControlState.PENDING, retry=True),)),
    ],
)
def test_what_time_may_mend_is_tried_again_ever_less_often(backoff, outcome):
    waits = [after_outcome(outcome, KEY, backoff) for _ in range(20)]
    assert waits[0] == Requeue(3.0, Priority.RETRY)
    assert waits[1].after > waits[0].after
    assert max(each.after for each in waits) == pytest.approx(300.5)  # half of 10 minutes


def test_what_needs_a_person_waits_up_to_an_hour(backoff):
    outcome = replace(GOOD, failure=Failure("AccessDenied", ""))
    waits = [after_outcome(outcome, KEY, backoff).after for _ in range(20)]
    assert max(waits) == pytest.approx(1800.5)  # half of an hour


def test_one_failed_control_does_not_keep_the_others_from_being_verified(backoff):
    outcome = replace(GOOD, controls=(control(),))
    assert max(after_outcome(outcome, KEY, backoff).after for _ in range(20)) == 1000.0


def test_a_retry_waits_at_least_as_long_as_the_pass_says(backoff):
    outcome = replace(GOOD, failure=Failure("Throttled", "", retry=True), retry_after=30.0)
    assert after_outcome(outcome, KEY, backoff).after == 30.0


def test_a_pass_that_only_wants_another_look_is_no_failure(backoff):
    assert after_outcome(replace(GOOD, retry_after=15.0), KEY, backoff) == Requeue(15.0, Priority.RETRY)
    assert backoff.failures(KEY) == 0


def test_a_second_look_does_not_wait_behind_a_sweep(backoff):
    """Nor does it count as a failure, or forgive those that there were."""
    backoff.wait(KEY, stalled=False)
    outcome = replace(GOOD, missing=True, look_again=0.6)
    assert after_outcome(outcome, KEY, backoff) == Requeue(0.6, Priority.SPEC_CHANGE)
    assert backoff.failures(KEY) == 1


def test_an_object_is_looked_at_when_its_pause_ends(backoff):
    assert after_outcome(GOOD, KEY, backoff, pause_left=60.0) == Requeue(61.0, Priority.RETRY)


def test_a_pause_longer_than_the_interval_changes_nothing(backoff):
    assert after_outcome(GOOD, KEY, backoff, pause_left=5000.0) == Requeue(1000.0, Priority.SWEEP)


def test_a_pass_that_is_always_overtaken_comes_ever_later_and_never_too_late():
    backoff = Backoff(draw=lambda: 0.9)
    waits = [requeue.overtaken(KEY, backoff).after for _ in range(20)]
    assert waits[0] == requeue.SOON
    assert waits == sorted(waits)
    assert waits[-1] == requeue.LONGEST_OVERTAKEN
    backoff.reset(KEY)
    assert requeue.overtaken(KEY, backoff).after == requeue.SOON
