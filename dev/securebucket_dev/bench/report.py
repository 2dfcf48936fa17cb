"""`make bench ARGS=report`: what the report of 10,000 objects costs, over HTTP, each form from a fresh process.

The fleet is in a process of its own (`reported.py`), where no pass runs: what a report costs, and not how long it gives
way. Aim: at most 50 MiB more memory than the process had, and the first bytes within 2 seconds. Linux only.
"""

import http
import http.client
import time
from dataclasses import dataclass

from rich.table import Table

from securebucket.report.writing import ReportFormat
from securebucket.reporting.report_server import PATHS
from securebucket_dev.bench.scrape import Scraped, scraped
from securebucket_dev.process import ServerError

SIZE = 10_000
PATIENCE = 120.0
PIECE = 65536


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one form gave. Times in seconds, CPU of the process that serves it, memory in MiB beyond before."""

    objects: int
    form: ReportFormat
    first: float
    seconds: float
    cpu: float
    size: int
    held: float
    peak: float


def measure(size: int = SIZE) -> list[Reading]:
    """Read every form once."""
    paths = {form: path for path, form in PATHS.items()}
    return [_read(size, form, paths[form]) for form in ReportFormat]


def _read(size: int, form: ReportFormat, path: str) -> Reading:
    with scraped(size, "reported") as served:
        before = served.process.memory_info().rss / 2**20
        served.forget_peak()
        cpu = served.cpu()
        first, seconds, received = _ask(served, path)
        return Reading(
            objects=size,
            form=form,
            first=first,
            seconds=seconds,
            cpu=served.cpu() - cpu,
            size=received,
            held=served.after - served.before,
            peak=served.peak() - before,
        )


def _ask(served: Scraped, path: str) -> tuple[float, float, int]:
    """Read a report; give the seconds to its first byte and to its last one, and its bytes.

    Raises:
        ServerError: it was no report.
    """
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE)
    connection.request("GET", path)
    answer = connection.getresponse()
    received = len(answer.read(1))
    first = time.perf_counter() - began
    while piece := answer.read(PIECE):
        received += len(piece)
    connection.close()
    if answer.status != http.HTTPStatus.OK:
        raise ServerError(f"{path} answered {answer.status}; what the fleet said is above.")
    return first, time.perf_counter() - began, received


def table_of(rows: list[Reading]) -> Table:
    """Draw the figures."""
    grid = Table(show_edge=False, pad_edge=False, header_style="bold")
    for title in ("Objects", "Report as", "First byte", "Whole", "CPU", "Bytes", "Memory held", "More at the peak"):
        grid.add_column(title, justify="right")
    for row in rows:
        grid.add_row(
            str(row.objects),
            row.form.value,
            f"{row.first:.2f} s",
            f"{row.seconds:.1f} s",
            f"{row.cpu:.1f} s",
            f"{row.size / 1e6:.1f} MB",
            f"{row.held:.1f} MiB",
            f"{row.peak:.1f} MiB",
        )
    return grid
