"""How many workers the buckets of one account, and of one of its namespaces, may hold at a time.

A server that hangs holds a worker for as long as a call may take. Whoever it is must leave workers for all others, and
once it is seen, it gets few.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from securebucket.model.bucket import ObjectKey

PART = 0.75
"""Of the workers that others leave free: one is for any account, or namespace, that has none, as long as it
is not slow."""
SLOW = 15.0
"""Seconds after which a pass is in trouble. A healthy one takes less than one, a server that hangs takes longer."""
SLOW_NAMESPACE, SLOW_ACCOUNT, SLOW_ALL = 1 / 8, 1 / 4, 1 / 2
"""Of all workers, for a namespace whose passes are slow, for all of an account's that are, and for those of all."""
MOST_REMEMBERED = 1000

Row = tuple[str, str]
"""An account, and a namespace in it."""


@dataclass(slots=True)
class WorkerShares:
    """Counts who holds workers. Not safe for many threads: whoever uses it holds a lock.

    Args:
        workers: all that there are; 0 sets no limits.
    """

    workers: int = 0
    _since: dict[ObjectKey, tuple[Row, float]] = field(default_factory=dict)
    _slow: dict[Row, None] = field(default_factory=dict)

    def first_admitted(self, account: str, namespaces: Iterable[str], now: float) -> str | None:
        """Return the first of an account's namespaces that may take one more worker; None where none may.

        There can be thousands of namespaces, so whatever is counted is counted once.
        """
        held = Counter(row for row, _ in self._since.values())
        late = {row for row, since in self._since.values() if now - since >= SLOW}
        ours = sum(count for (each, _), count in held.items() if each == account)
        if ours >= self._room(ours):
            return None
        slow = {row: count for row, count in held.items() if row in self._slow or row in late}
        full = sum(slow.values()) >= max(self.workers * SLOW_ALL, 1) or sum(
            count for (each, _), count in slow.items() if each == account
        ) >= max(self.workers * SLOW_ACCOUNT, 1)
        for namespace in namespaces:
            row = (account, namespace)
            if self.workers and (row in self._slow or row in late):
                admitted = not full and held[row] < max(self.workers * SLOW_NAMESPACE, 1)
            else:
                admitted = held[row] < max(PART * (self._room(ours) - (ours - held[row])), 1)
            if admitted:
                return namespace
        return None

    def take(self, account: str, key: ObjectKey, now: float) -> None:
        """Count a pass that begins."""
        self._since[key] = ((account, key.namespace), now)

    def give(self, key: ObjectKey, now: float) -> None:
        """Count a pass that has ended; one that took long puts its namespace under suspicion, any other clears it."""
        if key not in self._since:
            return
        row, since = self._since.pop(key)
        self._slow.pop(row, None)
        if now - since >= SLOW:
            self._slow[row] = None
        if len(self._slow) > MOST_REMEMBERED:
            del self._slow[next(iter(self._slow))]

    def _room(self, held: int) -> float:
        """Return how many workers an account may hold in all that holds some; at least one."""
        if not self.workers:
            return float("inf")
        return max(PART * (self.workers - len(self._since) + held), 1)
