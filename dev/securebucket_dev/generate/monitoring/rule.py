"""Rules as data, and the form in which Prometheus reads them."""

from dataclasses import dataclass
from typing import Any, Literal

RUNBOOK_BASE_URL = "docs/runbooks"
"""What every `runbook_url` begins with: a folder of this repository. There is no public copy of these pages to point
at, and a made-up address is a dead link at three in the morning. Whoever serves the pages puts the address in its
place: chart value `monitoring.prometheusRule.runbookBaseUrl`."""

STALE_SECONDS = 10800
"""Age of a verification that is too old: three times the default interval. The chart can put another in its place."""

MEMORY = "70m"
"""A sweep comes every hour, 10 % more or less: after so long, whoever leads has looked at every object."""

Severity = Literal["critical", "warning", "info"]
"""critical wakes somebody, warning is for the working day, info is for whoever reads along."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording rule.

    Args:
        record: name of the new series: level, metric, operation
            (https://prometheus.io/docs/practices/rules/).
        expr: PromQL.
    """

    record: str
    expr: str

    def document(self) -> dict[str, Any]:
        """Give it as Prometheus reads it."""
        return {"record": self.record, "expr": self.expr}


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert on a symptom. Its page is `docs/runbooks/<name>.md`.

    Args:
        name: CamelCase, begins with the product's name.
        expr: PromQL; one alert for each series that it gives.
        severity: how soon somebody must look.
        lasting: how long the expression must hold, such as `15m`.
        summary: one line; may name labels.
        description: what is wrong and what to look at first.
    """

    name: str
    expr: str
    severity: Severity
    lasting: str
    summary: str
    description: str

    def document(self) -> dict[str, Any]:
        """Give it as Prometheus reads it."""
        return {
            "alert": self.name,
            "expr": self.expr,
            "for": self.lasting,
            "labels": {"severity": self.severity},
            "annotations": {
                "summary": self.summary,
                "description": self.description,
                "runbook_url": f"{RUNBOOK_BASE_URL}/{self.name}.md",
            },
        }


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that are evaluated in order, so that alerts see what was just recorded."""

    name: str
    rules: tuple[Recording | Alert, ...]

    def document(self) -> dict[str, Any]:
        """Give it as Prometheus reads it."""
        return {"name": self.name, "rules": [each.document() for each in self.rules]}
