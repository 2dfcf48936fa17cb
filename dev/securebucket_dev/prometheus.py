"""Prometheus on the loopback, with the rules that come with the operator, scraping as a ServiceMonitor lets it."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml

from securebucket_dev.debian import command_for, missing_programs
from securebucket_dev.demo.operator_process import free_port
from securebucket_dev.process import ChildProcess, ServerError

SUITE = "prometheus"
PATIENCE = 30.0
POD_LABELS = {"namespace": "securebucket-system", "job": "securebucket-operator-metrics", "service": "metrics"}
"""What the Prometheus Operator puts onto a target; two of them are labels of the operator's own series too."""


class Prometheus:
    """A Prometheus that scrapes some addresses, and evaluates rules, every second.

    A context manager.

    Args:
        targets: addresses of operators, `host:port`.
        rules: a rule file.
        folder: where its configuration, data and log go.

    Raises:
        ServerError: on entering, when it is not installed or does not start.
    """

    def __init__(self, targets: Sequence[str], rules: Path, folder: Path) -> None:
        self._targets = tuple(targets)
        self._rules = rules
        self._folder = folder
        self._port = free_port()
        self._process = ChildProcess("Prometheus", self._command(), folder / "prometheus.log")

    def __enter__(self) -> Self:
        if missing := missing_programs(SUITE):
            raise ServerError(f"Prometheus' {', '.join(missing)} not found. Remedy: {command_for(SUITE)}")
        (self._folder / "prometheus.yaml").write_text(yaml.safe_dump(self._configuration()))
        self._process.start()
        try:
            self._process.await_answer(self._answers, PATIENCE)
        except ServerError:
            self._process.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.stop()

    def query(self, expr: str) -> list[dict[str, Any]]:
        """Give what an expression gives now, one element a series.

        Raises:
            ServerError: Prometheus refuses it; the text says why.
        """
        return self._series("query", {"query": expr})

    def query_range(self, expr: str, *, start: float, end: float, step: float) -> list[dict[str, Any]]:
        """Give what an expression gives between two Unix times, one element a series.

        Raises:
            ServerError: Prometheus refuses it; the text says why.
        """
        return self._series("query_range", {"query": expr, "start": start, "end": end, "step": step})

    def rules(self) -> list[dict[str, Any]]:
        """Give all rules with their health."""
        return [rule for group in self._ask("rules", {})["groups"] for rule in group["rules"]]

    def _series(self, path: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        answer: list[dict[str, Any]] = self._ask(path, parameters)["result"]
        return answer

    def _ask(self, path: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self._port}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                data: dict[str, Any] = json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise ServerError(f"Prometheus refuses {parameters}: {error.read().decode()}") from error
        return data

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/-/ready", timeout=2):
                return True
        except OSError:
            return False

    def _command(self) -> list[str]:
        return [
            "prometheus",
            f"--config.file={self._folder / 'prometheus.yaml'}",
            f"--storage.tsdb.path={self._folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{self._port}",
            "--log.level=warn",
        ]

    def _configuration(self) -> dict[str, Any]:
        return {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(self._rules)],
            "scrape_configs": [
                {
                    "job_name": "operator",
                    "honor_labels": True,
                    "static_configs": [{"targets": list(self._targets), "labels": POD_LABELS}],
                }
            ],
        }
