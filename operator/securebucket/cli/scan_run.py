"""Where a scan's report comes from: AWS, or a file."""

import datetime as dt
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from securebucket.api.bucket_profile import LONGEST_EXCEPTION
from securebucket.aws.edge import Aws
from securebucket.aws.sessions import Binding
from securebucket.cli.output import CommandError, warn
from securebucket.cli.passes import uncounted
from securebucket.cli.progress import show_progress
from securebucket.cli.report_sources import from_file
from securebucket.model.failure import Failure
from securebucket.report.assembly import account_answers, account_audit, assemble, reported_checks, reported_exception
from securebucket.report.audit_report import AccountAudit, AuditReport, ReportedException
from securebucket.report.bucket_judgement import NoEvidenceError, judge_again
from securebucket.scan.scan import Scan, Scanned, Scope, Terms

NAMED = 5
"""Buckets that the report's scope names; more are counted."""


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to show.

    Args:
        report: with its evidence.
        whole: it is about all buckets of its accounts.
        interrupted: the scan was ended early.
    """

    report: AuditReport
    whole: bool
    interrupted: bool = False


def look(binding: Binding, scope: Scope, terms: Terms, now: dt.datetime) -> Found:
    """Scan.

    Raises:
        CommandError: nothing could be observed.
    """
    with closing(Aws(uncounted, threads=terms.workers)) as aws, show_progress("reading", "the list of buckets") as told:
        scanned = Scan(aws, binding, told, terms).run(scope)
    if isinstance(scanned, Failure):
        raise CommandError(f"{scanned.reason}: {scanned.message}")
    _refuse_nothing(scope, {each.observation.bucket.name for each in scanned.buckets}, "in the account")
    report = assemble(
        generated_at=now,
        scope=_words(scanned, scope),
        buckets=scanned.buckets,
        accounts=() if scanned.account is None else (scanned.account,),
        exceptions=_reported(terms, now),
    )
    if scope.whole:
        _warn_of_strangers(report)
    return Found(report, scope.whole, scanned.interrupted)


def judge_stored(file: Path, scope: Scope, terms: Terms) -> Found:
    """Judge a stored report again, or some of its buckets.

    Raises:
        CommandError: it cannot be read, or was written without what was read; or a bucket that is meant is not in it.
    """
    stored = from_file(file)
    try:
        judged = judge_again(stored, terms.exceptions, terms.trusted_accounts)
    except NoEvidenceError as error:
        raise CommandError(f"{file}: {error}.") from error
    buckets = [
        each
        for each in judged
        if scope.admits(each.observation.bucket.name) and scope.reaches(each.observation.bucket.region)
    ]
    _refuse_nothing(scope, {each.observation.bucket.name for each in buckets}, "in the stored scan")
    report = assemble(
        generated_at=stored.generated_at,
        scope=stored.scope if scope.whole else f"{stored.scope}; of these {_selected(scope)}",
        buckets=buckets,
        accounts=tuple(map(_account_again, stored.accounts)),
        exceptions=(*stored.exceptions, *_reported(terms, stored.generated_at)),
    )
    return Found(report, scope.whole and _is_whole(stored))


def _account_again(stored: AccountAudit) -> AccountAudit:
    """Judge an account again from what was stored of it; one of which nothing was, stays as it is."""
    if not stored.answers:
        return stored
    again = account_audit(stored.account_id, stored.read_at, account_answers(stored))
    return again.model_copy(update={"uncovered": stored.uncovered})


def as_judged_today(file: Path, scope: Scope) -> AuditReport:
    """Read an earlier report as the catalogue of today has it, and of its buckets those that the scan is about.

    So what is different is different in AWS, and not only in what is asked. A report without evidence stays as it is.

    Raises:
        CommandError: it cannot be read.
    """
    before = from_file(file)
    try:
        buckets = judge_again(before)
        known = {each.id for each in before.checks}
        more = [each for each in reported_checks() if each.subject == "bucket" and each.id not in known]
        before = before.model_copy(update={"buckets": buckets, "checks": (*before.checks, *more)})
    except NoEvidenceError:
        pass
    meant = tuple(each for each in before.buckets if scope.admits(each.observation.bucket.name))
    return before.model_copy(update={"buckets": meant})


def _refuse_nothing(scope: Scope, there: set[str], where: str) -> None:
    """Take a name or patterns that mean no bucket for a slip: a gate that looks at nothing would always be open.

    Raises:
        CommandError: there is nothing to observe.
    """
    missing = [name for name in scope.names if name not in there]
    if missing:
        raise CommandError(f"{', '.join(missing)} is not {where}; correct the name.")
    if scope.patterns and not there:
        raise CommandError(f"no bucket {where} matches {' or '.join(scope.patterns)}; correct --match.")
    if scope.regions and not there:
        raise CommandError(f"no bucket {where} is in {' or '.join(scope.regions)}; correct --only-region.")


def _words(scanned: Scanned, scope: Scope) -> str:
    """Say what was looked at."""
    where = f"account {scanned.account_id}" if scanned.account_id else "a server without accounts"
    return f"{where}, {_selected(scope)}"


def _selected(scope: Scope) -> str:
    if scope.whole:
        return "all buckets"
    given = scope.names or scope.patterns or scope.regions
    named = ", ".join(given) if len(given) <= NAMED else f"{', '.join(given[:NAMED])} and {len(given) - NAMED} more"
    if scope.names:
        return f"{'bucket' if len(given) == 1 else 'buckets'} {named}"
    return f"buckets that match {named}" if scope.patterns else f"buckets in {named}"


def _reported(terms: Terms, now: dt.datetime) -> list[ReportedException]:
    return [
        reported_exception(exception, now, LONGEST_EXCEPTION, bucket_name=name) for name, exception in terms.exceptions
    ]


def _warn_of_strangers(report: AuditReport) -> None:
    there = {each.observation.bucket.name for each in report.buckets}
    for each in report.exceptions:
        if each.bucket_name not in there:
            warn(f"exception {each.name} is for bucket {each.bucket_name}, which the account does not have.")


def _is_whole(report: AuditReport) -> bool:
    """Tell whether it has every bucket that its accounts had."""
    counts: dict[str, int] = {}
    for each in report.buckets:
        account = each.observation.bucket.account_id
        counts[account] = counts.get(account, 0) + 1
    return bool(report.accounts) and all(each.buckets == counts.get(each.account_id, 0) for each in report.accounts)
