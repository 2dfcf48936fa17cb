"""Writes one OpenReports report per namespace, and only where it says something new."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from securebucket.model.api_error import ApiError, ConflictError, MissingError
from securebucket.model.bucket import ObjectKey
from securebucket.report.open_reports import ObjectResults, ReportKind, build_report, same_content
from securebucket.reporting.result_register import ResultRegister

log = logging.getLogger(__name__)

INTERVAL = 30.0
"""Seconds: a fleet that converges changes a namespace's report many times, and one write tells it all."""


class Reports(Protocol):
    """Reads and writes reports. Every function raises `ApiError` when the request fails."""

    def get_report(self, kind: ReportKind, namespace: str) -> dict[str, Any] | None:
        """Read a namespace's report; None when there is none, or the kind is not installed."""

    def create_report(self, kind: ReportKind, namespace: str, report: Mapping[str, Any]) -> None:
        """Create it."""

    def update_report(self, kind: ReportKind, namespace: str, report: Mapping[str, Any]) -> None:
        """Replace it, if it is still the version at hand."""

    def reported_namespaces(self, kind: ReportKind) -> Iterator[str]:
        """Name the namespaces that have a report of ours."""

    def delete_report(self, kind: ReportKind, namespace: str) -> None:
        """Delete it; one that is gone counts as deleted."""


@dataclass(slots=True)
class ReportWriter:
    """Keeps the reports of all namespaces up to date; `run` is to be called now and then.

    Args:
        reports: the Kubernetes API.
        kind: which reports are written.
        register: what is to be told.
        objects: names all objects that there are.
        may_write: asked before every write.
        namespaces: that are watched; empty for the whole cluster.
    """

    reports: Reports
    kind: ReportKind
    register: ResultRegister
    objects: Callable[[], Iterable[ObjectKey]]
    may_write: Callable[[], bool]
    namespaces: Sequence[str] = ()
    _told: str = ""
    _tidied: bool = False

    def run(self) -> None:
        """Write what is new; what fails is written the next time."""
        if not self.may_write():
            return
        objects: dict[str, set[ObjectKey]] = {}
        for key in self.objects():
            objects.setdefault(key.namespace, set()).add(key)
        for namespace, results in self.register.take_news().items():
            if not self._attempt(namespace, results, objects.get(namespace, set())):
                self.register.give_back(namespace)
        if not self._tidied:
            self._tidy(objects)

    def _attempt(self, namespace: str, results: Mapping[ObjectKey, ObjectResults], objects: set[ObjectKey]) -> bool:
        try:
            done = self._write(namespace, results, objects)
        except ApiError as error:
            self._tell(error)
            return False
        self._told = ""
        return done

    def _write(self, namespace: str, results: Mapping[ObjectKey, ObjectResults], objects: set[ObjectKey]) -> bool:
        """Write a namespace's report; false when it is too early, and it has to be tried again."""
        if not all(self.register.has_seen(key) for key in objects):
            return False
        stored = self.reports.get_report(self.kind, namespace)
        named = {resource["name"] for each in (stored or {}).get("results", ()) for resource in each["resources"]}
        if any(key.name in named for key in objects - results.keys()):
            return False  # its bucket cannot be reached now: an outage must not empty the report
        report = build_report(self.kind, namespace, results, stored or {})
        if stored is not None and results and same_content(report, stored):
            return True
        if not self.may_write():
            return False
        if not results:
            if stored is not None:
                self.reports.delete_report(self.kind, namespace)
        elif stored is None:
            self.reports.create_report(self.kind, namespace, report)
        else:
            metadata = {**stored["metadata"], "labels": _labels(stored, report)}
            self.reports.update_report(self.kind, namespace, {**report, "metadata": metadata})
        return True

    def _tidy(self, objects: Mapping[str, set[ObjectKey]]) -> None:
        """Look once for reports of namespaces whose last object went while nobody looked."""
        try:
            for namespace in self.namespaces or self.reports.reported_namespaces(self.kind):
                if namespace not in objects:
                    self.register.give_back(namespace)
            self._tidied = True
        except ApiError as error:
            self._tell(error)

    def _tell(self, error: ApiError) -> None:
        """Say once what keeps the reports from being written, and not every half minute."""
        if isinstance(error, ConflictError):
            return  # somebody else wrote it at the same time
        text = str(error)
        if isinstance(error, MissingError):
            text = f"{self.kind.plural}.{self.kind.value} are not installed, or the namespace is going away"
        if text != self._told:
            log.warning("reports cannot be written; trying again: %s", text)
            self._told = text


def _labels(stored: Mapping[str, Any], report: Mapping[str, Any]) -> dict[str, str]:
    return {**(stored["metadata"].get("labels") or {}), **report["metadata"]["labels"]}
