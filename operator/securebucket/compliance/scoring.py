"""Scores: how much of what could be judged passes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from securebucket.model.verdict import Result


@dataclass(frozen=True, slots=True)
class Score:
    """How many verdicts there are of each result."""

    counts: Mapping[Result, int]

    @property
    def ratio(self) -> float | None:
        """Passed out of passed and failed, 0 to 1; None where nothing could be judged.

        An accepted failure counts neither way: it is not a pass, and it is not held against anybody.
        """
        return self._passed / self._judged if self._judged else None

    @property
    def percent(self) -> int | None:
        """The ratio in percent, rounded down: only a flawless bucket has 100."""
        return 100 * self._passed // self._judged if self._judged else None

    @property
    def _passed(self) -> int:
        return self.counts.get(Result.PASS, 0)

    @property
    def _judged(self) -> int:
        return self._passed + self.counts.get(Result.FAIL, 0)


def score(results: Iterable[Result]) -> Score:
    """Count results."""
    return Score(Counter(results))
