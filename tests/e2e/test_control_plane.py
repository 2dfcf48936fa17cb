"""The launcher of the real control plane: what the other end-to-end tests stand on."""

import http.client
import json
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import yaml

from securebucket_dev.kube.assets import find_assets, read_recipe
from securebucket_dev.kube.controlplane import ControlPlane

CRD = """
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: jars.tests.securebucket.io}
spec:
  group: tests.securebucket.io
  scope: Namespaced
  names: {kind: Jar, plural: jars, singular: jar}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              size: {type: integer}
              limit: {type: integer}
            x-kubernetes-validations:
            - {rule: self.size <= self.limit, message: a jar holds no more than its limit}
"""


def jar(size: int) -> str:
    spec = {"size": size, "limit": 3}
    return yaml.safe_dump(
        {"apiVersion": "tests.securebucket.io/v1", "kind": "Jar", "metadata": {"name": "j"}, "spec": spec}
    )


def await_true(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def get(control_plane: ControlPlane, path: str, timeout: float = 30) -> tuple[int, str]:
    context = ssl.create_default_context(cafile=str(control_plane.authority))
    address = control_plane.url.removeprefix("https://")
    connection = http.client.HTTPSConnection(address, context=context, timeout=timeout)
    try:
        connection.request("GET", path, headers={"Authorization": f"Bearer {control_plane.user('admin').token}"})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_the_server_says_the_pinned_version(control_plane):
    status, body = get(control_plane, "/version")
    assert (status, json.loads(body)["gitVersion"]) == (200, read_recipe().kubernetes)


def test_kubectl_reads_back_what_it_applied(kubectl):
    applied = kubectl("create", "configmap", "noted", "--from-literal=answer=42")
    assert applied.returncode == 0, applied.stderr
    assert kubectl("get", "configmap", "noted", "-o", "jsonpath={.data.answer}").stdout == "42"


def test_rbac_denies_what_was_not_granted_and_allows_what_was(kubectl):
    denied = kubectl("get", "leases", user="unprivileged")
    assert denied.returncode == 1
    assert 'User "unprivileged" cannot list resource "leases"' in denied.stderr

    kubectl("create", "role", "lease-reader", "--verb=list", "--resource=leases.coordination.k8s.io")
    kubectl("create", "rolebinding", "lease-reader", "--role=lease-reader", "--user=unprivileged")
    await_true(lambda: kubectl("get", "leases", user="unprivileged").returncode == 0)


def test_a_crds_cel_rule_is_enforced(kubectl):
    assert kubectl("apply", "-f", "-", stdin=CRD).returncode == 0
    established = kubectl("wait", "--for=condition=Established", "crd/jars.tests.securebucket.io", "--timeout=30s")
    assert established.returncode == 0, established.stderr

    accepted = kubectl("apply", "-f", "-", stdin=jar(size=3))
    assert accepted.returncode == 0, accepted.stderr
    refused = kubectl("apply", "-f", "-", stdin=jar(size=4))
    assert refused.returncode == 1
    assert "a jar holds no more than its limit" in refused.stderr


def test_each_answered_request_is_in_the_audit_log_with_its_user(kubectl, control_plane):
    kubectl("get", "secrets", "-n", "audited", user="unprivileged")

    def requests() -> list[tuple[str, str, int]]:
        events = [json.loads(line) for line in (control_plane.logs / "audit.log").read_text().splitlines()]
        there = [event for event in events if event.get("objectRef", {}).get("namespace") == "audited"]
        return [(event["user"]["username"], event["verb"], event["responseStatus"]["code"]) for event in there]

    # The line is written just after the answer is sent.
    await_true(lambda: requests() == [("unprivileged", "list", 403)])


def test_the_api_goes_away_comes_back_and_leaves_nothing_behind():
    """In one test, since a control plane of its own takes seconds."""
    with ControlPlane(find_assets()) as own:
        folder = own.authority.parent
        pid = own.apiserver_pid
        before = json.loads(get(own, "/api/v1/namespaces/default")[1])["metadata"]["uid"]

        own.stop_apiserver()
        with pytest.raises(ConnectionRefusedError):
            get(own, "/readyz")
        own.start_apiserver()
        assert json.loads(get(own, "/api/v1/namespaces/default")[1])["metadata"]["uid"] == before

        own.pause_apiserver()
        with pytest.raises(TimeoutError):
            get(own, "/readyz", timeout=0.5)
        own.resume_apiserver()
        assert get(own, "/readyz") == (200, "ok")

        children = children_within(folder)
        assert sorted(child.name() for child in children) == ["etcd", "kube-apiserver"]
        assert pid not in {child.pid for child in children}
    assert not any(child.is_running() for child in children)
    assert not folder.exists()


def children_within(folder: Path) -> list[psutil.Process]:
    """Our child processes that were started for this control plane."""
    return [child for child in psutil.Process().children() if any(str(folder) in word for word in child.cmdline())]
