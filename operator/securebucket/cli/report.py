"""`securebucket report`: the auditor's report."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from securebucket.cli.output import OK, CommandError, pour, warn
from securebucket.cli.report_sources import OPERATOR, from_operator, recorded_in
from securebucket.cli.yaml_documents import STANDARD_INPUT
from securebucket.model.verdict import Severity
from securebucket.report.asff import outside_aws
from securebucket.report.recorded_report import RecordedReport
from securebucket.report.selection import Selection, merged
from securebucket.report.writing import ReportFormat, pieces


def report(
    *,
    from_: Annotated[
        list[Path] | None,
        typer.Option(
            "--from", help="A stored report (JSON), or - for standard input; may be repeated: several become one."
        ),
    ] = None,
    operator: Annotated[
        str, typer.Option(envvar="SECUREBUCKET_OPERATOR", help="URL of a running operator, unless --from is given.")
    ] = OPERATOR,
    form: Annotated[
        ReportFormat,
        typer.Option("--format", help="html for people; json, csv, ocsf or asff for programs."),
    ] = ReportFormat.HTML,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="File to write; - for standard output.")
    ] = STANDARD_INPUT,
    framework: Annotated[
        list[str] | None, typer.Option(help="Only this framework, e.g. cis-aws-5.0.0; may be repeated.")
    ] = None,
    severity: Annotated[
        Severity | None, typer.Option(help="Only checks of this severity and above. Default: all.")
    ] = None,
    namespace: Annotated[
        list[str] | None, typer.Option(help="Only buckets declared in this namespace; may be repeated.")
    ] = None,
    bucket: Annotated[list[str] | None, typer.Option(help="Only this bucket, by name; may be repeated.")] = None,
) -> None:
    """Write the auditor's report: of a running operator, or of stored reports.

    A report without a cluster: securebucket scan -o json | securebucket report --from - > report.html
    """
    wanted = Selection(tuple(framework or ()), severity, tuple(namespace or ()), tuple(bucket or ()))
    found = merged([recorded_in(each) for each in from_]) if from_ else from_operator(operator)
    _insist(wanted, found)
    found = wanted.of(found)
    if form is ReportFormat.ASFF and outside_aws(found):
        warn(f"left out {outside_aws(found)} buckets without an AWS account: ASFF cannot express them.")
    _put(pieces(found, form), form, output)
    raise typer.Exit(OK)


def _insist(wanted: Selection, report: RecordedReport) -> None:
    """Look whether what is asked for by name is there: an empty report would read as a clean one.

    Raises:
        CommandError: it is not.
    """
    there = {
        "framework": (wanted.frameworks, {each.id for each in report.head.frameworks}),
        "namespace": (wanted.namespaces, {each.namespace for each in report.summaries if each.declared_as}),
        "bucket": (wanted.buckets, {each.name for each in report.summaries}),
    }
    for kind, (names, known) in there.items():
        missing = [each for each in names if each not in known]
        if missing:
            some = sorted(known)[:20]
            more = ", …" if len(known) > len(some) else ""
            raise CommandError(
                f"the report has no {kind} {', '.join(missing)}; it has {', '.join(some) or 'none'}{more}."
            )


def _put(made: Iterable[bytes], form: ReportFormat, output: Path) -> None:
    if output == STANDARD_INPUT:
        if form is ReportFormat.HTML and sys.stdout.isatty():
            text = "the page is for a browser, not for a terminal. Write it to a file with --output report.html."
            raise CommandError(text)
        pour(made)
        return
    try:
        with output.open("wb") as file:
            file.writelines(made)
    except OSError as error:
        text = f"{output} cannot be written: {error.strerror}. Choose another file with --output."
        raise CommandError(text) from error
