"""One at a time for each question: many workers that want one answer at once ask for it once."""

import threading
from collections.abc import Hashable

from securebucket.aws.lately_used import LatelyUsed


class Turnstiles:
    """Locks by what is asked. Safe for many threads.

    Args:
        most: locks that are kept; of one that was made anew meanwhile, two may ask.
    """

    def __init__(self, most: int) -> None:
        self._locks: LatelyUsed[Hashable, threading.Lock] = LatelyUsed(most)

    def of(self, question: Hashable) -> threading.Lock:
        """Give the lock of a question; whoever gets it looks first whether the answer has come meanwhile."""
        return self._locks.make(question, threading.Lock)
