"""HTTP/1.1 as bytes: messages are read whole and sent on with every header as it came, so that signatures hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

HOP_BY_HOP = frozenset({"connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade"})
"""Headers for one connection only. `Expect` is answered by the recorder; the length is always told anew."""

REWRITTEN = HOP_BY_HOP | {"expect", "transfer-encoding", "content-length"}
MOST_BYTES = 65536


class WireError(Exception):
    """The other side does not speak HTTP/1.1, or stopped in the middle of a message."""


@dataclass(frozen=True, slots=True)
class Message:
    """A request or a response.

    Args:
        start: its first line, without the line end.
        headers: in order, names as they were written.
        body: whole, without chunks.
    """

    start: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    def header(self, name: str) -> str:
        """The value of a header, given in lower case; empty if absent."""
        for key, value in self.headers:
            if key.lower() == name:
                return value
        return ""

    @property
    def status(self) -> int:
        """A response's status."""
        return int(self.start.split(" ", 2)[1])

    def encode(self, *, bodiless: bool = False) -> bytes:
        """The bytes to send on.

        Args:
            bodiless: an answer that by its kind has no body (to HEAD, 204, 304): its length is left as it came.
        """
        dropped = HOP_BY_HOP | {"transfer-encoding"} if bodiless else REWRITTEN
        lines = [self.start, *(f"{key}: {value}" for key, value in self.headers if key.lower() not in dropped)]
        if not bodiless:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + self.body


def read_head(stream: BinaryIO) -> Message | None:
    """Read the start line and the headers; None when the connection was closed before the first byte.

    Raises:
        WireError: no HTTP/1.1 head.
    """
    start = stream.readline(MOST_BYTES)
    if not start:
        return None
    return Message(start.decode("latin-1").rstrip("\r\n"), tuple(_headers(stream)))


def read_body(stream: BinaryIO, head: Message, *, until_close: bool = False) -> bytes:
    """Read the body that a head announces.

    Args:
        stream: positioned after the head.
        head: what was read before.
        until_close: without a length, a response goes on until the connection ends; a request has no body then.

    Raises:
        WireError: the connection ended first.
    """
    if "chunked" in head.header("transfer-encoding").lower():
        return b"".join(_chunks(stream))
    if length := head.header("content-length"):
        return _exactly(stream, int(length))
    return stream.read() if until_close else b""


def _headers(stream: BinaryIO) -> Iterator[tuple[str, str]]:
    while (line := stream.readline(MOST_BYTES)) not in {b"\r\n", b"\n"}:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            raise WireError(f"not a header: {line!r}")
        yield name, value.strip()


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while True:
        line = stream.readline(MOST_BYTES).split(b";")[0].strip()
        if not line:
            raise WireError("the connection ended between two chunks")
        size = int(line, 16)
        if not size:
            for _ in _headers(stream):  # trailers: checksums, which nobody here needs
                pass
            return
        yield _exactly(stream, size)
        stream.readline(MOST_BYTES)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    body = stream.read(length)
    if len(body) < length:
        raise WireError(f"the connection ended {length - len(body)} bytes too early")
    return body
