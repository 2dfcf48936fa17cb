"""Work side by side: everything is done once, a defect spoils one thing, and it can be left."""

import threading

from securebucket.engine.parallel import Crash, Crew, attempt

PATIENCE = 30.0


def test_everything_is_done_once() -> None:
    crew: Crew[int, int] = Crew(7)
    assert sorted(crew.run(lambda number: number * number, range(100))) == [(n, n * n) for n in range(100)]


def test_nothing_to_do_is_done() -> None:
    crew: Crew[int, int] = Crew(4)
    assert list(crew.run(abs, [])) == []


def test_no_more_than_so_many_at_once() -> None:
    together = threading.Barrier(3)
    lock, now, most = threading.Lock(), 0, 0

    def work(_: int) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        together.wait(PATIENCE)  # all three are under way, or nobody goes on
        with lock:
            now -= 1

    crew: Crew[int, None] = Crew(3)
    assert len(list(crew.run(work, range(9)))) == 9
    assert most == 3


def test_a_defect_spoils_one_thing() -> None:
    crew: Crew[int, float] = Crew(2)
    done = dict(crew.run(lambda number: 12 / number, [3, 0, 4]))
    assert (done[3], done[4]) == (4.0, 3.0)
    assert isinstance(done[0], Crash)
    assert str(done[0]) == "ZeroDivisionError: division by zero"


def test_a_defect_is_a_value_for_one_thing_alone_too() -> None:
    assert attempt(abs, -1) == 1
    assert isinstance(attempt(lambda _: {}["x"], 1), Crash)


def test_after_stop_nothing_more_is_begun() -> None:
    """What is under way may never end: nobody waits for it."""
    begun: list[int] = []
    stuck = threading.Event()

    def work(number: int) -> int:
        begun.append(number)
        if number:
            stuck.wait(PATIENCE)
        return number

    crew: Crew[int, int] = Crew(1)
    results = crew.run(work, range(5))
    assert next(results) == (0, 0)
    crew.stop()
    assert begun in ([0], [0, 1])
    stuck.set()
    workers = [each for each in threading.enumerate() if each.name.startswith("crew-")]
    assert all(each.daemon for each in workers)
    for each in workers:
        each.join(PATIENCE)
    assert begun in ([0], [0, 1])
