"""A proxy before an API server that can answer some watches or lists with nonsense."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

import urllib3
from kubernetes.client.configuration import Configuration


@dataclass(frozen=True)
class Fault:
    """What is answered instead: to watches, or to lists; a `cut` ends in the middle of the transfer.

    One with which a list or a watch goes on is asked for only `once`.
    """

    body: bytes = b""
    status: int = 200
    cut: bool = False
    lists: bool = False
    once: bool = False


class FaultyApi:
    """Hands everything on, but what `fault` is about: requests for the plural `kind`."""

    def __init__(self, upstream: str, kind: str) -> None:
        self.fault: Fault | None = None
        self.asked: Counter[str] = Counter()
        outer, pool = self, urllib3.PoolManager(retries=False, maxsize=32)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # else the second of two writes waits 40 ms for the other side

            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length) if length else None
                place = urlsplit(self.path)
                watch = "watch=true" in place.query
                ours = self.command == "GET" and place.path.endswith(f"/{kind}")
                if ours:
                    outer.asked["watch" if watch else "list"] += 1
                fault = outer.fault
                if fault is not None and ours and watch != fault.lists:
                    self._pretend(fault)
                    return
                headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                answer = pool.request(
                    self.command, f"{upstream}{self.path}", body=body, headers=headers, preload_content=False
                )
                self.send_response(answer.status)
                for name in ("Content-Type", "Retry-After"):
                    if name in answer.headers:
                        self.send_header(name, answer.headers[name])
                self._begin_chunks()
                try:
                    for each in answer.stream(65536):
                        if outer.fault is not None and ours and watch != outer.fault.lists:
                            break  # it began before the fault did
                        self._chunk(each)
                    self._chunk(b"")
                except (OSError, urllib3.exceptions.HTTPError):
                    self.close_connection = True
                finally:
                    answer.close()

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815 - the names are http.server's

            def _pretend(self, fault: Fault) -> None:
                self.send_response(fault.status)
                self.send_header("Content-Type", "application/json")
                self._begin_chunks()
                if fault.body:
                    self._chunk(fault.body)
                if fault.cut:
                    self.close_connection = True
                else:
                    self._chunk(b"")

            def _begin_chunks(self) -> None:
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()

            def _chunk(self, data: bytes) -> None:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
                self.wfile.flush()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def connection(self) -> Configuration:
        """Say how to reach it."""
        connection = Configuration(host=self.url)
        connection.retries = False
        return connection


def lines(*events: bytes) -> bytes:
    """Write events as a watch has them."""
    return b"".join(each + b"\n" for each in events)


def error_event(code: object) -> bytes:
    """Write an ERROR as etcd's hiccups make it; an empty code is left out."""
    told = b"" if code == "" else b', "code": %s' % str(code).encode()
    return b'{"type": "ERROR", "object": {"kind": "Status", "status": "Failure"%s}}' % told


NAMELESS: Sequence[bytes] = (
    b'{"type": "ADDED", "object": {"spec": {}}}',
    b'{"type": "ADDED", "object": {"metadata": null}}',
    b'{"type": "ADDED", "object": {"metadata": {"uid": "u"}}}',
    b'{"type": "MODIFIED", "object": {"metadata": {"name": "x", "uid": {}}}}',
    b'{"type": "DELETED", "object": [1]}',
    b'{"type": "BOOKMARK", "object": {"metadata": 7}}',
    b'{"type": "BOOKMARK"}',
)
