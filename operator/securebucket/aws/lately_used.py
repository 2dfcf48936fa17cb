"""What was used of late, up to a number: who makes up ever new names of regions or keys gets no more memory."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class LatelyUsed(Generic[K, V]):
    """Keeps what was used last. Safe for many threads.

    Args:
        most: entries; the one that was not used for longest makes room.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.RLock()

    def get(self, key: K) -> V | None:
        """Give what is kept; None where nothing is."""
        with self._lock:
            if key not in self._entries:
                return None
            self._entries.move_to_end(key)
            return self._entries[key]

    def put(self, key: K, value: V) -> None:
        """Keep something."""
        with self._lock:
            self._entries[key] = value
            self._entries.move_to_end(key)
            if len(self._entries) > self._most:
                self._entries.popitem(last=False)

    def make(self, key: K, build: Callable[[], V]) -> V:
        """Give what is kept, and build it where nothing is: once, whoever else asks meanwhile."""
        with self._lock:
            found = self.get(key)
            if found is None:
                found = build()
                self.put(key, found)
            return found

    def values(self) -> tuple[V, ...]:
        """Give everything that is kept now."""
        with self._lock:
            return tuple(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)
