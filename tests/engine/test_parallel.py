"""Work side by side: everything is done once, a defect spoils one thing, and it can be left."""

import threading

from securebucket.engine.parallel import Again, Crash, Crew, attempt

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


# What is not done yet


def test_what_wants_to_be_worked_on_again_holds_no_thread() -> None:
    """One worker: while the first thing waits, the second is done."""
    looks = {"first": 0, "second": 0}

    def work(name: str) -> int | Again:
        looks[name] += 1
        return Again(0.2) if looks[name] == 1 and name == "first" else looks[name]

    crew: Crew[str, int] = Crew(1)
    assert list(crew.run(work, ["first", "second"])) == [("second", 1), ("first", 2)]


def test_a_defect_after_a_wait_is_a_value_too() -> None:
    looks: list[int] = []

    def work(number: int) -> int | Again:
        looks.append(number)
        return Again(0.01) if len(looks) == 1 else number // 0

    crew: Crew[int, int] = Crew(1)
    ((thing, result),) = crew.run(work, [7])
    assert thing == 7
    assert isinstance(result, Crash)


def test_things_of_one_lane_are_never_side_by_side_and_keep_their_order() -> None:
    lock, inside, order = threading.Lock(), set[str](), list[tuple[str, int]]()
    waited: set[tuple[str, int]] = set()

    def work(thing: tuple[str, int]) -> Again | None:
        lane, _ = thing
        with lock:
            assert lane not in inside
            inside.add(lane)
        with lock:
            inside.remove(lane)
            if thing not in waited:
                waited.add(thing)
                return Again(0.001)
            order.append(thing)
        return None

    things = [(lane, number) for number in range(20) for lane in "abc"]
    crew: Crew[tuple[str, int], None] = Crew(8)
    results = list(crew.run(work, things, lane=lambda thing: thing[0]))
    assert {result for _, result in results} == {None}
    for lane in "abc":
        assert [number for name, number in order if name == lane] == list(range(20))


def test_a_lane_goes_on_after_a_defect() -> None:
    crew: Crew[int, float] = Crew(2)
    done = dict(crew.run(lambda number: 12 / number, [0, 4], lane=lambda _: "one"))
    assert (isinstance(done[0], Crash), done[4]) == (True, 3.0)


def test_who_waits_is_woken_when_all_stops() -> None:
    crew: Crew[int, int] = Crew(3)
    results = crew.run(lambda number: Again(PATIENCE * 10) if number else number, range(3))
    assert next(results) == (0, 0)
    crew.stop()
    workers = [each for each in threading.enumerate() if each.name.startswith("crew-")]
    for each in workers:
        each.join(PATIENCE)
        assert not each.is_alive()
