"""Which checks of a report count, a part of a report, and several reports as one. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from securebucket.model.verdict import Severity
from securebucket.report.audit_report import (
    AccountAudit,
    AuditReport,
    BucketAudit,
    CheckVerdict,
    ReportedCheck,
    ReportedException,
    ReportedFramework,
)
from securebucket.report.recorded_report import BucketRecord, BucketSummary, RecordedReport, in_order, shared

T = TypeVar("T")


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
        wanted = _checks_of(each for each in report.frameworks if each.id in self.frameworks)
        return {
            each.id: each
            for each in report.checks
            if each.severity.at_least(self.severity)
            and (not self.checks or each.id in self.checks)
            and (not self.frameworks or each.id in wanted)
        }


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

    def of(self, report: RecordedReport) -> RecordedReport:
        """Return the part; its scope says that it is one."""
        head = report.head
        frameworks = [each for each in head.frameworks if not self.frameworks or each.id in self.frameworks]
        checks = CheckFilter(frozenset(self.frameworks), severity=self.severity or Severity.LOW).of(head)
        dropped = {each.id for each in head.checks} - checks.keys()
        if self.frameworks:  # what no catalogue describes may still stand in a framework
            judged = {check for each in report.summaries for check, _ in each.results}
            judged |= {verdict.check for each in head.accounts for verdict in each.verdicts}
            dropped |= judged - _checks_of(frameworks)
        whole = not (self.namespaces or self.buckets)
        records = [each for each in report.records if whole or self._has(each.summary)]
        names = {each.summary.name for each in records}
        used = {name for each in records for name in each.summary.exceptions}
        part = head.model_copy(
            update={
                "scope": "; ".join((head.scope, *self._words())),
                "frameworks": tuple(frameworks),
                "checks": tuple(checks.values()),
                "accounts": tuple(_without(each, dropped) for each in head.accounts) if whole else (),
                "exceptions": tuple(
                    each
                    for each in head.exceptions
                    if each.check not in dropped and (whole or each.bucket_name in names or each.name in used)
                ),
            }
        )
        return RecordedReport(part, tuple(_part(each, dropped) for each in records))

    def _has(self, bucket: BucketSummary) -> bool:
        return (not self.namespaces or bucket.namespace in self.namespaces) and (
            not self.buckets or bucket.name in self.buckets
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


def merged(reports: Sequence[RecordedReport]) -> RecordedReport:
    """Make one report of several. Where two tell of the same thing, what was read later counts.

    Args:
        reports: at least one.
    """
    if len(reports) == 1:
        return reports[0]
    oldest_first = sorted(reports, key=lambda each: each.head.generated_at)
    heads = [each.head for each in oldest_first]
    records: dict[tuple[str, ...], BucketRecord] = {}
    accounts: dict[str, AccountAudit] = {}
    exceptions: dict[tuple[str, str, str], ReportedException] = {}
    for report in oldest_first:
        for record in report.records:
            known = records.get(record.summary.place)
            if known is None or known.audit().observation.read_at <= record.audit().observation.read_at:
                records[record.summary.place] = record
        for account in report.head.accounts:
            seen = accounts.get(account.account_id)
            if seen is None or seen.read_at <= account.read_at:
                accounts[account.account_id] = account
        exceptions |= {(each.name, each.check, each.bucket_name): each for each in report.head.exceptions}
    head = heads[-1].model_copy(
        update={
            "scope": "; ".join(dict.fromkeys(each.scope for each in heads)),
            "accounts": tuple(accounts[key] for key in sorted(accounts)),
            "exceptions": tuple(sorted(exceptions.values(), key=lambda each: (each.expires_at, each.name))),
            "checks": _united(each.checks for each in reversed(heads)),
            "frameworks": _united(each.frameworks for each in reversed(heads)),
        }
    )
    return RecordedReport(head, in_order(records.values()))


def _united(lists: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    """Return each id once, as the first list has it."""
    found: dict[str, T] = {}
    for entries in lists:
        for entry in entries:
            found.setdefault(str(getattr(entry, "id", "")), entry)
    return tuple(found.values())


def _checks_of(frameworks: Iterable[ReportedFramework]) -> frozenset[str]:
    return frozenset().union(*(each.checks for each in frameworks))


def _part(record: BucketRecord, dropped: set[str]) -> BucketRecord:
    if not dropped:
        return record
    kept = tuple(each for each in record.summary.results if each[0] not in dropped)
    return BucketRecord(replace(record.summary, results=shared(kept)), lambda: _without(record.audit(), dropped))


A = TypeVar("A", BucketAudit, AccountAudit)


def _without(audit: A, dropped: set[str]) -> A:
    kept: tuple[CheckVerdict, ...] = tuple(each for each in audit.verdicts if each.check not in dropped)
    return audit if len(kept) == len(audit.verdicts) else audit.model_copy(update={"verdicts": kept})
