"""What a watch or a list says, made harmless for kopf, which ends for good at anything that it does not expect.

A line that is not an event, and an error of whatever code, become the one error after which kopf lists again: what was
lost is seen then. An object that nobody could name is left out. A watch that is interrupted again and again waits ever
longer.
"""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from securebucket.kube.json_text import json_of, shallow

log = logging.getLogger(__name__)

LIST_AGAIN = b'{"type": "ERROR", "object": {"code": 410}}\n'
LONGEST_LINE = 16 * 1024 * 1024
"""Bytes of one event; the API server takes objects of about 1.5 MiB."""
STEADY = 30.0
"""Seconds after which a watch that ends was none that fails at once."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.25, 30.0


@dataclass(slots=True)
class Interruptions:
    """How often in a row each watch has ended soon after it began.

    Args:
        longest: seconds of a pause; shorter than what kopf waits for an event, or it would never hear of the error.
        shortest: seconds of the first one.
        draw: gives a random number, at least 0 and below 1.
    """

    longest: float = LONGEST_PAUSE
    shortest: float = SHORTEST_PAUSE
    draw: Callable[[], float] = random.random
    _counts: dict[str, int] = field(default_factory=dict)

    def pause(self, watch: str, lasted: float) -> float:
        """Count one more end, and give the seconds before the watch may begin anew.

        Args:
            watch: which.
            lasted: seconds since it began.
        """
        count = 0 if lasted >= STEADY else self._counts.get(watch, 0)
        self._counts[watch] = count + 1
        return min(self.longest, self.shortest * 2.0 ** min(count, 16)) * (1 + self.draw()) / 2


class WatchStream:
    """The body of a watch: whole lines, each an event that kopf can take; otherwise aiohttp's own.

    Args:
        content: as it arrives.
        watch: its path.
        note: called for whatever arrives.
        interruptions: of all watches.
    """

    def __init__(
        self,
        content: aiohttp.StreamReader,
        watch: str,
        note: Callable[[], None],
        interruptions: Interruptions,
    ) -> None:
        self._content = content
        self._watch = watch
        self._note = note
        self._interruptions = interruptions

    def __getattr__(self, name: str) -> Any:
        return getattr(self._content, name)

    async def iter_chunked(self, size: int) -> AsyncIterator[bytes]:
        """Return the events. Before the end, wait: kopf would begin anew at once."""
        began = time.monotonic()
        try:
            async for line in self._lines(size):
                event = self._understood(line)
                if event == LIST_AGAIN:  # nobody asks for more after it
                    await self._wait(began)
                if event:
                    yield event
        except aiohttp.ClientError:
            await self._wait(began)
            raise
        await self._wait(began)

    async def _wait(self, began: float) -> None:
        await asyncio.sleep(self._interruptions.pause(self._watch, time.monotonic() - began))

    async def _lines(self, size: int) -> AsyncIterator[bytes]:
        """Return the whole lines. One without an end was cut off: the next watch begins before it."""
        rest = b""
        async for chunk in self._content.iter_chunked(size):
            self._note()
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                if line.strip():
                    yield line
            if len(rest) > LONGEST_LINE:
                yield rest
                return

    def _understood(self, line: bytes) -> bytes:
        """Return a line as kopf can take it; empty where it is left out."""
        event = json_of(line) if len(line) <= LONGEST_LINE else None
        if not isinstance(event, Mapping) or not isinstance(event.get("type"), str):
            log.warning("a watch sent something that is not an event; listing again", extra={"watch": self._watch})
            return LIST_AGAIN
        told = event.get("object")
        if event["type"] == "ERROR":
            more = {"watch": self._watch, "code": str(told.get("code") if isinstance(told, Mapping) else "")[:20]}
            log.warning("a watch sent an error; listing again", extra=more)
            return LIST_AGAIN
        if event["type"] == "BOOKMARK":
            return line + b"\n" if isinstance(told, Mapping) and isinstance(told.get("metadata"), Mapping) else b""
        return shallow(line) + b"\n" if is_nameable(told, self._watch) else b""


def is_nameable(body: Any, where: str) -> bool:
    """Tell whether kopf and we can say which object it is; one that has no name is told in the log, and left out."""
    fit = has_name(body)
    if not fit:
        log.warning("skipping an object without a name", extra={"watch": where})
    return fit


def has_name(body: Any) -> bool:
    """Tell whether this is JSON of an object that has a name."""
    metadata = body.get("metadata") if isinstance(body, Mapping) else None
    return (
        isinstance(metadata, Mapping)
        and isinstance(metadata.get("name"), str)
        and all(isinstance(metadata.get(each, ""), str) for each in ("namespace", "uid", "resourceVersion"))
    )
