"""`securebucket adopt`: SecureBucket YAML for existing buckets."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from securebucket.aws.sessions import Binding
from securebucket.cli.adoption_files import Declared, read_declared
from securebucket.cli.adoption_folder import FolderError, folders_of, write_folder
from securebucket.cli.adoption_text import yaml_of
from securebucket.cli.namespaces import NAMESPACE
from securebucket.cli.output import FAILED, INTERRUPTED, OK, complain, errors, escape, warn
from securebucket.cli.report_sources import NoReportError, from_file
from securebucket.cli.scan_options import (
    BeginRegion,
    BucketNames,
    Endpoint,
    ExternalId,
    Patterns,
    RoleArn,
    Workers,
    binding_of,
    scope_of,
)
from securebucket.cli.scan_result import count
from securebucket.cli.scan_run import Found, judge_stored, look
from securebucket.cli.yaml_documents import STANDARD_INPUT
from securebucket.report.audit_report import AuditReport
from securebucket.report.bucket_judgement import NoEvidenceError
from securebucket.scan.adoption import Draft, PassedOver, Wishes, draft
from securebucket.scan.scan import Scope, Terms

NAMED = 5
"""Namespaces that the summary names; more are counted."""


def adopt(
    *,
    bucket: BucketNames = None,
    match: Patterns = None,
    only_region: Annotated[list[str] | None, typer.Option(help="Only buckets in this region; may be repeated.")] = None,
    namespace: Annotated[str, typer.Option(help="Namespace of the objects.")] = "default",
    namespace_from_tag: Annotated[
        str,
        typer.Option(help="Tag of a bucket that names its namespace, e.g. team; buckets without it get --namespace."),
    ] = "",
    profile: Annotated[str, typer.Option(help="BucketProfile that the objects name. Default: none.")] = "",
    as_is: Annotated[
        bool,
        typer.Option(
            "--as-is",
            help="Declare what is set today where it differs from the default, so that Enforce does not change it.",
        ),
    ] = False,
    filename: Annotated[
        list[Path] | None,
        typer.Option(
            "--filename",
            "-f",
            help="YAML file, folder, or - with existing SecureBuckets, whose buckets are skipped, and with"
            " the BucketProfile, whose defaults then count; may be repeated.",
        ),
    ] = None,
    from_: Annotated[
        Path | None,
        typer.Option("--from", help="A stored scan (securebucket scan -o json): works offline, without AWS."),
    ] = None,
    region: BeginRegion = "",
    role_arn: RoleArn = "",
    external_id: ExternalId = "",
    endpoint: Endpoint = "",
    workers: Workers = 16,
    ignore_unreadable: Annotated[
        bool, typer.Option("--ignore-unreadable", help="Do not exit 1 when a bucket could not be read.")
    ] = False,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help="Folder to write: NAMESPACE/NAME.yaml for each bucket, and kustomization.yaml; - for standard output.",
        ),
    ] = STANDARD_INPUT,
) -> None:
    """Write SecureBucket YAML, in mode Observe, for existing buckets. It changes nothing in AWS or in a cluster.

    When run again, it adds what is missing in the folder, and leaves existing files alone.

    Exit codes: 0 done, 1 it failed or a bucket could not be read, 130 interrupted: what was read by then is written.
    """
    scope = _scope(bucket or [], match or [], only_region or [])
    binding = binding_of(region, role_arn, external_id, endpoint)
    if from_ is not None and binding != Binding():
        raise typer.BadParameter(
            "works offline; remove --region, --role-arn, --external-id and --endpoint", param_hint="--from"
        )
    if not NAMESPACE.fullmatch(namespace):
        raise typer.BadParameter(f"{namespace!r} is not a namespace; write e.g. payments", param_hint="--namespace")
    folder = None if output == STANDARD_INPUT else output
    declared = _declared(filename or [], folder)
    wishes = Wishes(namespace, namespace_from_tag, profile, declared.profiles.get(profile), as_is)
    found = _find(from_, binding, scope, workers)
    made = draft(found.report.buckets, wishes, declared.buckets)
    drafts = [each for each in made if isinstance(each, Draft)]
    passed_over = [each for each in made if isinstance(each, PassedOver)]
    for each in passed_over:
        if not each.covered and not (found.interrupted and each.unreadable):
            warn(f"{each.bucket}: {each.because}")
    try:
        _write(drafts, folder)
    except FolderError as error:
        complain(f"{error}.")
        raise typer.Exit(FAILED) from error
    _sum_up(drafts, passed_over, folder, "not looked at" if found.interrupted else "not readable")
    if found.interrupted:
        complain("interrupted; run it again: what is there stays, and what is missing is added.")
        raise typer.Exit(INTERRUPTED)
    unreadable = any(each.unreadable for each in passed_over)
    raise typer.Exit(FAILED if unreadable and not ignore_unreadable else OK)


def _scope(names: list[str], patterns: list[str], regions: list[str]) -> Scope:
    scope = scope_of(names, patterns)
    if names and regions:
        raise typer.BadParameter("name buckets or give regions, not both", param_hint="--only-region")
    return Scope(scope.names, scope.patterns, tuple(regions))


def _declared(files: list[Path], folder: Path | None) -> Declared:
    """Read what is declared already, in the files and in the folder that is written.

    Raises:
        typer.Exit: something in them is wrong, which was told. Nothing is looked at then.
    """
    declared = read_declared([*files, *(folders_of(folder) if folder else [])])
    for each in declared.wrong:
        complain(f"{each.source}: {each.message}")
    if declared.wrong:
        raise typer.Exit(FAILED)
    return declared


def _find(stored: Path | None, binding: Binding, scope: Scope, workers: int) -> Found:
    """Read the buckets, or a stored scan of them.

    Raises:
        typer.Exit: nothing could be looked at, which was told.
    """
    terms = Terms(workers=workers)
    if stored is None:
        return look(binding, scope, terms, dt.datetime.now(dt.UTC))
    try:
        report: AuditReport = from_file(stored)
        return judge_stored(report, scope, terms)
    except NoReportError as error:
        complain(str(error))
        raise typer.Exit(FAILED) from error
    except NoEvidenceError as error:
        complain(f"{stored}: {error}.")
        raise typer.Exit(FAILED) from error


def _write(drafts: list[Draft], folder: Path | None) -> None:
    if folder is not None:
        write_folder(folder, drafts)
    else:
        typer.echo("---\n".join(map(yaml_of, drafts)), nl=False)


def _sum_up(drafts: list[Draft], passed_over: list[PassedOver], folder: Path | None, unread: str) -> None:
    """Say on standard error what was done: the objects may be on standard output."""
    covered = sum(each.covered for each in passed_over)
    unreadable = sum(each.unreadable for each in passed_over)
    parts = [f"{count(len(drafts), 'bucket')} drafted{f' in {folder}' if folder else ''}"]
    parts += [f"{covered} declared already"] if covered else []
    parts += [f"{unreadable} {unread}"] if unreadable else []
    others = len(passed_over) - covered - unreadable
    parts += [f"{others} that cannot be declared"] if others else []
    errors.print(escape(", ".join(parts)) + ".", soft_wrap=True)
    if folder and drafts:
        namespaces = sorted({each.key.namespace for each in drafts})
        named = ", ".join(namespaces) if len(namespaces) <= NAMED else f"{len(namespaces)} of them"
        errors.print(escape(f"Next, once its namespaces exist ({named}): kubectl apply -k {folder}"), soft_wrap=True)
