"""`securebucket scan`: buckets against the catalogue, without a cluster and without SecureBucket objects."""

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from securebucket.cli.comparison_text import document_of, show_comparison
from securebucket.cli.object_files import read_exceptions
from securebucket.cli.output import DIFFERS, OK, CommandError, DocumentFormat, complain, pour, say, write
from securebucket.cli.scan_options import (
    BeginRegion,
    BucketNames,
    Endpoint,
    ExternalId,
    Patterns,
    RoleArn,
    Workers,
    binding_of,
    check_filter_of,
    fail_on_of,
    scope_of,
    trusted_accounts_of,
)
from securebucket.cli.scan_result import FailOn, Gate, end
from securebucket.cli.scan_run import Found, as_judged_today, judge_stored, look
from securebucket.cli.scan_text import show_report, tell_unreadable
from securebucket.cli.yaml_text import yaml_text
from securebucket.model.verdict import Severity
from securebucket.report.audit_report import AuditReport
from securebucket.report.bucket_judgement import without_evidence
from securebucket.report.csv_table import scan_lines
from securebucket.report.recorded_report import RecordedReport, recorded
from securebucket.report.writing import ReportFormat, pieces
from securebucket.scan.comparison import Comparison, compare
from securebucket.scan.scan import Terms


class ScanFormat(StrEnum):
    """How a scan is written."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"
    CSV = "csv"


def scan(
    *,
    bucket: BucketNames = None,
    match: Patterns = None,
    region: BeginRegion = "",
    role_arn: RoleArn = "",
    external_id: ExternalId = "",
    endpoint: Endpoint = "",
    framework: Annotated[
        list[str] | None, typer.Option(help="Only checks of this framework, e.g. cis-aws-5.0.0; may be repeated.")
    ] = None,
    severity: Annotated[
        Severity | None,
        typer.Option(help="Only checks of this severity (critical, high, medium, low) and above. Default: all."),
    ] = None,
    check: Annotated[
        list[str] | None, typer.Option(help="Only this check, e.g. tls-required; may be repeated.")
    ] = None,
    fail_on: Annotated[
        FailOn | None,
        typer.Option(
            help="Exit 2 if a check of this severity (critical, high, medium, low) or above fails, or never. Default:"
            " high; with --severity that one; with --check any."
        ),
    ] = None,
    ignore_unreadable: Annotated[
        bool,
        typer.Option("--ignore-unreadable", help="Do not exit 1 when a bucket or a document could not be read."),
    ] = False,
    exceptions: Annotated[
        list[Path] | None,
        typer.Option(help="YAML file or folder with BucketException objects; may be repeated."),
    ] = None,
    trusted_account: Annotated[
        list[str] | None,
        typer.Option(help="Id of another account that bucket policies may grant access to; may be repeated."),
    ] = None,
    diff: Annotated[
        Path | None,
        typer.Option(
            help="An earlier scan (-o json): show what is different. Only new failures then lead to exit code 2."
        ),
    ] = None,
    from_file: Annotated[
        Path | None,
        typer.Option("--from", help="Judge a stored scan (-o json) again with today's checks, offline, without AWS."),
    ] = None,
    workers: Workers = 16,
    evidence: Annotated[
        bool,
        typer.Option(
            "--evidence/--no-evidence",
            help="Write what was read into the document. Without it --from and a --diff of documents are not possible.",
        ),
    ] = True,
    output: Annotated[
        ScanFormat,
        typer.Option(
            "--output",
            "-o",
            help="table for people, csv for spreadsheets; json or yaml for programs: the whole report, whatever is"
            " filtered, or with --diff what is different.",
        ),
    ] = ScanFormat.TABLE,
) -> None:
    """Judge the buckets of an account, or the named ones. It writes nothing, and needs no cluster.

    Exit codes: 0 nothing fails at the severity of --fail-on, 2 something does, 1 the scan failed, or something that
    counts could not be read, 130 interrupted. With --diff only new failures count.
    """
    scope = scope_of(bucket or [], match or [])
    chosen = check_filter_of(framework or [], check or [], severity)
    binding = binding_of(region, role_arn, external_id, endpoint, stored=from_file)
    trusted = trusted_accounts_of(trusted_account or [])
    level = fail_on_of(fail_on, check or [], severity)
    if diff is not None and output is ScanFormat.CSV:
        raise typer.BadParameter("csv cannot show what is different; choose table, json or yaml", param_hint="--output")
    now = dt.datetime.now(dt.UTC)
    before = None if diff is None else as_judged_today(diff, scope)
    terms = Terms(read_exceptions(exceptions or [], now), trusted, workers)
    found = look(binding, scope, terms, now) if from_file is None else judge_stored(from_file, scope, terms)
    checks = chosen.of(found.report)
    comparison = None if before is None else _compared(before, found)
    gate = Gate(checks, level, ignore_unreadable)
    ending = end(found.report, gate, comparison, interrupted=found.interrupted)
    report = found.report if evidence else without_evidence(found.report)
    if output is ScanFormat.CSV:
        pour(line.encode() for line in scan_lines(found.report, checks))
    elif before is None or comparison is None:
        if output is ScanFormat.TABLE:
            show_report(found.report, checks, chosen.frameworks)
        else:
            pour(_document(recorded(report), output))
    elif output is ScanFormat.TABLE:
        show_comparison(comparison, before, checks)
    else:
        write(document_of(comparison, before, report), DocumentFormat(output.value))
    tell_unreadable(found.report)
    if ending.code not in {OK, DIFFERS}:
        complain(ending.because)
    elif output is ScanFormat.TABLE:
        say(f"exit {ending.code}: {ending.because}")
    raise typer.Exit(ending.code)


def _document(report: RecordedReport, chosen: ScanFormat) -> Iterator[bytes]:
    if chosen is ScanFormat.JSON:
        return pieces(report, ReportFormat.JSON)
    return (each.encode() for each in yaml_pieces(report))


def yaml_pieces(report: RecordedReport) -> Iterator[str]:
    """Write the report as `yaml.safe_dump` writes the whole of it, bucket by bucket."""
    for name, value in report.head.model_dump(mode="json", by_alias=True, exclude_none=True).items():
        if name == "buckets" and report.records:
            yield "buckets:\n"
            for each in report.audits():
                yield yaml_text([each.model_dump(mode="json", by_alias=True, exclude_none=True)])
        else:
            yield yaml_text({name: value})


def _compared(before: AuditReport, found: Found) -> Comparison:
    """Compare with an earlier scan, but no account with another: everything would be new.

    Raises:
        CommandError: the two have no account in common.
    """
    earlier, later = (sorted({each.account_id for each in report.accounts}) for report in (before, found.report))
    if earlier and later and not set(earlier) & set(later):
        raise CommandError(
            f"the earlier scan is of account {', '.join(earlier)}, and this one of account {', '.join(later)}; use"
            " --diff with a scan of the same account."
        )
    return compare(before, found.report, whole=found.whole)
