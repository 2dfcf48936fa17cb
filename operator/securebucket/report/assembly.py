"""Puts an audit report together from verdicts, observations and the catalogue."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict
from typing import Literal

from securebucket import __version__
from securebucket.compliance.account import ACCOUNT_DOCUMENTS
from securebucket.compliance.account.account_judgement import AccountJudged, judge_account, recall
from securebucket.compliance.account.bucket_list import BucketListDocument
from securebucket.compliance.catalogue import CATALOGUE, VERSION
from securebucket.compliance.exceptions import Standing, standing_of
from securebucket.compliance.framework import frameworks
from securebucket.compliance.stored_observation import StoredAnswer
from securebucket.model.failure import Failure
from securebucket.model.flow import Answers
from securebucket.model.granted_exception import GrantedException
from securebucket.model.verdict import Judged, Question
from securebucket.report.audit_report import (
    AccountAudit,
    AuditReport,
    BucketAudit,
    CheckVerdict,
    ReportedCheck,
    ReportedException,
    ReportedFramework,
)

STANDINGS = {Standing.IN_FORCE: "InForce", Standing.EXPIRED: "Expired", Standing.TOO_LONG: "TooLong"}


def assemble(
    *,
    generated_at: dt.datetime,
    scope: str,
    buckets: Iterable[BucketAudit],
    accounts: Iterable[AccountAudit] = (),
    exceptions: Iterable[ReportedException] = (),
) -> AuditReport:
    """Make the report, in an order that does not depend on when what was read.

    Args:
        generated_at: in UTC.
        scope: what was looked at, in words.
        buckets: with their verdicts.
        accounts: with theirs.
        exceptions: all that are known.
    """
    return AuditReport(
        generated_at=generated_at,
        generator=f"securebucket {__version__}",
        catalogue=VERSION,
        scope=scope,
        buckets=tuple(sorted(buckets, key=_place)),
        accounts=tuple(sorted(accounts, key=lambda each: each.account_id)),
        exceptions=tuple(sorted(exceptions, key=lambda each: (each.expires_at, each.name))),
        checks=reported_checks(),
        frameworks=tuple(ReportedFramework.model_validate(each.model_dump()) for each in frameworks().values()),
    )


def account_audit(
    account_id: str, read_at: dt.datetime, answers: Answers, covered: frozenset[str] | None = None
) -> AccountAudit:
    """Judge an account, and write down what the verdicts were made from.

    Args:
        account_id: twelve digits.
        read_at: when it was read, in UTC.
        answers: everything that was read of it.
        covered: buckets that SecureBuckets cover; None where that is not known of all.
    """
    listed = recall(BucketListDocument(), account_id, answers)
    names = None if isinstance(listed, Failure) else frozenset(listed.regions)
    return AccountAudit(
        account_id=account_id,
        read_at=read_at,
        answers={name: StoredAnswer.of(answer) for name, answer in sorted(answers.items())},
        verdicts=reported_verdicts(judge_account(account_id, answers)),
        buckets=None if names is None else len(names),
        uncovered=() if names is None or covered is None else tuple(sorted(names - covered)),
    )


def account_answers(audit: AccountAudit) -> Answers:
    """Return what was read of an account, from what was stored."""
    return {name: each.answer for name, each in audit.answers.items()}


def reported_checks() -> tuple[ReportedCheck, ...]:
    """Return the catalogue as the report has it: the checks of buckets, then those of accounts."""
    return tuple(_reported(entry.check, "bucket", entry.reads) for entry in CATALOGUE) + tuple(
        _reported(check, "account", (document.name,)) for document in ACCOUNT_DOCUMENTS for check in document.checks
    )


def _reported(check: Question, subject: Literal["bucket", "account"], reads: tuple[str, ...]) -> ReportedCheck:
    return ReportedCheck(
        id=check.id,
        title=check.title,
        severity=check.severity,
        rationale=check.rationale,
        remediation=check.remediation,
        remedy=check.remedy,
        references=check.references,
        subject=subject,
        reads=reads,
    )


def reported_verdicts(judged: Iterable[Judged | AccountJudged]) -> tuple[CheckVerdict, ...]:
    """Return verdicts as the report has them."""
    return tuple(
        CheckVerdict(
            check=each.check.id,
            result=each.verdict.result,
            because=each.verdict.because,
            exception=each.verdict.exception.name if each.verdict.exception else "",
        )
        for each in judged
    )


def reported_exception(
    exception: GrantedException, now: dt.datetime, longest: dt.timedelta, *, bucket_name: str = ""
) -> ReportedException:
    """Return an exception as the report has it.

    Args:
        exception: which.
        now: in UTC.
        longest: how long it may be, by the bucket's profile.
        bucket_name: the bucket that it is for; empty for one that selects several.
    """
    standing = STANDINGS[standing_of(exception, now, longest)]
    return ReportedException.model_validate(asdict(exception) | {"bucket_name": bucket_name, "standing": standing})


def _place(audit: BucketAudit) -> tuple[str, str, str]:
    bucket = audit.observation.bucket
    return (bucket.account_id, bucket.name, f"{audit.declaration}")
