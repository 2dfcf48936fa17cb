"""Rules and dashboard ask only for what the operator exports."""

import json
import re

import pytest
from tests.monitoring.metrics import TARGET, exported, matched_labels, metrics_of

from securebucket_dev.generate.monitoring.dashboard import dashboard_file
from securebucket_dev.generate.monitoring.rule_files import GROUPS

DASHBOARD = json.loads(dashboard_file())
RULES = [rule.expr for group in GROUPS for rule in group.rules]
PANELS = [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", ())]
VARIABLES = [each["query"] for each in DASHBOARD["templating"]["list"] if each["type"] == "query"]
every_expression = pytest.mark.parametrize("expr", [*RULES, *PANELS, *VARIABLES])


@every_expression
def test_it_asks_for_metrics_that_are_exported(expr: str) -> None:
    assert metrics_of(expr) <= exported().keys()


@every_expression
def test_it_chooses_by_labels_that_the_metric_has(expr: str) -> None:
    assert [each for each in matched_labels(expr) if each[1] not in exported()[each[0]] | TARGET] == []


@pytest.mark.parametrize("query", VARIABLES)
def test_a_variable_has_the_values_of_a_label_that_is_there(query: str) -> None:
    metric, label = re.fullmatch(r"label_values\((\w+), (\w+)\)", query).groups()  # type: ignore[union-attr] # it must
    assert label in exported()[metric]


@pytest.mark.parametrize("metric", sorted(exported()))
def test_every_metric_is_used(metric: str) -> None:
    """What nobody looks at is a cost without a use."""
    assert any(metric in metrics_of(expr) for expr in (*RULES, *PANELS))
