"""HTTP whose answers are bounded in time and in size while they are read, heads too.

A socket's timeout is for one read: a server that sends a byte now and then would hold a thread for days. And botocore
reads a body to its end, however long it is.
"""

import io
import threading
import time
from http.client import CONTINUE, OK, SWITCHING_PROTOCOLS, HTTPResponse
from typing import Any

from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)
from botocore.exceptions import BotoCoreError, HTTPClientError

from securebucket.aws.call_limits import DEADLINE, SECONDS

LARGEST = 4 * 2**20
"""Bytes of one answer: S3's largest document, a thousand lifecycle rules, has half a MiB, a page of a list less."""


class AnswerTooLargeError(BotoCoreError):
    """The answer was cut off: it is longer than anything that AWS answers."""

    fmt = "the answer has more than {mebibytes} MiB"


class _Call(threading.local):
    """The call that this thread makes; botocore sends and reads in the thread that calls."""

    end = 0.0


_CALL = _Call()


class _BoundedReader(io.RawIOBase):
    """Reads one answer from a socket, until it is too late or too much."""

    def __init__(self, sock: Any, raw: Any) -> None:
        self._sock, self._raw = sock, raw
        self._patience = sock.gettimeout() or SECONDS
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = _CALL.end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the call has taken too long")
        self._sock.settimeout(min(self._patience, left))
        count: int = self._raw.readinto(buffer)
        self._read += count
        if self._read > LARGEST:
            raise AnswerTooLargeError(mebibytes=LARGEST // 2**20)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _BoundedResponse(HTTPResponse):
    def __init__(self, sock: Any, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp: Any = io.BufferedReader(_BoundedReader(sock, self.fp.detach()))

    def _read_status(self) -> tuple[str, int, str]:
        """Read a status line. What comes before an answer (102, 103) is passed over, as the library does with 100."""
        version, status, reason = super()._read_status()  # type: ignore[misc]
        return version, CONTINUE if SWITCHING_PROTOCOLS < status < OK else status, reason


class _Connection(AWSHTTPConnection):
    response_class: Any = _BoundedResponse


class _TlsConnection(AWSHTTPSConnection):
    response_class: Any = _BoundedResponse


class _Pool(AWSHTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(AWSHTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _BoundedHttp:
    """Stands in the place of a client's HTTP session."""

    def __init__(self, session: Any) -> None:
        self._session = session
        session._pool_classes_by_scheme = session._manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def send(self, request: Any) -> Any:
        _CALL.end = (request.context or {}).get(DEADLINE, time.monotonic() + SECONDS)
        try:
            return self._session.send(request)
        except HTTPClientError as error:  # which is tried again, and this one would be as long the next time
            cause = error.kwargs.get("error")
            if isinstance(cause, AnswerTooLargeError):
                raise cause from None
            raise

    def close(self) -> None:
        self._session.close()


def bound(client: Any) -> Any:
    """Bound the answers to a client, and give it back; botocore has no public way to its HTTP session."""
    client._endpoint.http_session = _BoundedHttp(client._endpoint.http_session)
    return client
