"""A keyed priority queue: every object at most once in it, never worked on twice at once, no namespace starved.

The semantics are those of client-go's work queue
(https://pkg.go.dev/k8s.io/client-go/util/workqueue): a key that is added while it waits is one key; a key that is
added while it is being worked on is queued again once, when that work is done.
"""

import heapq
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from securebucket.dispatch.worker_shares import WorkerShares
from securebucket.model.bucket import ObjectKey

T = TypeVar("T")

HUMBLE_TURN = 8
"""Every so many turns the lowest priority that waits is served: a flood of changes must not stop the verification."""


class Priority(IntEnum):
    """Why a key is due; the smaller goes first."""

    SPEC_CHANGE = 0
    DELETION = 1
    RETRY = 2
    SWEEP = 3


@dataclass(frozen=True, slots=True)
class Item:
    """A key that is handed to a worker.

    Args:
        key: the object.
        priority: why it was due.
    """

    key: ObjectKey
    priority: Priority


@dataclass(frozen=True, slots=True)
class Due:
    """When and why a key is wanted, in seconds of the queue's clock."""

    at: float
    priority: Priority

    def joined(self, other: "Due") -> "Due":
        """Make one wish of two: the sooner time, the higher priority."""
        return Due(min(self.at, other.at), min(self.priority, other.priority))


Row = dict[str, dict[ObjectKey, float]]
"""Of one account: the namespaces that take turns, each with its keys in order and since when they are due."""
Lane = dict[str, Row]
"""Of one priority: the accounts that take turns."""


