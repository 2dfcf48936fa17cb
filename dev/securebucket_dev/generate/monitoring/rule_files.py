"""The rules as files: bare for Prometheus and the chart, and wrapped for the Prometheus Operator."""

from typing import Any

import yaml

from securebucket_dev.generate.monitoring.fleet_alerts import FLEET
from securebucket_dev.generate.monitoring.object_alerts import COMPLIANCE, DRIFT, REPLICATION, VERIFICATION
from securebucket_dev.generate.monitoring.operator_alerts import OPERATOR, REQUESTS
from securebucket_dev.generate.monitoring.rule import Alert

GROUPS = (OPERATOR, COMPLIANCE, DRIFT, REPLICATION, VERIFICATION, FLEET, REQUESTS)
ALERTS = tuple(rule for group in GROUPS for rule in group.rules if isinstance(rule, Alert))
NOTICE = "# made by make generate; edit dev/securebucket_dev/generate/monitoring instead\n"


class Writer(yaml.SafeDumper):
    """Writes texts of several lines as blocks, so that an expression can be read and copied."""


def _write_text(writer: Writer, text: str) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


Writer.add_representer(str, _write_text)


def rule_file() -> str:
    """Write the file that Prometheus itself reads."""
    return _write({"groups": [group.document() for group in GROUPS]})


def prometheus_rule() -> str:
    """Write the object that the Prometheus Operator reads.

    https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule
    """
    return _write(
        {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "PrometheusRule",
            "metadata": {"name": "securebucket-operator"},
            "spec": {"groups": [group.document() for group in GROUPS]},
        }
    )


def _write(document: dict[str, Any]) -> str:
    return NOTICE + yaml.dump(document, Dumper=Writer, sort_keys=False, width=120, allow_unicode=True)
