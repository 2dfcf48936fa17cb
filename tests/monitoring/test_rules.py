"""The alerts: each says how urgent it is and what to do, and each is tested in both directions."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.deploy.manifests import CHART, DEPLOY, one

from securebucket_dev.generate.monitoring.rule import RUNBOOK_BASE_URL, STALE_SECONDS, Alert
from securebucket_dev.generate.monitoring.rule_files import ALERTS, GROUPS

ROOT = Path(__file__).parents[2]
RUNBOOKS = ROOT / "docs" / "runbooks"
CASES = Path(__file__).parent / "alerts"
HEADINGS = ["Meaning", "Impact", "Diagnosis", "Mitigation"]
RULES = CHART / "files" / "monitoring" / "rules.yaml"

every_alert = pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)


def cases(alert: Alert) -> list[dict[str, Any]]:
    """Read what is expected of an alert, one query of what fires at a moment each."""
    document = yaml.safe_load((CASES / f"{alert.name}.yaml").read_text())
    return [each for case in document["tests"] for each in case["promql_expr_test"]]


@every_alert
def test_an_alert_says_what_is_wrong_in_a_line_and_in_more(alert: Alert) -> None:
    assert alert.name.startswith("SecureBucket")
    assert 20 < len(alert.summary) < 110
    assert not alert.summary.endswith(".")
    assert alert.description.endswith(".")


@every_alert
def test_an_alert_has_a_page(alert: Alert) -> None:
    page = ROOT / alert.document()["annotations"]["runbook_url"]
    assert page.parent == RUNBOOKS == ROOT / RUNBOOK_BASE_URL
    text = page.read_text()
    assert text.startswith(f"# {alert.name}\n")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    assert f"**Severity:** {alert.severity}" in text


def test_a_page_has_an_alert() -> None:
    assert {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"} == {alert.name for alert in ALERTS}


def test_the_index_of_the_pages_has_every_alert_with_its_severity() -> None:
    rows = re.findall(r"^\| \[`(\w+)`\]\((\w+)\.md\) \| (\w+) \|", (RUNBOOKS / "README.md").read_text(), re.MULTILINE)
    assert sorted(rows) == sorted((alert.name, alert.name, alert.severity) for alert in ALERTS)


@every_alert
def test_an_alert_has_a_case_that_fires_and_one_that_does_not(alert: Alert) -> None:
    assert all(f'alertname="{alert.name}"' in each["expr"] for each in cases(alert))
    assert {bool(each["exp_samples"]) for each in cases(alert)} == {True, False}


def test_a_case_has_an_alert() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} == {alert.name for alert in ALERTS}


@every_alert
def test_the_texts_name_labels_that_the_alert_has(alert: Alert) -> None:
    named = set(re.findall(r"\$labels\.(\w+)", alert.summary + alert.description))
    for case in cases(alert):
        for sample in case["exp_samples"]:
            assert named <= set(re.findall(r"(\w+)=", sample["labels"]))


@every_alert
def test_an_alert_does_not_take_two_replicas_for_two_objects(alert: Alert) -> None:
    """A label of the scraped pod in an alert would make a new alert of it with each change of leader."""
    for case in cases(alert):
        for sample in case["exp_samples"]:
            assert set(re.findall(r"(\w+)=", sample["labels"])) & {"instance", "pod", "endpoint"} == set()


def test_names_are_used_once() -> None:
    names = [getattr(rule, "name", "") or rule.document()["record"] for group in GROUPS for rule in group.rules]
    assert len(names) == len(set(names))


def test_the_object_for_the_prometheus_operator_has_the_rules_of_the_chart() -> None:
    wrapped = one(DEPLOY / "monitoring" / "prometheus-rule.yaml", "PrometheusRule")
    assert wrapped["spec"] == yaml.safe_load(RULES.read_text())


def test_the_chart_finds_what_it_puts_values_in_the_place_of() -> None:
    """Its template replaces these texts; a text that is not there, or is there too often, would go unnoticed."""
    template = (CHART / "templates" / "prometheus-rule.yaml").read_text()
    replaced = re.findall(r'replace "([^"]+)"', template)
    assert replaced == [f"runbook_url: {RUNBOOK_BASE_URL}/", f"> {STALE_SECONDS}"]
    assert [RULES.read_text().count(text) for text in replaced] == [len(ALERTS), 1]
    values = yaml.safe_load((CHART / "values.yaml").read_text())["monitoring"]["prometheusRule"]
    assert (values["runbookBaseUrl"], values["staleAfterSeconds"]) == (RUNBOOK_BASE_URL, STALE_SECONDS)


@pytest.mark.parametrize(
    "monitor",
    [DEPLOY / "monitoring" / "service-monitor.yaml", CHART / "templates" / "service-monitor.yaml"],
    ids=lambda path: path.parent.name,
)
def test_a_scrape_keeps_the_namespaces_of_the_objects(monitor: Path) -> None:
    assert "\n      honorLabels: true\n" in monitor.read_text()
