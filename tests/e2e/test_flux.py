"""`deploy/flux`: Flux's definitions take it, and kstatus, by which Flux waits, reads our objects as we mean them."""

import json
import subprocess

import pytest
import yaml
from tests.e2e.conftest import DEPLOY
from tests.e2e.gitops_definitions import FLUX, install_definitions
from tests.e2e.helm import CHART, Helm, of_kind
from tests.e2e.kubectl import Kubectl
from tests.e2e.recorded import BUCKETS, EXCEPTIONS, Shown, read

from securebucket_dev.kube.controlplane import ControlPlane
from securebucket_dev.kube.go_program import PROGRAMS, find_go_program

FOLDER = DEPLOY / "flux"
ACCOUNT = "system:serviceaccount:flux-system:payments-buckets"


@pytest.mark.parametrize(("kind", "table"), [("SecureBucket", BUCKETS), ("BucketException", EXCEPTIONS)])
def test_kstatus_reads_recorded_objects_as_we_mean_them(kind: str, table: dict[str, Shown]) -> None:
    objects = json.dumps([read(kind, state) for state in table])
    program = find_go_program(PROGRAMS["kstatus"])
    done = subprocess.run([program], input=objects, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    read_as = dict(zip(table, (each["status"] for each in json.loads(done.stdout)), strict=True))
    assert read_as == {state: shown.kstatus for state, shown in table.items()}


@pytest.mark.parametrize("state", BUCKETS)
def test_argo_cd_and_flux_agree(state: str) -> None:
    """Neither calls well what the other calls broken; what only waits for a person is no failure to either."""
    agreeing = {
        "Current": {"Healthy", "Suspended"},
        "InProgress": {"Progressing", "Suspended"},
        "Failed": {"Degraded"},
        "Terminating": {"Progressing"},
    }
    assert BUCKETS[state].argo in agreeing[BUCKETS[state].kstatus]


@pytest.fixture(scope="module")
def installed(definitions: None, kubectl: Kubectl) -> Kubectl:
    """A cluster that knows Flux's kinds and ours."""
    install_definitions(kubectl, FLUX)
    kubectl("create", "namespace", "flux-system")
    return kubectl


@pytest.mark.parametrize("folder", [FOLDER, FOLDER / "operator"], ids=lambda folder: folder.name)
def test_the_api_server_takes_it_without_a_warning(installed: Kubectl, folder: str) -> None:
    done = installed("apply", "--server-side", "--validate=strict", "-k", str(folder))
    assert (done.returncode, done.stderr) == (0, "")


def test_the_release_is_where_the_kustomization_looks_for_it() -> None:
    kustomization = yaml.safe_load((FOLDER / "operator.yaml").read_text())
    assert DEPLOY.parent / kustomization["spec"]["path"] == FOLDER / "operator"


def test_the_teams_account_may_write_its_buckets_and_nothing_else(installed: Kubectl) -> None:
    installed("apply", "--server-side", "-k", str(FOLDER))

    def may(verb: str, kind: str, namespace: str) -> bool:
        asked = installed("auth", "can-i", verb, f"{kind}.securebucket.io", "-n", namespace, "--as", ACCOUNT)
        return asked.stdout.strip() == "yes"

    assert may("patch", "securebuckets", "payments")
    assert may("delete", "securebuckets", "payments")
    assert not may("get", "securebuckets", "default")
    assert not may("create", "bucketexceptions", "payments")
    assert not may("create", "bucketprofiles", "payments")


def test_the_chart_takes_the_values_of_the_release(
    control_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> None:
    spec = yaml.safe_load((FOLDER / "operator" / "release.yaml").read_text())["spec"]
    assert DEPLOY.parent / spec["chart"]["spec"]["chart"] == CHART
    helm = Helm(control_plane, tmp_path_factory.mktemp("helm"))
    rendered = helm.render(spec["releaseName"], spec["targetNamespace"], spec["values"])
    assert [each["metadata"]["name"] for each in of_kind(rendered, "BucketProfile")] == ["production"]
