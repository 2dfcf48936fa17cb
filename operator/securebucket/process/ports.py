"""What the Kubernetes edge needs of the rest, so that each side can be tested alone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from securebucket.api.status import SecureBucketStatus
from securebucket.engine.outcome import Outcome
from securebucket.engine.request import PassRequest
from securebucket.model.bucket import ObjectKey
from securebucket.model.failure import Failure
from securebucket.scan.account_survey import AccountUse
from securebucket.status.events import EventRecord


class Engine(Protocol):
    """Makes passes over buckets."""

    def run(self, request: PassRequest) -> Outcome:
        """Make one pass."""

    def delete(self, request: PassRequest) -> Failure | None:
        """Delete the bucket as the object's deletion policy says; None when the object may go."""

    def forgive(self, key: ObjectKey) -> None:
        """Give up no control any more: a person asked for another try."""

    def forget(self, key: ObjectKey) -> None:
        """Drop what is remembered of an object that is gone."""


class StatusBuilder(Protocol):
    """Makes the status after a pass; pure."""

    def __call__(
        self, previous: SecureBucketStatus, outcome: Outcome, *, generation: int, reconcile_at: str
    ) -> SecureBucketStatus:
        """Build it."""


class EventBuilder(Protocol):
    """Says what is worth an Event; pure."""

    def __call__(self, previous: SecureBucketStatus, outcome: Outcome) -> tuple[EventRecord, ...]:
        """Build them."""


class Observer(Protocol):
    """Gets the end of each pass, for metrics."""

    def observed(
        self, key: ObjectKey, bucket_name: str, outcome: Outcome, status: SecureBucketStatus, seconds: float
    ) -> None:
        """Take in one finished pass of `seconds`."""

    def gone(self, key: ObjectKey) -> None:
        """Take in that an object is gone."""


@dataclass(frozen=True, slots=True)
class Observers:
    """Hands every pass on to each of several observers, in order."""

    all: tuple[Observer, ...]

    def observed(
        self, key: ObjectKey, bucket_name: str, outcome: Outcome, status: SecureBucketStatus, seconds: float
    ) -> None:
        """Take in one finished pass of `seconds`."""
        for each in self.all:
            each.observed(key, bucket_name, outcome, status, seconds)

    def gone(self, key: ObjectKey) -> None:
        """Take in that an object is gone."""
        for each in self.all:
            each.gone(key)


class AccountSurveyor(Protocol):
    """Looks at accounts."""

    def run(self, uses: Iterable[AccountUse], going: Callable[[], bool]) -> None:
        """Look at all accounts in use; stop once `going` is false."""


class Cluster(Protocol):
    """Reads and writes SecureBuckets. Every function raises `ApiError` when the request fails."""

    def get_bucket(self, key: ObjectKey) -> dict[str, Any] | None:
        """Read one SecureBucket; None when it is gone."""

    def patch_status(self, key: ObjectKey, version: str, patch: Mapping[str, Any]) -> dict[str, Any]:
        """Merge a patch into its status, if it is still the version at hand."""

    def set_finalizer(self, body: Mapping[str, Any], *, wanted: bool) -> dict[str, Any]:
        """Add or remove our finalizer, if it is still the version at hand."""


class Recorder(Protocol):
    """Posts Events about objects; never fails."""

    def record(self, key: ObjectKey, uid: str, event: EventRecord, kind: str = "SecureBucket") -> None:
        """Tell of one thing about an object of a kind."""
