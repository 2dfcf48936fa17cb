"""Who is told of the end of each pass: metrics, the registers of the reports, and that of changes."""

from dataclasses import dataclass
from typing import Protocol

from securebucket.api.status import SecureBucketStatus
from securebucket.engine.outcome import Outcome
from securebucket.model.bucket import ObjectKey


class Observer(Protocol):
    """Gets the end of each pass."""

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
