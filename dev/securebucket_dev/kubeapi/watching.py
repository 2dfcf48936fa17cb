"""Watch streams: what happened since a revision, then what happens, with bookmarks between.

https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
"""

import asyncio
import json
import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from securebucket_dev.kubeapi.cluster import Cluster
from securebucket_dev.kubeapi.failure import ApiError, Cause, report_invalid
from securebucket_dev.kubeapi.intake import present
from securebucket_dev.kubeapi.kind import Body
from securebucket_dev.kubeapi.reading import Selection, read_number
from securebucket_dev.kubeapi.store import Event
from securebucket_dev.kubeapi.views import View, encode_entry, table_of

BOOKMARK_EVERY = 60.0  # seconds
BOOKMARK_BEFORE_END = 2.0  # seconds before a stream ends by itself
SHORTEST = 1800  # seconds a stream lives that asks for no time of its own; up to twice as long
_LINES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """What a client wants to watch, and how."""

    selection: Selection
    view: View
    query: Mapping[str, str]
    revision: int
    initial: bool
    bookmarks: bool
    seconds: float


def read_watch(selection: Selection, view: View, query: Mapping[str, str]) -> WatchRequest:
    """The watch that a query asks for.

    Raises:
        ApiError: 422 or 400, its parts do not go together.
    """
    initial, match = query.get("sendInitialEvents"), query.get("resourceVersionMatch", "")
    bookmarks = query.get("allowWatchBookmarks") in ("true", "1")
    faults = []
    if initial and match != "NotOlderThan":
        words = "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
        faults.append(Cause("resourceVersionMatch", "FieldValueForbidden", words))
    if match and initial is None:
        words = "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
        faults.append(Cause("resourceVersionMatch", "FieldValueForbidden", words))
    if faults:
        raise report_invalid("meta.k8s.io", "ListOptions", "", faults)
    revision = read_number(query, "resourceVersion")
    seconds = float(read_number(query, "timeoutSeconds")) or SHORTEST * (1 + random.random())  # noqa: S311 - no secret
    replayed = initial == "true" or (initial is None and revision == 0)
    return WatchRequest(selection, view, query, 0 if replayed else revision, replayed, bookmarks, seconds)


