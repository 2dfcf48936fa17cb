"""`deploy/kube-state-metrics`: the real program makes the metrics that the file names, of recorded objects."""

import re
import urllib.request
from collections.abc import Iterator

import pytest
import yaml
from tests.e2e.api import GROUP, MERGE, Api
from tests.e2e.conftest import DEPLOY
from tests.e2e.gitops_definitions import definition_files
from tests.e2e.kubectl import Kubectl
from tests.e2e.polling import until
from tests.e2e.recorded import read

from securebucket_dev.demo.operator_process import free_port
from securebucket_dev.kube.controlplane import ControlPlane
from securebucket_dev.kube.go_program import PROGRAMS, find_go_program
from securebucket_dev.kube.identity import User, write_kubeconfig
from securebucket_dev.process import ChildProcess

FOLDER = DEPLOY / "kube-state-metrics"
FILE = FOLDER / "securebucket.yaml"
PROGRAM = PROGRAMS["kube-state-metrics"]
NAMESPACE = "told-by-kube-state-metrics"
TIME = 1767225600  # 2026-01-01, which stands in recorded objects for every time
STATES = (
    *(("securebuckets", "SecureBucket", state) for state in ("ready", "paused-drifted", "plan-pending")),
    *(("bucketexceptions", "BucketException", state) for state in ("ending-soon", "expired")),
)
SAMPLE = re.compile(r"^(kube_customresource_\w+)\{(.*)\} (\S+)$")
LABEL = re.compile(r'(\w+)="([^"]*)"')
SAME = ("customresource_group", "customresource_kind", "customresource_version", "namespace")

Samples = dict[tuple[str, str, str], float]


def samples(text: str) -> Samples:
    """Read those of the namespace: value by metric, name of the object, and further labels."""
    found = {}
    for line in text.splitlines():
        match = SAMPLE.match(line)
        labels = dict(LABEL.findall(match[2])) if match else {}
        if match and labels["namespace"] == NAMESPACE:
            rest = ",".join(f"{key}={labels[key]}" for key in sorted(labels.keys() - {*SAME, "name"}) if labels[key])
            metric = match[1].removeprefix("kube_customresource_")
            found[metric, labels["name"], rest] = float(match[3])
    return found


