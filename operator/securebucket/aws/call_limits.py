"""What every call is held to: it may begin, and it ends at a deadline, whatever the server does."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError

SECONDS = 45.0
"""Of one call with all its tries: three answers that time out. A server that sends a byte now and then gets no more."""

DEADLINE = "securebucket_deadline"
"""Where a request's context, which all tries of a call share, keeps the end of the call."""


class StoppingError(BotoCoreError):
    """The process ends, so no further request is sent."""

    fmt = "the operator is stopping"


class DeadlineError(BotoCoreError):
    """The call has taken too long."""

    fmt = "no whole answer within {seconds:.0f} s"


@dataclass(frozen=True, slots=True)
class Limits:
    """Holds every request to its limits.

    Args:
        going: asked before every request, retries too; false once none may begin.
        clock: monotonic seconds.
        seconds: of one call, all tries together.
    """

    going: Callable[[], bool] = lambda: True
    clock: Callable[[], float] = time.monotonic
    seconds: float = SECONDS

    def begin(self, request: Any, **_: Any) -> None:
        """Let a request begin (handler of `request-created`).

        Raises:
            StoppingError: none may begin any more.
            DeadlineError: the call that it is a try of has taken too long.
        """
        now = self.clock()
        if not self.going():
            raise StoppingError
        if request.context.setdefault(DEADLINE, now + self.seconds) <= now:
            raise DeadlineError(seconds=self.seconds)

    def register(self, emitter: Any) -> None:
        """Hold the requests of an event emitter's clients to them."""
        emitter.register_first("request-created", self.begin)
