"""An HTTP server for ports that anybody may reach: it bounds its threads, and drops who says nothing.

A thread serves one connection. When all are taken, the one that has been silent the longest makes room, so that silent
clients never keep others out; where all are being answered, a new one is refused at once.
"""

import logging
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

log = logging.getLogger(__name__)

CONNECTIONS = 16
SILENCE = 10.0
"""Seconds in which a client must have sent its whole request, however it drips."""
SENDING = 30.0
"""Seconds in which a client must have taken what it was sent in one piece."""
LEAVING = 0.5
"""Seconds that a thread gets to end whose connection was dropped."""
POLL = 0.1
LONGEST_REQUEST = 80_000
"""Bytes, its headers included: the library alone takes a hundred headers of 64 KiB each, and holds them four times."""


@dataclass(slots=True)
class _Talk:
    began: float
    answering: bool = False
    dropped: bool = False


class TooLong(ConnectionError):  # noqa: N818 - the client is cut off, which is not our fault
    """A client sends more than a request needs."""


class Incoming:
    """What a client sends, up to the longest request; otherwise the library's file.

    Args:
        source: as it arrives.
        most: bytes that are read in all.
    """

    def __init__(self, source: Any, most: int = LONGEST_REQUEST) -> None:
        self._source = source
        self._left = most

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def readline(self, size: int = -1) -> bytes:
        """Read a line.

        Raises:
            TooLong: it is longer than what is left.
        """
        most = self._left + 1
        line: bytes = self._source.readline(most if size < 0 else min(size, most))
        self._left -= len(line)
        if self._left < 0:
            raise TooLong("the request is too long")
        return line


class BoundedHandler(BaseHTTPRequestHandler):
    """Answers one request of a `BoundedServer`; what it would print goes to the log, for those who debug."""

    timeout = SENDING
    server_version, sys_version = "securebucket", ""

    def setup(self) -> None:
        """Begin with a connection."""
        super().setup()
        incoming: Any = Incoming(self.rfile)
        self.rfile = incoming

    def parse_request(self) -> bool:
        """Read the request; false when there is none to answer, or the connection was dropped meanwhile."""
        understood = super().parse_request()
        server = self.server
        return understood and (not isinstance(server, BoundedServer) or server.begin_answer(self.connection))

    def log_message(self, form: str, *values: object) -> None:
        """Log what the library has to say."""
        log.debug(form, *values)


class BoundedServer(ThreadingHTTPServer):
    """Serves from daemon threads: one that accepts, and as many as there are connections.

    Args:
        address: host and port to listen on; port 0 lets the system choose.
        handler: answers one request.
        connections: the most at once.
        silence: seconds in which a client must have sent its request.
        clock: monotonic seconds.

    Raises:
        OSError: the address is taken.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        handler: type[BoundedHandler],
        *,
        connections: int = CONNECTIONS,
        silence: float = SILENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.address_family = socket.getaddrinfo(*address, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        super().__init__(address, handler)
        self._connections = connections
        self._silence = silence
        self._clock = clock
        self._talks: dict[Any, _Talk] = {}
        """By socket, the oldest first."""
        self._changed = threading.Condition()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.server_address[1])

    def begin(self, name: str) -> None:
        """Begin to serve, in a thread of this name."""
        threading.Thread(target=self.serve_forever, args=(POLL,), name=name, daemon=True).start()

    def end(self) -> None:
        """Serve no more, and drop who is being served."""
        self.shutdown()
        self.server_close()
        with self._changed:
            for request in list(self._talks):
                self._drop(request)

    def begin_answer(self, request: socket.socket) -> bool:
        """Take in that a client has sent its request; false when it was dropped before."""
        with self._changed:
            talk = self._talks.get(request)
            if talk is None or talk.dropped:
                return False
            talk.answering = True
            return True

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give a new connection its thread, or refuse it."""
        with self._changed:
            if len(self._talks) >= self._connections and not self._make_room():
                super().shutdown_request(request)
                return
            self._talks[request] = _Talk(self._clock())
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """End a connection."""
        with self._changed:
            self._talks.pop(request, None)
            self._changed.notify_all()
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Drop who has been silent for too long; called between the connections, and while none comes."""
        with self._changed:
            latest = self._clock() - self._silence
            for request, talk in list(self._talks.items()):
                if talk.began < latest and not talk.answering and not talk.dropped:
                    self._drop(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the library's signature
        """Log what went wrong with one request; that a client went away, or takes nothing, is worth no word."""
        error = sys.exception()
        if isinstance(error, ConnectionError | TimeoutError):
            log.debug("a client left before it was answered")
        else:
            log.error("a request could not be answered", exc_info=error)

    def _make_room(self) -> bool:
        """Drop the oldest connection that is silent, and wait for its thread; false when all are being answered."""
        silent = (request for request, talk in self._talks.items() if not talk.answering and not talk.dropped)
        oldest = next(silent, None)
        if oldest is not None:
            self._drop(oldest)
        return self._changed.wait_for(lambda: len(self._talks) < self._connections, LEAVING if oldest else 0.0)

    def _drop(self, request: Any) -> None:
        self._talks[request].dropped = True
        try:
            request.shutdown(socket.SHUT_RDWR)  # its thread wakes up, and closes it
        except OSError:
            log.debug("a client left before it was dropped")
