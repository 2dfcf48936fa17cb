"""One bucket's part of the report, made from its observation alone. Pure.

The verdicts are made from the observation as it is written down, and not from what was read: whoever judges the stored
report again, in a year or with a later catalogue, judges the very same thing.
"""

import datetime as dt
from collections.abc import Iterable

from securebucket.api.bucket_profile import LONGEST_EXCEPTION
from securebucket.compliance.exceptions import lay_over
from securebucket.compliance.judgement import judge
from securebucket.compliance.stored_observation import StoredObservation
from securebucket.model.granted_exception import GrantedException
from securebucket.report.assembly import reported_verdicts
from securebucket.report.audit_report import AuditReport, BucketAudit, ReportedException


class NoEvidenceError(Exception):
    """A stored report cannot be judged again; the text says why."""


def judge_bucket(
    observation: StoredObservation,
    exceptions: Iterable[GrantedException],
    now: dt.datetime,
    *,
    role_because: str = "",
) -> BucketAudit:
    """Judge one bucket.

    Args:
        observation: what was read, with its role and what the checks asked for outside the bucket.
        exceptions: all that name the bucket.
        now: when exceptions must be in force, in UTC.
        role_because: what tells the role.
    """
    judged = lay_over(judge(observation.subject()), exceptions, now, LONGEST_EXCEPTION)
    return BucketAudit(observation=observation, verdicts=reported_verdicts(judged), role_because=role_because)


def judge_again(
    stored: AuditReport,
    more: Iterable[tuple[str, GrantedException]] = (),
    trusted_accounts: frozenset[str] = frozenset(),
) -> tuple[BucketAudit, ...]:
    """Judge the buckets of a stored report with the catalogue of today, as of the time that the report was made.

    Its exceptions count as they did then, so that the same report always gives the same verdicts. A bucket that could
    not be read then stays so.

    Args:
        stored: the report.
        more: further exceptions, each with the bucket that it names.
        trusted_accounts: further accounts that policies may let in.

    Raises:
        NoEvidenceError: it was written without what was read.
    """
    bare = [each for each in stored.buckets if each.failure is None and not each.observation.answers]
    if bare:
        raise NoEvidenceError("it has no evidence, so nothing can be judged again: make it without --no-evidence")
    further: dict[str, list[GrantedException]] = {}
    for name, exception in more:
        further.setdefault(name, []).append(exception)
    return tuple(
        each if each.failure is not None else _again(each, stored, further.get(each.observation.bucket.name, ()))
        for each in (_trusting(audit, trusted_accounts) for audit in stored.buckets)
    )


def _trusting(audit: BucketAudit, accounts: frozenset[str]) -> BucketAudit:
    if not accounts:
        return audit
    trusted = tuple(sorted(accounts.union(audit.observation.trusted_accounts)))
    observation = audit.observation.model_copy(update={"trusted_accounts": trusted})
    return audit.model_copy(update={"observation": observation})


def _again(audit: BucketAudit, stored: AuditReport, further: Iterable[GrantedException]) -> BucketAudit:
    then = stored.generated_at
    # How long an exception could be was the profile's to say, and the report has what came of it.
    judged = lay_over(
        judge(audit.observation.subject()), _exceptions_of(audit, stored.exceptions), then, dt.timedelta.max
    )
    judged = lay_over(judged, further, then, LONGEST_EXCEPTION)
    return audit.model_copy(update={"verdicts": reported_verdicts(judged)})


def _exceptions_of(audit: BucketAudit, exceptions: Iterable[ReportedException]) -> list[GrantedException]:
    """Return those that were granted to a bucket: they name it, or one of its verdicts names them."""
    used = {each.exception for each in audit.verdicts}
    return [
        GrantedException(each.name, each.check, each.reason, each.approver, each.granted_at, each.expires_at)
        for each in exceptions
        if each.standing != "TooLong" and (each.bucket_name == audit.observation.bucket.name or each.name in used)
    ]


def without_evidence(report: AuditReport) -> AuditReport:
    """Leave out what was read: configuration can be confidential where verdicts are not."""
    return report.model_copy(
        update={
            "buckets": tuple(
                each.model_copy(update={"observation": each.observation.model_copy(update={"answers": {}})})
                for each in report.buckets
            ),
            "accounts": tuple(each.model_copy(update={"answers": {}}) for each in report.accounts),
        }
    )
