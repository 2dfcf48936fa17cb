"""A report and a scan as tables for spreadsheets: one row a subject and check. Pure.

https://www.rfc-editor.org/rfc/rfc4180
"""

import csv
from collections.abc import Iterable, Iterator, Mapping

from securebucket.api.moment import in_utc
from securebucket.report.audit_report import AuditReport, CheckVerdict, ReportedCheck
from securebucket.report.findings import Finding, ReportIndex
from securebucket.report.gathering import gathered
from securebucket.report.recorded_report import RecordedReport

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
SCANNED = (
    "account",
    "bucket",
    "region",
    "role",
    "check",
    "severity",
    "result",
    "because",
    "exception",
    "remediation",
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
    """Write the report's table, some rows at a time."""
    yield from written([COLUMNS])
    yield from gathered(written(map(_row, ReportIndex(report).findings())))


def scan_lines(report: AuditReport, checks: Mapping[str, ReportedCheck]) -> Iterator[str]:
    """Write every verdict of the checks that count; a bucket that could not be read has one row that says why."""
    return written(_scanned(report, checks), end="\n")


def written(rows: Iterable[Iterable[str]], end: str = "\r\n") -> Iterator[str]:
    """Write rows as RFC 4180 has them, in UTF-8 when they are encoded.

    A cell that a spreadsheet would run gets an apostrophe before it: names and texts come from outside.
    """
    write = csv.writer(Row(), lineterminator=end).writerow
    return (write(map(guarded, row)) for row in rows)


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
        in_utc(exception.expires_at) if exception else "",
        "; ".join(finding.requirements.names),
        finding.check.remediation,
        finding.read_at,
    )


def _scanned(report: AuditReport, checks: Mapping[str, ReportedCheck]) -> Iterator[tuple[str, ...]]:
    yield SCANNED
    for account in report.accounts:
        yield from _verdicts((account.account_id, "", "", ""), account.verdicts, checks)
    for each in report.buckets:
        bucket = each.observation.bucket
        place = (bucket.account_id, bucket.name, bucket.region, each.observation.role.value)
        if each.failure is not None:
            because = f"{each.failure.reason}: {each.failure.message}"
            yield (*place, "", "", "notRead", because, "", "")
        yield from _verdicts(place, each.verdicts, checks)


def _verdicts(
    place: tuple[str, str, str, str], verdicts: tuple[CheckVerdict, ...], checks: Mapping[str, ReportedCheck]
) -> Iterator[tuple[str, ...]]:
    for each in verdicts:
        check = checks.get(each.check)
        if check is not None:
            words = (each.because, each.exception, check.remediation)
            yield (*place, check.id, check.severity.value, each.result.value, *words)
