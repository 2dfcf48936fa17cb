"""The list of buckets as the page has it: one row each, the worst first. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from securebucket.compliance.scoring import Score, score
from securebucket.model.verdict import Result, Severity
from securebucket.report.audit_report import ReportedCheck
from securebucket.report.findings import ReportIndex
from securebucket.report.recorded_report import BucketRecord, BucketSummary, Pattern

LETTERS: Mapping[Result, str] = {
    Result.FAIL: "f",
    Result.UNKNOWN: "u",
    Result.EXCEPTED: "e",
    Result.PASS: "p",
    Result.NOT_APPLICABLE: "n",
}
NOT_ASKED = "-"
SHARED = 512
"""Different sets of results that are laid out once each."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a bucket stands; the same for all buckets with the same results.

    Args:
        results: one letter a check of the catalogue, `-` where it was not asked.
        failing: the checks that fail, the worst first.
        by_severity: how many fail, the worst first, without those of which none does.
    """

    score: Score
    results: str
    failing: tuple[ReportedCheck, ...]
    by_severity: tuple[tuple[Severity, int], ...]

    @property
    def unknown(self) -> int:
        """How many could not be judged."""
        return self.score.counts.get(Result.UNKNOWN, 0)

    @property
    def excepted(self) -> int:
        """How many failures are accepted."""
        return self.score.counts.get(Result.EXCEPTED, 0)


@dataclass(frozen=True, slots=True)
class BucketRow:
    """One bucket.

    Args:
        record: of the bucket.
        anchor: its place in the page; unique, also where two objects claim one bucket.
    """

    record: BucketRecord
    anchor: str

    @property
    def bucket(self) -> BucketSummary:
        """What is short about the bucket."""
        return self.record.summary


class Rows:
    """The rows of a report, and how each stands.

    Args:
        index: of the report.
    """

    def __init__(self, index: ReportIndex) -> None:
        self._index = index
        self._standing = lru_cache(SHARED)(self._lay_out)
        seen: Counter[str] = Counter()
        self.worst_first = tuple(sorted((_row(each, seen) for each in index.report.records), key=self._rank))

    def standing(self, row: BucketRow) -> Standing:
        """Say how a bucket stands."""
        return self._standing(self._index.results_of(row.bucket))

    def _rank(self, row: BucketRow) -> tuple[list[int], int, str]:
        """What has the most critical failures comes first, then what is unknown in most, then by name."""
        standing = self.standing(row)
        counts = dict(standing.by_severity)
        return ([-counts.get(each, 0) for each in Severity], -standing.unknown, row.anchor)

    def _lay_out(self, results: Pattern) -> Standing:
        checks = self._index.checks
        given = dict(results)
        failing = sorted(
            (checks[check] for check, result in given.items() if result is Result.FAIL),
            key=lambda each: each.severity.rank,
        )
        counts = Counter(each.severity for each in failing)
        return Standing(
            score=score(given.values()),
            results="".join(LETTERS[given[check]] if check in given else NOT_ASKED for check in checks),
            failing=tuple(failing),
            by_severity=tuple((each, counts[each]) for each in Severity if counts[each]),
        )


def _row(record: BucketRecord, seen: Counter[str]) -> BucketRow:
    name = record.summary.name
    seen[name] += 1
    return BucketRow(record, f"bucket-{name}" if seen[name] == 1 else f"bucket-{name}-{seen[name]}")
