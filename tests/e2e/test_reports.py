"""Reports for policy dashboards, as the operator's own account may write them, on a real API server."""

import json
from collections.abc import Iterator

import pytest
import yaml
from tests.deploy.manifests import NAMESPACE
from tests.e2e.api import Api
from tests.e2e.conftest import OPERATOR, RunOperator
from tests.e2e.installations import overlay
from tests.e2e.kubectl import Kubectl
from tests.e2e.polling import until
from tests.e2e.team import Team
from tests.kube.report_definitions import REPORT


@pytest.fixture(scope="module")
def with_reports(
    kubectl: Kubectl, run_operator: RunOperator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The operator with the component that turns the reports on, and the CRD."""
    applied = kubectl(
        "apply",
        "--server-side",
        "--force-conflicts",
        "-k",
        str(overlay(tmp_path_factory.mktemp("overlay"), "reports")),
    )
    assert applied.returncode == 0, applied.stderr
    applied = kubectl("apply", "--server-side", "-f", "-", stdin=yaml.safe_dump(REPORT))
    assert applied.returncode == 0, applied.stderr
    until(lambda: kubectl("get", "reports.openreports.io", "-A").returncode == 0)
    options = ("--reports=openreports.io", "--reports-interval=1", f"--lease-namespace={NAMESPACE}")
    with run_operator(*options, user=OPERATOR):
        yield


def test_a_namespace_has_a_report_that_kubectl_shows(with_reports: None, team: Team, api: Api) -> None:
    team.apply_ready()
    until(lambda: team.kubectl("get", "reports.openreports.io", "-o", "name"))
    report = json.loads(team.kubectl("get", "reports.openreports.io", "securebucket", "-o", "json"))
    assert report["summary"]["pass"] > 10
    named = {each["rule"]: each["result"] for each in report["results"]}
    assert named["access-logged"] == "fail"
    assert "tls-required" not in named
    team.delete()
    until(lambda: not team.kubectl("get", "reports.openreports.io", "-o", "name"))
