"""The forms in which a report is written. Pure."""

import itertools
import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any

from securebucket.report.asff import asff_findings
from securebucket.report.audit_report import AuditReport
from securebucket.report.csv_table import csv_pieces
from securebucket.report.gathering import gathered
from securebucket.report.html_page import html_pieces
from securebucket.report.json_document import json_pieces
from securebucket.report.ocsf import ocsf_events
from securebucket.report.recorded_report import RecordedReport, recorded


class ReportFormat(StrEnum):
    """How a report is written."""

    HTML = "html"
    JSON = "json"
    CSV = "csv"
    OCSF = "ocsf"
    ASFF = "asff"


MEDIA_TYPES = {
    ReportFormat.HTML: "text/html; charset=utf-8",
    ReportFormat.JSON: "application/json",
    ReportFormat.CSV: "text/csv; charset=utf-8; header=present",
    ReportFormat.OCSF: "application/json",
    ReportFormat.ASFF: "application/json",
}

ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def pieces(report: RecordedReport, chosen: ReportFormat) -> Iterator[bytes]:
    """Write a report piece by piece, each made when it is asked for; an empty one only says that work was done.

    The first piece needs no bucket, and never more than one of them is laid out. The same report gives the same bytes.
    """
    return (each.encode() for each in _texts(report, chosen))


def written(report: AuditReport, chosen: ReportFormat) -> bytes:
    """Write a report that is in memory as a whole; for one of a large fleet there are `pieces`."""
    return b"".join(pieces(recorded(report), chosen))


def _texts(report: RecordedReport, chosen: ReportFormat) -> Iterator[str]:
    if chosen is ReportFormat.HTML:
        return html_pieces(report)
    if chosen is ReportFormat.CSV:
        return csv_pieces(report)
    if chosen is ReportFormat.JSON:
        return json_pieces(report)
    return _array(ocsf_events(report) if chosen is ReportFormat.OCSF else asff_findings(report))


def _array(documents: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Write a JSON array with one entry a line, so that a large one can be cut into pieces by lines as well."""
    yield "["
    lines = ((",\n" if number else "\n") + ENCODER.encode(each) for number, each in enumerate(documents))
    first = next(lines, "")
    yield from gathered(itertools.chain((first,), lines))
    yield "\n]\n" if first else "]\n"
