"""The figures of a report: how many verdicts of each result, by severity, framework, item and check. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from securebucket.audit.audit_report import AuditReport, CheckVerdict, ReportedCheck, ReportedFramework, ReportedItem
from securebucket.audit.findings import ReportIndex
from securebucket.compliance.framework import worst
from securebucket.compliance.scoring import Score, score
from securebucket.model.verdict import Result, Severity

MOST = 10
"""Checks that are named as failing most."""


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """One item of a framework over all subjects.

    Args:
        score: results of buckets and accounts, each subject counted once, by the worst of the item's checks.
        failing_buckets: names, in the report's order.
        failing_accounts: ids.
    """

    item: ReportedItem
    score: Score
    failing_buckets: tuple[str, ...]
    failing_accounts: tuple[str, ...]


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
        unread: buckets that could not be read in the last try.
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


def figures_of(report: AuditReport) -> Figures:
    """Count."""
    index = ReportIndex(report)
    patterns: dict[Pattern, Pattern] = {}
    buckets = [(each.observation.bucket.name, _pattern(index.verdicts_of(each), patterns)) for each in report.buckets]
    accounts = [(each.account_id, _pattern(each.verdicts, patterns)) for each in report.accounts]
    by_check: dict[str, Counter[Result]] = {check: Counter() for check in index.checks}
    for _, results in (*buckets, *accounts):
        for check, result in results:
            by_check[check][result] += 1
    order = list(Severity)
    failing = sorted(
        (CheckFigures(index.checks[check], counts[Result.FAIL]) for check, counts in by_check.items()),
        key=lambda each: (-each.failing, order.index(each.check.severity), each.check.id),
    )
    return Figures(
        overall=_sum(by_check.values()),
        failing_buckets=sum(any(result is Result.FAIL for _, result in results) for _, results in buckets),
        unread=sum(each.failure is not None for each in report.buckets),
        by_severity={
            severity: _sum(counts for check, counts in by_check.items() if index.checks[check].severity is severity)
            for severity in Severity
        },
        failing_most=tuple(each for each in failing[:MOST] if each.failing),
        frameworks=tuple(_framework(each, by_check, buckets, accounts) for each in report.frameworks),
    )


Pattern = tuple[tuple[str, Result], ...]
"""All results of one subject. A fleet has a few dozen of them, so each is looked at once and not once a bucket."""

Results = list[tuple[str, Pattern]]


def _framework(
    framework: ReportedFramework, by_check: Mapping[str, Counter[Result]], buckets: Results, accounts: Results
) -> FrameworkFigures:
    checks = {check for item in framework.items for check in (*item.checks, *item.account_checks)}
    return FrameworkFigures(
        framework,
        _sum(counts for check, counts in by_check.items() if check in checks),
        tuple(_item(each, buckets, accounts) for each in framework.items),
    )


def _pattern(verdicts: Iterable[CheckVerdict], known: dict[Pattern, Pattern]) -> Pattern:
    pattern = tuple((each.check, each.result) for each in verdicts)
    return known.setdefault(pattern, pattern)


def _item(item: ReportedItem, buckets: Results, accounts: Results) -> ItemFigures:
    of_buckets = _worst(frozenset(item.checks), buckets)
    of_accounts = _worst(frozenset(item.account_checks), accounts)
    return ItemFigures(
        item,
        score(result for _, result in (*of_buckets, *of_accounts)),
        tuple(name for name, result in of_buckets if result is Result.FAIL),
        tuple(name for name, result in of_accounts if result is Result.FAIL),
    )


def _worst(checks: frozenset[str], subjects: Results) -> list[tuple[str, Result]]:
    """Give each subject's result; one of which none of the checks was asked has none."""
    known: dict[Pattern, Result | None] = {}
    found = []
    for name, pattern in subjects:
        if pattern not in known:
            given = [result for check, result in pattern if check in checks]
            known[pattern] = worst(given) if given else None
        result = known[pattern]
        if result is not None:
            found.append((name, result))
    return found


def _sum(counts: Iterable[Counter[Result]]) -> Score:
    total: Counter[Result] = Counter()
    for each in counts:
        total.update(each)
    return Score(total)
