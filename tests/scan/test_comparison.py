"""What is different between two reports: verdicts, buckets, documents."""

from typing import Any

import pytest
from tests.report.builders import (
    DENIED,
    NOW,
    PUBLIC,
    exception,
    judged,
    policy,
    report,
    unread,
)

from securebucket.engine.outcome import Difference
from securebucket.model.verdict import Result
from securebucket.report.audit_report import AccountAudit, AuditReport, CheckVerdict
from securebucket.report.bucket_judgement import without_evidence
from securebucket.scan.comparison import Comparison, Turn, compare

OPEN: dict[str, Any] = {"GetBucketPolicy": policy(PUBLIC)}
CLOSED: dict[str, Any] = {}
DENYING: dict[str, Any] = {"GetBucketPolicy": DENIED}
VERSIONED = {"GetBucketVersioning": {"Status": "Enabled"}}
CHECK = "policy-not-public"
ACCEPTED = exception(CHECK)


def turn_of(comparison: Comparison, check: str = CHECK) -> Turn | None:
    """Give what became of a check."""
    return next((each.turn for each in comparison.turned if each.check == check), None)


@pytest.mark.parametrize(
    ("before", "after", "turn"),
    [
        (judged(**CLOSED), judged(**CLOSED), None),
        (judged(**OPEN), judged(**OPEN), None),
        (judged(**CLOSED), judged(**OPEN), Turn.NEWLY_FAILING),
        (judged(**DENYING), judged(**OPEN), Turn.NEWLY_FAILING),
        (judged("acme-invoices", ACCEPTED, **OPEN), judged(**OPEN), Turn.NEWLY_FAILING),
        (unread(), judged(**OPEN), Turn.NEWLY_FAILING),
        (judged("acme-other"), judged(**OPEN), Turn.NEWLY_FAILING),
        (judged(**OPEN), judged(**CLOSED), Turn.MENDED),
        (judged(**OPEN), judged("acme-invoices", ACCEPTED, **OPEN), Turn.ACCEPTED),
        (judged(**OPEN), judged(**DENYING), Turn.NO_LONGER_KNOWN),
        (judged(**CLOSED), judged(**DENYING), Turn.NO_LONGER_KNOWN),
        (judged(**DENYING), judged(**CLOSED), None),
        (judged(**OPEN), unread(), None),
        (judged(**OPEN), judged("acme-other"), None),
    ],
)
def test_what_became_of_a_check(before: Any, after: Any, turn: Turn | None) -> None:
    assert turn_of(compare(report(before), report(after), whole=True)) is turn


def test_what_it_was_and_what_is_seen_now_is_told() -> None:
    comparison = compare(report(judged(**CLOSED)), report(judged(**OPEN)), whole=True)
    (found,) = [each for each in comparison.of(Turn.NEWLY_FAILING) if each.check == CHECK]
    assert (found.subject, found.before, found.after) == ("acme-invoices", Result.PASS, Result.FAIL)
    assert "Everybody" in found.because


def test_a_check_that_the_earlier_catalogue_did_not_have_is_nothing_new() -> None:
    before = report(judged(**OPEN))
    (bucket,) = before.buckets
    older = before.model_copy(
        update={
            "checks": tuple(each for each in before.checks if each.id != CHECK),
            "buckets": (
                bucket.model_copy(update={"verdicts": tuple(each for each in bucket.verdicts if each.check != CHECK)}),
            ),
        }
    )
    assert turn_of(compare(older, report(judged(**OPEN)), whole=True)) is None


@pytest.mark.parametrize(("whole", "vanished"), [(True, ("acme-two",)), (False, ())])
def test_buckets_that_came_and_went(whole: bool, vanished: tuple[str, ...]) -> None:
    """Who looks at some buckets cannot say that the others are gone."""
    before = report(judged("acme-one"), judged("acme-two"))
    comparison = compare(before, report(judged("acme-one"), judged("acme-three")), whole=whole)
    assert comparison.appeared == ("acme-three",)
    assert comparison.vanished == vanished


def test_buckets_of_another_account_did_not_vanish() -> None:
    other = judged("acme-two")
    bucket = other.observation.bucket.model_copy(update={"account_id": "444455556666"})
    elsewhere = other.model_copy(update={"observation": other.observation.model_copy(update={"bucket": bucket})})
    comparison = compare(report(judged("acme-one"), elsewhere), report(judged("acme-one")), whole=True)
    assert comparison.vanished == ()


def test_a_bucket_that_cannot_be_read_any_more_is_told() -> None:
    assert compare(report(judged()), report(unread()), whole=True).lost == ("acme-invoices",)
    assert compare(report(unread()), report(unread()), whole=True).lost == ()


def test_documents_are_compared_field_by_field() -> None:
    comparison = compare(report(judged()), report(judged(**VERSIONED)), whole=True)
    (document,) = comparison.documents
    assert (document.bucket, document.control) == ("acme-invoices", "versioning")
    assert Difference("status", "", "Enabled") in document.differences


def test_documents_are_compared_by_what_they_mean() -> None:
    """AWS gives a policy back as it was written, spaces and all."""
    (spaced,) = [{"Policy": OPEN["GetBucketPolicy"]["Policy"].replace(",", " ,\n")}]
    assert compare(report(judged(**OPEN)), report(judged(GetBucketPolicy=spaced)), whole=True).documents == ()


@pytest.mark.parametrize("bare", ["before", "after"])
def test_documents_that_were_not_stored_are_counted(bare: str) -> None:
    before, after = report(judged(), unread("acme-lost")), report(judged(**VERSIONED), unread("acme-lost"))
    if bare == "before":
        before = without_evidence(before)
    else:
        after = without_evidence(after)
    comparison = compare(before, after, whole=True)
    assert (comparison.documents, comparison.blind) == ((), 1)
    assert turn_of(comparison, "versioning-enabled") is Turn.MENDED


def test_what_was_denied_is_no_change() -> None:
    assert compare(report(judged(**OPEN)), report(judged(**DENYING)), whole=True).documents == ()


def with_account(result: Result) -> AuditReport:
    """Give a report with a verdict on the account itself."""
    verdict = CheckVerdict(check=CHECK, result=result, because="so it is")
    account = AccountAudit(account_id="111122223333", read_at=NOW, verdicts=(verdict,))
    return report(accounts=[account])


def test_the_account_is_compared_too() -> None:
    comparison = compare(with_account(Result.PASS), with_account(Result.FAIL), whole=True)
    (found,) = comparison.turned
    assert (found.subject, found.turn) == ("account 111122223333", Turn.NEWLY_FAILING)
