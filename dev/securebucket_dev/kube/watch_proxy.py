"""A proxy before the API server that can make watches go silent, and can cut everything off.

Silent means that the connection stays up and nothing comes any more: what a load balancer or a NAT gateway does to an
idle one, and what no client notices by itself.
"""

import asyncio
import ssl
import threading
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

CHUNK = 65536
START_SECONDS = 10.0


class WatchProxy:
    """A context manager that serves plain HTTP on a free port of 127.0.0.1, and asks the API server over TLS.

    Tokens pass through it in clear; they are a test's, and do not leave the machine.

    Args:
        upstream: URL of the API server.
        authority: the PEM certificate that the server's is signed with.
    """

    def __init__(self, upstream: str, authority: Path) -> None:
        where = urlsplit(upstream)
        self._upstream = (where.hostname or "127.0.0.1", where.port or 443)
        self._context = ssl.create_default_context(cafile=str(authority))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="watch-proxy", daemon=True)
        self._links: set[_Link] = set()
        self._cut = False
        self._server: asyncio.Server
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(START_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(START_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def watches(self) -> int:
        """Count the open watches that are not silent."""
        return sum(link.watching and not link.silent for link in tuple(self._links))

    def silence_watches(self) -> int:
        """Let every watch that is open now receive nothing any more, and count them; new ones are not affected."""
        found = [link for link in tuple(self._links) if link.watching and not link.silent]
        for link in found:
            link.silent = True
        return len(found)

    def cut(self) -> None:
        """Close every connection, and every new one as soon as it is made, until `mend`."""
        asyncio.run_coroutine_threadsafe(self._cut_links(), self._loop).result(START_SECONDS)

    def mend(self) -> None:
        """Serve again."""
        self._cut = False

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _close(self) -> None:
        self._server.close()
        await self._cut_links()

    async def _cut_links(self) -> None:
        self._cut = True
        tasks = [link.task for link in self._links]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if self._cut or task is None:  # it never is None: a server's callback runs in a task of its own
            writer.close()
            return
        link = _Link(task)
        self._links.add(link)
        try:
            server_reader, server_writer = await asyncio.open_connection(*self._upstream, ssl=self._context)
        except OSError:
            self._links.discard(link)
            writer.close()
            return
        pumps = [
            asyncio.create_task(link.carry_requests(reader, server_writer)),
            asyncio.create_task(link.carry_answers(server_reader, writer)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._links.discard(link)
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            for each in (writer, server_writer):
                each.close()


class _Link:
    """A client's connection and the one to the server that belongs to it."""

    def __init__(self, task: "asyncio.Task[None]") -> None:
        self.task = task
        self.watching = False
        self.silent = False

    async def carry_requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(CHUNK):
            # A client begins a request only after the answer to the one before, so a chunk begins with its first line.
            self.watching = chunk.startswith(b"GET ") and b"watch=true" in chunk.partition(b"\r\n")[0]
            writer.write(chunk)
            await writer.drain()

    async def carry_answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(CHUNK):
            if not self.silent:
                writer.write(chunk)
                await writer.drain()
        if self.silent:
            await asyncio.Event().wait()  # the server ends the watch; whoever hears nothing does not hear that either
