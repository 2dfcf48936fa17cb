"""Counts and times every request that leaves, retries and reads too."""

import time
from collections.abc import Callable
from typing import Any

Sink = Callable[[str, str, str, float], None]
"""Gets service, operation, code (`200`, `NoSuchBucket`, an exception's name) and seconds of one request."""

STARTED = "securebucket_started"


def instrument(sink: Sink) -> Callable[[Any], None]:
    """Make the function that registers the meter on an event emitter."""

    def start(request: Any, **_: Any) -> None:
        request.context[STARTED] = time.perf_counter()

    def stop(response: Any, operation: Any, caught_exception: Any, request_dict: Any, **_: Any) -> None:
        now = time.perf_counter()
        seconds = now - request_dict["context"].get(STARTED, now)
        if response is None:
            code = type(caught_exception).__name__
        else:
            http, parsed = response
            code = str(parsed.get("Error", {}).get("Code") or http.status_code)
        service = operation.service_model.service_name
        sink(service, operation.name, code, seconds)

    def register(emitter: Any) -> None:
        emitter.register("request-created", start)
        emitter.register("needs-retry", stop)

    return register
