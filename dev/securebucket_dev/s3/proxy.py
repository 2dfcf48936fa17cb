"""A reverse proxy on the loopback: one thread a client connection, each with its own connection to the server."""

import select
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import BinaryIO, Self, TypeAlias
from urllib.parse import urlsplit

from securebucket_dev.s3.wire import Message, WireError, read_body, read_head

Forward: TypeAlias = Callable[[], Message]
"""Sends the request on and gives the server's answer."""

Handle: TypeAlias = Callable[[Message, Forward], Message | None]
"""Gives the answer to a request; None closes the client's connection without one."""

UPSTREAM_SECONDS = 120
JOIN_SECONDS = 10
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
BODILESS = frozenset({204, 304})


class Proxy:
    """A context manager that listens on a free port of 127.0.0.1.

    Requests go on with every header unchanged, `Host` included: a server that verifies signatures sees what the client
    has signed. The client's connection is kept alive, whatever the server does with its own.

    Args:
        upstream: the server's endpoint, e.g. `http://127.0.0.1:4566`.
        handle: decides on each request, in the thread of its connection.
    """

    def __init__(self, upstream: str, handle: Handle) -> None:
        where = urlsplit(upstream)
        self._upstream = (where.hostname or "127.0.0.1", where.port or 80)
        self._handle = handle
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, socket.socket] = {}
        self._closed = False
        self._listener: socket.socket
        self._acceptor: threading.Thread
        self.endpoint = ""

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.endpoint = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._acceptor = threading.Thread(target=self._accept, name="proxy", daemon=True)
        self._acceptor.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._closed = True
            opened = dict(self._open)
        for connection in (self._listener, *opened.values()):
            with suppress(OSError):  # the other side may have closed it just now
                connection.shutdown(socket.SHUT_RDWR)
        self._acceptor.join()
        self._listener.close()
        for thread in opened:
            thread.join(JOIN_SECONDS)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # shut down
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = threading.Thread(target=self._serve, args=(connection,), name="proxy", daemon=True)
            with self._lock:
                if self._closed:
                    connection.close()
                    return
                self._open[thread] = connection
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with ExitStack() as stack:
            stack.callback(self._forget)
            stack.enter_context(connection)
            stream = stack.enter_context(connection.makefile("rb"))
            server = stack.enter_context(Upstream(self._upstream))
            # The client may leave at any time; then there is nobody to tell.
            stack.enter_context(suppress(OSError, WireError))
            while (request := _read_request(stream, connection)) is not None:
                answer = self._handle(request, lambda asked=request: server.ask(asked))  # type: ignore[misc]  # bound now
                if answer is None:
                    return
                bodiless = request.start.startswith("HEAD ") or answer.status in BODILESS
                connection.sendall(answer.encode(bodiless=bodiless))
                if request.header("connection").lower() == "close":
                    return

    def _forget(self) -> None:
        with self._lock:
            self._open.pop(threading.current_thread(), None)


class Upstream:
    """A connection to the server, kept while the server keeps it."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._connection: socket.socket | None = None
        self._stream: BinaryIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def ask(self, request: Message) -> Message:
        """Send a request on and read the whole answer.

        Raises:
            OSError: the server cannot be reached, or has closed the connection.
            WireError: it answers no HTTP/1.1.
        """
        connection, stream = self._connected()
        try:
            connection.sendall(request.encode(bodiless=not _announces_body(request)))
            head = _read_answer_head(stream)
            bodiless = request.start.startswith("HEAD ") or head.status in BODILESS
            body = b"" if bodiless else read_body(stream, head, until_close=True)
        except (OSError, WireError):
            self._close()
            raise
        ends = head.header("connection").lower() == "close" or head.start.startswith("HTTP/1.0")
        if ends or not (bodiless or _announces_body(head)):
            self._close()
        return Message(head.start.replace("HTTP/1.0", "HTTP/1.1", 1), head.headers, body)

    def _connected(self) -> tuple[socket.socket, BinaryIO]:
        # A kept connection on which something can be read before we ask has been closed by the server.
        if self._connection is not None and select.select([self._connection], [], [], 0)[0]:
            self._close()
        if self._connection is None or self._stream is None:
            self._connection = socket.create_connection(self._address, UPSTREAM_SECONDS)
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._stream = self._connection.makefile("rb")
        return self._connection, self._stream

    def _close(self) -> None:
        if self._stream is not None:
            self._stream.close()
        if self._connection is not None:
            self._connection.close()
        self._connection = self._stream = None


def _announces_body(message: Message) -> bool:
    return bool(message.header("content-length") or message.header("transfer-encoding"))


def _read_answer_head(stream: BinaryIO) -> Message:
    while (head := read_head(stream)) is not None:
        if head.status >= 200:
            return head
    raise WireError("the server closed the connection without an answer")


def _read_request(stream: BinaryIO, connection: socket.socket) -> Message | None:
    head = read_head(stream)
    if head is None:
        return None
    if head.header("expect").lower() == "100-continue":
        connection.sendall(CONTINUE)  # else the client waits a second before it sends the body
    return Message(head.start, head.headers, read_body(stream, head))
