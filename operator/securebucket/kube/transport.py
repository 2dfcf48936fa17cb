"""One request to the Kubernetes API: timed out, tried again where that is safe, counted."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from kubernetes.client.api_client import ApiClient
from kubernetes.client.configuration import Configuration
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from securebucket import __version__
from securebucket.dispatch.write_gate import WriteGate
from securebucket.fleet.record import mapping_of
from securebucket.kube.json_text import json_of
from securebucket.model.api_error import (
    ApiError,
    ClosedError,
    ConflictError,
    ExpiredError,
    ForbiddenError,
    MissingError,
)

Requested = Callable[[str, str], None]
"""Gets the verb (`get`, `list`, `patch`, …) and the HTTP code (`0` without an answer) of each request."""

USER_AGENT = f"securebucket-operator/{__version__}"
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"

METHODS: Mapping[str, str] = {
    "get": "GET",
    "list": "GET",
    "create": "POST",
    "update": "PUT",
    "patch": "PATCH",
    "delete": "DELETE",
}
READS = frozenset({"get", "list"})
ERRORS: Mapping[int, type[ApiError]] = {
    401: ForbiddenError,
    403: ForbiddenError,
    404: MissingError,
    409: ConflictError,
    410: ExpiredError,
}
LONGEST_RETRY_AFTER = 10.0
MOMENT = 1.0
"""Seconds that a worker may wait for a server in the middle of a pass: to begin anew would cost a dozen reads of S3."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often a request is tried.

    Args:
        connect: seconds for the connection.
        read: seconds of silence on it.
        attempts: how often, the first time included.
        pause: the longest pause in seconds before the second attempt; it doubles, and chance shortens it.
        returns: who asks comes again by itself, so that a server that wants more than a moment is not waited for here.
        to_the_end: also a write is made while the process ends: the Lease is handed on last.
    """

    connect: float = 5.0
    read: float = 30.0
    attempts: int = 4
    pause: float = 0.5
    returns: bool = False
    to_the_end: bool = False


PATIENT = Patience()

IN_A_PASS = Patience(returns=True)
"""For what a worker asks: the object goes back into the queue for as long as the server wants."""

ONCE = Patience(read=5.0, attempts=1)
"""For what somebody tries again by himself, such as the renewal of a Lease."""


def ignore_request(_verb: str, _code: str) -> None:
    """Count nothing."""


@dataclass(slots=True)
class Transport:
    """Sends requests over the official client's connections. Safe to use from many threads.

    Args:
        connection: where and as whom.
        requested: told of each request that was sent.
        sleep: how to wait between attempts.
        gate: passed by each attempt of a write, but the Lease's.
    """

    connection: Configuration
    requested: Requested = ignore_request
    sleep: Callable[[float], None] = time.sleep
    gate: WriteGate = field(default_factory=WriteGate)
    _client: Any = field(init=False)  # ApiClient, which is only half typed

    def __post_init__(self) -> None:
        self._client = ApiClient(self.connection)
        self._client.user_agent = USER_AGENT

    def request(
        self,
        verb: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        content_type: str = JSON,
        patience: Patience = PATIENT,
    ) -> dict[str, Any]:
        """Send a request and give the JSON of its answer.

        Repeating is safe here: every write names a resourceVersion or creates an object of a given name, so the
        repetition of one that was done after all ends in a `ConflictError`.

        Args:
            verb: `get`, `list`, `create`, `update`, `patch` or `delete`.
            path: from `/api` or `/apis` on.
            query: parameters.
            body: to be written as JSON.
            content_type: of the body; tells the kinds of patches apart.
            patience: timeouts and attempts.

        Raises:
            ApiError: or one of its kinds, for everything that is not a success.
        """
        attempt = 1
        while True:
            try:
                with nullcontext() if verb in READS or patience.to_the_end else self._written(f"{verb} {path}"):
                    return self._send(verb, path, query or {}, body, content_type, patience)
            except ApiError as error:
                too_long = patience.returns and error.retry_after > MOMENT
                if attempt >= patience.attempts or not error.transient or too_long:
                    raise
                asked = min(error.retry_after, LONGEST_RETRY_AFTER)
            longest = patience.pause * 2 ** (attempt - 1)
            self.sleep(max(asked, longest * random.random()))  # noqa: S311 - chance against herds, not a secret
            attempt += 1

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    @contextmanager
    def _written(self, operation: str) -> Iterator[None]:
        """Pass the gate with a write."""
        if not self.gate.begin():
            raise ClosedError(operation)
        try:
            yield
        finally:
            self.gate.end()

    def _send(
        self, verb: str, path: str, query: Mapping[str, str], body: object, content_type: str, patience: Patience
    ) -> dict[str, Any]:
        operation = f"{verb} {path}"
        method, url, headers, payload, _ = self._client.param_serialize(
            METHODS[verb],
            path,
            query_params=list(query.items()),
            header_params={"Accept": JSON, "Content-Type": content_type} if body is not None else {"Accept": JSON},
            body=body,
            auth_settings=["BearerToken"],
        )
        try:
            answer = self._client.call_api(
                method, url, headers, payload, _request_timeout=(patience.connect, patience.read)
            )
            text = answer.read()
        except (HTTPError, ApiException) as error:  # ApiException without an answer is the client's word for bad TLS
            self.requested(verb, "0")
            raise ApiError(0, type(error).__name__, str(error), operation) from error
        self.requested(verb, str(answer.status))
        document = json_of(text)
        if not 200 <= answer.status < 300:
            raise _error(answer.status, mapping_of(document), answer.headers.get("Retry-After", ""), operation)
        if not isinstance(
            document, dict
        ):  # a proxy's page, taken for an empty list, would mean that all objects are gone
            raise ApiError(0, "Unreadable", "the answer is not a JSON object", operation)
        return document


def _error(status: int, document: Mapping[str, Any], retry_after: str, operation: str) -> ApiError:
    kind = ERRORS.get(status, ApiError)
    reason = str(document.get("reason") or "Unknown")
    message = str(document.get("message") or "the server gives no reason")
    return kind(status, reason, message, operation, float(retry_after) if retry_after.isdecimal() else 0.0)
