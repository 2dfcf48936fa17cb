"""Audit reports from files, as `scan -o json` and `report` write them."""

from pathlib import Path

import typer
from pydantic import ValidationError

from securebucket.api.errors import explain
from securebucket.audit.audit_report import AuditReport
from securebucket.cli.yaml_documents import STANDARD_INPUT

HINT = "give a file that `securebucket scan -o json` wrote"


class UnusableReportError(Exception):
    """A file that is no report; the text says why and what to give instead."""


def read_report(file: Path) -> AuditReport:
    """Read a report; `-` is standard input.

    Raises:
        UnusableReportError: it is none.
    """
    name = "standard input" if file == STANDARD_INPUT else str(file)
    try:
        text = typer.get_binary_stream("stdin").read() if file == STANDARD_INPUT else file.read_bytes()
    except FileNotFoundError as error:
        raise UnusableReportError(f"{name}: there is no such file; {HINT}") from error
    except OSError as error:
        raise UnusableReportError(f"{name}: cannot be read: {error.strerror}") from error
    if not text.strip():
        raise UnusableReportError(f"{name}: is empty, perhaps because the scan that should write it failed; {HINT}")
    try:
        return AuditReport.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        if first["type"] == "json_invalid":
            raise UnusableReportError(f"{name}: is no JSON ({first['msg']}); {HINT}") from error
        faults = [str(each) for each in explain(error, AuditReport)]
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise UnusableReportError(f"{name}: is no audit report: {faults[0]}{more}; {HINT}") from error
