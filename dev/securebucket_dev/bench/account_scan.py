"""What `securebucket scan` costs: seconds, CPU, calls and memory for an account of 500 buckets.

The scan runs in a process of its own, as the command does, against LocalStack over HTTP. LocalStack takes a whole core:
on a machine of two, it and not the scan decides about the seconds. So the CPU of the scan stands beside them, and the
seconds that one worker needs.
"""

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import boto3
import psutil
from rich.table import Table

from securebucket.aws.edge import Aws
from securebucket.aws.sessions import Binding
from securebucket.scan.scan import Scan, Scanned, Scope, Terms
from securebucket_dev.s3.localstack import LocalStack

SIZE = 500
WORKERS = (1, 16)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one scan cost. CPU in seconds, memory in MiB at its highest."""

    buckets: int
    workers: int
    seconds: float
    cpu: float
    calls: int
    memory: float


def measure(size: int = SIZE) -> list[Cost]:
    """Scan an account of so many buckets, with one worker and with the default number of them."""
    with LocalStack() as s3:
        client = boto3.client("s3", endpoint_url=s3.endpoint, region_name="us-east-1")
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda index: client.create_bucket(Bucket=f"scanned-{index:05d}"), range(size)))
        return [_run(s3.endpoint, workers) for workers in WORKERS]


def table_of(costs: list[Cost]) -> Table:
    """Draw the figures."""
    grid = Table(show_edge=False, pad_edge=False, header_style="bold")
    for title in (
        "Buckets scanned",
        "Workers",
        "Seconds",
        "Buckets/s",
        "Calls",
        "Calls/bucket",
        "CPU/bucket",
        "Memory",
    ):
        grid.add_column(title, justify="right")
    for cost in costs:
        grid.add_row(
            str(cost.buckets),
            str(cost.workers),
            f"{cost.seconds:.1f} s",
            f"{cost.buckets / cost.seconds:.0f}",
            str(cost.calls),
            f"{cost.calls / cost.buckets:.2f}",
            f"{cost.cpu / cost.buckets * 1000:.1f} ms",
            f"{cost.memory:.0f} MiB",
        )
    return grid


def _run(endpoint: str, workers: int) -> Cost:
    command = [sys.executable, "-m", "securebucket_dev.bench.account_scan", endpoint, str(workers)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, timeout=600, env=os.environ)
    return Cost(**json.loads(answer.stdout))


def scan(endpoint: str, workers: int) -> Cost:
    """Scan everything at the endpoint in this process.

    Raises:
        SystemExit: it failed.
    """
    calls = 0

    def note(*_: object) -> None:
        nonlocal calls
        calls += 1

    process = psutil.Process()
    began, before = time.perf_counter(), process.cpu_times()
    aws = Aws(note, threads=workers)
    binding = Binding(region="us-east-1", endpoint=endpoint)
    found = Scan(aws, binding, lambda *_: None, Terms(workers=workers)).run(Scope())
    if not isinstance(found, Scanned) or any(each.failure for each in found.buckets):
        raise SystemExit("the scan failed")
    after = process.cpu_times()
    return Cost(
        buckets=len(found.buckets),
        workers=workers,
        seconds=time.perf_counter() - began,
        cpu=after.user + after.system - before.user - before.system,
        calls=calls,
        memory=_highest(),
    )


def _highest() -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (line,) = [each for each in lines if each.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(scan(sys.argv[1], int(sys.argv[2])))))
