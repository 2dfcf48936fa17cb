"""Where the report command gets audit reports from: files, standard input, an operator."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import BinaryIO

import typer
import urllib3

from securebucket.cli.output import CommandError
from securebucket.cli.yaml_documents import STANDARD_INPUT
from securebucket.report.audit_report import AuditReport
from securebucket.report.recorded_report import RecordedReport
from securebucket.report.stored_report import UnreadableReportError, read_report

OPERATOR = "http://127.0.0.1:8082"
PATIENCE = urllib3.Timeout(connect=5.0, read=120.0)
LONGEST_MESSAGE = 500
PIECE = 65536
"""Bytes that are read at once."""
GZIP = {"Accept-Encoding": "gzip"}
HINT = "use a file that `securebucket scan -o json` or `securebucket report --format json` wrote."


def from_file(file: Path) -> AuditReport:
    """Read a stored report as a whole; `-` is standard input.

    Raises:
        CommandError: it cannot be read, or is none.
    """
    return recorded_in(file).whole()


def recorded_in(file: Path) -> RecordedReport:
    """Read a stored report bucket by bucket; `-` is standard input.

    Raises:
        CommandError: it cannot be read, or is none.
    """
    name = "standard input" if file == STANDARD_INPUT else str(file)
    try:
        if file == STANDARD_INPUT:
            return read(_pieces_of(typer.get_binary_stream("stdin")), name)
        with file.open("rb") as stream:
            return read(_pieces_of(stream), name)
    except FileNotFoundError as error:
        raise CommandError(f"{name}: there is no such file; {HINT}") from error
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}; {HINT}") from error


def from_operator(url: str) -> RecordedReport:
    """Fetch the report of a running operator, bucket by bucket.

    Raises:
        CommandError: not a URL, or the operator does not answer, does not lead, or does not serve a whole report.
    """
    if not url.startswith(("http://", "https://")):
        raise CommandError(f"{url!r} is not the URL of an operator; write e.g. {OPERATOR}.")
    place = f"{url.rstrip('/')}/report.json"
    try:
        answer = urllib3.request(
            "GET", place, headers=GZIP, timeout=PATIENCE, retries=False, redirect=False, preload_content=False
        )
    except urllib3.exceptions.HTTPError as error:
        raise CommandError(
            f"no operator answers at {url} ({_cause(error)}). Forward its port first: kubectl --namespace"
            " securebucket-system port-forward deployment/securebucket-operator 8082; or read a stored report with"
            " --from."
        ) from error
    with closing(answer):
        try:
            if answer.status != 200:
                said = answer.read(LONGEST_MESSAGE, decode_content=True).decode("utf-8", "replace").strip()
                raise CommandError(f"{place} answers {answer.status}: {said or 'without a reason'}")
            return read(answer.stream(PIECE, decode_content=True), place)
        except urllib3.exceptions.HTTPError as error:
            raise CommandError(
                f"{place} broke off in the middle ({_cause(error)}). Try again; if it happens again, read the"
                " operator's log."
            ) from error


def read(pieces: Iterable[bytes], name: str) -> RecordedReport:
    """Read a report from its text.

    Raises:
        CommandError: it is none, or one of a newer release.
    """
    try:
        return read_report(pieces, HINT)
    except UnreadableReportError as error:
        raise CommandError(f"{name} {error}") from error


def _pieces_of(stream: BinaryIO) -> Iterator[bytes]:
    return iter(partial(stream.read, PIECE), b"")


def _cause(error: Exception) -> str:
    inner = error.__cause__ or error.__context__
    return str(getattr(inner, "strerror", "") or getattr(error, "reason", "") or error)
