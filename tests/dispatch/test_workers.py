import threading
import time

import pytest
from tests.kube.polling import until

from securebucket.dispatch.backoff import Backoff
from securebucket.dispatch.requeue import Gone, Requeue, Rest
from securebucket.dispatch.work_queue import Priority, WorkQueue
from securebucket.dispatch.workers import Workers
from securebucket.model.bucket import ObjectKey

GOOD, BAD = ObjectKey("one", "good"), ObjectKey("one", "bad")


class Passes:
    """Counts the passes of each key, and ends them as told."""

    def __init__(self, ending=None):
        self.made = []
        self.ending = ending or Rest()
        self.crashes = []
        self.held = threading.Event()
        self.held.set()

    def reconcile(self, key):
        self.made.append(key)
        self.held.wait(10)
        if key == BAD:
            raise ZeroDivisionError("broken")
        return self.ending

    def tell_crash(self, key, error):
        self.crashes.append((key, error))
        raise RuntimeError("this breaks too")


@pytest.fixture
def queue():
    return WorkQueue()


@pytest.fixture
def start(queue):
    started = []

    def begin(passes, count=2):
        workers = Workers(queue, passes.reconcile, passes.tell_crash, Backoff(draw=lambda: 0.0), count)
        started.append(workers)
        workers.start()
        return workers

    yield begin
    for workers in started:
        workers.stop(5)


def test_a_crash_stops_only_its_own_object(queue, start, caplog):
    passes = Passes()
    start(passes, count=1)
    queue.add(BAD, Priority.SPEC_CHANGE)
    queue.add(GOOD, Priority.SWEEP)
    until(lambda: GOOD in passes.made)
    assert [key for key, _ in passes.crashes] == [BAD]
    assert "ZeroDivisionError: broken" in caplog.text


def test_a_crashed_object_is_tried_again_later(queue, start):
    passes = Passes()
    start(passes)
    queue.add(BAD, Priority.SPEC_CHANGE)
    until(lambda: passes.made.count(BAD) == 2)


def test_a_pass_that_asks_for_another_gets_it(queue, start):
    passes = Passes(Requeue(0.01, Priority.SWEEP))
    start(passes)
    queue.add(GOOD, Priority.SWEEP)
    until(lambda: len(passes.made) >= 3)


@pytest.mark.parametrize("ending", [Rest(), Gone()])
def test_a_pass_that_asks_for_none_is_the_last(queue, start, ending):
    passes = Passes(ending)
    workers = start(passes)
    queue.add(GOOD, Priority.SWEEP)
    until(lambda: passes.made and not workers.busy())
    assert queue.get(0.05) is None


def test_running_passes_are_counted_and_timed(queue, start):
    passes = Passes()
    passes.held.clear()
    workers = start(passes)
    assert (workers.busy(), workers.longest_running()) == (0, 0.0)
    queue.add(GOOD, Priority.SWEEP)
    until(lambda: workers.busy() == 1)
    until(lambda: workers.longest_running() > 0)
    passes.held.set()
    until(lambda: workers.busy() == 0)


def test_stopping_lets_the_current_pass_end_and_takes_no_other(queue, start):
    passes = Passes()
    passes.held.clear()
    workers = start(passes, count=1)
    queue.add(GOOD, Priority.SPEC_CHANGE)
    until(workers.busy)
    queue.add(ObjectKey("one", "next"), Priority.SPEC_CHANGE)
    threading.Timer(0.1, passes.held.set).start()
    assert workers.stop(5)
    assert passes.made == [GOOD]


def test_stopping_does_not_wait_for_ever(queue, start):
    passes = Passes()
    passes.held.clear()
    workers = start(passes)
    queue.add(GOOD, Priority.SPEC_CHANGE)
    until(workers.busy)
    began = time.monotonic()
    assert not workers.stop(0.1)
    assert time.monotonic() - began < 2
    passes.held.set()
