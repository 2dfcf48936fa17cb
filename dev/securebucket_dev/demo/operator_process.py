"""The real operator, as a process of its own."""

import os
import socket
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from securebucket_dev.process import ChildProcess

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class OperatorProcess:
    """A running `securebucket run`.

    Args:
        process: the process.
        metrics: URL of `/metrics`.
        health: URL without a path, for `/healthz` and `/readyz`.
        report: URL without a path of the auditor's report.
        log: the file with its log.
    """

    process: ChildProcess
    metrics: str
    health: str
    report: str
    log: Path

    def read_metrics(self) -> dict[str, float]:
        """Give all samples by their text, e.g. `securebucket_ready{name="a",namespace="b"}`."""
        with urllib.request.urlopen(self.metrics, timeout=5) as answer:  # noqa: S310 - our own loopback address
            lines = answer.read().decode().splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))
        return {name: float(value) for name, value in pairs}

    def ready(self) -> bool:
        """Tell whether `/readyz` says yes."""
        try:
            with urllib.request.urlopen(f"{self.health}/readyz", timeout=2):  # noqa: S310 - our own loopback address
                return True
        except OSError:
            return False

    def total(self, name: str) -> float:
        """Add up all samples of one metric."""
        return sum(value for sample, value in self.read_metrics().items() if sample.split("{")[0] == name)


def free_port() -> int:
    """Find a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def operator_process(
    kubeconfig: Path,
    endpoint: str,
    log: Path,
    *,
    arguments: tuple[str, ...] = (),
    environment: dict[str, str] | None = None,
    await_ready: bool = True,
    ports: tuple[int, int, int] | None = None,
) -> Iterator[OperatorProcess]:
    """Run the operator until the block ends; it is stopped by SIGTERM, as a cluster would.

    Its ports, of metrics, health and report, are free ones unless they are given.

    Raises:
        ServerError: it ended, or did not become ready in a minute; the text carries the end of its log.
    """
    metrics, health, report = ports or (free_port(), free_port(), free_port())
    command = [
        sys.executable,
        "-m",
        "securebucket",
        "run",
        f"--metrics-address=127.0.0.1:{metrics}",
        f"--health-address=127.0.0.1:{health}",
        f"--report-address=127.0.0.1:{report}",
        *arguments,
    ]
    variables = os.environ | {"KUBECONFIG": str(kubeconfig)} | ({"AWS_ENDPOINT_URL": endpoint} if endpoint else {})
    log.unlink(missing_ok=True)
    process = ChildProcess("the operator", command, log, environment=variables | (environment or {}))
    running = OperatorProcess(
        process,
        metrics=f"http://127.0.0.1:{metrics}/metrics",
        health=f"http://127.0.0.1:{health}",
        report=f"http://127.0.0.1:{report}",
        log=log,
    )
    process.start()
    try:
        if await_ready:
            process.await_answer(running.ready, PATIENCE)
        yield running
    finally:
        process.stop(30)
