"""`deploy/argocd`: Argo CD's own definitions take it, and its scripts say of every recorded object what we mean."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.e2e.conftest import DEPLOY
from tests.e2e.gitops_definitions import ARGO_CD, install_definitions
from tests.e2e.helm import CHART, Helm, of_kind
from tests.e2e.kubectl import Kubectl
from tests.e2e.lua import run_script
from tests.e2e.recorded import BUCKETS, CUSTOMIZATIONS, EXCEPTIONS, file_of, read

from securebucket_dev.kube.controlplane import ControlPlane

FOLDER = DEPLOY / "argocd"
STATES = [
    (kind, state, shown) for kind, table in (("SecureBucket", BUCKETS), ("BucketException", EXCEPTIONS))
    for state, shown in table.items()
]  # fmt: skip


def upstream_tests(kind: str, name: str = "health_test.yaml") -> dict[str, Any]:
    """Read tests in the form of Argo CD's repository."""
    found: dict[str, Any] = yaml.safe_load((CUSTOMIZATIONS / kind / name).read_text())
    return found


@pytest.mark.parametrize(("kind", "state"), [(kind, state) for kind, state, _ in STATES])
def test_health_of_a_recorded_object(kind: str, state: str, tmp_path: Path) -> None:
    """What Argo CD's own test of its scripts would ask."""
    tests = {each["inputPath"]: each["healthStatus"] for each in upstream_tests(kind)["tests"]}
    answer = run_script(CUSTOMIZATIONS / kind / "health.lua", read(kind, state), tmp_path)
    assert answer == tests[f"testdata/{state}.yaml"]


@pytest.mark.parametrize("kind", ["SecureBucket", "BucketException"])
def test_every_state_shows_the_health_that_it_means(kind: str) -> None:
    meant = {f"testdata/{state}.yaml": shown.argo for each, state, shown in STATES if each == kind}
    assert {each["inputPath"]: each["healthStatus"]["status"] for each in upstream_tests(kind)["tests"]} == meant


@pytest.mark.parametrize(
    ("written", "health"),
    [
        ("true", "Suspended"),
        ("2999-01-31T18:00:00Z", "Suspended"),
        ("2999-01-31T18:00:00+02:00", "Suspended"),
        ("yes", "Suspended"),
        ("2020-01-31T18:00:00Z", "Healthy"),
        ("false", "Healthy"),
        ("", "Healthy"),
    ],
)
def test_a_pause_ends_when_it_says_so(written: str, health: str, tmp_path: Path) -> None:
    body = read("SecureBucket", "ready")
    body["metadata"]["annotations"] = {"securebucket.io/paused": written}
    assert run_script(CUSTOMIZATIONS / "SecureBucket" / "health.lua", body, tmp_path)["status"] == health


@pytest.mark.parametrize("test", upstream_tests("SecureBucket", "actions/action_test.yaml")["discoveryTests"], ids=str)
def test_actions_that_are_offered(test: dict[str, Any], tmp_path: Path) -> None:
    folder = CUSTOMIZATIONS / "SecureBucket" / "actions"
    body = yaml.safe_load((folder / test["inputPath"]).read_text())
    offered = run_script(folder / "discovery.lua", body, tmp_path)
    assert offered == {each["name"]: {"disabled": each["disabled"]} for each in test["result"]}


@pytest.mark.parametrize(
    ("action", "state", "annotation", "value"),
    [
        ("pause", "ready", "paused", "true"),
        ("resume", "paused", "paused", None),
        ("approve-plan", "approval-pending", "approve", "0123456789ab"),
    ],
)
def test_an_action_writes_its_annotation_and_nothing_else(
    action: str, state: str, annotation: str, value: str | None, tmp_path: Path
) -> None:
    before = read("SecureBucket", state)
    after = run_script(CUSTOMIZATIONS / "SecureBucket" / "actions" / action / "action.lua", before, tmp_path)
    annotations = dict(after["metadata"].pop("annotations", {}))
    assert annotations.pop(f"securebucket.io/{annotation}", None) == value
    kept = before["metadata"].pop("annotations", {})
    kept.pop(f"securebucket.io/{annotation}", None)
    assert (annotations, after["metadata"]) == (kept, before["metadata"])
    assert json.dumps(after["spec"], sort_keys=True) == json.dumps(before["spec"], sort_keys=True)


def test_checking_now_asks_with_the_time(tmp_path: Path) -> None:
    script = CUSTOMIZATIONS / "SecureBucket" / "actions" / "check-now" / "action.lua"
    asked = run_script(script, read("SecureBucket", "ready"), tmp_path)
    assert asked["metadata"]["annotations"]["securebucket.io/reconcile-at"].endswith("Z")


