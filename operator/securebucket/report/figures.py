"""The figures of a report: how many verdicts of each result, by severity, framework, item and check. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from securebucket.compliance.framework import worst
from securebucket.compliance.scoring import Score
from securebucket.model.verdict import Result, Severity
from securebucket.report.audit_report import ReportedCheck, ReportedFramework, ReportedItem
from securebucket.report.findings import ReportIndex
from securebucket.report.recorded_report import Pattern

MOST = 10
"""Checks that are named as failing most."""
NAMED = 3
"""Subjects that are named as failing an item; more are counted."""


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One item of a framework over all subjects.

    Args:
        score: results of buckets and accounts, each subject counted once, by the worst of the item's checks.
        failing_buckets: how many buckets fail it.
        named_buckets: the first of them, in the report's order.
        named_accounts: ids of the first accounts that fail it.
    """

    item: ReportedItem
    score: Score
    failing_buckets: int
    named_buckets: tuple[str, ...]
    named_accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrameworkFigures:
    """One framework.

    Args:
        score: over the verdicts of its checks.
    """

    framework: ReportedFramework
    score: Score
    items: tuple[ItemFigures, ...]


@dataclass(frozen=True, slots=True)
class CheckFigures:
    """One check and how many fail it."""

    check: ReportedCheck
    failing: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one report.

    Args:
        overall: over all verdicts.
        failing_buckets: buckets with at least one failing check.
        unread: buckets that could not be read in the last pass.
        by_severity: in the order of severity.
        failing_most: the checks that most subjects fail, the most first.
        frameworks: in the report's order.
    """

    overall: Score
    failing_buckets: int
    unread: int
    by_severity: Mapping[Severity, Score]
    failing_most: tuple[CheckFigures, ...]
    frameworks: tuple[FrameworkFigures, ...]


@dataclass(slots=True)
class Alike:
    """Subjects that have the same results. A fleet has a few dozen kinds, so each is read once, not once per bucket.

    Args:
        count: how many there are.
        first: the places and names of the first ones.
    """

    count: int = 0
    first: list[tuple[int, str]] = field(default_factory=list)


Subjects = Mapping[Pattern, Alike]


def figures_of(index: ReportIndex) -> Figures:
    """Count."""
    report = index.report
    buckets = _alike((each.name, index.results_of(each)) for each in report.summaries)
    accounts = _alike(
        (each.account_id, tuple((verdict.check, verdict.result) for verdict in each.verdicts))
        for each in report.head.accounts
    )
    by_check: dict[str, Counter[Result]] = {check: Counter() for check in index.checks}
    for results, alike in (*buckets.items(), *accounts.items()):
        for check, result in results:
            by_check[check][result] += alike.count
    failing = sorted(
        (CheckFigures(index.checks[check], counts[Result.FAIL]) for check, counts in by_check.items()),
        key=lambda each: (-each.failing, each.check.severity.rank, each.check.id),
    )
    return Figures(
        overall=_sum(by_check.values()),
        failing_buckets=sum(
            alike.count for results, alike in buckets.items() if any(result is Result.FAIL for _, result in results)
        ),
        unread=sum(each.failure is not None for each in report.summaries),
        by_severity={
            severity: _sum(counts for check, counts in by_check.items() if index.checks[check].severity is severity)
            for severity in Severity
        },
        failing_most=tuple(each for each in failing[:MOST] if each.failing),
        frameworks=tuple(_framework(each, by_check, buckets, accounts) for each in report.head.frameworks),
    )


def _alike(subjects: Iterable[tuple[str, Pattern]]) -> Subjects:
    found: dict[Pattern, Alike] = {}
    for place, (name, results) in enumerate(subjects):
        alike = found.setdefault(results, Alike())
        alike.count += 1
        if alike.count <= NAMED:
            alike.first.append((place, name))
    return found


def _framework(
    framework: ReportedFramework, by_check: Mapping[str, Counter[Result]], buckets: Subjects, accounts: Subjects
) -> FrameworkFigures:
    checks = framework.checks
    return FrameworkFigures(
        framework,
        _sum(counts for check, counts in by_check.items() if check in checks),
        tuple(_item(each, buckets, accounts) for each in framework.items),
    )


def _item(item: ReportedItem, buckets: Subjects, accounts: Subjects) -> ItemFigures:
    of_buckets = _worst(frozenset(item.checks), buckets)
    of_accounts = _worst(frozenset(item.account_checks), accounts)
    counts: Counter[Result] = Counter()
    for result, alike in (*of_buckets, *of_accounts):
        counts[result] += alike.count
    return ItemFigures(
        item,
        Score(counts),
        sum(alike.count for result, alike in of_buckets if result is Result.FAIL),
        _first_failing(of_buckets),
        _first_failing(of_accounts),
    )


def _worst(checks: frozenset[str], subjects: Subjects) -> list[tuple[Result, Alike]]:
    """Return the results of the subjects; one of which none of the checks was asked has none."""
    given = (([result for check, result in results if check in checks], alike) for results, alike in subjects.items())
    return [(worst(results), alike) for results, alike in given if results]


def _first_failing(subjects: Iterable[tuple[Result, Alike]]) -> tuple[str, ...]:
    failing = sorted(first for result, alike in subjects if result is Result.FAIL for first in alike.first)
    return tuple(name for _, name in failing[:NAMED])


def _sum(counts: Iterable[Counter[Result]]) -> Score:
    total: Counter[Result] = Counter()
    for each in counts:
        total.update(each)
    return Score(total)
