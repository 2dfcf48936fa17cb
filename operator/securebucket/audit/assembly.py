"""Puts an audit report together from verdicts, observations and the catalogue."""

import datetime as dt
from collections.abc import Iterable

from securebucket import __version__
from securebucket.audit.audit_report import (
    AccountAudit,
    AuditReport,
    BucketAudit,
    CheckVerdict,
    ReportedCheck,
    ReportedException,
    ReportedFramework,
)
from securebucket.compliance.catalogue import CATALOGUE, VERSION
from securebucket.compliance.exceptions import Standing, standing_of
from securebucket.compliance.framework import frameworks
from securebucket.model.granted_exception import GrantedException
from securebucket.model.verdict import Judged

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


def reported_checks() -> tuple[ReportedCheck, ...]:
    """Give the catalogue as the report has it."""
    return tuple(
        ReportedCheck(
            id=entry.check.id,
            title=entry.check.title,
            severity=entry.check.severity,
            rationale=entry.check.rationale,
            remediation=entry.check.remediation,
            remedy=entry.check.remedy,
            references=entry.check.references,
            reads=entry.reads,
        )
        for entry in CATALOGUE
    )


def reported_verdicts(judged: Iterable[Judged]) -> tuple[CheckVerdict, ...]:
    """Give verdicts as the report has them."""
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
    """Give an exception as the report has it.

    Args:
        exception: which.
        now: in UTC.
        longest: how long it may be, by the bucket's profile.
        bucket_name: the bucket that it is for; empty for one that selects several.
    """
    return ReportedException.model_validate(
        {
            "name": exception.name,
            "check": exception.check,
            "bucket_name": bucket_name,
            "reason": exception.reason,
            "approver": exception.approver,
            "granted_at": exception.granted_at,
            "expires_at": exception.expires_at,
            "standing": STANDINGS[standing_of(exception, now, longest)],
        }
    )


def _place(audit: BucketAudit) -> tuple[str, str, str]:
    bucket = audit.observation.bucket
    return (bucket.account_id, bucket.name, f"{audit.declaration}")
