"""A stored scan from anywhere: no text in it colours a terminal, begins a line, is a formula, or stops a command."""

import csv
import io
import json
from pathlib import Path

import pytest
from tests.cli.program import Run
from tests.report.builders import judged, policy, report

SID = "=cmd()\x1b[31m\nacme-other  critical  nothing"
STATEMENT = {"Sid": SID, "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::acme-one/*"}


@pytest.fixture
def stored(tmp_path: Path) -> str:
    """Write a scan with half a character in an answer's policy, in the scope, and in a verdict."""
    document = report(judged("acme-one", GetBucketPolicy=policy(STATEMENT))).model_dump(
        mode="json", by_alias=True, exclude_none=True
    )
    document["scope"] = "=\ud800"
    verdicts = document["buckets"][0]["verdicts"]
    verdicts[0]["because"] = f"={SID}\ud800"
    file = tmp_path / "scan.json"
    file.write_text(json.dumps(document))
    return str(file)


def test_a_table_is_text_in_lines_of_its_own(run: Run, stored: str) -> None:
    ran = run("scan", "--from", stored, "--fail-on", "never")
    assert ran.code == 0, ran.err
    assert "\\u001b[31m\\nacme-other" in ran.out
    assert "\x1b" not in ran.out
    assert not [line for line in ran.out.splitlines() if line.startswith("acme-other")]


def test_a_spreadsheet_runs_no_cell(run: Run, stored: str) -> None:
    ran = run("scan", "--from", stored, "-o", "csv", "--fail-on", "never")
    cells = [cell for row in csv.reader(io.StringIO(ran.out)) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert any("cmd()" in cell for cell in cells)


@pytest.mark.parametrize("form", ["html", "json", "csv", "ocsf", "asff"])
def test_each_form_of_the_report_is_written(run: Run, stored: str, form: str) -> None:
    ran = run("report", "--from", stored, "--format", form)
    assert ran.code == 0, ran.err
    assert ran.out


def test_adopt_reads_it(run: Run, stored: str) -> None:
    ran = run("adopt", "--from", stored)
    assert ran.code == 0, ran.err
    assert ran.out.isascii()


def test_what_is_nested_without_end_is_no_report(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "deep.json"
    file.write_text("[" * 100_000)
    for command in ("scan", "report", "adopt"):
        ran = run(command, "--from", str(file))
        assert ran.code == 1
        assert "is not JSON (Too many levels: char 0)" in ran.err
