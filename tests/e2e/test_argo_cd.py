"""`deploy/argocd`: Argo CD's own definitions take it, and what Argo CD was set to before is kept."""

import json
from pathlib import Path

import pytest
import yaml
from tests.e2e.conftest import DEPLOY
from tests.e2e.gitops_definitions import ARGO_CD, install_definitions
from tests.e2e.helm import CHART, Helm, of_kind
from tests.e2e.kubectl import Kubectl
from tests.e2e.recorded import CUSTOMIZATIONS

from securebucket_dev.kube.controlplane import ControlPlane

FOLDER = DEPLOY / "argocd"


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
