"""kubectl: what a person does by hand."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.semantics.client import Client, Server, widget

Kubectl = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def kubectl_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Discovery is cached by address, and addresses come again."""
    return tmp_path_factory.mktemp("kubectl")


@pytest.fixture
def kubectl(api: Client, kube_server: Server, kubectl_cache: Path) -> Kubectl:
    """Run kubectl in the test's namespace; a failure is the test's unless `fails` is set."""
    environment = {**os.environ, "KUBECACHEDIR": str(kubectl_cache), "KUBECTL_KUBERC": "false"}

    def run(
        *arguments: str, stdin: str = "", fails: bool = False, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [kube_server.kubectl, "--kubeconfig", kube_server.kubeconfig, "-n", api.namespace, *arguments],
            input=stdin,
            env={**environment, **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done

    return run


def text(**spec: object) -> str:
    return json.dumps(widget("one", {"region": "eu-1", **spec}))


def test_apply_creates_then_changes_then_leaves(kubectl: Kubectl) -> None:
    assert "created" in kubectl("apply", "-f", "-", stdin=text(size=1)).stdout
    assert "unchanged" in kubectl("apply", "-f", "-", stdin=text(size=1)).stdout
    assert "configured" in kubectl("apply", "-f", "-", stdin=text()).stdout
    assert (
        kubectl("get", "wdg", "one", "-o", "jsonpath={.spec}").stdout
        == '{"mode":"Enforce","note":"none","region":"eu-1"}'
    )


def test_apply_refuses_a_misspelt_field(kubectl: Kubectl) -> None:
    failed = kubectl("apply", "-f", "-", stdin=text(siez=1), fails=True)
    assert 'unknown field "spec.siez"' in failed.stderr


def test_apply_tells_the_rule_that_is_broken(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=text())
    failed = kubectl("apply", "-f", "-", stdin=text(region="us-1"), fails=True)
    assert "region is immutable" in failed.stderr


def test_apply_on_the_server(kubectl: Kubectl) -> None:
    applied = kubectl("apply", "--server-side", "-f", "-", stdin=text(size=1))
    assert "serverside-applied" in applied.stdout
    failed = kubectl("apply", "--server-side", "--field-manager=other", "-f", "-", stdin=text(size=2), fails=True)
    assert 'conflict with "kubectl": .spec.size' in failed.stderr
    kubectl("apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f", "-", stdin=text(size=2))


def test_apply_goes_over_to_the_server(kubectl: Kubectl) -> None:
    """Kubectl takes its own client-side fields over, so that giving one up removes it."""
    kubectl("apply", "-f", "-", stdin=text(size=1))
    kubectl("apply", "--server-side", "-f", "-", stdin=text(size=2))
    kubectl("apply", "--server-side", "-f", "-", stdin=text())
    assert kubectl("get", "widget", "one", "-o", "jsonpath={.spec.size}").stdout == ""


def test_diff_shows_what_would_change(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=text(size=1))
    shown = kubectl("diff", "-f", "-", stdin=text(size=2), fails=True)
    assert "-  size: 1" in shown.stdout
    assert "+  size: 2" in shown.stdout


def test_get_prints_the_columns(api: Client, kubectl: Kubectl) -> None:
    api.post(api.widgets, widget("one"))
    assert kubectl("get", "widgets").stdout.split()[:5] == ["NAME", "MODE", "READY", "SCORE", "AGE"]
    wide = kubectl("get", "wdg", "-o", "wide").stdout.split()
    assert wide[:6] == ["NAME", "MODE", "READY", "SCORE", "REGION", "AGE"]
    assert wide[6:9] == ["one", "Enforce", "eu-1"]


def test_get_yaml_and_names(api: Client, kubectl: Kubectl) -> None:
    api.post(api.widgets, widget("one"))
    assert "region: eu-1" in kubectl("get", "widget/one", "-o", "yaml").stdout
    assert kubectl("get", "semantics", "-o", "name").stdout.split() == ["widget.semantics.example.io/one"]
    assert kubectl("get", "widgets", "-A", "--field-selector=metadata.name=none", "-o", "name").stdout == ""


def test_explain(kubectl: Kubectl) -> None:
    shown = kubectl("explain", "widget.spec.mode").stdout
    assert "How hard it tries." in shown
    assert "Enforce" in shown
    assert "rules\t<[]Object>" in kubectl("explain", "wdg.spec").stdout


def test_wait_for_a_condition_and_a_value(api: Client, kubectl: Kubectl) -> None:
    api.post(api.widgets, widget("one"))
    api.patch(f"{api.widgets}/one/status", {"status": {"conditions": [{"type": "Ready", "status": "True"}]}})
    kubectl("wait", "--for=condition=Ready", "widget/one", "--timeout=10s")
    kubectl("wait", "--for=jsonpath={.spec.region}=eu-1", "widget/one", "--timeout=10s")
    failed = kubectl("wait", "--for=condition=Other", "widget/one", "--timeout=1s", fails=True)
    assert "timed out" in failed.stderr


def test_patch_label_and_annotate(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=text())
    kubectl("patch", "widget", "one", "--type=merge", "-p", '{"spec":{"size":3}}')
    kubectl("patch", "widget", "one", "--type=json", "-p", '[{"op":"add","path":"/spec/zones","value":["a"]}]')
    kubectl("patch", "widget", "one", "--subresource=status", "--type=merge", "-p", '{"status":{"score":9}}')
    kubectl("label", "widget", "one", "team=a")
    kubectl("annotate", "widget", "one", "example.io/x=y")
    found = json.loads(kubectl("get", "widgets", "-l", "team=a", "-o", "json").stdout)["items"][0]
    assert (found["spec"]["size"], found["spec"]["zones"], found["status"]["score"]) == (3, ["a"], 9)
    assert found["metadata"]["annotations"]["example.io/x"] == "y"


def test_edit_and_replace(kubectl: Kubectl, tmp_path: Path) -> None:
    kubectl("apply", "-f", "-", stdin=text(size=1))
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/size: 1/size: 4/' \"$1\"\n")
    editor.chmod(0o700)
    kubectl("edit", "widget", "one", KUBE_EDITOR=str(editor))
    assert kubectl("get", "widget", "one", "-o", "jsonpath={.spec.size}").stdout == "4"
    kubectl("replace", "-f", "-", stdin=text(size=5))
    assert kubectl("get", "widget", "one", "-o", "jsonpath={.spec.size}").stdout == "5"


def test_describe_shows_the_events(api: Client, kubectl: Kubectl) -> None:
    created = api.post(api.widgets, widget("one"))
    about = {"kind": "Widget", "name": "one", "namespace": api.namespace, "uid": created.metadata["uid"]}
    body = {
        "metadata": {"name": "e"},
        "regarding": {**about, "apiVersion": "semantics.example.io/v1alpha1"},
        "reason": "Corrected",
        "note": "Put it right.",
        "type": "Normal",
        "action": "Check",
        "eventTime": "2026-01-01T00:00:00.000001Z",
        "reportingController": "example.io/operator",
        "reportingInstance": "pod-1",
    }
    assert api.post(f"/apis/events.k8s.io/v1/namespaces/{api.namespace}/events", body).code == 201
    shown = kubectl("describe", "widget", "one").stdout
    assert "Region:  eu-1" in shown
    assert "Corrected" in shown
    assert "Put it right." in shown
    assert "Put it right." in kubectl("events", "--for", "widget/one").stdout


def test_delete_waits_for_the_end(api: Client, kubectl: Kubectl) -> None:
    api.post(api.widgets, widget("one"))
    assert 'widget.semantics.example.io "one" deleted' in kubectl("delete", "widget", "one").stdout
    assert "NotFound" in kubectl("get", "widget", "one", fails=True).stderr


def test_create_from_the_command_line(api: Client, kubectl: Kubectl) -> None:
    """These send protobuf where a server takes it."""
    kubectl("create", "configmap", "c", "--from-literal=a=b")
    kubectl("create", "secret", "generic", "s", "--from-literal=a=b")
    kubectl("create", "serviceaccount", "a")
    kubectl("create", "role", "r", "--verb=get,list", "--resource=configmaps")
    kubectl("create", "rolebinding", "b", "--role=r", f"--serviceaccount={api.namespace}:a")
    assert api.get(api.core("configmaps/c")).body["data"] == {"a": "b"}
    assert api.get(api.core("secrets/s")).body["data"] == {"a": "Yg=="}
    assert api.get(api.core("serviceaccounts/a")).code == 200
    rbac = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{api.namespace}"
    rules = [{"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"]}]
    assert api.get(f"{rbac}/roles/r").body["rules"] == rules
    binding = api.get(f"{rbac}/rolebindings/b").body
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "a", "namespace": api.namespace}]
    assert binding["roleRef"] == {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"}


def test_namespace_from_the_command_line(api: Client, kubectl: Kubectl) -> None:
    kubectl("create", "namespace", f"{api.namespace}-two")
    assert api.get(f"/api/v1/namespaces/{api.namespace}-two").code == 200


def test_may_i(kubectl: Kubectl) -> None:
    assert kubectl("auth", "can-i", "create", "widgets").stdout.strip() == "yes"


def test_resources_are_listed(kubectl: Kubectl) -> None:
    shown = kubectl("api-resources", "--api-group=semantics.example.io").stdout
    assert "widgets" in shown
    assert "wdg" in shown
