"""What every call is held to: it may begin, and it ends at a deadline, whatever the server does."""

import time
from collections.abc import Callable
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


def limit(
    going: Callable[[], bool], clock: Callable[[], float] = time.monotonic, seconds: float = SECONDS
) -> Callable[[Any], None]:
    """Make the function that registers the limits on an event emitter.

    Args:
        going: asked before every request, retries too; false once none may begin.
        clock: monotonic seconds.
        seconds: of one call, all tries together.
    """

    def begin(request: Any, **_: Any) -> None:
        now = clock()
        if not going():
            raise StoppingError
        if request.context.setdefault(DEADLINE, now + seconds) <= now:
            raise DeadlineError(seconds=seconds)

    def register(emitter: Any) -> None:
        emitter.register_first("request-created", begin)

    return register
