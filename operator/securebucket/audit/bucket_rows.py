"""The list of buckets as the page has it: one row each, the worst first. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from securebucket.audit.audit_report import BucketAudit, ReportedCheck
from securebucket.audit.findings import ReportIndex
from securebucket.compliance.scoring import Score, score
from securebucket.model.verdict import Result, Severity

LETTERS: Mapping[Result, str] = {
    Result.FAIL: "f",
    Result.UNKNOWN: "u",
    Result.EXCEPTED: "e",
    Result.PASS: "p",
    Result.NOT_APPLICABLE: "n",
}
NOT_ASKED = "-"


@dataclass(frozen=True, slots=True)
class BucketRow:
    """One bucket.

    Args:
        anchor: its place in the page; unique, also where two objects claim one bucket.
        results: one letter a check of the catalogue, `-` where it was not asked.
        failing: the checks that fail, the worst first.
        by_severity: how many fail, the worst first, without those of which none does.
    """

    audit: BucketAudit
    anchor: str
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


def letters(result: Result) -> str:
    """Give the one letter of a result."""
    return LETTERS[result]


def rows_of(index: ReportIndex) -> tuple[BucketRow, ...]:
    """Give the rows: what has the most critical failures first, then by name."""
    seen: Counter[str] = Counter()
    rows = [_row(index, audit, seen) for audit in index.report.buckets]
    order = list(Severity)

    def worst_first(row: BucketRow) -> tuple[list[int], int, str]:
        counts = dict(row.by_severity)
        return ([-counts.get(each, 0) for each in order], -row.unknown, row.anchor)

    return tuple(sorted(rows, key=worst_first))


def _row(index: ReportIndex, audit: BucketAudit, seen: Counter[str]) -> BucketRow:
    name = audit.observation.bucket.name
    seen[name] += 1
    results = {each.check: each.result for each in index.verdicts_of(audit)}
    severities = list(Severity)
    failing = sorted(
        (index.checks[check] for check, result in results.items() if result is Result.FAIL),
        key=lambda each: severities.index(each.severity),
    )
    counts = Counter(each.severity for each in failing)
    return BucketRow(
        audit=audit,
        anchor=f"bucket-{name}" if seen[name] == 1 else f"bucket-{name}-{seen[name]}",
        score=score(results.values()),
        results="".join(LETTERS[results[check]] if check in results else NOT_ASKED for check in index.checks),
        failing=tuple(failing),
        by_severity=tuple((each, counts[each]) for each in severities if counts[each]),
    )