class WorkQueue:
    """Hands out keys by priority, and fairly among accounts and among their namespaces. Safe for many threads.

    Args:
        clock: monotonic seconds.
        account_of: names the account that a key's bucket is in, or what stands for it, such as its profile.
        workers: how many take keys, so that no account holds them all; 0 sets no limits.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        account_of: Callable[[ObjectKey], str] = lambda _: "",
        workers: int = 0,
    ) -> None:
        self._clock = clock
        self._account_of = account_of
        self._shares = WorkerShares(workers)
        self._changed = threading.Condition()
        self._lanes: dict[Priority, Lane] = {priority: {} for priority in Priority}
        self._ready: dict[ObjectKey, tuple[Priority, str]] = {}
        self._later: dict[ObjectKey, Due] = {}
        self._heap: list[tuple[float, int, ObjectKey]] = []
        self._order = itertools.count()
        self._active: set[ObjectKey] = set()
        self._again: dict[ObjectKey, Due] = {}
        self._turns = 0
        self._closed = False
        self._watcher = 0  # the thread that waits for the next due time; 0 when none does

    def add(self, key: ObjectKey, priority: Priority, delay: float = 0.0) -> None:
        """Ask for work on a key, now or after `delay` seconds. Asking twice is asking once, for the sooner time."""
        with self._changed:
            if self._closed:
                return
            wish = Due(self._clock() + max(delay, 0.0), priority)
            if delay <= 0:
                self._make_ready(key, wish)
                self._changed.notify()
            elif self._put_off(key, wish):
                self._watcher = 0  # it would sleep too long: whoever wakes now takes its place
                self._changed.notify()

    def get(self, timeout: float) -> Item | None:
        """Take the next key; wait up to `timeout` seconds for one. None when there is nothing to do now.

        Whoever takes a key must give it back with `done`. Of those who wait, one watches the clock and the others sleep
        until they are called: if all woke at every due time, each pass would cost as many turns as there are workers.
        """
        with self._changed:
            end = self._clock() + timeout
            try:
                while not self._closed:
                    now = self._clock()
                    self._promote(now)
                    item = self._take(now)
                    if item is not None and self._next(now) is not None:
                        self._changed.notify()  # the limits may have been loosened for more than one
                    if item is not None or now >= end:
                        return item
                    self._wait(now, end)
                return None
            finally:
                if not self._watcher and (self._heap or self._ready):
                    self._changed.notify()

    def done(self, key: ObjectKey) -> None:
        """Give a key back; if it was asked for meanwhile, it is ready again."""
        with self._changed:
            self._active.discard(key)
            self._shares.give(key, self._clock())
            wish = self._again.pop(key, None)
            if wish is not None and not self._closed:
                self._make_ready(key, wish)
            if self._ready:
                self._changed.notify()

    def forget(self, key: ObjectKey) -> None:
        """Drop what is put off for a key. What is due now stays: it may tell of a new object of the same name."""
        with self._changed:
            self._later.pop(key, None)

    def close(self) -> None:
        """Hand out nothing more, and wake everybody who waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def depth(self) -> Mapping[Priority, int]:
        """Count the keys that are due and wait for a worker."""
        with self._changed:
            self._promote(self._clock())
            counted = Counter(priority for priority, _ in self._ready.values())
            return {priority: counted[priority] for priority in Priority}

    def oldest_overdue(self) -> float:
        """Say for how many seconds the key that waits longest has been due; 0 when none waits."""
        with self._changed:
            now = self._clock()
            self._promote(now)
            rows = (row for lane in self._lanes.values() for row in lane.values())
            since = (at for row in rows for keys in row.values() for at in keys.values())
            return max((now - at for at in since), default=0.0)

    def _wait(self, now: float, end: float) -> None:
        if self._watcher or not self._heap:
            self._changed.wait(end - now)
            return
        self._watcher = me = threading.get_ident()
        self._changed.wait(max(min(end, self._heap[0][0]) - now, 0.001))
        if self._watcher == me:
            self._watcher = 0

    def _make_ready(self, key: ObjectKey, wish: Due) -> None:
        self._later.pop(key, None)  # now is sooner than later; the pass itself puts off the next one
        if key in self._active:
            known = self._again.get(key)
            self._again[key] = known.joined(wish) if known else wish
            return
        known_priority, _ = self._ready.get(key, (None, ""))
        if known_priority is not None:
            if known_priority <= wish.priority:
                return
            wish = Due(self._remove(key), wish.priority)
        account = self._account_of(key)
        self._ready[key] = wish.priority, account
        self._lanes[wish.priority].setdefault(account, {}).setdefault(key.namespace, {})[key] = wish.at

    def _put_off(self, key: ObjectKey, wish: Due) -> bool:
        """Remember a wish for later; true when it is now the first that will be due."""
        if key in self._ready or key in self._again:
            return False
        known = self._later.get(key)
        merged = known.joined(wish) if known else wish
        self._later[key] = merged
        if known is None or merged.at < known.at:
            heapq.heappush(self._heap, (merged.at, next(self._order), key))
        if len(self._heap) > 2 * len(self._later) + 64:  # entries that lost their key stay until due: clear them out
            self._heap = [(due.at, next(self._order), each) for each, due in self._later.items()]
            heapq.heapify(self._heap)
        return self._heap[0][2] == key

    def _promote(self, now: float) -> None:
        while self._heap and self._heap[0][0] <= now:
            at, _, key = heapq.heappop(self._heap)
            wish = self._later.get(key)
            if wish is not None and wish.at == at:
                self._make_ready(key, wish)

    def _take(self, now: float) -> Item | None:
        found = self._next(now)
        if found is None:
            return None
        self._turns += 1
        priority, account, namespace = found
        lane = self._lanes[priority]
        key = next(iter(lane[account][namespace]))
        self._remove(key)
        _send_to_the_end(lane, account)
        _send_to_the_end(lane.get(account, {}), namespace)
        self._active.add(key)
        self._shares.take(account, key, now)
        return Item(key, priority)

    def _next(self, now: float) -> tuple[Priority, str, str] | None:
        """Say whose turn it is: of which priority, account and namespace.

        Who holds no worker is passed over only while it is slow, and others that are hold all that the slow may have.
        """
        waiting = [priority for priority in Priority if self._lanes[priority]]
        if waiting and (self._turns + 1) % HUMBLE_TURN == 0:
            waiting.insert(0, waiting.pop())
        for priority in waiting:
            for account, row in self._lanes[priority].items():
                namespace = self._shares.first_admitted(account, row, now)
                if namespace is not None:
                    return priority, account, namespace
        return None

    def _remove(self, key: ObjectKey) -> float:
        priority, account = self._ready.pop(key)
        lane = self._lanes[priority]
        row = lane[account]
        since = row[key.namespace].pop(key)
        if not row[key.namespace]:
            del row[key.namespace]
        if not row:
            del lane[account]
        return since


def _send_to_the_end(turns: dict[str, T], name: str) -> None:
    if name in turns:
        turns[name] = turns.pop(name)
