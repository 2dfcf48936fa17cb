"""The forms in which a report is written. Pure."""

import json
from enum import StrEnum
from typing import Any

from securebucket.audit.asff import asff_findings
from securebucket.audit.audit_report import AuditReport
from securebucket.audit.csv_table import csv_table
from securebucket.audit.html_page import html_page
from securebucket.audit.ocsf import ocsf_events


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


def written(report: AuditReport, chosen: ReportFormat) -> bytes:
    """Write a report. The same report gives the same bytes."""
    if chosen is ReportFormat.HTML:
        return html_page(report).encode()
    if chosen is ReportFormat.CSV:
        return csv_table(report).encode()
    if chosen is ReportFormat.JSON:
        return f"{report.model_dump_json(by_alias=True, exclude_none=True, indent=2)}\n".encode()
    return _lines(ocsf_events(report) if chosen is ReportFormat.OCSF else asff_findings(report))


def _lines(documents: list[dict[str, Any]]) -> bytes:
    """Write a JSON array with one entry a line, so that a large one can be cut into pieces by lines as well."""
    lines = ",\n".join(json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in documents)
    return f"[\n{lines}\n]\n".encode() if documents else b"[]\n"
