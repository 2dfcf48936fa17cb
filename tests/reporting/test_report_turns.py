"""Turns of those who write reports: passes go before, and one that is slow holds up nobody."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from securebucket.reporting.report_turns import LONGEST_REST, SHARE, Turns


@dataclass
class Processor:
    """Counts what a piece costs, and the rests."""

    used: float = 0.0
    rests: list[float] = field(default_factory=list)

    def work(self, *costs: float) -> Iterator[float]:
        for each in costs:
            self.used += each
            yield each


def turns(processor: Processor, *, busy: bool) -> Turns:
    return Turns(lambda: busy, processor.rests.append, lambda: processor.used)


def test_while_passes_run_a_report_takes_its_share_of_the_time() -> None:
    processor = Processor()
    costs = (0.01, 0.002, 0.05)
    assert tuple(turns(processor, busy=True).take(processor.work(*costs))) == costs
    assert sum(costs) / (sum(costs) + sum(processor.rests)) == pytest.approx(SHARE)


def test_while_no_pass_runs_a_report_does_not_rest() -> None:
    processor = Processor()
    assert len(list(turns(processor, busy=False).take(processor.work(0.01, 0.01)))) == 2
    assert processor.rests == []


def test_a_long_piece_is_followed_by_no_endless_rest() -> None:
    processor = Processor()
    list(turns(processor, busy=True).take(processor.work(60.0)))
    assert processor.rests == [LONGEST_REST]


def test_a_reader_that_stops_in_the_middle_holds_up_nobody() -> None:
    shared = Turns(lambda: False)
    stopped = shared.take(iter(range(9)))
    assert next(stopped) == 0
    assert list(shared.take(iter(range(3)))) == [0, 1, 2]


def test_a_fault_in_one_report_ends_its_turn() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise RuntimeError("the record is damaged")

    shared = Turns(lambda: False)
    with pytest.raises(RuntimeError, match="damaged"):
        list(shared.take(broken()))
    assert list(shared.take(iter((1,)))) == [1]


def test_one_piece_is_made_at_a_time() -> None:
    shared, inside, most = Turns(lambda: False), [0], [0]

    def pieces() -> Iterator[int]:
        for number in range(200):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            sum(range(200))
            inside[0] -= 1
            yield number

    threads = [threading.Thread(target=lambda: list(shared.take(pieces()))) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert most == [1]
