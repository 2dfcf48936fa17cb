"""`securebucket plan` and `securebucket apply`: passes over YAML files, without a cluster."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from securebucket.aws.edge import Aws
from securebucket.cli.finished import Finished, exit_code
from securebucket.cli.manifests import load
from securebucket.cli.output import INTERRUPTED, Format, complain, warn, write
from securebucket.cli.pass_text import show_plans, show_results, tell_failure
from securebucket.cli.progress import Told, show_progress
from securebucket.cli.scan_options import Workers
from securebucket.engine.engine import Engine
from securebucket.engine.memory import Pace
from securebucket.engine.outcome import Outcome
from securebucket.engine.parallel import Again, Crash, Crew
from securebucket.engine.request import PassRequest
from securebucket.status.status import build

PAUSES = (0.0, 0.0, 3.0)
"""Seconds before each round: the second finishes what waits for other objects of the files, the third S3's delays."""
SETTLING = 2.0
"""Seconds after a write in which the old value is no surprise; the third round writes once more what is not there, and
then it is told what the server does not keep: a command has to come to an end."""
READERS = 8
"""Threads that read the documents of a single bucket side by side; of several, one that hangs would hold up others."""

OF_THE_CLUSTER = {"observedGeneration", "conditions", "lastVerifiedAt", "oldestReadingAt", "found"}
"""Parts of a status that tell of an object in a cluster, which a file is not."""

CLUSTER = typer.Option(
    envvar="SECUREBUCKET_CLUSTER_ID",
    help="Cluster id in ownership tags; the operator uses the uid of its cluster's namespace kube-system.",
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
    workers: Workers = 16,
    output: Annotated[Format, OUTPUT] = Format.TABLE,
) -> None:
    """Show what would change, and change nothing.

    Exit codes: 0 nothing would change, 2 something would, 1 something failed, 130 interrupted.
    """
    requests = load(filename, cluster=cluster_id, read_only=True)
    _work("planning", requests, frozenset(), workers, output, show_plans, "nothing was changed")


def apply(
    *,
    filename: Annotated[list[Path], FILES],
    approve: Annotated[list[str] | None, typer.Option(help="Hash of a plan to approve; may be repeated.")] = None,
    cluster_id: Annotated[str, CLUSTER] = "local",
    workers: Workers = 16,
    output: Annotated[Format, OUTPUT] = Format.TABLE,
) -> None:
    """Bring the buckets in line with the files, once.

    Exit codes: 0 done, 2 something waits for approval, 1 something failed, 130 interrupted.
    """
    requests = load(filename, cluster=cluster_id, read_only=False)
    _work("applying", requests, frozenset(approve or ()), workers, output, show_results, "it resumes where it stopped")


@dataclass(slots=True)
class Job:
    """One object that is worked on.

    Args:
        place: of the object in the files.
        finished: how far it is.
        passes: the rest of its passes of this round; gives the seconds to wait before the next one.
    """

    place: int
    finished: Finished
    passes: Iterator[float] = field(default_factory=lambda: iter(()))


def _work(
    doing: str,
    requests: tuple[PassRequest, ...],
    approve: frozenset[str],
    workers: int,
    output: Format,
    show: Callable[[list[Finished]], None],
    again: str,
) -> NoReturn:
    """Give every object its passes, print what came of them, and end the command."""
    readers = READERS if len(requests) == 1 else 0
    with (
        closing(Aws(uncounted, threads=workers, readers=readers)) as aws,
        show_progress(doing, total=len(requests)) as told,
    ):
        session = Session(aws, approve, workers, told)
        finished = session.run_all(requests)
    for unused in sorted(approve - session.used) if not session.interrupted else ():
        warn(f"no plan has the hash {unused}: it was applied before, or what it would change is different now.")
    if output is Format.TABLE:
        show(finished)
    else:
        write([document_of(each) for each in finished], output)
        for each in finished:
            tell_failure(each)
    if session.interrupted:
        complain(f"interrupted: {len(finished)} of {len(requests)} objects are finished. Run it again: {again}.")
        raise typer.Exit(INTERRUPTED)
    raise typer.Exit(exit_code(finished))


