"""Serves a WSGI application on a socket that is bound already, with one thread for each kept connection.

LocalStack's own server hands every request through a reactor and a pool of threads, and moto's closes the connection
after each answer; either costs more than what the emulator does. Standard library only: LocalStack's environment has
nothing of ours.
"""

import socket
import sys
import threading
import traceback
from collections.abc import Iterable
from contextlib import suppress
from email.utils import formatdate
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication

from securebucket_dev.s3.wire import Message, WireError, read_body, read_head

BODILESS = frozenset({204, 304})
FAILED = Message(
    "HTTP/1.1 500 INTERNAL SERVER ERROR",
    (("Content-Type", "text/html; charset=utf-8"),),
    b"<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n",
)
"""As werkzeug says it."""
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def serve(descriptor: int, application: WSGIApplication) -> None:
    """Answer until the process ends.

    Args:
        descriptor: of the listening socket.
        application: is called in many threads.
    """
    listener = socket.socket(fileno=descriptor)
    listener.setblocking(True)
    while True:
        connection, address = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_answer_all, args=(connection, address, application), daemon=True).start()


def _answer_all(connection: socket.socket, address: tuple[str, int], application: WSGIApplication) -> None:
    # The client may leave at any time; then there is nobody to tell.
    with connection, connection.makefile("rb") as stream, suppress(OSError, WireError):
        while (head := read_head(stream)) is not None:
            if head.header("expect").lower() == "100-continue":
                connection.sendall(CONTINUE)
            request = Message(head.start, head.headers, read_body(stream, head))
            environment = _environment(request, connection.getsockname(), address)
            try:
                answer = _answer(application, environment)
            except Exception:  # noqa: BLE001 - whatever an emulator stumbles over, its client is told, and others are served
                traceback.print_exc()
                answer = FAILED
            bodiless = request.start.startswith("HEAD ") or answer.status in BODILESS
            connection.sendall(answer.encode(bodiless=bodiless))
            if request.header("connection").lower() == "close":
                return


def _answer(application: WSGIApplication, environment: dict[str, Any]) -> Message:
    told: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start(status: str, headers: list[tuple[str, str]], _error: object = None, /) -> Any:
        told.append((status, headers))
        return written.append

    parts: Iterable[bytes] = application(environment, start)
    try:
        written.extend(parts)
    finally:
        if close := getattr(parts, "close", None):
            close()
    status, headers = told[-1]
    if not any(name.lower() == "date" for name, _ in headers):
        headers = [*headers, ("Date", formatdate(usegmt=True))]
    return Message(f"HTTP/1.1 {status}", tuple(headers), b"".join(written))


def _environment(request: Message, server: tuple[str, int], client: tuple[str, int]) -> dict[str, Any]:
    """Say what is asked, as PEP 3333 has it, and as gunicorn and rolo add: the target and the headers as they came."""
    method, target, protocol = request.start.split(" ", 2)
    path, _, query = target.partition("?")
    environment: dict[str, Any] = {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": target,
        "RAW_URI": target,
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": protocol,
        "rolo.headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.headers],
    }
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        environment[key] = f"{environment[key]},{value}" if key in environment else value
    return environment
