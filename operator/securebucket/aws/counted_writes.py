"""Lets every write to S3 through one gate, each try of it, so that whoever ends the process knows what is under way."""

from collections.abc import Callable
from typing import Any, Protocol

from securebucket.aws.call_limits import StoppingError

SERVICES = frozenset({"s3", "s3-control"})
READS = frozenset({"GET", "HEAD"})


class Gate(Protocol):
    """Counts the writes that are under way. A thread makes one at a time."""

    def begin(self) -> bool:
        """Take in that this thread begins a write; false when none may begin any more."""

    def end(self) -> None:
        """Take in that this thread's write is over, however it ended; harmless where it made none."""


def count_writes(gate: Gate) -> Callable[[Any], None]:
    """Make the function that registers the gate on an event emitter."""

    def begin(request: Any, event_name: str, **_: Any) -> None:
        service = event_name.split(".")[1]
        if service in SERVICES and request.method not in READS and not gate.begin():
            raise StoppingError

    def end(**_: Any) -> None:
        gate.end()

    def register(emitter: Any) -> None:
        emitter.register_last("request-created", begin)
        emitter.register("needs-retry", end)  # after each try
        emitter.register("after-call-error", end)  # a try that could not even be sent

    return register
