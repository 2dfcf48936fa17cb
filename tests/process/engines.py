"""An engine without AWS: it ends each pass as told, and remembers what it was asked."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from securebucket.api.spec import Mode
from securebucket.api.status import ControlState
from securebucket.engine.outcome import ControlOutcome, Difference, Outcome
from securebucket.engine.request import PassRequest
from securebucket.model.bucket import Bucket, ObjectKey, Origin
from securebucket.model.failure import Failure
from securebucket.model.observation import Unsupported


def good(request: PassRequest) -> Outcome:
    """End a pass that found everything as declared; nothing in it depends on the time, but `at`."""
    bucket = Bucket(
        request.bucket_name, "eu-west-1", "111122223333", "aws", Origin.CREATED, request.owner, "arn:aws:iam::1:user/x"
    )
    return Outcome(
        at=dt.datetime.now(dt.UTC),
        mode=request.spec.mode or Mode.ENFORCE,
        interval=3600.0,
        bucket=bucket,
        controls=(ControlOutcome("versioning", ControlState.IN_SYNC, Unsupported("")),),
        paused=request.read_only,
    )


def drifted(request: PassRequest) -> Outcome:
    """End a pass that put back what somebody had changed."""
    control = ControlOutcome(
        "versioning",
        ControlState.CORRECTED,
        Unsupported(""),
        differences=(Difference("status", "Suspended", "Enabled"),),
        drifted=True,
        applied=("PutBucketVersioning",),
    )
    bucket = good(request).bucket
    return Outcome(at=dt.datetime.now(dt.UTC), mode=Mode.ENFORCE, interval=3600.0, bucket=bucket, controls=(control,))


def missing_so_far(request: PassRequest) -> Outcome:
    """End a pass that found no bucket at its first look."""
    return Outcome(at=request.now, mode=Mode.ENFORCE, interval=3600.0, missing=True, look_again=1.0)


def failing(reason: str, *, retry: bool) -> Callable[[PassRequest], Outcome]:
    """End every pass with a failure."""

    def end(request: PassRequest) -> Outcome:
        failure = Failure(reason, f"{reason}: do something", retry=retry)
        return Outcome(at=request.now, mode=Mode.ENFORCE, interval=3600.0, failure=failure)

    return end


@dataclass
class FakeEngine:
    """Ends each pass by `end`; a key in `ends` by its own; waits while `gate` is not set."""

    end: Callable[[PassRequest], Outcome] = good
    ends: dict[ObjectKey, Callable[[PassRequest], Outcome]] = field(default_factory=dict)
    deletion: Failure | None = None
    gate: threading.Event = field(default_factory=threading.Event)
    requests: list[PassRequest] = field(default_factory=list)
    deletions: list[PassRequest] = field(default_factory=list)
    forgiven: list[ObjectKey] = field(default_factory=list)
    forgotten: list[ObjectKey] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate.set()

    def run(self, request: PassRequest) -> Outcome:
        self.requests.append(request)
        self.gate.wait(20)
        return self.ends.get(request.key, self.end)(request)

    def delete(self, request: PassRequest) -> Failure | None:
        self.deletions.append(request)
        return self.deletion

    def forgive(self, key: ObjectKey) -> None:
        self.forgiven.append(key)

    def forget(self, key: ObjectKey) -> None:
        self.forgotten.append(key)

    def passes(self, key: ObjectKey) -> int:
        """Count the passes of one object."""
        return sum(request.key == key for request in list(self.requests))


@dataclass
class FakeObserver:
    """Remembers what the metrics would be told."""

    seen: list[tuple[ObjectKey, Outcome]] = field(default_factory=list)
    lost: list[ObjectKey] = field(default_factory=list)

    def observed(self, key, _bucket_name, outcome, _status, _seconds) -> None:
        self.seen.append((key, outcome))

    def gone(self, key) -> None:
        self.lost.append(key)
