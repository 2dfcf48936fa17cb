"""What `plan` and `apply` print for people. Lines are never cut off: what is missing could be what matters."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from securebucket.api.spec import Mode
from securebucket.api.status import ControlState
from securebucket.cli.finished import Finished, Result
from securebucket.cli.output import complain, escape, say
from securebucket.engine.outcome import ControlOutcome, Difference, Step
from securebucket.model.document import Json, canonical_text
from securebucket.model.risk import Risk

SHORT = 60
"""Characters; a longer value gets a line of its own."""

RESULTS: Mapping[Result, tuple[str, str]] = {
    Result.AS_DECLARED: ("green", "as declared"),
    Result.CHANGED: ("green", "changed"),
    Result.WOULD_CHANGE: ("bold", "would change"),
    Result.AWAITS_APPROVAL: ("bold", "waits for approval"),
    Result.DIFFERS: ("yellow", "differs (mode Observe leaves it so)"),
    Result.UNFINISHED: ("yellow", "not finished yet (run it again)"),
    Result.FAILED: ("red", "failed"),
}
STATES: Mapping[ControlState, str] = {
    ControlState.IN_SYNC: "green",
    ControlState.CORRECTED: "green",
    ControlState.FAILED: "red",
    ControlState.UNKNOWN: "red",
    ControlState.UNSUPPORTED: "dim",
    ControlState.UNMANAGED: "dim",
}


def show_plans(finished: Sequence[Finished]) -> None:
    """Print what would change, object by object."""
    for each in finished:
        if each.outcome.failure is not None:
            tell_failure(each)
            continue
        _show_title(each, "would be created" if each.outcome.missing else "")
        _show_steps(each)
        _tell_problems(each)
        for control in each.outcome.controls:
            for line in _warning(control):
                say(f"  {control.name} {line}")
            if control.kept:
                say(f"  {control.name} [dim]keeps entries of others: {escape(', '.join(control.kept))}[/]")
        _ask_for_approval(each)
    _sum_up(finished)


def show_results(finished: Sequence[Finished]) -> None:
    """Print what was done, object by object."""
    for each in finished:
        if each.outcome.failure is not None:
            tell_failure(each)
            continue
        _show_title(each, "created" if each.created and each.result is Result.CHANGED else "")
        if each.outcome.missing:
            _show_steps(each)
        width = max((len(control.name) for control in each.outcome.controls), default=0)
        for control in each.outcome.controls:
            calls = ", ".join(each.made.get(control.name, ()))
            colour = STATES.get(control.state, "yellow")
            say(f"  {control.name:<{width}}  [{colour}]{control.state.value}[/]  {calls}".rstrip())
            for line in _remarks(control):
                say(f"    {line}")
        _tell_problems(each)
        _ask_for_approval(each)
    _sum_up(finished)


def tell_failure(each: Finished) -> None:
    """Say on standard error why an object could not be looked at."""
    failure = each.outcome.failure
    if failure is not None:
        advice = " Add its file with -f." if failure.reason == "ProfileNotFound" else ""
        complain(f"{each.title}: {failure.reason}: {failure.message}{advice}")


def lines_of(differences: Iterable[Difference | Step]) -> Iterator[str]:
    """Write differences: in one line where they are short, else as lines taken away and added."""
    for each in differences:
        before, after = value_of(each.observed), value_of(each.desired)
        if before == after:  # an entry in which nothing is set, such as metrics of all requests
            yield f"{escape(each.field)}: [dim]{'(removed)' if each.desired is None else '+ {}'}[/]"
            continue
        if len(before) + len(after) <= SHORT:
            yield f"{escape(each.field)}: [dim]{escape(before)} → {escape(after)}[/]"
            continue
        yield f"{escape(each.field)}:"
        if before != "none":
            yield f"  [dim]- {escape(before)}[/]"
        yield f"  [dim]+ {escape(after)}[/]" if after != "none" else "  [dim](removed)[/]"


def value_of(value: Json) -> str:
    """Write a value as JSON; `none` for what is not there."""
    return "none" if value in (None, "", [], {}) else canonical_text(value)


def _show_title(each: Finished, words: str) -> None:
    style, usual = RESULTS[each.result]
    say(f"{escape(each.title)}: [{style}]{words or usual}[/]")


def _show_steps(each: Finished) -> None:
    proposal = each.outcome.proposal
    for (control, calls, risk), steps in groupby(
        proposal.steps if proposal else (), key=lambda step: (step.control, step.call, step.risk)
    ):
        note = f"  [bold red]risk: {risk.value}[/]" if risk is not Risk.NONE else ""
        say(f"  {control}  {calls}{note}")
        if control != "bucket":
            for line in lines_of(steps):
                say(f"    {line}")


def _remarks(control: ControlOutcome) -> Iterator[str]:
    if control.reason in {"ApprovalRequired", "Differs"}:
        yield from lines_of(control.differences)
        yield from _warning(control)
    elif control.message and control.state not in {ControlState.FAILED, ControlState.UNKNOWN}:
        yield f"[dim]{escape(control.message)}[/]"
    if control.kept:
        yield f"[dim]keeps entries of others: {escape(', '.join(control.kept))}[/]"


def _warning(control: ControlOutcome) -> Iterator[str]:
    if control.warning:
        yield f"[bold yellow]before it is made:[/] {escape(control.warning)}"


def _tell_problems(each: Finished) -> None:
    for control in each.outcome.controls:
        if control.state in {ControlState.FAILED, ControlState.UNKNOWN} or control.reason == "DeclaredButUnsupported":
            complain(f"{each.title}: {control.name}: {control.reason}: {control.message}")


def _ask_for_approval(each: Finished) -> None:
    proposal = each.outcome.proposal
    if proposal is not None and each.outcome.asks and not each.observed_only:
        what = "this" if each.outcome.mode is Mode.PLAN or not each.request.read_only else "the part that has a risk"
        say(f"  {what} waits for approval: add [bold]--approve {proposal.hash}[/] to securebucket apply")


def _sum_up(finished: Sequence[Finished]) -> None:
    counts = Counter(RESULTS[each.result][1] for each in finished)
    if len(finished) > 1:
        say(f"{len(finished)} buckets: {', '.join(f'{count} {words}' for words, count in counts.items())}")
