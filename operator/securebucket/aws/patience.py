"""How long one pass goes on asking about its bucket: until a call is not answered in time, or it has taken too long."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from securebucket.model.failure import Failure

SECONDS = 180.0
"""Of one pass. A healthy one takes less than one; of a server that hangs, the first call is the last."""

TOO_LONG = Failure(
    "DeadlineExceeded",
    f"the pass has taken longer than {SECONDS:.0f} s, so nothing more is asked in it; check how fast the server"
    " answers. What is left is looked at in the next pass.",
    retry=True,
)


@dataclass(slots=True)
class Patience:
    """Of one pass. Safe for many threads.

    Args:
        clock: monotonic seconds.
    """

    clock: Callable[[], float] = time.monotonic
    _end: float = field(init=False)
    _silence: Failure | None = None

    def __post_init__(self) -> None:
        self._end = self.clock() + SECONDS

    def refusal(self) -> Failure | None:
        """Say why nothing more is asked; None while it may be."""
        return self._silence or (TOO_LONG if self.clock() > self._end else None)

    def lose(self, failure: Failure) -> None:
        """Take in that a call was not answered in time, whatever was tried: the next ones would not be either."""
        self._silence = failure
