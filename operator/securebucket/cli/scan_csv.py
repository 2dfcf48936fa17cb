"""A scan as a spreadsheet: one row a verdict.

https://www.rfc-editor.org/rfc/rfc4180
"""

import csv
from collections.abc import Iterator, Mapping

from securebucket.audit.audit_report import AuditReport, CheckVerdict, ReportedCheck
from securebucket.audit.csv_table import Row, guarded

COLUMNS = ("account", "bucket", "region", "role", "check", "severity", "result", "because", "exception", "remediation")


def write_csv(report: AuditReport, checks: Mapping[str, ReportedCheck]) -> Iterator[str]:
    """Write every verdict of the checks that count; a bucket that could not be read has one row that says why.

    A cell that a spreadsheet would run is guarded as in the report's table.
    """
    write = csv.writer(Row(), lineterminator="\n").writerow
    for row in _table(report, checks):
        yield write(map(guarded, row))


def _table(report: AuditReport, checks: Mapping[str, ReportedCheck]) -> Iterator[tuple[str, ...]]:
    yield COLUMNS
    for account in report.accounts:
        yield from _rows((account.account_id, "", "", ""), account.verdicts, checks)
    for each in report.buckets:
        bucket = each.observation.bucket
        place = (bucket.account_id, bucket.name, bucket.region, each.observation.role.value)
        if each.failure is not None:
            because = f"{each.failure.reason}: {each.failure.message}"
            yield (*place, "", "", "notRead", because, "", "")
        yield from _rows(place, each.verdicts, checks)


def _rows(
    place: tuple[str, str, str, str], verdicts: tuple[CheckVerdict, ...], checks: Mapping[str, ReportedCheck]
) -> Iterator[tuple[str, ...]]:
    for each in verdicts:
        check = checks.get(each.check)
        if check is not None:
            words = (each.because, each.exception, check.remediation)
            yield (*place, check.id, check.severity.value, each.result.value, *words)
