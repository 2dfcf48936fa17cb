"""`make bench ARGS=metrics`: what a scrape of 10,000 objects costs, over HTTP, from a fresh process. Linux only.

The fleet is in a process of its own (`scraped.py`); this one asks for it as Prometheus does, and as a person does with
curl. Aim: under half a second, under 6 MB as Prometheus asks, and under 30 MiB more memory, a scrape's peak included.
"""

import http
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.table import Table

from securebucket_dev.process import ServerError

SIZE = 10_000
SCRAPES = 7
PROMETHEUS = (
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)
"""What Prometheus 2 sends as `Accept`."""
WAYS = {
    "Prometheus": {"Accept": PROMETHEUS, "Accept-Encoding": "gzip"},
    "text, gzip": {"Accept": "text/plain", "Accept-Encoding": "gzip"},
    "text": {"Accept": "text/plain"},
}


@dataclass(frozen=True, slots=True)
class Scrape:
    """What one way of asking gave: the median of some scrapes. Memory in MiB, over that before the fleet was there."""

    objects: int
    way: str
    seconds: float
    slowest: float
    cpu: float
    size: int
    held: float
    peak: float


@dataclass(frozen=True, slots=True)
class Scraped:
    """A process that serves a fleet's metrics, or its report. Memory in MiB."""

    process: psutil.Process
    port: int
    before: float
    after: float

    def ask(self, headers: dict[str, str]) -> tuple[float, int]:
        """Scrape once; give the seconds to the last byte and the bytes of the body.

        Raises:
            ServerError: it was no scrape.
        """
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/metrics", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        taken = time.perf_counter() - began
        connection.close()
        if answer.status != http.HTTPStatus.OK:
            raise ServerError(f"/metrics answered {answer.status}; what the fleet said is above.")
        return taken, len(body)

    def forget_peak(self) -> None:
        """Begin to measure the peak anew."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5", encoding="ascii")

    def peak(self) -> float:
        """Give the most memory since the last `forget_peak`."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines()
        fields = dict(line.split(":", 1) for line in lines)
        return float(fields["VmHWM"].split()[0]) / 1024

    def cpu(self) -> float:
        """Give user and system seconds so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)


@contextmanager
def scraped(size: int, program: str = "scraped") -> Iterator[Scraped]:
    """Start a fleet of so many objects, and end it afterwards.

    Args:
        size: how many.
        program: the module beside this one that serves it.

    Raises:
        ServerError: it ended before it could be asked.
    """
    command = [sys.executable, "-m", f"securebucket_dev.bench.{program}", str(size)]
    environment = {**os.environ, "MALLOC_ARENA_MAX": "2"}  # as in the image
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as child:
        try:
            told = child.stdout.readline() if child.stdout else ""
            if not told:
                raise ServerError("The fleet ended before it could be asked; what it said is above.")
            serving = json.loads(told)
            yield Scraped(psutil.Process(child.pid), serving["port"], serving["before"], serving["after"])
        finally:
            child.kill()


def measure(size: int = SIZE) -> list[Scrape]:
    """Measure every way of asking, each in a fresh process."""
    found = []
    for way, headers in WAYS.items():
        with scraped(size) as served:
            served.forget_peak()
            cpu = served.cpu()
            asked = [served.ask(headers) for _ in range(SCRAPES)]
            seconds = [taken for taken, _ in asked]
            found.append(
                Scrape(
                    objects=size,
                    way=way,
                    seconds=statistics.median(seconds),
                    slowest=max(seconds),
                    cpu=(served.cpu() - cpu) / SCRAPES,
                    size=asked[-1][1],
                    held=served.after - served.before,
                    peak=served.peak() - served.before,
                )
            )
    return found


def table_of(rows: list[Scrape]) -> Table:
    """Draw the figures."""
    grid = Table(show_edge=False, pad_edge=False, header_style="bold")
    for title in ("Objects", "Asked as", "Scrape", "Slowest", "CPU", "Bytes", "Memory held", "Memory at the peak"):
        grid.add_column(title, justify="right")
    for row in rows:
        grid.add_row(
            str(row.objects),
            row.way,
            f"{row.seconds:.3f} s",
            f"{row.slowest:.3f} s",
            f"{row.cpu:.3f} s",
            f"{row.size / 1e6:.2f} MB",
            f"{row.held:.1f} MiB",
            f"{row.peak:.1f} MiB",
        )
    return grid
