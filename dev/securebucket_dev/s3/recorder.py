"""A proxy in front of any S3 server of this package: it records what is asked, and breaks what it is told to break."""

import threading
import time
from types import TracebackType
from typing import Self

from securebucket_dev.s3.exchange import SECRETS, Exchange, error_code, ids_of
from securebucket_dev.s3.fault import ALWAYS, Fault, error_answer
from securebucket_dev.s3.naming import Name, name_request, query_of
from securebucket_dev.s3.proxy import Forward, Proxy
from securebucket_dev.s3.wire import Message, WireError

UNREACHABLE = "UpstreamUnreachable"
"""The code of a 502: the server behind the recorder is gone, which is no fault that a test asked for."""


class Recorder:
    """A context manager that listens on a free port of 127.0.0.1, with threads of its own.

    Every call is recorded before its answer goes out: what a client has been told is in `calls`.

    Args:
        upstream: the endpoint of the server behind it, e.g. `http://127.0.0.1:4566`.
    """

    def __init__(self, upstream: str) -> None:
        self._proxy = Proxy(upstream, self._handle)
        self._lock = threading.Lock()
        self._calls: list[Exchange] = []
        self._faults: list[Fault] = []

    def __enter__(self) -> Self:
        self._proxy.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.heal()
        self._proxy.__exit__(kind, error, trace)

    @property
    def endpoint(self) -> str:
        """The URL to give to clients instead of the server's."""
        return self._proxy.endpoint

    @property
    def calls(self) -> tuple[Exchange, ...]:
        """Everything that was asked, in the order of the answers."""
        with self._lock:
            return tuple(self._calls)

    @property
    def writes(self) -> tuple[Exchange, ...]:
        """The calls to S3 that ask for a change: everything but GET, HEAD and OPTIONS."""
        return tuple(call for call in self.calls if call.is_s3 and call.is_write)

    @property
    def reads(self) -> tuple[Exchange, ...]:
        """The calls to S3 that only look."""
        return tuple(call for call in self.calls if call.is_s3 and not call.is_write)

    @property
    def deletes(self) -> tuple[Exchange, ...]:
        """The calls that some server takes for DeleteBucket: any DELETE on a bucket, whatever its sub-resource."""
        return tuple(call for call in self.calls if call.may_delete_bucket)

    @property
    def others(self) -> tuple[Exchange, ...]:
        """The calls to services other than S3."""
        return tuple(call for call in self.calls if not call.is_s3)

    def named(self, *operations: str) -> tuple[Exchange, ...]:
        """The calls of these operations, of any service."""
        return tuple(call for call in self.calls if call.operation in operations)

    def clear(self) -> None:
        """Forget what was recorded; faults stay."""
        with self._lock:
            self._calls.clear()

    def heal(self) -> None:
        """Forget every fault and rule; a request that one holds up goes on."""
        with self._lock:
            for fault in self._faults:
                fault.healed.set()
            self._faults.clear()

    def fail(
        self,
        operation: str,
        status: int = 503,
        code: str = "SlowDown",
        *,
        bucket: str = "*",
        times: int = 1,
        executed: bool = False,
    ) -> Fault:
        """Answer matching requests with an error; see `Fault` for the arguments."""
        return self._add(Fault(operation, bucket, times, executed, status=status, code=code))

    def delay(self, operation: str, seconds: float, *, bucket: str = "*", times: int = 1) -> Fault:
        """Let matching requests wait before they go on."""
        return self._add(Fault(operation, bucket, times, seconds=seconds))

    def drop(self, operation: str, *, bucket: str = "*", times: int = 1, executed: bool = False) -> Fault:
        """Close the connection of matching requests without an answer."""
        return self._add(Fault(operation, bucket, times, executed, drop=True))

    def enforce_expected_owner(self, account_id: str, *, bucket: str = "*") -> Fault:
        """Answer 403 where `ExpectedBucketOwner` names another account, until `heal`: as AWS does, and no emulator."""
        return self._add(Fault("*", bucket, ALWAYS, status=403, code="AccessDenied", owner=account_id))

    def _add(self, fault: Fault) -> Fault:
        with self._lock:
            self._faults.append(fault)
        return fault

    def _strike(self, name: Name, expected_owner: str) -> Fault | None:
        """The first fault that hits, counted as used."""
        with self._lock:
            fault = next((fault for fault in self._faults if fault.hits(name, expected_owner)), None)
            if fault is not None:
                fault.used += 1
            return fault

    def _handle(self, request: Message, forward: Forward) -> Message | None:
        started = time.monotonic()
        method, target, _ = request.start.split(" ", 2)
        path, _, query = target.partition("?")
        headers = {key.lower(): value for key, value in request.headers}
        name = name_request(method, path, query, headers, request.body)
        fault = self._strike(name, headers.get("x-amz-expected-bucket-owner", ""))
        answer, reached = self._answer(name, method, "x-amz-target" in headers, fault, forward)
        exchange = Exchange(
            name=name,
            method=method,
            path=path,
            query=query_of(query),
            headers={key: value for key, value in headers.items() if key not in SECRETS},
            body=request.body,
            status=answer.status if answer else 0,
            ids=ids_of(name.operation, answer.status, answer.body) if answer else frozenset(),
            error_code=error_code(answer.status, answer.body) if answer else "",
            reached=reached,
            started=started,
            ended=time.monotonic(),
        )
        with self._lock:
            self._calls.append(exchange)
        return answer

    def _answer(
        self, name: Name, method: str, json_protocol: bool, fault: Fault | None, forward: Forward
    ) -> tuple[Message | None, bool]:
        """The answer for the client (None: none at all), and whether the server saw the request."""
        if fault is not None:
            fault.wait()
        broken = fault is not None and (fault.drop or fault.status)
        reached = fault is None or not broken or fault.executed
        answer: Message | None = None
        if reached:
            try:
                answer = forward()
            except (OSError, WireError):
                return error_answer(name, method, 502, UNREACHABLE, json_protocol=json_protocol), False
        if fault is not None and fault.drop:
            return None, reached
        if fault is not None and fault.status:
            return error_answer(name, method, fault.status, fault.code, json_protocol=json_protocol), reached
        return answer, reached
