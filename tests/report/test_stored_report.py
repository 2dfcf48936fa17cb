"""Stored reports, read bucket by bucket."""

import json
from collections.abc import Iterator

import pytest
from tests.report.reports import NOW, hostile_report, small_report

from securebucket.report.assembly import assemble
from securebucket.report.audit_report import AuditReport
from securebucket.report.recorded_report import unpack
from securebucket.report.stored_report import UnreadableReportError, read_report
from securebucket.report.writing import ReportFormat, written

TEXT = written(small_report(), ReportFormat.JSON)


def cut(text: bytes, size: int) -> Iterator[bytes]:
    return (text[start : start + size] for start in range(0, len(text), size))


def refusal(text: bytes, size: int = 1000) -> str:
    with pytest.raises(UnreadableReportError) as caught:
        read_report(cut(text, size), "give another.")
    return str(caught.value)


@pytest.mark.parametrize("size", [7, 1000, 1_000_000])
@pytest.mark.parametrize("report", [small_report(), hostile_report(), assemble(generated_at=NOW, scope="", buckets=())])
def test_what_was_written_is_read(report: AuditReport, size: int) -> None:
    assert read_report(cut(written(report, ReportFormat.JSON), size), "").whole() == report


def test_a_report_without_spaces_is_read_too() -> None:
    text = small_report().model_dump_json(by_alias=True).encode()
    assert read_report(cut(text, 500), "").whole() == small_report()


def test_buckets_are_packed_and_not_kept() -> None:
    assert all(each.audit.func is unpack for each in read_report([TEXT], "").records)


def test_fields_that_nobody_knows_and_their_order_do_not_matter() -> None:
    document = json.loads(TEXT)
    turned = json.dumps({"later": {"buckets": [1, "}"]}, **dict(reversed(document.items()))}).encode()
    assert read_report(cut(turned, 333), "").whole() == small_report()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b" \n", "is empty; the command that should write it may have failed."),
        (b"not json", "is not JSON (Expecting value: char 0); give another."),
        (b"[1, 2]", 'is not an audit report: it does not say `"format": '),
        (b"12", "is not an audit report"),
        (b"{}", "is not an audit report"),
        (b'{"format": 3}', "is not an audit report"),
        (b"\xff{}", "is not JSON ("),
        (b"[" * 100_000, "is not JSON (Too many levels: char 0)"),
        (TEXT + b"{}", "is not JSON (Extra data: char "),
        (TEXT[: len(TEXT) // 2], "is not JSON ("),
        (TEXT.rstrip()[:-1], "is not JSON (Expecting ',' delimiter: char "),
        (b'{"format" 1}', "is not JSON (Expecting ':' delimiter: char 10)"),
        (b"{1: 1}", "is not JSON (Expecting property name enclosed in double quotes: char 1)"),
        (
            TEXT.replace(b'"name": "acme-gone"', b'"name": 5'),
            "is a damaged audit report: buckets[0].observation.bucket.name: must be text",
        ),
        (TEXT.replace(b'"scope"', b'"scop"'), "is a damaged audit report: scope: is required; add it"),
        (b'{"format": "securebucket.io/audit-report/v1", "buckets": 3}', "is a damaged audit report: generatedAt"),
        (b'{"format": "securebucket.io/audit-report/v2", "buckets": [3]}', "is of the format securebucket.io/audit-r"),
    ],
)
def test_what_is_no_report_says_why(text: bytes, message: str) -> None:
    assert refusal(text).startswith(message), refusal(text)