class WatchStream:
    """One open watch: its queue of events, and the connection they are written to."""

    def __init__(self, cluster: Cluster, asked: WatchRequest) -> None:
        self.muted = False
        self._cluster = cluster
        self._asked = asked
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._headed = False
        self._request: web.Request | None = None

    def drop(self) -> None:
        """Cut the connection, as a network does."""
        if self._request is not None and self._request.transport is not None:
            self._request.transport.abort()

    async def run(self, request: web.Request) -> web.StreamResponse:
        """Serve the watch until its time is over or the client is gone."""
        self._request = request
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        table = self._cluster.store.table(self._asked.selection.kind.storage)
        listener = self._queue.put_nowait
        try:
            first = list(self._begin())
        except ApiError as error:
            await response.prepare(request)
            await response.write(_line("ERROR", error.status()))
            return response
        table.listeners.add(listener)
        try:
            await response.prepare(request)
            await self._write(response, first)
            await self._follow(response)
        except ConnectionError:
            return response
        finally:
            table.listeners.discard(listener)
        return response

    async def _follow(self, response: web.StreamResponse) -> None:
        end = time.monotonic() + self._asked.seconds
        bookmark = self._next_bookmark(end)
        while (now := time.monotonic()) < end or self.muted:
            # A muted stream does not even end: to its client it is a connection whose other side has vanished.
            patience = BOOKMARK_EVERY if self.muted else min(end, bookmark) - now
            try:
                event = await asyncio.wait_for(self._queue.get(), patience)
            except TimeoutError:
                if time.monotonic() >= bookmark and self._asked.bookmarks:
                    await self._write(response, [self._bookmark()])
                bookmark = self._next_bookmark(end)
                continue
            events = [event]
            while not self._queue.empty() and len(events) < _LINES_AT_ONCE:
                events.append(self._queue.get_nowait())
            await self._write(response, [line for each in events if each for line in self._show(each)])
            if None in events:  # the kind is no longer served
                return

    async def _write(self, response: web.StreamResponse, lines: list[bytes]) -> None:
        if lines and not self.muted:
            await response.write(b"".join(lines))

    def _begin(self) -> Iterator[bytes]:
        """What the client has to know before anything happens.

        Raises:
            ApiError: 410, it wants to go on from where is no longer known.
        """
        asked = self._asked
        table = self._cluster.store.table(asked.selection.kind.storage)
        if not asked.initial:
            for event in table.since(asked.revision or self._cluster.store.revision):
                yield from self._show(event)
            return
        for key, entry in table.scan(asked.selection.namespace):
            yield from self._show(Event("ADDED", key, entry, None))
        if asked.query.get("sendInitialEvents") and asked.bookmarks:
            yield self._bookmark({"annotations": {"k8s.io/initial-events-end": "true"}})

    def _show(self, event: Event) -> Iterator[bytes]:
        """The event as this client sees it: an object that leaves its selection is deleted for it."""
        selection = self._asked.selection
        if selection.namespace and event.key.namespace != selection.namespace:
            return
        chosen = event.type != "DELETED" and selection.test(event.entry.body)
        former = event.before is not None and selection.test(event.before.body)
        if chosen:
            yield self._encode("MODIFIED" if former else "ADDED", event)
        elif former:
            yield self._encode("DELETED", event)

    def _encode(self, kind: str, event: Event) -> bytes:
        asked = self._asked
        entry = event.entry
        if kind == "DELETED" and event.before is not None:
            # Its last state inside of the selection, at the revision of the change that took it out.
            revision = entry.body["metadata"]["resourceVersion"]
            body = {**event.before.body, "metadata": {**event.before.body["metadata"], "resourceVersion": revision}}
            if event.type == "DELETED":
                body = entry.body
            return _line(kind, self._view(body))
        if asked.view is View.OBJECT:
            return b'{"type":"' + kind.encode() + b'","object":' + encode_entry(entry, asked.selection.kind) + b"}\n"
        return _line(kind, self._view(entry.body))

    def _view(self, body: Body) -> dict[str, Any]:
        asked = self._asked
        shown = present(body, asked.selection.kind)
        if asked.view is View.METADATA:
            return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": body["metadata"]}
        if asked.view is View.TABLE:
            metadata = {"resourceVersion": body["metadata"]["resourceVersion"]}
            table = table_of([body], asked.selection.kind, asked.query, metadata, headed=not self._headed)
            self._headed = True
            return table
        return shown

    def _bookmark(self, extra: dict[str, Any] | None = None) -> bytes:
        kind = self._asked.selection.kind
        metadata = {"resourceVersion": str(self._cluster.store.revision), "creationTimestamp": None, **(extra or {})}
        body: dict[str, Any] = {"kind": kind.name, "apiVersion": kind.api_version, "metadata": metadata}
        if self._asked.view is View.TABLE:
            body = {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata, "rows": []}
        return _line("BOOKMARK", body)

    def _next_bookmark(self, end: float) -> float:
        now = time.monotonic()
        last = end - BOOKMARK_BEFORE_END
        return min(now + BOOKMARK_EVERY, last) if last > now else now + BOOKMARK_EVERY


class Watches:
    """The open watch streams, and the faults that a test puts them through."""

    def __init__(self) -> None:
        self._streams: set[WatchStream] = set()
        self._muted = False

    async def serve(self, cluster: Cluster, asked: WatchRequest, request: web.Request) -> web.StreamResponse:
        """Serve one watch to its end."""
        stream = WatchStream(cluster, asked)
        stream.muted = self._muted
        self._streams.add(stream)
        try:
            return await stream.run(request)
        finally:
            self._streams.discard(stream)

    def mute(self) -> None:
        """Make every stream silent for good, and those to come until `unmute`."""
        self._muted = True
        for stream in self._streams:
            stream.muted = True

    def unmute(self) -> None:
        """Let streams that are opened from now on work."""
        self._muted = False

    def drop(self) -> None:
        """Cut every stream."""
        for stream in tuple(self._streams):
            stream.drop()

    @property
    def count(self) -> int:
        """How many streams are open."""
        return len(self._streams)


def _line(kind: str, body: dict[str, Any]) -> bytes:
    return json.dumps({"type": kind, "object": body}, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
