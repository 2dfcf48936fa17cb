import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue

import pytest
from tests.dispatch.clock import Clock

from securebucket.dispatch.work_queue import HUMBLE_TURN, Item, Priority, WorkQueue
from securebucket.model.bucket import ObjectKey

A, B, C = (ObjectKey("one", name) for name in "abc")
D = ObjectKey("two", "d")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def queue(clock):
    return WorkQueue(clock)


@dataclass
class CountedClock:
    """Tells the time that a test sets, and how often it was asked."""

    now: float = 0.0
    times: int = 0

    def __call__(self) -> float:
        self.times += 1
        return self.now


@pytest.fixture
def counted():
    return CountedClock()


@contextmanager
def waiting(queue: WorkQueue, clock: CountedClock, workers: int) -> Iterator[SimpleQueue[Item]]:
    """Let workers wait, each for one key, and give where they put what they took."""
    taken = SimpleQueue[Item]()
    threads = [threading.Thread(target=lambda: taken.put(queue.get(60))) for _ in range(workers)]
    until = clock.times + 2 * workers  # each asks when it comes, and before it waits
    for each in threads:
        each.start()
    while clock.times < until:
        time.sleep(0.01)
    try:
        yield taken
    finally:
        queue.close()
        for each in threads:
            each.join(10)


def drain(queue: WorkQueue) -> list[ObjectKey]:
    taken = []
    while (item := queue.get(0)) is not None:
        taken.append(item.key)
        queue.done(item.key)
    return taken


def test_an_empty_queue_gives_nothing(queue):
    assert queue.get(0) is None


def test_a_key_that_is_added_twice_is_handed_out_once(queue):
    queue.add(A, Priority.SWEEP)
    queue.add(A, Priority.SWEEP)
    assert drain(queue) == [A]


def test_a_key_is_not_handed_out_while_it_is_worked_on(queue):
    queue.add(A, Priority.SWEEP)
    queue.get(0)
    queue.add(A, Priority.SPEC_CHANGE)
    assert queue.get(0) is None


def test_a_key_added_while_it_is_worked_on_comes_again_once(queue):
    queue.add(A, Priority.SWEEP)
    queue.get(0)
    queue.add(A, Priority.RETRY)
    queue.add(A, Priority.SPEC_CHANGE)
    queue.done(A)
    item = queue.get(0)
    assert item is not None
    assert (item.key, item.priority) == (A, Priority.SPEC_CHANGE)
    queue.done(A)
    assert queue.get(0) is None


def test_the_higher_priority_goes_first(queue):
    for key, priority in ((A, Priority.SWEEP), (B, Priority.RETRY), (C, Priority.DELETION), (D, Priority.SPEC_CHANGE)):
        queue.add(key, priority)
    assert drain(queue) == [D, C, B, A]


def test_a_higher_priority_upgrades_a_waiting_key(queue):
    queue.add(A, Priority.RETRY)
    queue.add(B, Priority.SWEEP)
    queue.add(B, Priority.SPEC_CHANGE)
    assert drain(queue) == [B, A]


def test_a_lower_priority_does_not_downgrade_a_waiting_key(queue):
    queue.add(A, Priority.SPEC_CHANGE)
    queue.add(B, Priority.DELETION)
    queue.add(A, Priority.SWEEP)
    assert drain(queue) == [A, B]


def test_an_upgraded_key_keeps_the_time_since_which_it_waits(queue, clock):
    queue.add(A, Priority.SWEEP)
    clock.advance(5)
    queue.add(A, Priority.SPEC_CHANGE)
    assert queue.oldest_overdue() == 5


def test_a_delayed_key_comes_when_it_is_due(queue, clock):
    queue.add(A, Priority.RETRY, delay=30)
    clock.advance(29.9)
    assert queue.get(0) is None
    clock.advance(0.1)
    assert drain(queue) == [A]


def test_of_two_delays_the_sooner_counts_whichever_came_first(queue, clock):
    queue.add(A, Priority.SWEEP, delay=60)
    queue.add(A, Priority.RETRY, delay=10)
    queue.add(B, Priority.RETRY, delay=10)
    queue.add(B, Priority.SWEEP, delay=60)
    clock.advance(10)
    assert drain(queue) == [A, B]
    clock.advance(100)
    assert drain(queue) == []


def test_now_replaces_a_delay(queue, clock):
    queue.add(A, Priority.SWEEP, delay=60)
    queue.add(A, Priority.SPEC_CHANGE)
    assert drain(queue) == [A]
    clock.advance(100)
    assert drain(queue) == []


def test_a_delay_that_was_replaced_does_not_shorten_a_later_one(queue, clock):
    queue.add(A, Priority.SWEEP, delay=60)
    queue.add(A, Priority.SPEC_CHANGE)
    drain(queue)
    queue.add(A, Priority.SWEEP, delay=100)
    clock.advance(60)
    assert drain(queue) == []
    clock.advance(40)
    assert drain(queue) == [A]