class Session:
    """One run of the command.

    Args:
        aws: the door to AWS.
        approve: hashes of plans that may be carried out; those that were met are in `used`.
        workers: buckets that are worked on at once.
        told: is told how far it is.
    """

    def __init__(self, aws: Aws, approve: frozenset[str], workers: int, told: Told) -> None:
        self.used: set[str] = set()
        self.interrupted = False
        self._crew: Crew[Job, None] = Crew(workers)
        # Whoever interrupts wants nothing more to be written: a pass that is under way ends before its next write.
        self._engine = Engine(aws, may_write=lambda: not self._crew.stopped, pace=Pace(settling=SETTLING))
        self._approve = approve
        self._told = told

    def run_all(self, requests: tuple[PassRequest, ...]) -> list[Finished]:
        """Give every object its passes, and what came of them in the order of the requests.

        Objects that wait for each other, such as a source and its log target, get another round or two.
        `KeyboardInterrupt` ends the work; the objects that were not done by then are left out.
        """
        jobs = [Job(place, Finished.before(request)) for place, request in enumerate(requests)]
        done: dict[int, Finished] = {}
        try:
            waiting = jobs
            for pause in PAUSES:
                for place, finished in self._round(waiting, pause):
                    done[place] = finished
                    self._told(len(done), len(jobs), finished.title)
                waiting = [job for job in jobs if _may_mend(job.finished)]
                if not waiting:
                    break
        except KeyboardInterrupt:
            self.interrupted = True
            self._crew.stop()
        return [done[place] for place in sorted(done)]

    def _round(self, jobs: list[Job], pause: float) -> Iterator[tuple[int, Finished]]:
        """Give each of the objects its passes; those that name one bucket come one after another."""
        for job in jobs:
            job.passes = self._passes(job)
        for job, crash in self._crew.run(_go_on, jobs, lane=lambda job: job.finished.request.bucket_name, after=pause):
            if isinstance(crash, Crash):
                job.finished = job.finished.crashed(crash)
            yield job.place, job.finished

    def _passes(self, job: Job) -> Iterator[float]:
        """Make a pass, and another one where the first left something that was approved."""
        request = job.finished.request
        if request.read_only or not self._approve:
            job.finished = job.finished.followed_by((yield from self._pass(request)))
            return
        whole = self._approved(self._engine.run(replace(request, read_only=True)))
        outcome = yield from self._pass(replace(request, approved=whole))
        job.finished = job.finished.followed_by(outcome)
        left = self._approved(outcome)
        if left:
            job.finished = job.finished.followed_by((yield from self._pass(replace(request, approved=left))))

    def _pass(self, request: PassRequest) -> Generator[float, None, Outcome]:
        """Make a pass, and the one that it asks for; gives the seconds to wait in between."""
        while (outcome := self._engine.run(request)).look_again is not None:
            yield outcome.look_again
        return outcome

    def _approved(self, outcome: Outcome) -> str:
        digest = outcome.proposal.hash if outcome.proposal else ""
        if digest not in self._approve:
            return ""
        self.used.add(digest)
        return digest


def _go_on(job: Job) -> Again | None:
    """Make the object's next pass."""
    return next(map(Again, job.passes), None)


def _may_mend(each: Finished) -> bool:
    if each.request.read_only:
        return False
    failure = each.outcome.failure
    if failure is not None:
        return failure.retry and failure.reason in {"BucketMissing", "OperationAborted"}
    return any(control.retry for control in each.outcome.controls)


def document_of(each: Finished) -> dict[str, Any]:
    """Write one object down: its result, why it failed, and its status as the operator would write it."""
    status = build(each.request.status, each.outcome, generation=each.request.generation, reconcile_at="")
    written = status.model_dump(by_alias=True, exclude_none=True, mode="json")
    failure = each.outcome.failure
    document: dict[str, Any] = {
        "namespace": each.request.key.namespace,
        "name": each.request.key.name,
        "bucket": each.request.bucket_name,
        "mode": each.outcome.mode.value,
        "result": each.result.value,
    }
    if failure is not None:
        document["failure"] = {"reason": failure.reason, "message": failure.message}
    if not each.request.read_only:
        document["created"] = each.created
        document["calls"] = {control: list(calls) for control, calls in each.made.items() if calls}
    document["status"] = {key: value for key, value in written.items() if key not in OF_THE_CLUSTER}
    return document
