"""What the demonstration shows: apply, converge, tamper, see it found, corrected and counted."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from rich.console import Console
from rich.live import Live
from rich.markup import escape

from securebucket_dev.demo.cluster import Name, apply_files, check_now, count_drift, get_bucket, list_buckets
from securebucket_dev.demo.interruption import Interruption
from securebucket_dev.demo.operator_process import OperatorProcess
from securebucket_dev.demo.screen import awaits_approval, condition, is_ready, name_of, standing, table_of
from securebucket_dev.demo.tampering import ACTS

PATIENCE = 60.0
VICTIM = ("demo", "invoices")
COUNTERS = (
    ("securebucket_drift_detected_total", "drift detected"),
    ("securebucket_drift_corrected_total", "drift corrected"),
    ("securebucket_aws_requests_total", "requests to AWS so far"),
)

Bodies = list[dict[str, Any]]


@dataclass(slots=True)
class Story:
    """One telling.

    Args:
        console: where it is shown.
        running: the operator.
        files: the examples.
        endpoint: the S3 server that is tampered with.
        interruption: looked at again and again.
    """

    console: Console
    running: OperatorProcess
    files: list[Path]
    endpoint: str
    interruption: Interruption
    _patience: float = PATIENCE

    def tell(self) -> bool:
        """Tell it; true when everything that it promises was seen."""
        names = self._apply()
        if not self._watch(names, lambda bodies: settled(bodies, names)):
            return self._say_what_hangs(names)
        self._say_who_waits(names)
        before = count_drift(*VICTIM)
        self._tamper()
        self._chapter("3. the next pass finds and corrects it")
        check_now(*VICTIM)
        started = time.monotonic()
        if not self._watch(names, lambda bodies: repaired(bodies, before)):
            return self._say_what_hangs({VICTIM})
        self._say_what_was_done(time.monotonic() - started)
        return self._count()

    def _chapter(self, title: str) -> None:
        self.console.print()
        self.console.rule(f"[bold]{title}[/]", align="left")

    def _apply(self) -> set[Name]:
        self._chapter(f"1. apply the {len(self.files)} files of examples/")
        return apply_files(self.files)

    def _tamper(self) -> None:
        bucket = name_of(get_bucket(*VICTIM))
        self._chapter(f"2. somebody tampers with {bucket}, past the operator")
        s3 = boto3.client("s3", endpoint_url=self.endpoint)
        for each in ACTS:
            each.act(s3, bucket)
            self.console.print(f"  {each.text}")

    def _count(self) -> bool:
        self._chapter("4. it is counted, to alert on")
        totals = {name: self.running.total(name) for name, _ in COUNTERS}
        for name, words in COUNTERS:
            self.console.print(f"  {name:<36} {totals[name]:>5.0f}  {words}")
        detected, corrected, _ = totals.values()
        return detected >= len(ACTS) and corrected >= len(ACTS)

    def _say_who_waits(self, names: set[Name]) -> None:
        for body in list_buckets(names):
            if awaits_approval(body):
                metadata, digest = body["metadata"], body["status"]["plan"]["hash"]
                annotate = f"kubectl -n {metadata['namespace']} annotate sb {metadata['name']}"
                self.console.print(f"\n  {name_of(body)} waits for a person, as its mode Plan asks; approve it with")
                self.console.print(f"  {annotate} securebucket.io/approve={digest}", soft_wrap=True)

    def _say_what_was_done(self, seconds: float) -> None:
        self.console.print(f"\n  found and corrected in {seconds:.1f} s:")
        for each in get_bucket(*VICTIM)["status"]["controls"]:
            if each["state"] == "Corrected":
                self.console.print(f"  {each['name']:<18} {escape(each.get('message', ''))}", soft_wrap=True)

    def _say_what_hangs(self, names: set[Name]) -> bool:
        self.console.print(f"\n[red]not done within {self._patience:.0f} s:[/]")
        for body in list_buckets(names):
            if not (is_ready(body) or awaits_approval(body)) or (names == {VICTIM}):
                message = condition(body, "Ready").get("message", "the operator has not looked at it yet")
                self.console.print(f"  {name_of(body)} ({standing(body)}): {escape(message)}")
        return False

    def _watch(self, names: set[Name], done: Callable[[Bodies], bool]) -> bool:
        """Show the table until it is as it should be, or patience ends."""
        deadline = time.monotonic() + self._patience
        with self._table() as show:
            while True:
                bodies = list_buckets(names)
                show(bodies)
                if done(bodies) or time.monotonic() > deadline:
                    break
                self.interruption.check()
                self.running.process.check()
                time.sleep(0.2)
        if not self.console.is_terminal:
            self.console.print(table_of(bodies))
        return done(bodies)

    @contextmanager
    def _table(self) -> Iterator[Callable[[Bodies], None]]:
        """Draw on a terminal as it changes; what is no terminal gets the end only."""
        if not self.console.is_terminal:
            yield lambda _bodies: None
            return
        with Live(console=self.console, refresh_per_second=5, vertical_overflow="visible") as live:
            yield lambda bodies: live.update(table_of(bodies))


def settled(bodies: Bodies, names: set[Name]) -> bool:
    """Tell whether every example is ready, or waits for its approval."""
    return len(bodies) == len(names) and all(is_ready(each) or awaits_approval(each) for each in bodies)


def repaired(bodies: Bodies, before: int) -> bool:
    """Tell whether every act was found and the object is in sync again.

    Args:
        bodies: all objects.
        before: how many changes had been found before the acts.
    """
    victims = [each for each in bodies if (each["metadata"]["namespace"], each["metadata"]["name"]) == VICTIM]
    return any(
        each.get("status", {}).get("drift", {}).get("count", 0) - before >= len(ACTS)
        and condition(each, "InSync").get("status") == "True"
        for each in victims
    )
