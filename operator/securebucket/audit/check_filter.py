"""Which checks count, and which of them are bad enough. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from securebucket.audit.audit_report import AuditReport, CheckVerdict, ReportedCheck
from securebucket.model.verdict import Severity

WORST_FIRST: tuple[Severity, ...] = tuple(Severity)


def at_least(severity: Severity, threshold: Severity) -> bool:
    """Tell whether a severity is the threshold or worse."""
    return WORST_FIRST.index(severity) <= WORST_FIRST.index(threshold)


def verdicts_of(report: AuditReport) -> Iterator[CheckVerdict]:
    """Return every verdict of a report, on buckets and on accounts."""
    for bucket in report.buckets:
        yield from bucket.verdicts
    for account in report.accounts:
        yield from account.verdicts


@dataclass(frozen=True, slots=True)
class CheckFilter:
    """What somebody wants to know of a report.

    Args:
        frameworks: ids; a check must stand in one of them. None given means all checks.
        checks: ids. None given means all checks.
        severity: this and above.
    """

    frameworks: frozenset[str] = frozenset()
    checks: frozenset[str] = frozenset()
    severity: Severity = Severity.LOW

    def of(self, report: AuditReport) -> Mapping[str, ReportedCheck]:
        """Return the checks of a report that count, by id."""
        wanted = self._in_frameworks(report)
        return {
            each.id: each
            for each in report.checks
            if at_least(each.severity, self.severity)
            and (not self.checks or each.id in self.checks)
            and (wanted is None or each.id in wanted)
        }

    def _in_frameworks(self, report: AuditReport) -> frozenset[str] | None:
        if not self.frameworks:
            return None
        return frozenset(
            check
            for framework in report.frameworks
            if framework.id in self.frameworks
            for item in framework.items
            for check in (*item.checks, *item.account_checks)
        )
