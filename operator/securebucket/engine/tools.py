"""What all passes work with, for as long as the process lives."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from securebucket.aws.edge import Aws
from securebucket.controls import CONTROLS
from securebucket.engine.effective import HOUR
from securebucket.engine.lives import Lives
from securebucket.engine.memory import Pace
from securebucket.engine.rollout import RolloutGuard
from securebucket.model.control import Control


def always() -> bool:
    """Permit every write: the CLI leads nobody."""
    return True


@dataclass(slots=True)
class Tools:
    """The door to AWS, what is remembered, and how patient to be.

    Args:
        aws: the door to AWS.
        may_write: asked before each single write; false once another replica may have taken over.
        pace: how patient to be.
        default_interval: seconds between sweeps of buckets that say nothing.
        guard: stops a new profile or release from modifying much of the fleet at once.
        observe_only: no bucket is written, created or deleted, whatever an object asks for.
        controls: the registry.
        clock: monotonic seconds.
        lives: what is remembered of each object.
    """

    aws: Aws
    may_write: Callable[[], bool] = always
    pace: Pace = field(default_factory=Pace)
    default_interval: float = HOUR
    guard: RolloutGuard = field(default_factory=RolloutGuard)
    observe_only: bool = False
    controls: tuple[Control[Any], ...] = CONTROLS
    clock: Callable[[], float] = time.monotonic
    lives: Lives = field(default_factory=Lives)

    def writable(self) -> bool:
        """Tell whether a bucket may be written now: a second guard behind the mode where the operator only observes."""
        return not self.observe_only and self.may_write()
