"""Threads that read side by side, and that keep nobody waiting at the end."""

import threading
import time

import pytest

from securebucket.aws.reading_threads import ReadingThreads

PATIENCE = 30.0


def test_results_come_in_the_order_of_the_questions() -> None:
    with ReadingThreads(4) as threads:
        assert list(threads.map(lambda number: number * number, range(50))) == [n * n for n in range(50)]


def test_they_work_side_by_side() -> None:
    together = threading.Barrier(3)
    with ReadingThreads(3) as threads:
        assert len(list(threads.map(lambda _: together.wait(PATIENCE), range(3)))) == 3


def test_a_defect_is_raised_where_the_result_is_asked_for_and_the_thread_goes_on() -> None:
    with ReadingThreads(1) as threads:
        with pytest.raises(ZeroDivisionError):
            threads.submit(lambda: 1 // 0).result(PATIENCE)
        assert threads.submit(lambda: 7).result(PATIENCE) == 7


def test_who_closes_waits_for_nobody_and_what_is_not_begun_is_cancelled() -> None:
    stuck, begun = threading.Event(), threading.Event()
    threads = ReadingThreads(1)

    def hang() -> None:
        begun.set()
        stuck.wait(PATIENCE)

    first = threads.submit(hang)
    assert begun.wait(PATIENCE)
    second = threads.submit(lambda: 7)
    threads.shutdown()
    assert second.cancelled()
    assert not first.done()
    stuck.set()
    first.result(PATIENCE)


def test_the_end_of_the_process_does_not_wait_for_them() -> None:
    threads = ReadingThreads(2)
    mine = [each for each in threading.enumerate() if each.name.startswith("read-")]
    assert len(mine) >= 2
    assert all(each.daemon for each in mine)
    threads.shutdown()
    deadline = time.monotonic() + PATIENCE
    while any(each.is_alive() for each in mine) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(each.is_alive() for each in mine)
