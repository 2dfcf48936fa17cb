"""kopf's way to the API server: a session that notes when a watch last gave a sign of life.

kopf swallows bookmarks, and they are all that an idle watch gets. So the bytes are noted where they arrive, in a
session of our own (https://docs.kopf.dev/en/stable/authentication/#custom-http-sessions).
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import aiohttp
import kopf
from kubernetes.client.configuration import Configuration

from securebucket.fleet.record import mapping_of
from securebucket.kube.json_text import json_of
from securebucket.kube.transport import USER_AGENT, Requested
from securebucket.kube.watch_stream import Interruptions, WatchStream, is_nameable


@dataclass(slots=True)
class WatchActivity:
    """When each watch last received something, in seconds of the clock."""

    clock: Callable[[], float] = time.monotonic
    _expected: int = 0
    _begun: float = 0.0
    _last: dict[str, float] = field(default_factory=dict)

    def expect(self, watches: int) -> None:
        """Say how many watches begin now; one that never does is as bad as one that fell silent."""
        self._expected = watches
        self._begun = self.clock()

    def touch(self, watch: str) -> None:
        """Note that a watch received something."""
        self._last[watch] = self.clock()

    def quiet_for(self) -> float:
        """Return the seconds since the quietest watch received something; 0 when none is expected."""
        last = list(self._last.values())
        if len(last) < self._expected:
            last.append(self._begun)
        return self.clock() - min(last) if last else 0.0

    def watches(self) -> int:
        """Count the watches that have begun."""
        return len(self._last)


def open_session(
    connection: Configuration, activity: WatchActivity, requested: Requested, interruptions: Interruptions
) -> kopf.AiohttpSession:
    """Log in: make the session that kopf lists and watches with. To be called within the event loop.

    Args:
        connection: where and as whom; its token is read anew from wherever it came.
        activity: told of everything that a watch receives.
        requested: told of each request that was sent.
        interruptions: of all watches; it outlives the session.
    """

    class Response(aiohttp.ClientResponse):
        """An answer that cannot end kopf."""

        async def start(self, connection: Any) -> aiohttp.ClientResponse:
            started = await super().start(connection)
            if "watch" in self.url.query and self.status == 200:  # being refused is not a sign of life
                path = self.url.path
                activity.touch(path)
                stream: Any = WatchStream(self.content, path, lambda: activity.touch(path), interruptions)
                self.content = stream
            return started

        async def json(self, **more: Any) -> Any:
            """Read an answer; one that kopf would end at is a connection that failed, after which it tries again."""
            if self.status >= 400:  # kopf tells of it as far as it understands it
                return await super().json(**more)
            document, path = json_of(await self.read()), self.url.path
            if not _is_answer(document, self.url.query.get("continue")):
                await asyncio.sleep(interruptions.pause(f"list {path}", 0.0))
                raise aiohttp.ClientPayloadError(f"{path} is not answered with what was asked for")
            if "items" in document:
                document["items"] = [each for each in document["items"] if is_nameable(each, path)]
            return document

    async def count(_session: object, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams) -> None:
        requested(_verb(end.method, end.url.query), str(end.response.status))

    async def count_failure(
        _session: object, _context: SimpleNamespace, end: aiohttp.TraceRequestExceptionParams
    ) -> None:
        requested(_verb(end.method, end.url.query), "0")

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(count)
    trace.on_request_exception.append(count_failure)
    info = connection_info(connection)
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, ssl=info.as_ssl_context()),
        headers={"User-Agent": USER_AGENT, **info.as_http_headers()},
        proxy=connection.proxy,
        response_class=Response,
        trace_configs=[trace],
    )
    return kopf.AiohttpSession(server=connection.host, aiohttp_session=session)


def connection_info(connection: Configuration) -> kopf.ConnectionInfo:
    """Say the same as the official client's configuration in kopf's words."""
    bearer = connection.auth_settings().get("BearerToken")
    scheme, _, token = (bearer["value"] or "").partition(" ") if bearer else ("", "", "")
    return kopf.ConnectionInfo(
        server=connection.host,
        ca_path=connection.ssl_ca_cert,
        insecure=not connection.verify_ssl,
        certificate_path=connection.cert_file,
        private_key_path=connection.key_file,
        scheme=scheme or None,
        token=token or None,
    )


def _is_answer(document: Any, place: str | None) -> bool:
    """Tell whether kopf can take this; not a list that goes on where it was, for which it would ask for ever."""
    if not isinstance(document, dict) or not isinstance(document.get("items", []), list):
        return False
    return place is None or mapping_of(document.get("metadata")).get("continue") != place


def _verb(method: str, query: Any) -> str:
    if method.upper() != "GET":
        return method.lower()
    return "watch" if "watch" in query else "list" if "limit" in query else "get"
