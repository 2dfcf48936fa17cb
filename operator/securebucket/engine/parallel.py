"""Work on many things side by side that can be left at any moment, and in which one defect spoils one thing only.

The threads are daemons: whoever interrupts a command wants the prompt back, and not wait for a server that does not
answer. An executor of `concurrent.futures` joins its threads at the end of the process.
"""

import heapq
import itertools
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Crash:
    """The work on one thing met a defect of ours, such as an answer that nobody thought of."""

    error: Exception

    def __str__(self) -> str:
        return f"{type(self.error).__name__}: {self.error}"


@dataclass(frozen=True, slots=True)
class Again:
    """A thing is not done: it wants to be worked on again so many seconds later. No thread waits for that."""

    after: float


def attempt(work: Callable[[T], R], thing: T) -> R | Crash:
    """Work on one thing; a defect is a value, for the next thing may be in order."""
    try:
        return work(thing)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other things must not wait for it
        return Crash(error)


class Crew(Generic[T, R]):
    """So many threads, and no more than one thing each at a time.

    Args:
        workers: how many threads.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._changed = threading.Condition()
        self._stopped = False

    @property
    def stopped(self) -> bool:
        """Nothing more is begun."""
        return self._stopped

    def stop(self) -> None:
        """Begin with nothing more. What is under way goes on, and nobody waits for it."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def run(
        self,
        work: Callable[[T], R | Again],
        things: Iterable[T],
        *,
        lane: Callable[[T], Hashable] | None = None,
        after: float = 0.0,
    ) -> Iterator[tuple[T, R | Crash]]:
        """Give each thing with what came of it, as soon as it is done.

        Args:
            work: on one thing; `Again` where the thing is not done.
            things: all of them.
            lane: things of one lane are worked on one after another, in their order; without it each has its own.
            after: seconds until the first is begun.
        """
        lanes: dict[Hashable, deque[T]] = {}
        order = itertools.count()
        for thing in things:
            lanes.setdefault(next(order) if lane is None else lane(thing), deque()).append(thing)
        begin = time.monotonic() + after
        due = [(begin, next(order), row) for row in lanes.values()]  # a heap as it is
        left = count = sum(map(len, lanes.values()))
        done: queue.SimpleQueue[tuple[T, R | Crash]] = queue.SimpleQueue()

        def take() -> deque[T] | None:
            with self._changed:
                while left and not self._stopped:
                    wait = due[0][0] - time.monotonic() if due else None
                    if wait is not None and wait <= 0:
                        return heapq.heappop(due)[2]
                    self._changed.wait(wait)
                return None

        def give_back(row: deque[T], result: R | Again | Crash) -> None:
            nonlocal left
            with self._changed:
                if not isinstance(result, Again):
                    done.put((row.popleft(), result))
                    left -= 1
                if row:
                    pause = result.after if isinstance(result, Again) else 0.0
                    heapq.heappush(due, (time.monotonic() + pause, next(order), row))
                if left:
                    self._changed.notify()
                else:
                    self._changed.notify_all()

        def labour() -> None:
            while (row := take()) is not None:
                give_back(row, attempt(work, row[0]))

        for number in range(min(self._workers, len(lanes))):
            threading.Thread(target=labour, name=f"crew-{number}", daemon=True).start()
        for _ in range(count):
            yield done.get()
