"""How many workers the buckets of one account, and of one of its namespaces, may hold at a time.

A server that hangs holds a worker for as long as a call may take. Whoever it is must leave workers for all others, and
once it is seen, it gets few.
"""

from collections import Counter
from dataclasses import dataclass, field

from securebucket.model.bucket import ObjectKey

PART = 0.75
"""Of the workers that others leave free: there is always one for an account, or a namespace, that has none."""
SLOW = 15.0
"""Seconds after which a pass is in trouble. A healthy one takes less than one, a server that hangs takes longer."""
SLOW_ACCOUNT, SLOW_NAMESPACE = 1 / 4, 1 / 8
"""Of all workers, for those whose passes are slow: the second is smaller, so that the others of its account go on."""
MOST_REMEMBERED = 1000

Label = tuple[str, ...]
"""An account, or an account and a namespace in it."""


@dataclass(slots=True)
class WorkerShares:
    """Counts who holds workers. Not safe for many threads: whoever uses it holds a lock.

    Args:
        workers: all that there are; 0 sets no limits.
    """

    workers: int = 0
    _since: dict[ObjectKey, tuple[Label, float]] = field(default_factory=dict)
    _held: Counter[Label] = field(default_factory=Counter)
    _slow: dict[Label, None] = field(default_factory=dict)

    def room(self, account: str, now: float) -> float:
        """Give how many workers an account may hold in all; at least one."""
        others = len(self._since) - self._held[account,]
        return self._room((account,), self.workers - others, SLOW_ACCOUNT, now)

    def admits(self, account: str, now: float) -> bool:
        """Tell whether an account may take one more."""
        return self._held[account,] < self.room(account, now)

    def admits_namespace(self, account: str, namespace: str, now: float) -> bool:
        """Tell whether a namespace may take one more, where its account may."""
        held = self._held[account, namespace]
        others = self._held[account,] - held
        left = self.room(account, now) - others
        return held < self._room((account, namespace), left, SLOW_NAMESPACE, now)

    def take(self, account: str, key: ObjectKey, now: float) -> None:
        """Count a pass that begins."""
        self._since[key] = ((account, key.namespace), now)
        self._held.update([(account,), (account, key.namespace)])

    def give(self, key: ObjectKey, now: float) -> None:
        """Count a pass that has ended; one that took long puts its account and its namespace under suspicion."""
        if key not in self._since:
            return
        (account, namespace), since = self._since.pop(key)
        for label in ((account,), (account, namespace)):
            self._held[label] -= 1
            if not self._held[label]:
                del self._held[label]
            self._slow.pop(label, None)
            if now - since >= SLOW:
                self._slow[label] = None
        if len(self._slow) > MOST_REMEMBERED:
            del self._slow[next(iter(self._slow))]

    def _room(self, label: Label, left: float, part: float, now: float) -> float:
        if not self.workers:
            return float("inf")
        room = PART * left
        if self._troubled(label, now):
            room = min(room, part * self.workers)
        return max(room, 1.0)

    def _troubled(self, label: Label, now: float) -> bool:
        running = (since for held, since in self._since.values() if held[: len(label)] == label)
        return label in self._slow or any(now - since >= SLOW for since in running)
