"""The audit report's parts, and an order that does not depend on when what was read."""

import datetime as dt
import itertools

import pytest

from securebucket import __version__
from securebucket.api.check_id import CHECK_IDS
from securebucket.compliance.catalogue import BY_ID, VERSION
from securebucket.compliance.framework import frameworks
from securebucket.compliance.stored_observation import StoredBucket, StoredObservation
from securebucket.model.granted_exception import GrantedException
from securebucket.model.verdict import Judged, Result, Verdict
from securebucket.report.assembly import assemble, reported_checks, reported_exception, reported_verdicts
from securebucket.report.audit_report import AccountAudit, AuditReport, BucketAudit, Declaration, ReportedException

NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def bucket(name: str, account: str = "111122223333", declared: str = "") -> BucketAudit:
    return BucketAudit(
        observation=StoredObservation(
            bucket=StoredBucket(name=name, region="eu-central-1", account_id=account), read_at=NOW
        ),
        declaration=Declaration(namespace="payments", name=declared) if declared else None,
    )


def exception(name: str, ends: int = 10) -> GrantedException:
    return GrantedException(f"security/{name}", "access-logged", "why", "Ada", NOW - DAY, NOW + ends * DAY)


def test_the_report_says_what_it_is_and_what_it_was_made_with() -> None:
    report = assemble(generated_at=NOW, scope="account 111122223333, all buckets", buckets=[bucket("a")])
    assert (report.format, report.generated_at) == ("securebucket.io/audit-report/v1", NOW)
    assert (report.generator, report.catalogue) == (f"securebucket {__version__}", VERSION)
    assert report.scope == "account 111122223333, all buckets"


def test_the_report_holds_the_catalogue_and_the_frameworks_of_its_day() -> None:
    report = assemble(generated_at=NOW, scope="", buckets=[])
    assert [each.id for each in report.frameworks] == list(frameworks())
    (hub,) = (each for each in report.frameworks if each.id == "aws-security-hub")
    assert hub.items[0].account_checks == ("account-public-access-blocked",)
    assert set(CHECK_IDS) <= {each.id for each in report.checks}


def test_the_order_is_that_of_accounts_and_names_whatever_came_first() -> None:
    audits = [bucket("b"), bucket("a", "444455556666"), bucket("a", declared="x"), bucket("a", declared="y")]
    accounts = [AccountAudit(account_id=each, read_at=NOW) for each in ("444455556666", "111122223333")]
    exceptions = [reported_exception(exception(*each), NOW, 90 * DAY) for each in (("b", 5), ("a", 5), ("c", 1))]
    reports = {
        assemble(
            generated_at=NOW, scope="", buckets=order, accounts=order_of_accounts, exceptions=order_of_exceptions
        ).model_dump_json()
        for order in itertools.permutations(audits)
        for order_of_accounts in itertools.permutations(accounts)
        for order_of_exceptions in itertools.permutations(exceptions)
    }
    (text,) = reports
    report = AuditReport.model_validate_json(text)
    assert [each.observation.bucket.name for each in report.buckets] == ["a", "a", "b", "a"]
    assert [each.account_id for each in report.accounts] == ["111122223333", "444455556666"]
    assert [each.name for each in report.exceptions] == ["security/c", "security/a", "security/b"]


def test_a_check_is_reported_with_what_mends_it_and_what_it_reads() -> None:
    (found,) = (each for each in reported_checks() if each.id == "mfa-delete-enabled")
    check = BY_ID["mfa-delete-enabled"].check
    assert (found.title, found.severity, found.remedy) == (check.title, check.severity, check.remedy)
    assert (found.rationale, found.remediation, found.references) == (
        check.rationale,
        check.remediation,
        check.references,
    )
    assert (found.subject, found.reads) == ("bucket", ("versioning", "lifecycle"))


def test_a_verdict_is_reported_with_the_name_of_its_exception() -> None:
    check = BY_ID["access-logged"].check
    found = reported_verdicts(
        [
            Judged(check, "logging", Verdict(Result.EXCEPTED, "not logged; accepted", exception("a"))),
            Judged(check, "logging", Verdict(Result.PASS, "logged")),
        ]
    )
    assert [(each.check, each.result.value, each.because, each.exception) for each in found] == [
        ("access-logged", "excepted", "not logged; accepted", "security/a"),
        ("access-logged", "pass", "logged", ""),
    ]


@pytest.mark.parametrize(("ends", "standing"), [(10, "InForce"), (-0, "Expired"), (300, "TooLong")])
def test_an_exception_is_reported_with_its_standing(ends: int, standing: str) -> None:
    found = reported_exception(exception("a", ends), NOW, 90 * DAY, bucket_name="acme-invoices")
    assert found == ReportedException(
        name="security/a",
        check="access-logged",
        bucket_name="acme-invoices",
        reason="why",
        approver="Ada",
        granted_at=NOW - DAY,
        expires_at=NOW + ends * DAY,
        standing=standing,
    )


def test_a_report_is_read_back_as_it_was_written() -> None:
    report = assemble(
        generated_at=NOW,
        scope="one bucket",
        buckets=[bucket("a", declared="x")],
        accounts=[AccountAudit(account_id="111122223333", read_at=NOW, buckets=1)],
    )
    assert AuditReport.model_validate_json(report.model_dump_json(by_alias=True)) == report
    assert AuditReport.model_validate_json(report.model_dump_json(by_alias=True, exclude_none=True)) == report
