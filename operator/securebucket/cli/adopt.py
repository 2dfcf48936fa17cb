"""`securebucket adopt`: SecureBucket YAML for existing buckets."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from securebucket.cli.adoption_folder import folders_of, write_folder
from securebucket.cli.adoption_text import yaml_of
from securebucket.cli.object_files import read_declared
from securebucket.cli.operator_options import NAMESPACE
from securebucket.cli.output import FAILED, INTERRUPTED, OK, complain, errors, escape, warn
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
from securebucket.cli.scan_run import judge_stored, look
from securebucket.cli.yaml_documents import STANDARD_INPUT
from securebucket.scan.adoption import Draft, PassedOver, Wishes, draft
from securebucket.scan.scan import Terms

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
    scope = scope_of(bucket or [], match or [], only_region or [])
    binding = binding_of(region, role_arn, external_id, endpoint, stored=from_)
    if not NAMESPACE.fullmatch(namespace):
        raise typer.BadParameter(f"{namespace!r} is not a namespace; write e.g. payments", param_hint="--namespace")
    folder = None if output == STANDARD_INPUT else output
    declared = read_declared([*(filename or []), *(folders_of(folder) if folder else [])])
    wishes = Wishes(namespace, namespace_from_tag, profile, declared.profiles.get(profile), as_is)
    terms = Terms(workers=workers)
    now = dt.datetime.now(dt.UTC)
    found = look(binding, scope, terms, now) if from_ is None else judge_stored(from_, scope, terms)
    made = draft(found.report.buckets, wishes, declared.buckets)
    drafts = [each for each in made if isinstance(each, Draft)]
    passed_over = [each for each in made if isinstance(each, PassedOver)]
    for each in passed_over:
        if not each.covered and not (found.interrupted and each.unreadable):
            warn(f"{each.bucket}: {each.because}")
    if folder is not None:
        write_folder(folder, drafts)
    else:
        typer.echo("---\n".join(map(yaml_of, drafts)), nl=False)
    _sum_up(drafts, passed_over, folder, "not looked at" if found.interrupted else "not readable")
    if found.interrupted:
        complain("interrupted; run it again: what is there stays, and what is missing is added.")
        raise typer.Exit(INTERRUPTED)
    unreadable = any(each.unreadable for each in passed_over)
    raise typer.Exit(FAILED if unreadable and not ignore_unreadable else OK)


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
