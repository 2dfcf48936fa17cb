"""How long a failing object waits: exponentially longer, by chance, never for ever."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from securebucket.model.bucket import ObjectKey

BASE = 5.0
SHORTEST = 1.0
LONGEST_RETRY = 600.0
LONGEST_STALLED = 3600.0


def full_jitter(attempt: int, longest: float, draw: float) -> float:
    """Return the seconds before the next attempt: somewhere between 1 s and min(longest, 5 s * 2**attempt).

    Full jitter breaks up herds best: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/

    Args:
        attempt: how many attempts failed before this one.
        longest: the cap in seconds.
        draw: a random number, at least 0 and below 1.
    """
    ceiling = min(longest, BASE * 2.0 ** min(attempt, 32))
    return SHORTEST + (ceiling - SHORTEST) * draw


@dataclass(slots=True)
class Backoff:
    """Counts the failures in a row of each object, in memory only: a restart forgives everything.

    One object is worked on by one thread at a time, so its count needs no lock.
    """

    draw: Callable[[], float] = random.random
    _attempts: dict[ObjectKey, int] = field(default_factory=dict)

    def wait(self, key: ObjectKey, *, stalled: bool) -> float:
        """Count one more failure and give the seconds to wait. `stalled`: a person has to act, so wait longer."""
        attempt = self._attempts.get(key, 0)
        self._attempts[key] = attempt + 1
        return full_jitter(attempt, LONGEST_STALLED if stalled else LONGEST_RETRY, self.draw())

    def reset(self, key: ObjectKey) -> None:
        """Begin again at the shortest wait: the spec changed, the pass succeeded, or the object is gone."""
        self._attempts.pop(key, None)

    def failures(self, key: ObjectKey) -> int:
        """Say how many times in a row the object has failed."""
        return self._attempts.get(key, 0)
