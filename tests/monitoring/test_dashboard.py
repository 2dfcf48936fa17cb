"""The dashboard as Grafana reads it: nothing hides another, and everything says what it shows."""

import json
import re
from itertools import combinations
from typing import Any

import pytest
from tests.deploy.manifests import CHART, DEPLOY, documents

from securebucket.model.verdict import Severity
from securebucket_dev.generate.monitoring.dashboard import ROWS, SEVERITIES, dashboard_file

DASHBOARD = json.loads(dashboard_file())
PANELS = [each for each in DASHBOARD["panels"] if each["type"] != "row"]
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
BUILT_IN = {"__rate_interval", "__interval", "__range"}

every_panel = pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])


def area(panel: dict[str, Any]) -> set[tuple[int, int]]:
    """Give the cells of the grid that a panel covers."""
    at = panel["gridPos"]
    return {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}


def test_every_panel_is_there_once() -> None:
    everything = DASHBOARD["panels"]
    assert len({each["id"] for each in everything}) == len(everything)
    assert len({each["title"] for each in everything}) == len(everything)
    assert len(PANELS) == sum(map(len, ROWS.values()))


def test_no_panel_lies_on_another_or_beside_the_grid() -> None:
    for one_panel, other in combinations(DASHBOARD["panels"], 2):
        assert area(one_panel) & area(other) == set(), (one_panel["title"], other["title"])
    assert all(0 <= x < 24 for each in DASHBOARD["panels"] for x, _ in area(each))


def test_the_grid_has_no_holes() -> None:
    covered = {cell for each in DASHBOARD["panels"] for cell in area(each)}
    assert len(covered) == 24 * (1 + max(y for _, y in covered))


@every_panel
def test_a_panel_says_what_it_shows(panel: dict[str, Any]) -> None:
    assert len(panel["description"]) > 30
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]


@every_panel
def test_a_panel_asks_the_chosen_data_source(panel: dict[str, Any]) -> None:
    assert panel["datasource"] == SOURCE
    assert panel["targets"]
    assert all(target["datasource"] == SOURCE for target in panel["targets"])
    assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])


@every_panel
def test_a_panel_uses_variables_that_there_are(panel: dict[str, Any]) -> None:
    names = {each["name"] for each in DASHBOARD["templating"]["list"]} | BUILT_IN
    for target in panel["targets"]:
        assert set(re.findall(r"\$(\w+)", target["expr"])) <= names


@every_panel
def test_a_panel_of_several_lines_names_each(panel: dict[str, Any]) -> None:
    if panel["type"] in {"timeseries", "bargauge", "state-timeline"}:
        assert all(target["legendFormat"] for target in panel["targets"])


@every_panel
def test_nothing_looks_fine_without_an_operator(panel: dict[str, Any]) -> None:
    """`or vector(0)` would show a green 0 where nobody looks."""
    assert not any("vector(0)" in target["expr"] for target in panel["targets"])


def test_there_is_a_variable_for_each_choice() -> None:
    names = [each["name"] for each in DASHBOARD["templating"]["list"]]
    assert names == ["datasource", "namespace", "framework", "severity"]
    used = {name for panel in PANELS for target in panel["targets"] for name in re.findall(r"\$(\w+)", target["expr"])}
    assert set(names) - {"datasource"} <= used


def test_the_severities_are_those_of_the_checks() -> None:
    assert tuple(Severity) == SEVERITIES


def test_kustomize_and_the_chart_install_it_for_the_sidecar() -> None:
    (kustomization,) = documents(DEPLOY / "monitoring" / "kustomization.yaml")
    (generator,) = kustomization["configMapGenerator"]
    assert generator["files"] == ["securebucket.json=dashboard.json"]
    assert generator["options"]["labels"] == {"grafana_dashboard": "1"}
    ours = (DEPLOY / "monitoring" / "dashboard.json").read_text()
    assert ours == (CHART / "files" / "monitoring" / "dashboard.json").read_text() == dashboard_file()
    assert 'grafana_dashboard: "1"' in (CHART / "templates" / "dashboard.yaml").read_text()


def test_it_fits_into_a_config_map_that_kubectl_applies() -> None:
    """Client-side apply keeps a copy in an annotation, and 256 KiB is the limit for all annotations together."""
    assert len(dashboard_file().encode()) < 200_000
