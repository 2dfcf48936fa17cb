"""How many workers the buckets of one account, and of one of its namespaces, may hold at a time.

A server that hangs holds a worker for as long as a call may take. Whoever it is must leave workers for all others, and
once it is seen, it gets few.
"""

from dataclasses import dataclass, field

from securebucket.model.bucket import ObjectKey

PART = 0.75
"""Of the workers that others leave free: there is always one for an account, or a namespace, that has none."""
SLOW = 15.0
"""Seconds after which a pass is in trouble. A healthy one takes less than one, a server that hangs takes longer."""
SLOW_NAMESPACE, SLOW_ACCOUNT = 1 / 8, 1 / 4
"""Of all workers, for a namespace whose passes are slow, and for all of an account's that are."""
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

    def admits(self, account: str) -> bool:
        """Tell whether an account may take one more."""
        return self._held(account) < self._room(account)

    def admits_namespace(self, account: str, namespace: str, now: float) -> bool:
        """Tell whether a namespace may take one more, where its account may."""
        row = (account, namespace)
        held = sum(each == row for each, _ in self._since.values())
        if self.workers and self._is_slow(row, now):
            slow = sum(each[0] == account and self._is_slow(each, now) for each, _ in self._since.values())
            return held < max(self.workers * SLOW_NAMESPACE, 1) and slow < max(self.workers * SLOW_ACCOUNT, 1)
        return held < max(PART * (self._room(account) - (self._held(account) - held)), 1)

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

    def _held(self, account: str) -> int:
        return sum(each == account for (each, _), _ in self._since.values())

    def _room(self, account: str) -> float:
        """Give how many workers an account may hold in all; at least one."""
        if not self.workers:
            return float("inf")
        return max(PART * (self.workers - len(self._since) + self._held(account)), 1)

    def _is_slow(self, row: Row, now: float) -> bool:
        return row in self._slow or any(each == row and now - since >= SLOW for each, since in self._since.values())
