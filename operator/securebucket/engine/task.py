"""What one pass is to do: what was asked for, and what is in force of it."""

from dataclasses import dataclass

from securebucket.engine.effective import Effective
from securebucket.engine.lives import Life
from securebucket.engine.request import PassRequest
from securebucket.model.bucket import Bucket


@dataclass(frozen=True, slots=True)
class Task:
    """A request and what it comes to with its profile and the defaults."""

    request: PassRequest
    effective: Effective

    def life_with(self, bucket: Bucket) -> Life:
        """Say of which object and which bucket the engine remembers something."""
        return Life(self.request.identity, bucket.name, bucket.account_id, self.effective.binding.endpoint)
