"""Bounds how many reports are sent at a time, and how many requests wait for one of them to end."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

AT_ONCE, WAITING = 6, 8
"""Reports, and requests that may wait."""


@dataclass(slots=True)
class Seats:
    """Gives seats away. Safe for many threads.

    Args:
        longest_wait: seconds that one waits for a seat.
    """

    longest_wait: float = 20.0
    _free: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))
    _let_in: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE + WAITING))

    @contextmanager
    def take(self) -> Iterator[bool]:
        """Take a seat; false where none becomes free in time, or too many wait already."""
        if not self._let_in.acquire(blocking=False):
            yield False
            return
        try:
            if not self._free.acquire(timeout=self.longest_wait):
                yield False
                return
            try:
                yield True
            finally:
                self._free.release()
        finally:
            self._let_in.release()
