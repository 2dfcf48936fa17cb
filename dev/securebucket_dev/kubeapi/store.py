"""The objects, by kind, namespace and name, with one revision counter over all of them.

Bodies are shared and never changed in place: a write puts a new body. What happened to a table is remembered for
watches in a bounded log; what has fallen out of it is *gone* (HTTP 410).
"""

import bisect
import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from securebucket_dev.kubeapi.failure import report_gone
from securebucket_dev.kubeapi.kind import Body

HISTORY = 5_000
FIRST_REVISION = 100  # so that a small number is a revision that nobody remembers


class Key(NamedTuple):
    """Where an object is in its table; the namespace of a cluster-scoped one is empty."""

    namespace: str
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An object as it was written at one revision."""

    revision: int
    body: Body
    encodings: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)

    def encode(self, view: str, body: Body) -> bytes:
        """The JSON of one view of the object (a version of its API), made once however many watch it."""
        found = self.encodings.get(view)
        if found is None:
            found = self.encodings[view] = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
        return found


@dataclass(frozen=True, slots=True)
class Event:
    """One change: `entry` is the object after it (for DELETED as it was last, at the revision of its end)."""

    type: Literal["ADDED", "MODIFIED", "DELETED"]
    key: Key
    entry: Entry
    before: Entry | None


class Table:
    """All objects of one kind, and what happened to them lately: the last `history` events."""

    def __init__(self, revision: int, history: int) -> None:
        self.entries: dict[Key, Entry] = {}
        self.order: list[Key] = []
        self.listeners: set[Callable[[Event | None], None]] = set()
        self.forgotten = revision
        self._most = history
        self._history: deque[Event] = deque()

    def scan(self, namespace: str) -> Iterator[tuple[Key, Entry]]:
        """The objects of a namespace, or all with an empty one, in the order of their keys."""
        start = bisect.bisect_left(self.order, Key(namespace, "")) if namespace else 0
        for key in self.order[start:]:
            if namespace and key.namespace != namespace:
                return
            yield key, self.entries[key]

    def since(self, revision: int) -> list[Event]:
        """What happened after a revision.

        Raises:
            ApiError: 410, that is no longer known.
        """
        if revision < self.forgotten:
            raise report_gone(f"too old resource version: {revision} ({self.forgotten})")
        return list(self._reversed_since(revision))[::-1]

    def at(self, revision: int, namespace: str) -> list[tuple[Key, Entry]]:
        """The objects as they were at a revision, in the order of their keys: what later pages of a list show.

        Raises:
            ApiError: 410, that is no longer known.
        """
        if revision < self.forgotten:
            raise report_gone(
                "The provided continue parameter is too old to display a consistent list result. "
                "You must start a new list without the continue parameter."
            )
        undone: dict[Key, Entry | None] = {event.key: event.before for event in self._reversed_since(revision)}
        if not undone:
            return list(self.scan(namespace))
        then = dict(self.scan(namespace))
        for key, before in undone.items():
            if namespace and key.namespace != namespace:
                continue
            if before is None:
                then.pop(key, None)
            else:
                then[key] = before
        return sorted(then.items())

    def record(self, event: Event) -> None:
        """Keep an event for those who come later, and tell those who listen."""
        self._history.append(event)
        if len(self._history) > self._most:
            self.forgotten = self._history.popleft().entry.revision
        for listener in tuple(self.listeners):
            listener(event)

    def forget(self, revision: int) -> None:
        """Drop the whole log: nothing before `revision` can be resumed from."""
        self._history.clear()
        self.forgotten = revision

    def _reversed_since(self, revision: int) -> Iterator[Event]:
        for event in reversed(self._history):
            if event.entry.revision <= revision:
                return
            yield event


class Store:
    """Every table, and the revision of the last write to any of them.

    Args:
        history: events that a table remembers; a watch that resumes from before them has to list again.
    """

    def __init__(self, history: int = HISTORY) -> None:
        self._history = history
        self.revision = FIRST_REVISION
        self._tables: dict[str, Table] = {}

    def table(self, storage: str) -> Table:
        """The objects of one kind; a kind that nobody has asked for yet has an empty one."""
        found = self._tables.get(storage)
        if found is None:
            found = self._tables[storage] = Table(self.revision, self._history)
        return found

    def drop(self, storage: str) -> None:
        """Forget a kind that is no longer served; who listens to it is told so with None."""
        table = self._tables.pop(storage, None)
        for listener in tuple(table.listeners) if table else ():
            listener(None)

    def tables(self) -> dict[str, Table]:
        """All tables, by their storage name."""
        return dict(self._tables)

    def put(self, storage: str, key: Key, body: Body) -> Entry:
        """Write an object at a new revision; its `metadata` is copied to get that resourceVersion."""
        table = self.table(storage)
        before = table.entries.get(key)
        entry = self._enter(body)
        table.entries[key] = entry
        if before is None:
            bisect.insort(table.order, key)
        table.record(Event("MODIFIED" if before else "ADDED", key, entry, before))
        return entry

    def remove(self, storage: str, key: Key) -> Entry:
        """Take an object out; what is returned is its last state, at the revision of its end."""
        table = self.table(storage)
        before = table.entries.pop(key)
        del table.order[bisect.bisect_left(table.order, key)]
        entry = self._enter(before.body)
        table.record(Event("DELETED", key, entry, before))
        return entry

    def replace_silently(self, storage: str, key: Key, body: Body) -> None:
        """Give an object another body at the same revision: what a new schema makes of objects at rest."""
        table = self.table(storage)
        table.entries[key] = Entry(table.entries[key].revision, body)

    def compact(self) -> None:
        """Forget what happened so far: whoever resumes from before now is told 410."""
        for table in self._tables.values():
            table.forget(self.revision)

    def _advance(self) -> int:
        self.revision += 1
        return self.revision

    def _enter(self, body: Body) -> Entry:
        revision = self._advance()
        return Entry(revision, {**body, "metadata": {**body["metadata"], "resourceVersion": str(revision)}})
