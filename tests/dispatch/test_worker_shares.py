"""One account's trouble takes at most its share of the workers."""

import time
from collections.abc import Iterator

import pytest
from tests.dispatch.clock import Clock

from securebucket.dispatch.work_queue import Item, Priority, WorkQueue
from securebucket.dispatch.worker_shares import SLOW
from securebucket.model.bucket import ObjectKey

WORKERS = 16
SWEEP, CHANGE = Priority.SWEEP, Priority.SPEC_CHANGE


@pytest.fixture
def clock() -> Clock:
    return Clock(0.0)


def shared(clock: Clock, workers: int = WORKERS) -> WorkQueue:
    """Make a queue whose namespaces say their account: `account-namespace`."""
    return WorkQueue(clock, account_of=lambda key: key.namespace.partition("-")[0], workers=workers)


def fill(queue: WorkQueue, namespace: str, count: int) -> None:
    for number in range(count):
        queue.add(ObjectKey(namespace, f"{number:03}"), SWEEP)


def drawn(queue: WorkQueue) -> Iterator[Item]:
    """Take what may be taken at once."""
    while (item := queue.get(0)) is not None:
        yield item


def held(queue: WorkQueue) -> int:
    return len(list(drawn(queue)))


@pytest.mark.parametrize(("workers", "most"), [(16, 12), (8, 6), (4, 3), (2, 2), (1, 1)])
def test_one_account_leaves_workers_for_others(clock: Clock, workers: int, most: int) -> None:
    """With two workers it may take both: one in two would be too dear."""
    queue = shared(clock, workers)
    for number in range(50):
        fill(queue, f"a-{number}", 1)
    assert held(queue) == most


def test_one_namespace_leaves_workers_for_the_others_of_its_account(clock: Clock) -> None:
    queue = shared(clock)
    fill(queue, "a-one", 100)
    assert held(queue) == 9
    queue.add(ObjectKey("a-two", "new"), CHANGE)
    assert held(queue) == 1


def test_a_third_account_gets_its_turn_while_two_hang(clock: Clock) -> None:
    queue = shared(clock)
    for number in range(50):
        fill(queue, f"a-{number}", 1)
        fill(queue, f"b-{number}", 1)
    assert held(queue) < WORKERS
    queue.add(ObjectKey("c-good", "new"), CHANGE)
    assert [item.key.name for item in drawn(queue)] == ["new"]


@pytest.mark.parametrize("count", [24, 100])
def test_who_hung_gets_few_workers_and_the_others_of_its_account_go_on(clock: Clock, count: int) -> None:
    queue = shared(clock)
    fill(queue, "a-bad", count)
    first = list(drawn(queue))
    clock.advance(SLOW)
    queue.add(ObjectKey("a-good", "while it hangs"), CHANGE)
    assert [item.key.name for item in drawn(queue)] == ["while it hangs"]
    for item in first:
        queue.done(item.key)
    assert held(queue) == 2
    fill(queue, "a-good", 5)
    assert {item.key.namespace for item in drawn(queue)} == {"a-good"}


def test_a_pass_that_goes_well_ends_the_suspicion(clock: Clock) -> None:
    queue = shared(clock)
    fill(queue, "a-one", 100)
    first = list(drawn(queue))
    clock.advance(SLOW)
    for item in first:
        queue.done(item.key)
    again = list(drawn(queue))
    assert len(again) == 2
    clock.advance(1)
    for item in again:
        queue.done(item.key)
    assert held(queue) == 9


def test_an_account_that_hangs_everywhere_gets_a_quarter(clock: Clock) -> None:
    queue = shared(clock)
    for number in range(12):
        fill(queue, f"a-{number}", 20)
    while len(first := list(drawn(queue))) > 4:
        clock.advance(SLOW)
        for item in first:
            queue.done(item.key)
    assert len(first) <= 4
    fill(queue, "b-good", 5)
    assert {item.key.namespace for item in drawn(queue)} >= {"b-good"}


def test_however_many_accounts_hang_half_of_the_workers_are_left_for_those_that_do_not(clock: Clock) -> None:
    queue = shared(clock)
    for number in range(20):
        fill(queue, f"a{number}-bad", 10)
    for _ in range(20):  # each is seen to hang
        hanging = list(drawn(queue))
        clock.advance(SLOW)
        for item in hanging:
            queue.done(item.key)
    assert held(queue) == WORKERS // 2
    fill(queue, "good-one", 20)
    assert {item.key.namespace for item in drawn(queue)} == {"good-one"}


def test_hundreds_of_namespaces_that_hang_cost_each_turn_little(clock: Clock) -> None:
    """Workers wait for each other to ask: of turns that cost 3 ms there are 300 a second, whoever wants them."""
    queue = shared(clock)
    for number in range(900):
        queue.add(ObjectKey(f"a-{number}", "x"), SWEEP)
    for _ in range(120):
        hanging = list(drawn(queue))
        clock.advance(SLOW)
        for item in hanging:
            queue.done(item.key)
            queue.add(item.key, SWEEP)
    list(drawn(queue))
    began = time.thread_time()
    for _ in range(50):
        queue.get(0)
    assert time.thread_time() - began < 50 * 0.001
