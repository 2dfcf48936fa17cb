"""`make bench`: for 100, 500 and 2,000 buckets (or the numbers given), the figures of the operator's process.

The operator runs as its own process against LocalStack and the embedded Kubernetes API, over HTTP, on this machine.
First the fleet converges: *Wall/CPU* tells how much of that time was waited for. Then sweeps come by themselves, at the
shortest interval, and are measured for a while; then new buckets come, in peace and while somebody reads the report.
The floor is the same GETs in a bare boto3 loop, in the same run. Aim: at most 1.3 times the floor's CPU, 150 MiB at
2,000 objects, 1.2 times its CPU for many new buckets to converge, and no bucket that is later for the report.
Then a scrape of 10,000 objects (`scrape.py`), their report in each form (`report.py`) and a scan of an account
(`account_scan.py`); the arguments `metrics`, `report` and `scan` ask for those alone.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from kubernetes import client as kube
from rich.console import Console
from rich.table import Table

from securebucket_dev.bench import account_scan, report, scrape
from securebucket_dev.bench.newcomers import report_read, slowest_ready
from securebucket_dev.demo.cluster import apply_files, connect, make_namespace
from securebucket_dev.demo.environment import set_credentials
from securebucket_dev.demo.operator_process import OperatorProcess, operator_process
from securebucket_dev.demo.surroundings import REPOSITORY, Tell, embedded_api
from securebucket_dev.s3.localstack import LocalStack

SIZES = (100, 500, 2000)
METRICS, REPORT, SCAN = "metrics", "report", "scan"
ACCOUNT = "000000000000"
NAMESPACE = "bench"
WINDOW = 66.0
"""Seconds; a little more than the interval with its jitter, so that every bucket is swept at least once."""
PATIENCE = 900.0
NEWS = 10.0
NEWCOMERS = 10
WIDTH = 170


@dataclass(frozen=True, slots=True)
class Figures:
    """What one size gave. CPU in seconds, memory in MiB; the last two are the slowest of some new buckets."""

    buckets: int
    converge_seconds: float
    converge_cpu: float
    calls_per_new: float
    passes_per_second: float
    calls_per_pass: float
    writes: float
    cpu_per_pass: float
    floor_cpu: float
    memory: float
    new_ready: float
    new_ready_beside_report: float


def main() -> None:
    """Measure every size, then a scrape, a report and a scan, and print the tables."""
    parser = argparse.ArgumentParser(
        prog="make bench",
        description="What a pass costs, beside a bare boto3 loop, and what a scrape, a report and a scan cost.",
    )
    parser.add_argument(
        "wanted",
        type=wanted,
        nargs="*",
        default=(*SIZES, METRICS, REPORT, SCAN),
        help=f"numbers of buckets, {METRICS}, {REPORT} or {SCAN}",
    )
    asked = parser.parse_args().wanted
    console = Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=WIDTH)
    os.environ.pop("AWS_ENDPOINT_URL", None)  # the benchmark has its own server, and writes to no other one
    set_credentials()
    rows = []
    for size in [each for each in asked if isinstance(each, int)]:

        def tell(text: str, size: int = size) -> None:
            console.print(f"[dim]{size} buckets: {text} …[/]")

        rows.append(measure(size, tell))
        console.print(table_of(rows[-1:]))
    if len(rows) > 1:
        console.print(table_of(rows))
    if METRICS in asked:
        console.print(scrape.table_of(scrape.measure()))
    if REPORT in asked:
        console.print(report.table_of(report.measure()))
    if SCAN in asked:
        console.print(account_scan.table_of(account_scan.measure()))


def wanted(text: str) -> int | str:
    """Read an argument: a number of buckets, or the word for the scrape, the report or the scan."""
    return text if text in {METRICS, REPORT, SCAN} else int(text)


def table_of(rows: list[Figures]) -> Table:
    """Draw the figures."""
    grid = Table(show_edge=False, pad_edge=False, header_style="bold")
    for title in (
        "Buckets",
        "Converged in",
        "CPU to converge",
        "Wall/CPU",
        "S3 calls/new",
        "Passes/s (first)",
        "S3 calls/pass",
        "S3 writes/pass",
        "CPU/pass",
        "Floor CPU",
        "Of floor",
        "Memory",
        "New Ready",
        "Beside report",
    ):
        grid.add_column(title, justify="right")
    for row in rows:
        grid.add_row(
            str(row.buckets),
            f"{row.converge_seconds:.1f} s",
            f"{row.converge_cpu:.1f} s",
            f"{row.converge_seconds / row.converge_cpu:.2f}",
            f"{row.calls_per_new:.2f}",
            f"{row.passes_per_second:.1f}",
            f"{row.calls_per_pass:.2f}",
            f"{row.writes:.2f}",
            f"{row.cpu_per_pass * 1000:.1f} ms",
            f"{row.floor_cpu * 1000:.1f} ms",
            f"{row.cpu_per_pass / row.floor_cpu:.2f}",
            f"{row.memory:.0f} MiB",
            f"{row.new_ready:.1f} s",
            f"{row.new_ready_beside_report:.1f} s",
        )
    return grid


@contextmanager
def fleet(size: int, folder: Path, tell: Tell) -> Iterator[tuple[OperatorProcess, str, float]]:
    """Start everything with so many bare SecureBuckets; give the operator, the endpoint, and when it began."""
    tell("starting LocalStack and the embedded Kubernetes API, and making the objects")
    with LocalStack() as s3, embedded_api(folder) as kubeconfig:
        connect(kubeconfig)
        apply_files(sorted((REPOSITORY / "crds").glob("securebucket.io_*.yaml")))
        make_namespace(NAMESPACE)
        api = kube.CustomObjectsApi()
        for index in range(size):
            body = {
                "apiVersion": "securebucket.io/v1alpha1",
                "kind": "SecureBucket",
                "metadata": {"name": f"bench-{index:05d}", "namespace": NAMESPACE},
                "spec": {},
            }
            api.create_namespaced_custom_object("securebucket.io", "v1alpha1", NAMESPACE, "securebuckets", body)
        began = time.monotonic()
        arguments = ("--interval=1m", "--log-level=WARNING")
        as_in_the_image = {"MALLOC_ARENA_MAX": "2"}
        with operator_process(
            kubeconfig, s3.endpoint, folder / "operator.log", arguments=arguments, environment=as_in_the_image
        ) as running:
            yield running, s3.endpoint, began


def measure(size: int, tell: Tell) -> Figures:
    """Measure one size."""
    with tempfile.TemporaryDirectory() as place, fleet(size, Path(place), tell) as (running, endpoint, began):
        process = psutil.Process(running.process.pid)
        await_converged(size, running, tell)
        converged = time.monotonic() - began
        new = Counts.of(running, process)
        first = running.total("securebucket_reconcile_total")
        time.sleep(3)  # the second look at what was just corrected
        tell(f"measuring sweeps for {WINDOW:.0f} s")
        before = Counts.of(running, process)
        time.sleep(WINDOW)
        after = Counts.of(running, process)
        passes = after.passes - before.passes
        memory = process.memory_info().rss / 2**20
        tell("making new buckets, first in peace, then while the report is read in every form")
        api = kube.CustomObjectsApi()
        new_ready = slowest_ready(api, NAMESPACE, "peace", NEWCOMERS)
        with report_read(running):
            beside_report = slowest_ready(api, NAMESPACE, "report", NEWCOMERS)
        tell("measuring the floor")
        return Figures(
            buckets=size,
            converge_seconds=converged,
            converge_cpu=new.cpu,
            calls_per_new=new.calls / size,
            passes_per_second=first / converged,
            calls_per_pass=(after.calls - before.calls) / passes,
            writes=(after.writes - before.writes) / passes,
            cpu_per_pass=(after.cpu - before.cpu) / passes,
            floor_cpu=floor_of(endpoint, size),
            memory=memory,
            new_ready=new_ready,
            new_ready_beside_report=beside_report,
        )


def await_converged(size: int, running: OperatorProcess, tell: Tell) -> None:
    """Wait until every bucket is ready, and tell how many are, now and then.

    Raises:
        SystemExit: it takes too long.
        ServerError: the operator has ended.
    """
    deadline, told = time.monotonic() + PATIENCE, 0.0
    while (ready := running.total("securebucket_ready")) < size:
        running.process.check()
        if time.monotonic() > deadline:
            raise SystemExit(f"{size} buckets did not converge in {PATIENCE:.0f} s. The log:\n{running.process.tail()}")
        if time.monotonic() > told + NEWS:
            tell(f"{ready:.0f} are ready")
            told = time.monotonic()
        time.sleep(0.5)


@dataclass(frozen=True, slots=True)
class Counts:
    """Running totals of the operator."""

    passes: float
    calls: float
    writes: float
    cpu: float

    @classmethod
    def of(cls, running: OperatorProcess, process: psutil.Process) -> "Counts":
        """Take them now."""
        samples = running.read_metrics()
        s3 = {
            name: value
            for name, value in samples.items()
            if name.startswith("securebucket_aws_requests_total{") and 'service="s3"' in name
        }
        writes = sum(
            value
            for name, value in s3.items()
            if any(f'operation="{verb}' in name for verb in ("Put", "Delete", "Create"))
        )
        passes = sum(value for name, value in samples.items() if name.startswith("securebucket_reconcile_total"))
        return cls(passes, sum(s3.values()), writes, cpu_of(process))


def cpu_of(process: psutil.Process) -> float:
    """Give user and system seconds of a process."""
    times = process.cpu_times()
    return float(times.user + times.system)


def floor_of(endpoint: str, size: int) -> float:
    """Give the floor's CPU seconds a bucket."""
    buckets = [f"bench-{index:05d}" for index in range(min(size, 500))]
    command = [sys.executable, "-m", "securebucket_dev.bench.floor", endpoint, ACCOUNT, *buckets]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    return float(json.loads(answer.stdout)["cpu"])


if __name__ == "__main__":
    main()