@pytest.fixture(scope="module")
def deployed(definitions: None, kubectl: Kubectl, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The example of kube-state-metrics itself with our component, but for the pod, which nobody starts here."""
    folder = tmp_path_factory.mktemp("kube-state-metrics")
    names = ("cluster-role-binding", "cluster-role", "deployment", "service-account", "service")
    wanted = {"k8s.io/kube-state-metrics/v2": tuple(f"examples/standard/{each}.yaml" for each in names)}
    for file in definition_files(wanted, PROGRAM.module):
        (folder / file.name).write_text(file.read_text())
    (folder / "component").symlink_to(FOLDER)
    kustomization = {"resources": [f"{each}.yaml" for each in names], "components": ["component"]}
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(kustomization))
    done = kubectl("apply", "--server-side", "--validate=strict", "-k", str(folder))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def objects(definitions: None, api: Api) -> Iterator[None]:
    """Recorded objects, each with its status."""
    api.do("POST", "/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
    for plural, kind, state in STATES:
        body = read(kind, state)
        path = f"{GROUP}/namespaces/{NAMESPACE}/{plural}"
        body["metadata"] = {"name": state, "namespace": NAMESPACE}
        api.do("POST", path, body)
        api.do("PATCH", f"{path}/{state}/status", {"status": body["status"]}, MERGE)
    yield
    for plural in dict.fromkeys(plural for plural, _, _ in STATES):
        api.do("DELETE", f"{GROUP}/namespaces/{NAMESPACE}/{plural}")


@pytest.fixture(scope="module")
def told(
    deployed: None, objects: None, api: Api, control_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Samples]:
    """What it tells with the rights of our ClusterRole and no others."""
    account = "/api/v1/namespaces/kube-system/serviceaccounts/kube-state-metrics"
    api.do("DELETE", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/kube-state-metrics")
    asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 3600}}
    token = api.do("POST", f"{account}/token", asked)["status"]["token"]
    folder = tmp_path_factory.mktemp("kube-state-metrics")
    kubeconfig = folder / "kubeconfig"
    write_kubeconfig(kubeconfig, control_plane.url, control_plane.authority, User("kube-state-metrics", token=token))
    port = free_port()
    command = [
        str(find_go_program(PROGRAM)),
        f"--kubeconfig={kubeconfig}",
        "--custom-resource-state-only=true",
        f"--custom-resource-state-config-file={FILE}",
        "--host=127.0.0.1",
        f"--port={port}",
        "--telemetry-host=127.0.0.1",
        f"--telemetry-port={free_port()}",
    ]
    process = ChildProcess("kube-state-metrics", command, folder / "log")
    process.start()

    def look() -> Samples:
        process.check()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
                found = samples(answer.read().decode())
        except OSError:
            return {}
        return found if {name for _, name, _ in found} == {state for _, _, state in STATES} else {}

    try:
        yield until(look, told=process.tail)
    finally:
        process.stop()


def of(told: Samples, name: str) -> dict[str, float]:
    """Give the samples about an object, each as text."""
    return {f"{metric}{{{labels}}}": value for (metric, each, labels), value in told.items() if each == name}


def test_every_metric_of_the_file_is_told(told: Samples) -> None:
    resources = yaml.safe_load(FILE.read_text())["spec"]["resources"]
    named = {metric["name"] for resource in resources for metric in resource["metrics"]}
    rare = {"securebucket_deletion_timestamp_seconds"}  # of objects that are being deleted
    assert {metric for metric, _, _ in told} == named - rare


def test_a_bucket_that_drifts(told: Samples) -> None:
    compliance = read("SecureBucket", "paused-drifted")["status"]["compliance"]
    assert of(told, "paused-drifted") == {
        "securebucket_info{account=000000000000,bucket=payments-paused-drifted,mode=Enforce,region=us-east-1}": 1,
        "securebucket_status_condition{reason=Differs,status=False,type=Ready}": 1,
        "securebucket_status_condition{reason=Differs,status=False,type=InSync}": 1,
        "securebucket_status_condition{reason=ChecksFail,status=False,type=Compliant}": 1,
        "securebucket_status_observed_generation{}": 1,
        "securebucket_metadata_generation{}": 1,
        "securebucket_compliance_score_percent{}": compliance["score"],
        "securebucket_compliance_checks_failed{}": compliance["failed"],
        "securebucket_compliance_checks_excepted{}": 0,
        "securebucket_drift_count{}": 1,
        "securebucket_plan_pending{hash=0123456789ab}": 1,
        "securebucket_drift_last_detected_timestamp_seconds{}": TIME,
    }


def test_a_plan_that_waits(told: Samples) -> None:
    assert of(told, "plan-pending")["securebucket_plan_pending{hash=0123456789ab}"] == 1
    assert not [each for each in of(told, "ready") if "plan_pending" in each]


def test_an_exception_that_ends_soon(told: Samples) -> None:
    assert of(told, "ending-soon") == {
        "bucketexception_info{bucket=payments-failing-checks,check=public-access-blocked}": 1,
        "bucketexception_status_condition{reason=InForce,status=True,type=Active}": 1,
        "bucketexception_status_condition{reason=WithinSevenDays,status=True,type=ExpiringSoon}": 1,
        "bucketexception_expiry_timestamp_seconds{}": TIME,
        "bucketexception_buckets{}": 1,
    }


def test_an_exception_that_has_ended(told: Samples) -> None:
    assert of(told, "expired")["bucketexception_status_condition{reason=Expired,status=False,type=Active}"] == 1


def test_the_values_of_the_chart_say_the_same() -> None:
    values = yaml.safe_load((FOLDER / "values.yaml").read_text())
    role = next(yaml.safe_load_all((FOLDER / "rbac.yaml").read_text()))
    assert values["customResourceState"]["config"] == yaml.safe_load(FILE.read_text())
    assert values["rbac"]["extraRules"] == role["rules"]