def test_a_script_gets_no_more_than_argo_cd_gives(tmp_path: Path) -> None:
    """Else what passes here could fail there."""
    for index, text in enumerate(('return ("a"):upper()', "return string.upper('a')", "return os.getenv('HOME')")):
        script = tmp_path / f"{index}.lua"
        script.write_text(text)
        with pytest.raises(AssertionError, match="attempt to"):
            run_script(script, {}, tmp_path)


@pytest.fixture(scope="module")
def installed(kubectl: Kubectl) -> Kubectl:
    """A cluster that knows Argo CD's kinds, with the ConfigMap that its manifests bring."""
    install_definitions(kubectl, ARGO_CD)
    kubectl("create", "namespace", "argocd")
    theirs = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "argocd-cm", "namespace": "argocd", "labels": {"app.kubernetes.io/part-of": "argocd"}},
        "data": {"url": "https://argocd.example.com"},
    }
    applied = kubectl("apply", "-f", "-", stdin=yaml.safe_dump(theirs))
    assert applied.returncode == 0, applied.stderr
    return kubectl


def test_the_api_server_takes_it_without_a_warning(installed: Kubectl) -> None:
    done = installed("apply", "--server-side", "--validate=strict", "-k", str(FOLDER))
    assert (done.returncode, done.stderr) == (0, "")
    for name in ("securebucket", "payments-buckets"):
        for kind in ("application", "appproject"):
            assert f"{kind}.argoproj.io/{name} serverside-applied" in done.stdout


def test_what_argo_cd_was_set_to_is_kept(installed: Kubectl) -> None:
    """Whoever applied it before: kubectl's own way from client-side to server-side apply would remove it."""
    patch = installed("kustomize", str(FOLDER / "settings")).stdout
    arguments = ("configmap", "argocd-cm", "--type=merge", "--patch-file=/dev/stdin")
    done = installed("-n", "argocd", "patch", *arguments, stdin=patch)
    assert (done.returncode, done.stderr) == (0, "")
    data = json.loads(installed("-n", "argocd", "get", "cm", "argocd-cm", "-o", "json").stdout)["data"]
    assert data["url"] == "https://argocd.example.com"
    prefix = "resource.customizations"
    for kind in ("SecureBucket", "BucketException"):
        health = (CUSTOMIZATIONS / kind / "health.lua").read_text()
        assert data[f"{prefix}.health.securebucket.io_{kind}"] == health
    actions = yaml.safe_load(data[f"{prefix}.actions.securebucket.io_SecureBucket"])
    scripts = CUSTOMIZATIONS / "SecureBucket" / "actions"
    assert actions["discovery.lua"] == (scripts / "discovery.lua").read_text()
    assert {each["name"]: each["action.lua"] for each in actions["definitions"]} == {
        each.parent.name: each.read_text() for each in scripts.glob("*/action.lua")
    }


def test_the_component_goes_into_a_kustomization_of_argo_cd(installed: Kubectl, tmp_path: Path) -> None:
    config_map = (FOLDER / "settings" / "config-map.yaml").read_text() + "data: {url: https://argocd.example.com}\n"
    (tmp_path / "argocd-cm.yaml").write_text(config_map)
    (tmp_path / "component").symlink_to(FOLDER / "customizations")
    component = {"resources": ["argocd-cm.yaml"], "components": ["component"]}
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(component))
    built = installed("kustomize", str(tmp_path))
    assert built.returncode == 0, built.stderr
    (merged,) = yaml.safe_load_all(built.stdout)
    assert len(merged["data"]) == 6


def test_the_chart_takes_the_values_of_the_application(control_plane: ControlPlane, tmp_path: Path) -> None:
    """The kinds that come out of it are those that the project lets through."""
    project, application = yaml.safe_load_all((FOLDER / "operator.yaml").read_text())
    source = application["spec"]["source"]
    assert DEPLOY.parent / source["path"] == CHART
    values = source["helm"]["valuesObject"]
    rendered = Helm(control_plane, tmp_path).render(source["helm"]["releaseName"], "securebucket-system", values)
    assert [each["metadata"]["name"] for each in of_kind(rendered, "BucketProfile")] == ["production"]
    cluster_wide = {
        (each["apiVersion"].rpartition("/")[0], each["kind"])
        for each in rendered
        if "namespace" not in each["metadata"]
    }
    allowed = {(each["group"], each["kind"]) for each in project["spec"]["clusterResourceWhitelist"]}
    assert cluster_wide <= allowed


def test_files_of_states_that_are_no_longer_played_are_gone() -> None:
    there = {
        each for kind in ("SecureBucket", "BucketException") for each in (CUSTOMIZATIONS / kind / "testdata").iterdir()
    }
    assert there == {file_of(kind, state) for kind, state, _ in STATES}
