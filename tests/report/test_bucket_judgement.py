"""A stored report gives the same verdicts again, and what was not stored cannot be judged."""

import datetime as dt

import pytest
from tests.report.builders import ACCOUNT, NOW, PUBLIC, exception, judged, observation, policy, report, unread

from securebucket.model.granted_exception import GrantedException
from securebucket.model.verdict import Result
from securebucket.report.assembly import reported_exception
from securebucket.report.audit_report import AuditReport, BucketAudit, CheckVerdict
from securebucket.report.bucket_judgement import (
    LONGEST_EXCEPTION,
    NoEvidenceError,
    judge_again,
    judge_bucket,
    without_evidence,
)

OPEN = {"GetBucketPolicy": policy(PUBLIC)}


def verdict(audit: BucketAudit, check: str) -> CheckVerdict:
    """Give one verdict."""
    (found,) = [each for each in audit.verdicts if each.check == check]
    return found


def with_exception(given: GrantedException) -> AuditReport:
    """Give the report on an open bucket with an exception."""
    known = reported_exception(given, NOW, LONGEST_EXCEPTION, bucket_name="acme-invoices")
    return report(judged("acme-invoices", given, **OPEN), exceptions=[known])


def test_what_was_written_down_gives_the_same_verdicts() -> None:
    stored = report(judged(**OPEN), judged("acme-other"), unread("acme-lost"))
    again = judge_again(AuditReport.model_validate_json(stored.model_dump_json(by_alias=True, exclude_none=True)))
    assert again == stored.buckets


def test_the_verdicts_are_those_of_today() -> None:
    """Whatever the stored ones say: only the evidence counts."""
    stored = report(judged(**OPEN))
    (bucket,) = stored.buckets
    forged = bucket.model_copy(
        update={"verdicts": (CheckVerdict(check="policy-not-public", result=Result.PASS, because="trust me"),)}
    )
    (again,) = judge_again(stored.model_copy(update={"buckets": (forged,)}))
    assert verdict(again, "policy-not-public").result is Result.FAIL
    assert again.verdicts == bucket.verdicts


def test_an_exception_counts_as_of_then() -> None:
    """The report of a year ago has an exception that ended since."""
    (again,) = judge_again(with_exception(exception("policy-not-public", days=1)))
    assert verdict(again, "policy-not-public").result is Result.EXCEPTED
    assert verdict(again, "policy-not-public").exception == "payments/legacy"


@pytest.mark.parametrize(
    "given",
    [
        exception("policy-not-public", days=1, granted=NOW - dt.timedelta(days=2)),
        exception("policy-not-public", days=366),
    ],
)
def test_an_exception_that_did_not_count_then_does_not_now(given: GrantedException) -> None:
    (again,) = judge_again(with_exception(given))
    assert verdict(again, "policy-not-public").result is Result.FAIL


def test_an_exception_that_selected_several_buckets_is_known_by_its_name() -> None:
    stored = with_exception(exception("policy-not-public"))
    (known,) = stored.exceptions
    stored = stored.model_copy(update={"exceptions": (known.model_copy(update={"bucket_name": ""}),)})
    (again,) = judge_again(stored)
    assert verdict(again, "policy-not-public").result is Result.EXCEPTED


def test_a_further_exception_is_for_the_bucket_that_it_names() -> None:
    stored = report(judged(**OPEN), judged("acme-other", **OPEN))
    first, second = judge_again(stored, [("acme-other", exception("policy-not-public"))])
    assert verdict(first, "policy-not-public").result is Result.FAIL
    assert verdict(second, "policy-not-public").result is Result.EXCEPTED


def test_a_further_trusted_account_is_trusted() -> None:
    partner = {**PUBLIC, "Principal": {"AWS": "arn:aws:iam::444455556666:root"}}
    stored = report(judged(GetBucketPolicy=policy(partner)))
    (again,) = judge_again(stored)
    assert verdict(again, "cross-account-access-restricted").result is Result.FAIL
    (again,) = judge_again(stored, trusted_accounts=frozenset({"444455556666"}))
    assert verdict(again, "cross-account-access-restricted").result is Result.PASS
    assert again.observation.trusted_accounts == ("444455556666",)


def test_without_evidence_the_verdicts_stay_and_nothing_can_be_judged() -> None:
    stored = report(judged(**OPEN), unread("acme-lost"))
    bare = without_evidence(stored)
    assert [each.verdicts for each in bare.buckets] == [each.verdicts for each in stored.buckets]
    assert "Everybody" in stored.buckets[0].observation.model_dump_json()
    assert not bare.buckets[0].observation.answers
    with pytest.raises(NoEvidenceError, match="--no-evidence"):
        judge_again(bare)


def test_the_reason_of_the_role_is_kept() -> None:
    audit = judge_bucket(observation(), (), NOW, role_because="acme-orders logs to it")
    (again,) = judge_again(report(audit))
    assert again.role_because == "acme-orders logs to it"
    assert ACCOUNT in again.model_dump_json()
