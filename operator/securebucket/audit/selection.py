"""A part of a report, and several reports as one. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from securebucket.audit.audit_report import (
    AccountAudit,
    AuditReport,
    BucketAudit,
    CheckVerdict,
    ReportedCheck,
    ReportedException,
    ReportedFramework,
)
from securebucket.model.verdict import Severity

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Selection:
    """What is wanted of a report; what is empty wants all.

    Args:
        frameworks: ids: only their checks, and only these frameworks.
        severity: only checks of this severity and above.
        namespaces: only buckets that a SecureBucket in one of them declares.
        buckets: only these, by name.
    """

    frameworks: tuple[str, ...] = ()
    severity: Severity | None = None
    namespaces: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()

    def of(self, report: AuditReport) -> AuditReport:
        """Give the part; its scope says that it is one."""
        frameworks = [each for each in report.frameworks if not self.frameworks or each.id in self.frameworks]
        checks = [each for each in report.checks if self._wants(each, frameworks)]
        dropped = {each.id for each in report.checks} - {each.id for each in checks}
        if self.frameworks:  # what no catalogue describes may still stand in a framework
            named = _checks_of(frameworks)
            judged = [each.verdicts for each in report.buckets] + [each.verdicts for each in report.accounts]
            dropped |= {verdict.check for verdicts in judged for verdict in verdicts} - named
        whole = not (self.namespaces or self.buckets)
        buckets = [each for each in report.buckets if whole or self._has(each)]
        names = {each.observation.bucket.name for each in buckets}
        used = {verdict.exception for each in buckets for verdict in each.verdicts}
        return report.model_copy(
            update={
                "scope": "; ".join((report.scope, *self._words())),
                "frameworks": tuple(frameworks),
                "checks": tuple(checks),
                "buckets": tuple(_without(each, dropped) for each in buckets),
                "accounts": tuple(_without(each, dropped) for each in report.accounts) if whole else (),
                "exceptions": tuple(
                    each
                    for each in report.exceptions
                    if each.check not in dropped and (whole or each.bucket_name in names or each.name in used)
                ),
            }
        )

    def _wants(self, check: ReportedCheck, frameworks: Sequence[ReportedFramework]) -> bool:
        order = list(Severity)
        bad_enough = self.severity is None or order.index(check.severity) <= order.index(self.severity)
        return bad_enough and (not self.frameworks or check.id in _checks_of(frameworks))

    def _has(self, audit: BucketAudit) -> bool:
        namespace = audit.declaration.namespace if audit.declaration else ""
        return (not self.namespaces or namespace in self.namespaces) and (
            not self.buckets or audit.observation.bucket.name in self.buckets
        )

    def _words(self) -> Iterable[str]:
        if self.frameworks:
            yield f"only {', '.join(self.frameworks)}"
        if self.severity is not None:
            yield f"only checks of severity {self.severity.value} and above"
        if self.namespaces:
            yield f"only namespace {', '.join(self.namespaces)}"
        if self.buckets:
            yield f"only bucket {', '.join(self.buckets)}"


def merged(reports: Sequence[AuditReport]) -> AuditReport:
    """Make one report of several. Where two tell of the same thing, what was read later counts.

    Args:
        reports: at least one.
    """
    if len(reports) == 1:
        return reports[0]
    oldest_first = sorted(reports, key=lambda each: each.generated_at)
    newest = oldest_first[-1]
    buckets: dict[tuple[str, ...], BucketAudit] = {}
    accounts: dict[str, AccountAudit] = {}
    exceptions: dict[tuple[str, str, str], ReportedException] = {}
    for report in oldest_first:
        for audit in report.buckets:
            known = buckets.get(_identity(audit))
            if known is None or known.observation.read_at <= audit.observation.read_at:
                buckets[_identity(audit)] = audit
        for account in report.accounts:
            seen = accounts.get(account.account_id)
            if seen is None or seen.read_at <= account.read_at:
                accounts[account.account_id] = account
        exceptions |= {(each.name, each.check, each.bucket_name): each for each in report.exceptions}
    return newest.model_copy(
        update={
            "scope": "; ".join(dict.fromkeys(each.scope for each in oldest_first)),
            "buckets": tuple(buckets[key] for key in sorted(buckets)),
            "accounts": tuple(accounts[key] for key in sorted(accounts)),
            "exceptions": tuple(sorted(exceptions.values(), key=lambda each: (each.expires_at, each.name))),
            "checks": _united(each.checks for each in reversed(oldest_first)),
            "frameworks": _united(each.frameworks for each in reversed(oldest_first)),
        }
    )


def _united(lists: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    """Give each id once, as the first list has it."""
    found: dict[str, T] = {}
    for entries in lists:
        for entry in entries:
            found.setdefault(str(getattr(entry, "id", "")), entry)
    return tuple(found.values())


def _identity(audit: BucketAudit) -> tuple[str, ...]:
    bucket = audit.observation.bucket
    declared = (audit.declaration.namespace, audit.declaration.name) if audit.declaration else ("", "")
    return (bucket.account_id, bucket.name, *declared)


def _checks_of(frameworks: Iterable[ReportedFramework]) -> frozenset[str]:
    return frozenset(
        check for each in frameworks for item in each.items for check in (*item.checks, *item.account_checks)
    )


A = TypeVar("A", BucketAudit, AccountAudit)


def _without(audit: A, dropped: set[str]) -> A:
    kept: tuple[CheckVerdict, ...] = tuple(each for each in audit.verdicts if each.check not in dropped)
    return audit if len(kept) == len(audit.verdicts) else audit.model_copy(update={"verdicts": kept})
