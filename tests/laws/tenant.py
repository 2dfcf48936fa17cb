"""One SecureBucket object as the operator treats it, without Kubernetes: its status goes from pass to pass."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.laws.register import UNKNOWN
from tests.laws.stage import Stage

from securebucket.api.bucket_profile import BucketProfileSpec
from securebucket.api.spec import SecureBucketSpec
from securebucket.api.status import ControlState, SecureBucketStatus
from securebucket.engine.engine import Engine
from securebucket.engine.memory import Pace
from securebucket.engine.outcome import ControlOutcome, Outcome
from securebucket.engine.request import PassRequest, Profile
from securebucket.model.bucket import ObjectKey
from securebucket.process.status_document import read_status, status_patch, write_status
from securebucket.status import status as report
from securebucket_dev.s3.exchange import Exchange

HURRIED = Pace(settling=0, fights=1000, confirmation=0)
"""Nothing is waited for, and nobody is taken for a rival."""

EVERY_RISK = ("irreversible", "data-loss", "lockout")
CLUSTER = "cluster-1"
START = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Pass:
    """One pass.

    Args:
        outcome: what the engine says.
        calls: what it asked of the server, failed attempts included.
        changed: whether the status would have been written.
        unknown: the controls whose documents the server does not know.
    """

    outcome: Outcome
    calls: tuple[Exchange, ...]
    changed: bool
    unknown: frozenset[str] = frozenset()

    @property
    def writes(self) -> tuple[str, ...]:
        """The names of the calls that ask for a change."""
        return tuple(call.operation for call in self.calls if call.is_s3 and call.is_write)

    @property
    def s3_calls(self) -> tuple[str, ...]:
        """The names of all calls to S3."""
        return tuple(call.operation for call in self.calls if call.is_s3)

    def control(self, name: str) -> ControlOutcome:
        """What became of one control."""
        return next(each for each in self.outcome.controls if each.name == name)

    @property
    def states(self) -> dict[str, ControlState]:
        """The state of every control whose document the server knows."""
        return {each.name: each.state for each in self.outcome.controls if each.name not in self.unknown}

    @property
    def reason(self) -> str:
        """Why the pass ended before the controls; empty when it did not."""
        return self.outcome.failure.reason if self.outcome.failure else ""


@dataclass
class Tenant:
    """One object: what somebody declares, and what the operator remembers of it.

    Args:
        stage: the server.
        spec: as people write it; `bucketName` is filled in.
        profile: further fields of its profile, which names the server.
        name: of the object.
        namespace: of the object.
        pace: of its engine.
        observe_only: the operator only observes.
    """

    stage: Stage
    spec: Mapping[str, Any] = field(default_factory=dict)
    profile: Mapping[str, Any] = field(default_factory=dict)
    name: str = "invoices"
    namespace: str = "payments"
    pace: Pace = HURRIED
    status: SecureBucketStatus = field(default_factory=SecureBucketStatus)
    generation: int = 1
    approved: str = ""
    passes: int = 0
    observe_only: bool = False

    def __post_init__(self) -> None:
        self.spec = {"bucketName": self.stage.fresh_name(), **self.spec}
        self.restart()

    def restart(self) -> None:
        """End the operator's process and start another one: what is only in memory is gone."""
        self.engine = Engine(self.stage.aws, pace=self.pace, observe_only=self.observe_only)

    @property
    def bucket(self) -> str:
        """The bucket's name."""
        return str(self.spec["bucketName"])

    @property
    def key(self) -> ObjectKey:
        """The object's key."""
        return ObjectKey(self.namespace, self.name)

    @property
    def owner(self) -> str:
        """The value of the ownership tag."""
        return f"{CLUSTER}/{self.key}"

    def declare(self, spec: Mapping[str, Any]) -> None:
        """Write another spec."""
        self.spec = {"bucketName": self.bucket, **spec}
        self.generation += 1

    def request(self, **options: Any) -> PassRequest:
        """Give what the next pass is asked."""
        server = {
            "namespaces": ["*"],
            "region": "us-east-1",
            "endpoint": {"url": self.stage.recorder.endpoint},
            "fullReadInterval": "1m",  # everything in every pass: whose turn it is has a law of its own
        }
        return PassRequest(
            **{
                "key": self.key,
                "spec": SecureBucketSpec.model_validate(dict(self.spec)),
                "status": self.status,
                "generation": self.generation,
                "now": START + dt.timedelta(minutes=self.passes),
                "cluster": CLUSTER,
                "approved": self.approved,
                "profile": Profile("laws", BucketProfileSpec.model_validate({**server, **self.profile})),
                **options,
            }
        )

    def run(self, **options: Any) -> Pass:
        """Make a pass, and the one that it may ask for, and write the status, as JSON, the way the reconciler does."""
        before = len(self.stage.recorder.calls)
        outcome = self.engine.run(self.request(**options))
        while outcome.look_again is not None:
            outcome = self.engine.run(self.request(**options))
        self.passes += 1
        built = report.build(self.status, outcome, generation=self.generation, reconcile_at="")
        stored, written = write_status(self.status), write_status(built)
        changed = bool(status_patch(stored, written))
        if changed:
            self.status = read_status(written)
        unknown = UNKNOWN.get(self.stage.name, frozenset())
        return Pass(outcome, self.stage.recorder.calls[before:], changed, unknown)

    def approve(self) -> None:
        """Annotate the object with the hash of the plan that waits, if one does; the annotation stays."""
        if self.status.plan:
            self.approved = self.status.plan.hash

    def settle(self, *, tried: tuple[str, ...] = (), most: int = 8) -> Pass:
        """Make passes, approving what waits, until one changes nothing; gives that one.

        Args:
            tried: what the server refuses in every pass, as names of writes.
            most: passes to make at most.
        """
        for _ in range(most):
            made = self.run()
            if made.writes == tried and not made.changed:
                return made
            self.approve()
        raise AssertionError(f"not settled after {most} passes: {made.writes}, {self.open_ends()}")

    def open_ends(self) -> dict[str, str]:
        """Say which controls are not as declared, and why."""
        done = {ControlState.IN_SYNC, ControlState.CORRECTED}
        return {each.name: f"{each.state}: {each.message}" for each in self.status.controls if each.state not in done}

    def condition(self, name: str) -> str:
        """Give a condition's status and reason, e.g. `True Verified`; empty when it is absent."""
        found = [each for each in self.status.conditions if each.type == name]
        return f"{found[0].status} {found[0].reason}" if found else ""
