"""A clock that only moves when it is told to."""

from dataclasses import dataclass


@dataclass(slots=True)
class Clock:
    """Monotonic seconds for tests."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
