"""Work on many things side by side that can be left at any moment, and in which one defect spoils one thing only.

The threads are daemons: whoever interrupts a command wants the prompt back, and not wait for a server that does not
answer. An executor of `concurrent.futures` joins its threads at the end of the process.
"""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
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
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Begin with nothing more. What is under way goes on, and nobody waits for it."""
        self._stopped.set()

    def run(self, work: Callable[[T], R], things: Iterable[T]) -> Iterator[tuple[T, R | Crash]]:
        """Give each thing with what came of it, as soon as it is done."""
        waiting = list(things)
        waiting.reverse()
        count = len(waiting)
        done: queue.SimpleQueue[tuple[T, R | Crash]] = queue.SimpleQueue()

        def labour() -> None:
            while not self._stopped.is_set():
                try:
                    thing = waiting.pop()
                except IndexError:
                    return
                done.put((thing, attempt(work, thing)))

        for number in range(min(self._workers, count)):
            threading.Thread(target=labour, name=f"scan-{number}", daemon=True).start()
        for _ in range(count):
            yield done.get()
