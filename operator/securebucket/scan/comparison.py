"""What is different between two reports of the same buckets: failures, buckets, documents. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from securebucket.compliance.stored_observation import StoredObservation
from securebucket.controls import CONTROLS
from securebucket.engine.outcome import Difference
from securebucket.engine.plan import differences
from securebucket.model.observation import readable
from securebucket.model.verdict import Result
from securebucket.report.audit_report import AuditReport, BucketAudit, CheckVerdict


class Turn(StrEnum):
    """What became of a check; the value is its name in the document of a comparison."""

    NEWLY_FAILING = "newFailures"
    MENDED = "fixed"
    ACCEPTED = "accepted"
    """It fails as before, and now somebody accepts that."""
    NO_LONGER_KNOWN = "noLongerKnown"
    """It passed or failed before, and now it cannot be told."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A check whose verdict is another one now.

    Args:
        subject: the bucket's name, or `account 111122223333`.
        check: its id.
        before: None where the subject was not there, or could not be read.
        because: what is seen now.
    """

    subject: str
    check: str
    turn: Turn
    before: Result | None
    after: Result
    because: str


@dataclass(frozen=True, slots=True)
class ChangedDocument:
    """A configuration document that is another one now.

    Args:
        control: whose.
        differences: field by field: `observed` is what it was, `desired` what it is now.
    """

    bucket: str
    control: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is different.

    Args:
        turned: checks with another verdict.
        appeared: buckets that were not in the earlier report.
        vanished: buckets that were, and that this one would have found.
        lost: buckets that could be read before, and not now.
        documents: what changed in buckets that are in both.
        blind: how many buckets are in both, and one report has no evidence of what was read.
    """

    turned: tuple[Turned, ...] = ()
    appeared: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    documents: tuple[ChangedDocument, ...] = ()
    blind: int = 0

    def of(self, turn: Turn) -> tuple[Turned, ...]:
        """Give the checks of one kind."""
        return tuple(each for each in self.turned if each.turn is turn)


def compare(before: AuditReport, after: AuditReport, *, whole: bool) -> Comparison:
    """Compare two reports.

    A check that the earlier report's catalogue did not have is nothing new about the bucket, and is left out. Judge a
    report that has evidence with the catalogue of today first.

    Args:
        before: the earlier one.
        after: the later one.
        whole: the later one is about all buckets of its accounts, so that one that is not in it is gone.
    """
    earlier, later = _by_name(before), _by_name(after)
    both = [name for name in later if name in earlier]
    accounts = {each.account_id for each in after.accounts} | {
        each.observation.bucket.account_id for each in after.buckets
    }
    vanished = (
        name
        for name, each in earlier.items()
        if whole and name not in later and each.observation.bucket.account_id in accounts
    )
    return Comparison(
        turned=tuple(_turned(before, after)),
        appeared=tuple(name for name in later if name not in earlier),
        vanished=tuple(vanished),
        lost=tuple(name for name in both if later[name].failure and not earlier[name].failure),
        documents=tuple(
            document
            for name in both
            for document in changed_documents(earlier[name].observation, later[name].observation)
        ),
        blind=sum(_is_bare(earlier[name]) or _is_bare(later[name]) for name in both),
    )


def changed_documents(before: StoredObservation, after: StoredObservation) -> Iterator[ChangedDocument]:
    """Compare what the documents mean and not how they are written; what could not be read is left out."""
    earlier, later = before.subject().observed, after.subject().observed
    for control in CONTROLS:
        if control.name not in earlier or control.name not in later:
            continue
        was, is_now = earlier[control.name], later[control.name]
        if not readable(was) or not readable(is_now):
            continue
        found = differences(was, is_now)
        if found:
            yield ChangedDocument(after.bucket.name, control.name, found)


def _turned(before: AuditReport, after: AuditReport) -> Iterator[Turned]:
    earlier = _verdicts(before)
    known = {each.id for each in before.checks}
    for subject, verdicts in _verdicts(after).items():
        for check, verdict in verdicts.items():
            if check not in known:
                continue
            was = earlier.get(subject, {}).get(check)
            turn = _turn(was.result if was else None, verdict.result)
            if turn is not None:
                yield Turned(subject, check, turn, was.result if was else None, verdict.result, verdict.because)


def _turn(before: Result | None, after: Result) -> Turn | None:
    if before is after:
        return None
    if after is Result.FAIL:
        return Turn.NEWLY_FAILING
    if before is Result.FAIL:
        return {Result.EXCEPTED: Turn.ACCEPTED, Result.UNKNOWN: Turn.NO_LONGER_KNOWN}.get(after, Turn.MENDED)
    return Turn.NO_LONGER_KNOWN if before is Result.PASS and after is Result.UNKNOWN else None


def _verdicts(report: AuditReport) -> Mapping[str, Mapping[str, CheckVerdict]]:
    """Give the verdicts by subject and check."""
    subjects = {each.observation.bucket.name: each.verdicts for each in report.buckets}
    subjects |= {f"account {each.account_id}": each.verdicts for each in report.accounts}
    return {subject: {each.check: each for each in verdicts} for subject, verdicts in subjects.items()}


def _by_name(report: AuditReport) -> dict[str, BucketAudit]:
    return {each.observation.bucket.name: each for each in report.buckets}


def _is_bare(audit: BucketAudit) -> bool:
    return audit.failure is None and not audit.observation.answers
