"""Reports for policy dashboards, as the operator's own account may write them, on a real API server."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tests.deploy.manifests import DEPLOY, NAMESPACE
from tests.e2e.api import Api
from tests.e2e.conftest import OPERATOR, RunOperator
from tests.e2e.kubectl import Kubectl
from tests.e2e.polling import until
from tests.e2e.team import Team
from tests.kube.report_definitions import REPORT


@pytest.fixture(scope="module")
def with_reports(
    kubectl: Kubectl, run_operator: RunOperator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The operator with the component that turns the reports on, and the CRD."""
    for folder in (DEPLOY / "base", _overlay(tmp_path_factory.mktemp("overlay"))):
        applied = kubectl("apply", "--server-side", "--force-conflicts", "-k", str(folder))
        assert applied.returncode == 0, applied.stderr
    applied = kubectl("apply", "--server-side", "-f", "-", stdin=yaml.safe_dump(REPORT))
    assert applied.returncode == 0, applied.stderr
    until(lambda: kubectl("get", "reports.openreports.io", "-A").returncode == 0)
    with run_operator("--reports", "openreports.io", "--lease-namespace", NAMESPACE, user=OPERATOR):
        yield


def _overlay(folder: Path) -> Path:
    """An overlay as the component's own words say."""
    places = {name: Path("../" * len(folder.parts)) / str(DEPLOY / name).lstrip("/") for name in ("base", "reports")}
    document = {"resources": [str(places["base"])], "components": [str(places["reports"])]}
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(document))
    return folder


def test_a_namespace_has_a_report_that_kubectl_shows(with_reports: None, team: Team, api: Api) -> None:
    team.apply_ready()
    until(lambda: team.kubectl("get", "reports.openreports.io", "-o", "name"), 60)
    report = json.loads(team.kubectl("get", "reports.openreports.io", "securebucket", "-o", "json"))
    assert report["summary"]["pass"] > 10
    named = {each["rule"]: each["result"] for each in report["results"]}
    assert named["access-logged"] == "fail"
    assert "tls-required" not in named
    team.delete()
    until(lambda: not team.kubectl("get", "reports.openreports.io", "-o", "name"), 60)
