"""`securebucket plan` and `securebucket apply`: passes over YAML files, without a cluster."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn

from securebucket.api.status import ControlState
from securebucket.aws.edge import Aws
from securebucket.cli.manifests import load
from securebucket.cli.output import DIFFERS, FAILED, OK, Format, complain, console, errors, table, write
from securebucket.engine.bucket_pass import Engine
from securebucket.engine.outcome import Outcome, Step
from securebucket.engine.request import PassRequest
from securebucket.model.document import Json, canonical_text
from securebucket.model.risk import Risk
from securebucket.report.status import build

ROUNDS = 3
WIDEST = 70
CLUSTER = typer.Option(
    envvar="SECUREBUCKET_CLUSTER_ID",
    help="Cluster id in ownership tags; the operator uses the uid of its kube-system namespace.",
)
FILES = typer.Option("--filename", "-f", help="YAML file, or - for standard input; may be repeated.")
OUTPUT = typer.Option("--output", "-o", help="table for people, json or yaml for programs.")


@dataclass(frozen=True, slots=True)
class Finished:
    """One object's last pass.

    Args:
        made: the calls of all its passes, by control.
    """

    request: PassRequest
    outcome: Outcome
    made: Mapping[str, tuple[str, ...]]

    def followed_by(self, outcome: Outcome) -> "Finished":
        """Take in another pass."""
        return Finished(self.request, outcome, calls_of(outcome, self.made))


def calls_of(outcome: Outcome, before: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Collect the calls of a pass behind those of the passes before it."""
    made = dict(before)
    for control in outcome.controls:
        made[control.name] = made.get(control.name, ()) + control.applied
    return made


def line_of(step: Step) -> str:
    """Write one step of a plan for a person: what, from, to, how; in colour where it is risky."""
    risk = f"  [bold red]risk: {step.risk.value}[/]" if step.risk is not Risk.NONE else ""
    change = f"{brief(step.observed)} → {brief(step.desired)}"
    return f"  {escape(f'{step.control}.{step.field}')}  [dim]{escape(change)}[/]  {step.call}{risk}"


def brief(value: Json) -> str:
    """Write a value in a few words; `-o json` has it whole."""
    if value in (None, "", [], {}):
        return "none"
    text = canonical_text(value)
    return text if len(text) <= WIDEST else f"{text[:WIDEST]}…"


def uncounted(service: str, operation: str, code: str, seconds: float) -> None:
    """Count no requests: a command line has no scrape."""


def plan(
    *,
    filename: Annotated[list[Path], FILES],
    cluster_id: Annotated[str, CLUSTER] = "local",
    output: Annotated[Format, OUTPUT] = Format.TABLE,
) -> None:
    """Show what would change, and change nothing. Exits 2 if anything would, 1 if anything failed."""
    finished = _run(filename, cluster_id, read_only=True, approve=frozenset())
    if output is not Format.TABLE:
        write([_document(each) for each in finished], output)
    else:
        _show_plans(finished)
    raise typer.Exit(_exit_code(finished))


def apply(
    *,
    filename: Annotated[list[Path], FILES],
    approve: Annotated[
        list[str] | None, typer.Option(help="Hash of a plan that may be carried out; may be repeated.")
    ] = None,
    cluster_id: Annotated[str, CLUSTER] = "local",
    output: Annotated[Format, OUTPUT] = Format.TABLE,
) -> None:
    """Make the buckets what the files say, once. Exits 2 if anything waits for approval, 1 if anything failed."""
    finished = _run(filename, cluster_id, read_only=False, approve=frozenset(approve or ()))
    if output is not Format.TABLE:
        write([_document(each) for each in finished], output)
    else:
        _show_results(finished)
    raise typer.Exit(_exit_code(finished))


