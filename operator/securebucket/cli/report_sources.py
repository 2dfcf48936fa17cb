"""Where the report command gets audit reports from: files, standard input, an operator."""

from pathlib import Path
from typing import Any

import typer
import urllib3
from pydantic import ValidationError

from securebucket.api.errors import explain
from securebucket.audit.audit_report import AuditReport
from securebucket.cli.yaml_documents import STANDARD_INPUT
from securebucket.model.json_text import read_json

OPERATOR = "http://127.0.0.1:8082"
KIND = "securebucket.io/audit-report/"
FORMAT = str(AuditReport.model_fields["format"].default)
PATIENCE = urllib3.Timeout(connect=5.0, read=120.0)
LONGEST_MESSAGE = 500
HINT = "give a file that `securebucket scan -o json` or `securebucket report --format json` wrote."


class NoReportError(Exception):
    """There is no report to be had; the text says why and what to do."""


def from_file(file: Path) -> AuditReport:
    """Read a stored report; `-` is standard input.

    Raises:
        NoReportError: it cannot be read, or is none.
    """
    name = "standard input" if file == STANDARD_INPUT else str(file)
    try:
        text = typer.get_binary_stream("stdin").read() if file == STANDARD_INPUT else file.read_bytes()
    except FileNotFoundError as error:
        raise NoReportError(f"{name}: there is no such file; {HINT}") from error
    except OSError as error:
        raise NoReportError(f"{name} cannot be read: {error.strerror}; {HINT}") from error
    if not text.strip():
        raise NoReportError(f"{name} is empty; the command that should write it may have failed.")
    return parsed(text, name)


def from_operator(url: str) -> AuditReport:
    """Fetch the report of a running operator.

    Raises:
        NoReportError: that is no URL, or the operator does not answer, does not lead, or does not serve a report.
    """
    if not url.startswith(("http://", "https://")):
        raise NoReportError(f"{url!r} is not the URL of an operator; write e.g. {OPERATOR}.")
    place = f"{url.rstrip('/')}/report.json"
    try:
        answer = urllib3.request("GET", place, timeout=PATIENCE, retries=False, redirect=False)
    except urllib3.exceptions.HTTPError as error:
        raise NoReportError(
            f"no operator answers at {url} ({_cause(error)}). Forward its port first: kubectl --namespace"
            " securebucket-system port-forward deployment/securebucket-operator 8082; or give a stored report with"
            " --from."
        ) from error
    if answer.status != 200:
        said = answer.data.decode("utf-8", "replace").strip()[:LONGEST_MESSAGE]
        raise NoReportError(f"{place} answers {answer.status}: {said or 'without a reason'}")
    return parsed(answer.data, place)


def parsed(text: bytes, name: str) -> AuditReport:
    """Read a report from its text.

    Raises:
        NoReportError: it is none, or one of a newer release.
    """
    try:
        document: Any = read_json(text)
    except ValueError as error:
        raise NoReportError(f"{name} is not JSON ({error}); {HINT}") from error
    written = document.get("format") if isinstance(document, dict) else None
    if not isinstance(written, str) or not written.startswith(KIND):
        raise NoReportError(f'{name} is no audit report: it does not say `"format": "{FORMAT}"`; {HINT}')
    if written != FORMAT:
        raise NoReportError(
            f"{name} is of the format {written}, and this release reads {FORMAT}. Use the release that wrote it."
        )
    try:
        return AuditReport.model_validate(document)
    except ValidationError as error:
        first, *more = explain(error, AuditReport)
        rest = f" (and {len(more)} more)" if more else ""
        raise NoReportError(f"{name} is a damaged audit report: {first}{rest}") from error


def _cause(error: Exception) -> str:
    inner = error.__cause__ or error.__context__
    return str(getattr(inner, "strerror", "") or getattr(error, "reason", "") or error)
