"""`securebucket plan` and `securebucket apply`: passes over YAML files, without a cluster."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from securebucket.aws.edge import Aws
from securebucket.cli.finished import Finished, exit_code
from securebucket.cli.manifests import load
from securebucket.cli.output import FAILED, Format, complain, errors, escape, warn, write
from securebucket.cli.pass_document import document_of
from securebucket.cli.pass_text import show_plans, show_results, tell_failure
from securebucket.engine.bucket_pass import Engine
from securebucket.engine.outcome import Outcome
from securebucket.engine.request import PassRequest

PAUSES = (0.0, 3.0)
"""Seconds before the second and the third round: the first mends the order of the files, the next one S3's delays."""

CLUSTER = typer.Option(
    envvar="SECUREBUCKET_CLUSTER_ID",
    help="Cluster id in ownership tags; the operator uses the uid of its namespace kube-system.",
)
FILES = typer.Option(
    "--filename", "-f", help="YAML file, folder of such files, or - for standard input; may be repeated."
)
OUTPUT = typer.Option("--output", "-o", help="table for people, json or yaml for programs.")


def uncounted(service: str, operation: str, code: str, seconds: float) -> None:
    """Count no requests: a command line has no scrape."""


def plan(
    *,
    filename: Annotated[list[Path], FILES],
    cluster_id: Annotated[str, CLUSTER] = "local",
    output: Annotated[Format, OUTPUT] = Format.TABLE,
) -> None:
    """Show what would change, and change nothing.

    Exit codes: 0 nothing would change, 2 something would, 1 something failed.
    """
    finished = _run(filename, cluster_id, read_only=True, approve=frozenset())
    _print(finished, output, show_plans)


def apply(
    *,
    filename: Annotated[list[Path], FILES],
    approve: Annotated[
        list[str] | None, typer.Option(help="Hash of a plan that may be carried out; may be repeated.")
    ] = None,
    cluster_id: Annotated[str, CLUSTER] = "local",
    output: Annotated[Format, OUTPUT] = Format.TABLE,
) -> None:
    """Make the buckets what the files say, once.

    Exit codes: 0 done, 2 something waits for approval, 1 something failed.
    """
    finished = _run(filename, cluster_id, read_only=False, approve=frozenset(approve or ()))
    _print(finished, output, show_results)


def _print(finished: list[Finished], output: Format, show: Callable[[list[Finished]], None]) -> None:
    if output is Format.TABLE:
        show(finished)
    else:
        write([document_of(each) for each in finished], output)
        for each in finished:
            tell_failure(each)
    raise typer.Exit(exit_code(finished))


def _run(files: list[Path], cluster: str, *, read_only: bool, approve: frozenset[str]) -> list[Finished]:
    manifests = load(files, cluster=cluster, read_only=read_only)
    if manifests.wrong:
        for each in manifests.wrong:
            complain(f"{each.source}: {each.message}" if each.source else each.message)
        raise typer.Exit(FAILED)
    progress = Progress(
        SpinnerColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )
    with closing(Aws(uncounted, readers=8)) as aws, progress:
        session = Session(Engine(aws), approve, progress)
        finished = session.run_all(manifests.requests)
    for unused in sorted(approve - session.used):
        warn(f"no plan has the hash {unused}: it was carried out before, or what it would change is different now.")
    return finished


class Session:
    """One run of the command.

    Args:
        engine: makes the passes.
        approve: hashes of plans that may be carried out; those that were met are in `used`.
        progress: shows a person how far it is.
    """

    def __init__(self, engine: Engine, approve: frozenset[str], progress: Progress) -> None:
        self.used: set[str] = set()
        self._engine = engine
        self._approve = approve
        self._progress = progress

    def run_all(self, requests: tuple[PassRequest, ...]) -> list[Finished]:
        """Give every object its passes.

        Objects that wait for each other, such as a source and its log target, get another round or two.
        """
        task = self._progress.add_task("", total=len(requests))

        def run_one(before: Finished) -> Finished:
            self._progress.update(task, description=escape(before.title))
            for outcome in self._outcomes(before.request):
                before = before.followed_by(outcome)
            return before

        finished: list[Finished] = []
        for request in requests:
            finished.append(run_one(Finished.before(request)))
            self._progress.advance(task)
        for pause in PAUSES:
            waiting = [index for index, each in enumerate(finished) if _may_mend(each)]
            if not waiting:
                break
            time.sleep(pause)
            for index in waiting:
                finished[index] = run_one(finished[index])
        return finished

    def _outcomes(self, request: PassRequest) -> Iterator[Outcome]:
        """Make a pass, and another one where the first left something that was approved."""
        if request.read_only or not self._approve:
            yield self._engine.run(request)
            return
        whole = self._approved(self._engine.run(replace(request, read_only=True)))
        outcome = self._engine.run(replace(request, approved=whole))
        yield outcome
        left = self._approved(outcome)
        if left:
            yield self._engine.run(replace(request, approved=left))

    def _approved(self, outcome: Outcome) -> str:
        digest = outcome.proposal.hash if outcome.proposal else ""
        if digest not in self._approve:
            return ""
        self.used.add(digest)
        return digest


def _may_mend(each: Finished) -> bool:
    if each.request.read_only:
        return False
    failure = each.outcome.failure
    if failure is not None:
        return failure.retry and failure.reason in {"BucketMissing", "OperationAborted"}
    return any(control.retry for control in each.outcome.controls)
