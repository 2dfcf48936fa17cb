"""The exit code of a scan, and the sentence to it."""

from typing import Any

import pytest
from tests.report.builders import DENIED, PUBLIC, exception, judged, policy, report, unread

from securebucket.cli.scan_result import Ending, FailOn, Gate, count, end
from securebucket.compliance.stored_observation import StoredAnswer
from securebucket.model.verdict import Severity
from securebucket.report.selection import CheckFilter
from securebucket.scan.comparison import compare

ONLY = {"checks": frozenset({"policy-not-public"})}
OPEN: dict[str, Any] = {"GetBucketPolicy": policy(PUBLIC)}
DENYING: dict[str, Any] = {"GetBucketPolicy": DENIED}
CHECK = "policy-not-public"
"""Of severity high."""


def ending(*buckets: Any, fail_on: FailOn = FailOn.HIGH, ignore: bool = False, **options: Any) -> Ending:
    """End a scan of these buckets that asked for one check of severity high."""
    found = report(*buckets)
    return end(found, Gate(CheckFilter(**ONLY).of(found), fail_on, ignore), **options)


@pytest.mark.parametrize(
    ("buckets", "fail_on", "code"),
    [
        ([judged()], FailOn.HIGH, 0),
        ([], FailOn.LOW, 0),
        ([judged(**OPEN)], FailOn.CRITICAL, 0),
        ([judged(**OPEN)], FailOn.HIGH, 2),
        ([judged(**OPEN)], FailOn.MEDIUM, 2),
        ([judged(**OPEN)], FailOn.LOW, 2),
        ([judged(**OPEN)], FailOn.NEVER, 0),
        ([judged("acme-invoices", exception(CHECK), **OPEN)], FailOn.LOW, 0),
        ([judged("acme-invoices", exception(CHECK, days=-1), **OPEN)], FailOn.LOW, 2),
        ([judged(**DENYING)], FailOn.HIGH, 1),
        ([judged(**DENYING)], FailOn.CRITICAL, 0),
        ([judged(**DENYING)], FailOn.NEVER, 0),
        ([judged(GetBucketPolicy=StoredAnswer(unsupported="not known here"))], FailOn.LOW, 0),
        ([judged(GetBucketVersioning=DENIED)], FailOn.LOW, 0),
        ([unread()], FailOn.HIGH, 1),
        ([unread()], FailOn.NEVER, 1),
        ([unread(), judged("acme-two", **OPEN)], FailOn.HIGH, 1),
    ],
)
def test_the_exit_code(buckets: list[Any], fail_on: FailOn, code: int) -> None:
    """A server that does not know a setting is not in doubt, and neither is a document of which no check counts."""
    assert ending(*buckets, fail_on=fail_on).code == code


@pytest.mark.parametrize(
    ("buckets", "code"),
    [([judged(**DENYING)], 0), ([unread()], 0), ([unread(), judged("acme-two", **OPEN)], 2)],
)
def test_what_cannot_be_read_can_be_ignored(buckets: list[Any], code: int) -> None:
    assert ending(*buckets, ignore=True).code == code


def test_an_interruption_counts_most() -> None:
    assert ending(judged(**OPEN), interrupted=True) == Ending(130, "the scan was interrupted")


def test_the_sentence_says_what_decided() -> None:
    both = [unread(), judged("acme-two", **DENYING), judged("acme-three", **OPEN)]
    assert ending(judged(**OPEN)).because == "1 failing check of severity high or above (--fail-on high)"
    assert ending(judged()).because == "no failing checks of severity high or above (--fail-on high)"
    assert ending(judged(), fail_on=FailOn.CRITICAL).because == (
        "no failing checks of severity critical (--fail-on critical)"
    )
    assert ending(judged(), fail_on=FailOn.NEVER).because.endswith("(--fail-on never)")
    assert ending(*both).because == (
        "1 bucket could not be read, and 1 check of 1 bucket could not be judged, because something could not be read"
        " (--ignore-unreadable accepts that), and 1 failing check of severity high or above"
    )


@pytest.mark.parametrize(("before", "code"), [(judged(), 2), (judged(**OPEN), 0)])
def test_with_an_earlier_scan_only_what_fails_newly_counts(before: Any, code: int) -> None:
    after = report(judged(**OPEN))
    checks = CheckFilter(**ONLY).of(after)
    ended = end(after, Gate(checks), compare(report(before), after, whole=True))
    assert ended.code == code
    assert "new failing check" in ended.because


def test_a_check_that_was_not_asked_for_does_not_count() -> None:
    after = report(judged(**OPEN))
    assert end(after, Gate(CheckFilter(severity=Severity.CRITICAL).of(after), FailOn.HIGH)).code == 1
    assert end(after, Gate(CheckFilter(checks=frozenset({"tagged"})).of(after), FailOn.LOW)).code == 2


def test_what_the_account_would_have_to_tell_is_in_doubt() -> None:
    """The bucket's own block is off, its policy is public, and the account's block was not asked or was denied."""
    found = report(judged(**OPEN))
    gate = Gate(CheckFilter(checks=frozenset({"public-read-prevented"})).of(found), FailOn.CRITICAL)
    (bucket,) = found.buckets
    assert [each.result.value for each in bucket.verdicts if each.check == "public-read-prevented"] == ["unknown"]
    assert end(found, gate).code == 1


@pytest.mark.parametrize(("number", "words"), [(0, "no buckets"), (1, "1 bucket"), (2, "2 buckets")])
def test_numbers_are_written_with_their_things(number: int, words: str) -> None:
    assert count(number, "bucket") == words
