"""A real HTTP server that gives every request the same answer, however wrong."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Reply:
    """What the server answers.

    Args:
        drip: seconds between two bytes, of head and body; 0 sends all at once.
        repeat: how often the body is sent, for bodies that no test holds.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    drip: float = 0.0
    repeat: int = 1


class HostileServer(ThreadingHTTPServer):
    """Answers with `reply`, and counts what it was asked and what it could send."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply = Reply()
        self.asked: list[str] = []
        self.sent = 0
        self.ended = threading.Event()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Say nothing: clients that hang up are what is wanted."""


class _Handler(BaseHTTPRequestHandler):
    server: HostileServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes: each answer would wait 40 ms for the client's word

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        reply = self.server.reply
        self.server.asked.append(f"{self.command} {self.path}")
        body = b"" if self.command == "HEAD" else reply.body
        head = [f"HTTP/1.1 {reply.status} Told", *(f"{name}: {value}" for name, value in reply.headers.items())]
        head.append(f"Content-Length: {len(reply.body) * reply.repeat}")
        text = "\r\n".join([*head, "", ""]).encode()
        if reply.drip:
            self._drip(text + body, reply.drip)
            return
        self.wfile.write(text)
        for _ in range(reply.repeat):
            self.wfile.write(body)
            self.server.sent += len(body)

    def _drip(self, text: bytes, pause: float) -> None:
        for place in range(len(text)):
            if self.server.ended.wait(pause):
                return
            self.wfile.write(text[place : place + 1])

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = answer  # noqa: N815 - the library names them so

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@contextmanager
def hostile_server() -> Iterator[HostileServer]:
    """Run one."""
    server = HostileServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
