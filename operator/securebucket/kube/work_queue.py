"""A keyed priority queue: every object at most once in it, never worked on twice at once, no namespace starved.

The semantics are those of client-go's work queue
(https://pkg.go.dev/k8s.io/client-go/util/workqueue): a key that is added while it waits is one key; a key that is
added while it is being worked on is queued again once, when that work is done.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from securebucket.model.bucket import ObjectKey

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
        waited: seconds since it was due.
    """

    key: ObjectKey
    priority: Priority
    waited: float


@dataclass(frozen=True, slots=True)
class Due:
    """When and why a key is wanted, in seconds of the queue's clock."""

    at: float
    priority: Priority

    def joined(self, other: "Due") -> "Due":
        """Make one wish of two: the sooner time, the higher priority."""
        return Due(min(self.at, other.at), min(self.priority, other.priority))


Lane = dict[str, dict[ObjectKey, float]]
"""Of one priority: the namespaces that take turns, each with its keys in order and since when they are due."""


class WorkQueue:
    """Hands out keys by priority, and fairly among the namespaces of one priority. Safe to use from many threads.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._lanes: dict[Priority, Lane] = {priority: {} for priority in Priority}
        self._ready: dict[ObjectKey, Priority] = {}
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
            wish = self._again.pop(key, None)
            if wish is not None and not self._closed:
                self._make_ready(key, wish)
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
            return {
                priority: sum(len(keys) for keys in self._lanes[priority].values())
                for priority in Priority
            }  # fmt: skip

    def oldest_overdue(self) -> float:
        """Say for how many seconds the key that waits longest has been due; 0 when none waits."""
        with self._changed:
            now = self._clock()
            self._promote(now)
            since = (at for lane in self._lanes.values() for keys in lane.values() for at in keys.values())
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
        lane_now = self._ready.get(key)
        if lane_now is not None:
            if lane_now <= wish.priority:
                return
            wish = Due(self._remove(key, lane_now), wish.priority)
        self._ready[key] = wish.priority
        self._lanes[wish.priority].setdefault(key.namespace, {})[key] = wish.at

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
        waiting = [priority for priority in Priority if self._lanes[priority]]
        if not waiting:
            return None
        self._turns += 1
        priority = waiting[-1] if self._turns % HUMBLE_TURN == 0 else waiting[0]
        lane = self._lanes[priority]
        namespace, keys = next(iter(lane.items()))
        key = next(iter(keys))
        since = self._remove(key, priority)
        if keys:  # the namespace goes to the end of the row
            lane.pop(namespace)
            lane[namespace] = keys
        self._active.add(key)
        return Item(key, priority, now - since)

    def _remove(self, key: ObjectKey, priority: Priority) -> float:
        lane = self._lanes[priority]
        since = lane[key.namespace].pop(key)
        if not lane[key.namespace]:
            del lane[key.namespace]
        del self._ready[key]
        return since
