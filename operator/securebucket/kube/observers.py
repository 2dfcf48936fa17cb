"""Several observers in the place of one."""

from dataclasses import dataclass

from securebucket.api.status import SecureBucketStatus
from securebucket.engine.outcome import Outcome
from securebucket.kube.ports import Observer
from securebucket.model.bucket import ObjectKey


@dataclass(frozen=True, slots=True)
class Observers:
    """Hands each pass on to all of them, in their order."""

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
