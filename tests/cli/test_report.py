"""`securebucket report`: from files, from standard input, and from a running operator."""

import csv
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import Run, spawn, spawn_on_terminal
from tests.report.reports import NOW, answers_of, audited, observation, small_report

from securebucket.report.assembly import assemble
from securebucket.report.audit_report import AuditReport
from securebucket.report.recorded_report import recorded
from securebucket.report.writing import ReportFormat, written
from securebucket.reporting.report_server import Leadership, ReportServer

REPORT = small_report()


@pytest.fixture
def stored(tmp_path: Path) -> str:
    """A stored report."""
    file = tmp_path / "stored.json"
    file.write_bytes(written(REPORT, ReportFormat.JSON))
    return str(file)


@pytest.fixture
def leading() -> list[bool]:
    """Whether the operator leads."""
    return [True]


@pytest.fixture
def operator(leading: list[bool]) -> Iterator[str]:
    """The URL of an operator's report."""
    leadership = Leadership(lambda: leading[0], lambda: "operator-2_0a1b2c3d")
    server = ReportServer(lambda: recorded(REPORT), leadership, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


def buckets(document: dict[str, Any]) -> list[str]:
    return [each["observation"]["bucket"]["name"] for each in document["buckets"]]


@pytest.mark.parametrize("chosen", ReportFormat)
def test_each_form_is_written_as_it_is(chosen: ReportFormat, stored: str, tmp_path: Path, run: Run) -> None:
    file = tmp_path / "written"
    ran = run("report", "--from", stored, "--format", chosen.value, "--output", str(file))
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert file.read_bytes() == written(REPORT, chosen)


def test_html_is_what_people_get_without_asking(stored: str) -> None:
    ran = spawn("report", "--from", stored)
    assert ran.code == 0
    assert ran.out.startswith("<!DOCTYPE html>")


def test_a_pipe_is_read(stored: str, run: Run) -> None:
    ran = run("report", "--from", "-", "--format", "json", stdin=Path(stored).read_text())
    assert AuditReport.model_validate(ran.json()) == REPORT


def test_a_running_operator_is_asked(operator: str, run: Run) -> None:
    ran = run("report", "--operator", f"{operator}/", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert AuditReport.model_validate(ran.json()) == REPORT


def test_a_standby_says_who_leads(operator: str, leading: list[bool], run: Run) -> None:
    leading[0] = False
    ran = run("report", "--operator", operator)
    assert (ran.code, ran.out) == (1, "")
    (line,) = ran.errors
    assert "answers 503: This replica stands by" in line
    assert "kubectl port-forward pod/operator-2 8082" in line


def test_several_reports_become_one(stored: str, tmp_path: Path, run: Run) -> None:
    other = assemble(
        generated_at=NOW, scope="another", buckets=[audited(observation("acme-more", answers_of("acme-more")))]
    )
    (tmp_path / "other.json").write_bytes(written(other, ReportFormat.JSON))
    ran = run("report", "--from", stored, "--from", str(tmp_path / "other.json"), "--format", "json")
    assert sorted(buckets(ran.json())) == sorted([*buckets(json.loads(Path(stored).read_text())), "acme-more"])


def test_filters(stored: str, run: Run) -> None:
    ran = run("report", "--from", stored, "--format", "json", "--namespace", "payments", "--severity", "high")
    document = ran.json()
    assert buckets(document) == ["acme-invoices", "acme-partner"]
    assert {each["severity"] for each in document["checks"]} == {"critical", "high"}
    ran = run("report", "--from", stored, "--format", "csv", "--bucket", "acme-loose", "--framework", "pci-dss-4.0.1")
    rows = list(csv.DictReader(ran.out.splitlines()))
    assert {each["bucket"] for each in rows} == {"acme-loose"}
    assert all("pci-dss-4.0.1" in each["requirements"] for each in rows)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--framework", "cis", "the report has no framework cis; it has aws-config, "),
        ("--namespace", "prod", "the report has no namespace prod; it has analytics, payments."),
        ("--bucket", "acme-inv", "the report has no bucket acme-inv; it has acme-gone, acme-half-read, "),
    ],
)
def test_a_filter_for_something_that_is_not_there(option: str, value: str, message: str, stored: str, run: Run) -> None:
    """A report of nothing would read as one without a failure."""
    ran = run("report", "--from", stored, option, value)
    assert (ran.code, ran.out) == (1, "")
    assert ran.errors[0].startswith(f"error: {message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty; the command that should write it may have failed."),
        ("not json", "is not JSON (Expecting value"),
        ("[]", 'is not an audit report: it does not say "format"'.replace('"format"', '`"format"')),
        ('{"format": "other"}', "is not an audit report"),
        ('{"format": "securebucket.io/audit-report/v2"}', "is of the format securebucket.io/audit-report/v2, and this"),
        ('{"format": "securebucket.io/audit-report/v1"}', "is a damaged audit report: generatedAt"),
    ],
)
def test_what_is_no_report(text: str, message: str, tmp_path: Path, run: Run) -> None:
    file = tmp_path / "given.json"
    file.write_text(text)
    ran = run("report", "--from", str(file))
    assert (ran.code, ran.out) == (1, "")
    (line,) = ran.errors
    assert line.startswith(f"error: {file} {message}"), line


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    (line,) = run("report", "--from", str(tmp_path / "none.json")).errors
    assert "none.json: there is no such file; use a file that" in line


def test_nobody_answers(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    ran = run("report", "--operator", f"http://127.0.0.1:{port}")
    assert ran.code == 1
    (line,) = ran.errors
    assert f"no operator answers at http://127.0.0.1:{port} (" in line
    assert "Connection refused" in line
    assert "port-forward deployment/securebucket-operator 8082" in line


def test_an_address_that_is_none(run: Run) -> None:
    (line,) = run("report", "--operator", "127.0.0.1").errors
    assert line == "error: '127.0.0.1' is not the URL of an operator; write e.g. http://127.0.0.1:8082."


def test_a_file_that_cannot_be_written(stored: str, tmp_path: Path, run: Run) -> None:
    (line,) = run("report", "--from", stored, "--output", str(tmp_path)).errors
    assert line.endswith("cannot be written: Is a directory. Choose another file with --output.")


def test_a_page_is_not_poured_over_a_terminal(stored: str) -> None:
    ran = spawn_on_terminal("report", "--from", stored, columns=80)
    assert (ran.code, ran.out) == (1, "")


def test_asff_says_what_it_cannot_name(tmp_path: Path, run: Run) -> None:
    elsewhere = audited(observation("acme-ceph", answers_of("acme-ceph"), account=""))
    (tmp_path / "r.json").write_bytes(
        written(assemble(generated_at=NOW, scope="a store", buckets=[elsewhere]), ReportFormat.JSON)
    )
    ran = run("report", "--from", str(tmp_path / "r.json"), "--format", "asff")
    assert (ran.code, ran.json()) == (0, [])
    assert ran.errors == ["warning: left out 1 buckets without an AWS account: ASFF cannot express them."]
