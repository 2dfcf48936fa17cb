"""Lets reports be written without a pass being late by it.

A report of a large fleet takes seconds of the processor, and whoever computes in Python keeps all others from it. So it
is made a small piece at a time, all reports together one piece at a time, and while passes run each piece is followed
by a rest that is longer than the work was. A client that is slow holds up nobody: no turn is taken for sending.
"""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")

SHARE = 0.25
"""Of the processor's time, for all reports together while passes run."""
LONGEST_REST = 0.25
"""Seconds: a report ends, however long one of its pieces took."""


@dataclass(slots=True)
class Turns:
    """Gives turns to those who write reports, in the order in which they ask. Safe for many threads.

    Args:
        busy: whether passes run now.
        rest: waits for so many seconds.
        spent: seconds of the processor that the calling thread has used.
    """

    busy: Callable[[], bool]
    rest: Callable[[float], None] = time.sleep
    spent: Callable[[], float] = time.thread_time
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _tickets: Iterator[int] = field(default_factory=itertools.count)
    _called: int = 0

    def take(self, pieces: Iterator[T]) -> Iterator[T]:
        """Return pieces as they are, each made in a turn of its own."""
        while True:
            with self._turn():
                began = self.spent()
                try:
                    piece = next(pieces)
                except StopIteration:
                    return
                if self.busy():
                    self.rest(min((self.spent() - began) * (1 / SHARE - 1), LONGEST_REST))
            yield piece

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._changed:
            mine = next(self._tickets)
            self._changed.wait_for(lambda: self._called == mine)
        try:
            yield
        finally:
            with self._changed:
                self._called += 1
                self._changed.notify_all()
