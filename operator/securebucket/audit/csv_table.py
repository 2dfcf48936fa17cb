"""The report as a table for spreadsheets: one row a subject and check. Pure."""

import csv
from collections.abc import Iterator

from securebucket.audit.findings import Finding, ReportIndex
from securebucket.audit.gathering import gathered
from securebucket.audit.recorded_report import RecordedReport

COLUMNS = (
    "account",
    "region",
    "bucket",
    "namespace",
    "object",
    "profile",
    "mode",
    "check",
    "title",
    "severity",
    "result",
    "because",
    "exception",
    "exceptionExpiresAt",
    "requirements",
    "remediation",
    "readAt",
)
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, the full-width signs too.

https://owasp.org/www-community/attacks/CSV_Injection
"""


class Row:
    """What a row is written to: it is given back, and nothing is kept."""

    def write(self, text: str) -> str:
        """Return the row that was written."""
        return text


def csv_pieces(report: RecordedReport) -> Iterator[str]:
    """Write the table, some rows at a time, as RFC 4180 has it, in UTF-8 when it is encoded.

    A cell that a spreadsheet would run gets an apostrophe before it: names and texts come from outside.
    """
    write = csv.writer(Row()).writerow
    yield write(COLUMNS)
    yield from gathered(write([guarded(cell) for cell in _row(each)]) for each in ReportIndex(report).findings())


def guarded(cell: str) -> str:
    """Keep a cell from being a formula."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULAS) else cell


def _row(finding: Finding) -> tuple[str, ...]:
    bucket, declared, exception = finding.bucket, finding.declaration, finding.exception
    return (
        bucket.account_id,
        bucket.region,
        bucket.name,
        declared.namespace if declared else "",
        declared.name if declared else "",
        declared.profile if declared else "",
        declared.mode if declared else "",
        finding.check.id,
        finding.check.title,
        finding.check.severity.value,
        finding.verdict.result.value,
        finding.verdict.because,
        finding.verdict.exception,
        exception.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ") if exception else "",
        "; ".join(finding.requirements.names),
        finding.check.remediation,
        finding.read_at,
    )
