"""How a scan ended: the exit code, and the sentence that explains it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from securebucket.cli.output import DIFFERS, FAILED, INTERRUPTED, OK
from securebucket.compliance.catalogue import BY_ID
from securebucket.model.failure import Failure
from securebucket.model.observation import is_unread
from securebucket.model.verdict import Result, Severity, Subject
from securebucket.report.audit_report import AccountAudit, AuditReport, BucketAudit, ReportedCheck
from securebucket.report.selection import verdicts_of
from securebucket.scan.comparison import Comparison, Turn


class FailOn(StrEnum):
    """From which severity on a failing check is held against the account."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NEVER = "never"

    @property
    def threshold(self) -> Severity | None:
        """The severity; None for `never`."""
        return None if self is FailOn.NEVER else Severity(self.value)


@dataclass(frozen=True, slots=True)
class Gate:
    """What decides about the exit code.

    Args:
        checks: those that count, by id.
        fail_on: from which severity on.
        ignore_unreadable: what could not be read is not a failure of the scan.
    """

    checks: Mapping[str, ReportedCheck]
    fail_on: FailOn = FailOn.HIGH
    ignore_unreadable: bool = False

    def guards(self, check: str) -> bool:
        """Tell whether a failure of the check is held against the account."""
        threshold = self.fail_on.threshold
        return threshold is not None and check in self.checks and self.checks[check].severity.at_least(threshold)


@dataclass(frozen=True, slots=True)
class Ending:
    """The exit code and why."""

    code: int
    because: str


def end(report: AuditReport, gate: Gate, comparison: Comparison | None = None, *, interrupted: bool = False) -> Ending:
    """Decide how the command ends: interrupted, before not readable, before failing, before well.

    Args:
        report: with its evidence.
        gate: what counts.
        comparison: with it only new failures count.
        interrupted: the scan was ended early.
    """
    if interrupted:
        return Ending(INTERRUPTED, "the scan was interrupted")
    failing = _count_failing(report, gate, comparison)
    found = f"{count(failing, _new(comparison) + 'failing check')} of severity {gate.fail_on.value} or above"
    if gate.fail_on is FailOn.CRITICAL:
        found = f"{count(failing, _new(comparison) + 'failing check')} of severity critical"
    doubts = list(in_doubt(report, gate))
    if doubts and not gate.ignore_unreadable:
        also = f", and {found}" if failing else ""
        return Ending(FAILED, f"{_words(doubts)} (--ignore-unreadable accepts that){also}")
    if gate.fail_on is FailOn.NEVER:
        return Ending(OK, "failing checks do not count (--fail-on never)")
    return Ending(DIFFERS if failing else OK, f"{found} (--fail-on {gate.fail_on.value})")


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Something that could not be judged because it could not be read.

    Args:
        subject: the bucket's name, or `account 111122223333`.
        checks: ids of the checks that nobody can tell; none where nothing at all could be read.
    """

    subject: str
    checks: tuple[str, ...] = ()


def in_doubt(report: AuditReport, gate: Gate) -> Iterator[InDoubt]:
    """Return the buckets that could not be read, and the checks in doubt that would be held against the account.

    What a server does not know is not in doubt, and neither is what is in another account: no right would tell it.
    """
    for bucket in report.buckets:
        name = bucket.observation.bucket.name
        if bucket.failure is not None:
            yield InDoubt(name)
            continue
        guarded = _unknown(bucket, gate)
        if guarded:
            subject = bucket.observation.subject()
            unread = tuple(check for check in guarded if _is_unread(check, subject))
            if unread:
                yield InDoubt(name, unread)
    for account in report.accounts:
        guarded = _unknown(account, gate)
        if guarded and any(each.unknown is not None for each in account.answers.values()):
            yield InDoubt(f"account {account.account_id}", guarded)


def count(number: int, thing: str) -> str:
    """Write a number of things, e.g. `1 bucket`, `no buckets`."""
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"


def _unknown(audit: BucketAudit | AccountAudit, gate: Gate) -> tuple[str, ...]:
    return tuple(each.check for each in audit.verdicts if each.result is Result.UNKNOWN and gate.guards(each.check))


def _is_unread(check: str, subject: Subject) -> bool:
    """Tell whether one of the check's documents, or something outside the bucket that it asks for, was not read."""
    entry = BY_ID[check]
    return any(is_unread(subject.observed.get(name)) for name in entry.reads) or any(
        isinstance(subject.facts.get(query), Failure) for query in entry.check.asks(subject)
    )


def _count_failing(report: AuditReport, gate: Gate, comparison: Comparison | None) -> int:
    if comparison is not None:
        return sum(gate.guards(each.check) for each in comparison.of(Turn.NEWLY_FAILING))
    return sum(each.result is Result.FAIL and gate.guards(each.check) for each in verdicts_of(report))


def _new(comparison: Comparison | None) -> str:
    return "" if comparison is None else "new "


def _words(found: list[InDoubt]) -> str:
    lost = sum(not each.checks for each in found)
    doubts = [len(each.checks) for each in found if each.checks]
    parts = [f"{count(lost, 'bucket')} could not be read"] if lost else []
    if doubts:
        where = f"{count(sum(doubts), 'check')} of {count(len(doubts), 'bucket')}"
        parts.append(f"{where} could not be judged, because something could not be read")
    return ", and ".join(parts)