def test_a_delay_that_ends_while_the_key_is_worked_on_brings_it_again(queue, clock):
    queue.add(A, Priority.SWEEP)
    queue.get(0)
    queue.add(A, Priority.SWEEP, delay=1)
    clock.advance(2)
    assert queue.get(0) is None
    queue.done(A)
    assert drain(queue) == [A]


def test_forgetting_drops_what_is_put_off(queue, clock):
    queue.add(A, Priority.SWEEP, delay=1)
    queue.forget(A)
    clock.advance(2)
    assert drain(queue) == []


def test_forgetting_keeps_a_change_that_came_meanwhile(queue):
    """A new object of the same name may have been created while the pass found the old one gone."""
    queue.add(A, Priority.DELETION)
    queue.get(0)
    queue.add(A, Priority.SPEC_CHANGE)
    queue.forget(A)
    queue.done(A)
    assert drain(queue) == [A]


def test_namespaces_of_one_priority_take_turns(queue):
    many = [ObjectKey("many", str(number)) for number in range(5)]
    for key in many:
        queue.add(key, Priority.SWEEP)
    queue.add(A, Priority.SWEEP)
    queue.add(D, Priority.SWEEP)
    assert drain(queue)[:3] == [many[0], A, D]


def test_a_flood_of_changes_does_not_stop_the_sweep(queue):
    queue.add(A, Priority.SWEEP)
    flood = [ObjectKey("flood", str(number)) for number in range(50)]
    for key in flood:
        queue.add(key, Priority.SPEC_CHANGE)
    assert drain(queue).index(A) == HUMBLE_TURN - 1


def test_depth_counts_what_is_due_by_priority(queue, clock):
    queue.add(A, Priority.SWEEP)
    queue.add(B, Priority.SWEEP, delay=5)
    queue.add(D, Priority.RETRY)
    assert queue.depth() == {
        Priority.SPEC_CHANGE: 0,
        Priority.DELETION: 0,
        Priority.RETRY: 1,
        Priority.SWEEP: 1,
    }
    clock.advance(5)
    assert queue.depth()[Priority.SWEEP] == 2


def test_the_oldest_overdue_counts_from_when_it_was_due(queue, clock):
    assert queue.oldest_overdue() == 0
    queue.add(A, Priority.SWEEP, delay=10)
    clock.advance(17)
    assert queue.oldest_overdue() == 7


def test_a_closed_queue_gives_nothing_and_takes_nothing(queue):
    queue.add(A, Priority.SWEEP)
    queue.close()
    queue.add(B, Priority.SWEEP)
    assert queue.get(10) is None


def test_closing_wakes_a_waiting_worker():
    queue = WorkQueue()
    taken = []
    worker = threading.Thread(target=lambda: taken.append(queue.get(60)))
    worker.start()
    queue.close()
    worker.join(5)
    assert taken == [None]


def test_adding_wakes_a_waiting_worker():
    queue = WorkQueue()
    taken = []
    worker = threading.Thread(target=lambda: taken.append(queue.get(60)))
    worker.start()
    queue.add(A, Priority.SWEEP)
    worker.join(5)
    assert [item.key for item in taken] == [A]


def test_a_worker_wakes_for_a_key_that_becomes_due():
    queue = WorkQueue()
    queue.add(A, Priority.SWEEP, delay=0.05)
    item = queue.get(60)
    assert item is not None
    assert item.key == A


def test_a_sooner_key_wakes_a_worker_before_the_time_that_was_watched(counted):
    queue = WorkQueue(counted)
    queue.add(A, Priority.SWEEP, delay=3600)
    with waiting(queue, counted, 2) as taken:
        queue.add(B, Priority.RETRY, delay=0.1)
        counted.now += 1
        assert taken.get(timeout=10).key == B


def test_keys_that_are_due_at_once_are_taken_side_by_side(counted):
    queue = WorkQueue(counted)
    for key in (A, B, D):
        queue.add(key, Priority.SWEEP, delay=0.1)
    with waiting(queue, counted, 3) as taken:
        counted.now += 1
        assert {taken.get(timeout=10).key for _ in range(3)} == {A, B, D}


def test_a_due_time_wakes_one_worker_and_lets_the_others_sleep(counted):
    queue = WorkQueue(counted)
    queue.add(A, Priority.SWEEP, delay=0.5)
    with waiting(queue, counted, 40) as taken:
        asked = counted.times
        counted.now += 1
        assert taken.get(timeout=10).key == A
        time.sleep(0.2)  # the others would wake by now
        assert counted.times - asked < 20  # each worker that wakes asks for the time


def test_entries_that_lost_their_key_do_not_pile_up(queue):
    """A key that changes all the time leaves one dead entry in the heap at each change."""
    for _ in range(2000):
        queue.add(A, Priority.SWEEP, delay=3600)
        queue.add(A, Priority.SPEC_CHANGE)
        drain(queue)
    assert len(queue._heap) < 200