def _run(files: list[Path], cluster: str, *, read_only: bool, approve: frozenset[str]) -> list[Finished]:
    manifests = load(files, cluster=cluster, read_only=read_only)
    if manifests.wrong:
        for each in manifests.wrong:
            complain(f"{each.source}: {each.message}" if each.source else each.message)
        raise typer.Exit(FAILED)
    engine = Engine(Aws(uncounted, readers=8))
    finished: list[Finished] = []
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=errors, transient=True) as progress:
        task = progress.add_task("", total=None)

        def run_one(request: PassRequest) -> Outcome:
            progress.update(task, description=f"{request.key}  bucket {request.bucket_name}")
            return _approved_pass(engine, request, approve)

        for request in manifests.requests:
            outcome = run_one(request)
            finished.append(Finished(request, outcome, calls_of(outcome, {})))
        if not read_only:
            finished = _again(finished, run_one)
    engine.aws.close()
    return finished


def _approved_pass(engine: Engine, request: PassRequest, approve: frozenset[str]) -> Outcome:
    outcome = engine.run(request)
    if not request.read_only and outcome.proposal is not None and outcome.proposal.hash in approve:
        return engine.run(replace(request, approved=outcome.proposal.hash))
    return outcome


def _again(finished: list[Finished], run_one: Callable[[PassRequest], Outcome]) -> list[Finished]:
    """Give objects that wait for each other, such as a source and its log target, another round or two."""
    for _ in range(ROUNDS - 1):
        waiting = [each for each in finished if _may_mend(each.outcome)]
        if not waiting:
            break
        finished = [each.followed_by(run_one(each.request)) if each in waiting else each for each in finished]
    return finished


def _may_mend(outcome: Outcome) -> bool:
    if outcome.failure is not None:
        return outcome.failure.reason in {"BucketMissing", "OperationAborted"}
    return any(each.retry for each in outcome.controls)


def _failed(outcome: Outcome) -> bool:
    bad = {ControlState.FAILED, ControlState.UNKNOWN}
    return outcome.failure is not None or any(
        each.state in bad or each.reason == "DeclaredButUnsupported" for each in outcome.controls
    )


def _exit_code(finished: list[Finished]) -> int:
    if any(_failed(each.outcome) for each in finished):
        return FAILED
    return DIFFERS if any(each.outcome.proposal is not None for each in finished) else OK


def _document(each: Finished) -> dict[str, Any]:
    status = build(each.request.status, each.outcome, generation=each.request.generation, reconcile_at="")
    return {
        "namespace": each.request.key.namespace,
        "name": each.request.key.name,
        "bucket": each.request.bucket_name,
        "status": status.model_dump(by_alias=True, exclude_none=True, mode="json"),
    }


def _show_plans(finished: list[Finished]) -> None:
    for each in finished:
        title = f"{each.request.key}  bucket {each.request.bucket_name}"
        failure = each.outcome.failure
        if failure is not None:
            complain(f"{title}: {failure.reason}: {failure.message}")
            continue
        if each.outcome.proposal is None:
            console.print(f"[green]{title}: nothing to change[/]", highlight=False)
        else:
            console.print(f"[bold]{title}[/]  plan {each.outcome.proposal.hash}", highlight=False)
            for step in each.outcome.proposal.steps:
                console.print(line_of(step), highlight=False, soft_wrap=True)
        _show_problems(each)


def _show_results(finished: list[Finished]) -> None:
    for each in finished:
        title = f"{each.request.key}  bucket {each.request.bucket_name}"
        failure = each.outcome.failure
        if failure is not None:
            complain(f"{title}: {failure.reason}: {failure.message}")
            continue
        if each.outcome.missing and each.outcome.proposal is not None:
            console.print(f"{title}: does not exist yet; approve plan {each.outcome.proposal.hash} with --approve")
            continue
        rows = [
            (control.name, control.state.value, ", ".join(each.made.get(control.name, ())), escape(control.message))
            for control in each.outcome.controls
        ]
        table(title, ("Control", "State", "Calls", "Message"), rows)


def _show_problems(each: Finished) -> None:
    for control in each.outcome.controls:
        if control.state in {ControlState.FAILED, ControlState.UNKNOWN, ControlState.UNSUPPORTED}:
            complain(f"{each.request.key} {control.name}: {control.reason}: {control.message}")
