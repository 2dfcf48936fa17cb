"""The table for spreadsheets."""

import csv
import datetime as dt
import io

import pytest
from tests.report.builders import NOW, judged, report
from tests.report.reports import hostile_report, small_report

from securebucket.compliance.stored_observation import StoredAnswer
from securebucket.report.audit_report import AuditReport
from securebucket.report.csv_table import COLUMNS, guarded
from securebucket.report.writing import ReportFormat, written


def csv_table(report: AuditReport) -> str:
    return written(report, ReportFormat.CSV).decode()


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_one_row_a_subject_and_check() -> None:
    report = small_report()
    found = rows(csv_table(report))
    verdicts = sum(len(each.verdicts) for each in (*report.buckets, *report.accounts))
    # The one bucket that could not be read is unknown in every check of buckets.
    unread = sum(each.subject == "bucket" for each in report.checks)
    assert len(found) == verdicts + unread
    assert len({(each["account"], each["bucket"], each["check"]) for each in found}) == len(found)


def test_a_row_says_what_an_auditor_asks() -> None:
    (row,) = [
        each
        for each in rows(csv_table(small_report()))
        if (each["bucket"], each["check"]) == ("acme-partner", "cross-account-access-restricted")
    ]
    assert row["result"] == "excepted"
    assert row["exception"] == "payments/partner-feed"
    assert row["exceptionExpiresAt"] == "2026-12-25T08:30:00Z"
    assert (row["namespace"], row["object"], row["profile"]) == ("payments", "acme-partner", "production")
    assert row["readAt"] == "2026-11-25T08:18:00Z"
    assert "prowler s3_bucket_cross_account_access" in row["requirements"].split("; ")


def test_a_verdict_is_as_old_as_the_oldest_document_that_it_rests_on() -> None:
    older = StoredAnswer(absent=True, read_at=NOW - dt.timedelta(hours=3))
    found = {each["check"]: each["readAt"] for each in rows(csv_table(report(judged(GetBucketWebsite=older))))}
    assert (found["website-off"], found["tls-required"]) == ("2026-11-25T09:00:00Z", "2026-11-25T12:00:00Z")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("\uff1d1", "'\uff1d1"),
        ("acme-1", "acme-1"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(cell: str, written: str) -> None:
    assert guarded(cell) == written


def test_lines_and_quotes_in_a_text_stay_in_their_cell() -> None:
    text = csv_table(hostile_report())
    assert all(None not in row and set(row) == set(COLUMNS) for row in rows(text))
    assert text.startswith(",".join(COLUMNS) + "\r\n")
