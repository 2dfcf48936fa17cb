"""Stands for the kubelet and the controllers of Deployments: runs the operator as its Deployments say.

There is one process for all replicas of a Deployment, with the token of its ServiceAccount. It gets the arguments and
the environment of the template, and AWS settings as the agent of EKS Pod Identity would bring them.
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.e2e.api import MERGE, Api, Body

from securebucket_dev.demo.operator_process import OperatorProcess, free_port, operator_process
from securebucket_dev.kube.controlplane import ControlPlane
from securebucket_dev.kube.identity import User, write_kubeconfig

PORTS = ("8080", "8081", "8082")
"""Of a pod, in the order of `operator_process`: metrics, health, report."""


@dataclass
class Pod:
    """A process, and the object that tells of it."""

    namespace: str
    name: str
    template: str
    process: OperatorProcess
    environment: dict[str, str]
    stack: ExitStack
    labels: dict[str, str]
    deployment: str
    reported: str = ""


class Node:
    """A context manager; a thread looks at the Deployments until it ends.

    Args:
        plane: whose Deployments are run.
        folder: where kubeconfigs, logs and `pods.json` go, the list that `kubectl_program.py` reads.
        environment: what every pod has.
    """

    def __init__(self, plane: ControlPlane, folder: Path, environment: Mapping[str, str]) -> None:
        self._plane = plane
        self._api = Api(plane)
        self._folder = folder
        self._environment = dict(environment)
        self._pods: dict[tuple[str, str], Pod] = {}
        self._ports: dict[tuple[str, str], tuple[int, int, int]] = {}
        self._previous: dict[tuple[str, str], str] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._fault: BaseException | None = None
        self._write()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        for key in list(self._pods):
            self._pods.pop(key).stack.close()
        self._api.close()

    @property
    def pods_file(self) -> Path:
        """The list of the pods that run."""
        return self._folder / "pods.json"

    def check(self) -> None:
        """Raise what ended the thread, if anything did."""
        if self._fault is not None:
            raise self._fault

    def runs(self) -> bool:
        """Tell whether any pod is there."""
        self.check()
        return bool(self._pods)

    def ports(self, namespace: str, deployment: str) -> tuple[int, int, int]:
        """Give the real ports of a Deployment's pod; they stay the same over restarts."""
        return self._ports.setdefault((namespace, deployment), (free_port(), free_port(), free_port()))

    def _work(self) -> None:
        try:
            while not self._ended.wait(0.1):
                self._look()
        except BaseException as fault:  # noqa: BLE001 - it is raised where somebody waits for the node
            self._fault = fault

    def _look(self) -> None:
        wanted: dict[tuple[str, str], Body] = {}
        for each in self._api.do("GET", "/apis/apps/v1/deployments")["items"]:
            container = each["spec"]["template"]["spec"]["containers"][0]
            if container.get("command") == ["securebucket"] and each["spec"]["replicas"]:
                wanted[each["metadata"]["namespace"], each["metadata"]["name"]] = each
        for key in [each for each in self._pods if each not in wanted]:
            self._stop(key)
        for key, deployment in wanted.items():
            self._tend(key, deployment)

    def _tend(self, key: tuple[str, str], deployment: Body) -> None:
        template = json.dumps(deployment["spec"]["template"], sort_keys=True)
        if key in self._pods and (
            self._pods[key].template != template or self._pods[key].process.process.exit_code is not None
        ):
            self._stop(key)  # and started again: as new, or because it has ended
        if key not in self._pods:
            account = deployment["spec"]["template"]["spec"]["serviceAccountName"]
            if self._api.ask("GET", f"/api/v1/namespaces/{key[0]}/serviceaccounts/{account}").status == 200:
                self._start(key, deployment, template)
        if key in self._pods:
            self._report(self._pods[key], deployment)

    def _start(self, key: tuple[str, str], deployment: Body, template: str) -> None:
        namespace, name = key
        spec = deployment["spec"]["template"]["spec"]
        container = spec["containers"][0]
        digest = hashlib.sha256(template.encode()).hexdigest()[:10]
        pod = f"{name}-{digest}-{secrets.token_hex(3)[:5]}"
        metrics, health, report = self.ports(namespace, name)
        log = self._folder / f"{namespace}-{pod}.log"
        environment = {
            **self._environment,
            "SECUREBUCKET_OPERATOR": f"http://127.0.0.1:{report}",
            **self._variables(namespace, pod, container),
        }
        kubeconfig = self._kubeconfig(namespace, spec["serviceAccountName"])
        if kubeconfig is None:
            return  # the account or its namespace is going; the next look knows more
        made = self._api.ask("POST", f"/api/v1/namespaces/{namespace}/pods", _pod(pod, namespace, deployment, digest))
        if made.status != 201:
            return
        stack = ExitStack()
        process = stack.enter_context(
            operator_process(
                kubeconfig,
                "",
                log,
                arguments=(*container["args"][1:], f"--lease-namespace={namespace}"),
                environment=environment,
                await_ready=False,
                ports=(metrics, health, report),
            )
        )
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        environment["KUBECONFIG"] = str(kubeconfig)
        self._pods[key] = Pod(namespace, pod, template, process, environment, stack, labels, name)
        self._write()

    def _stop(self, key: tuple[str, str]) -> None:
        pod = self._pods.pop(key)
        pod.stack.close()
        self._previous[key] = str(pod.process.log)
        self._api.ask("DELETE", f"/api/v1/namespaces/{pod.namespace}/pods/{pod.name}?gracePeriodSeconds=0")
        self._write()

    def _report(self, pod: Pod, deployment: Body) -> None:
        """Say what the controllers would say, once for each generation and readiness."""
        generation = deployment["metadata"]["generation"]
        if pod.reported == f"{generation} True":
            return
        ready = pod.process.ready()
        said = f"{generation} {ready}"
        if pod.reported == said:
            return
        replicas = deployment["spec"]["replicas"]
        counts = {"replicas": replicas, "updatedReplicas": replicas}
        if ready:
            counts |= {"readyReplicas": replicas, "availableReplicas": replicas}
        reasons = {"Available": "MinimumReplicasAvailable", "Progressing": "NewReplicaSetAvailable"}
        state = "True" if ready else "False"
        conditions = [{"type": kind, "status": state, "reason": reason} for kind, reason in reasons.items()]
        status: Body = {**counts, "conditions": conditions, "observedGeneration": generation}
        path = f"/apis/apps/v1/namespaces/{pod.namespace}/deployments/{pod.deployment}/status"
        self._api.ask("PATCH", path, {"status": status}, MERGE)
        began = {"type": "Ready", "status": state}
        container = {"name": "operator", "ready": ready, "restartCount": 0, "image": "securebucket", "imageID": ""}
        container["state"] = {"running": {}}
        body: Body = {"status": {"phase": "Running", "podIP": "127.0.0.1", "conditions": [began]}}
        body["status"]["containerStatuses"] = [container]
        self._api.ask("PATCH", f"/api/v1/namespaces/{pod.namespace}/pods/{pod.name}/status", body, MERGE)
        self._report_budget(pod, replicas if ready else 0)
        pod.reported = said

    def _report_budget(self, pod: Pod, healthy: int) -> None:
        path = f"/apis/policy/v1/namespaces/{pod.namespace}/poddisruptionbudgets/{pod.deployment}"
        found = self._api.ask("GET", path)
        if found.status == 200:
            budget = {"expectedPods": healthy, "currentHealthy": healthy, "desiredHealthy": 1, "disruptionsAllowed": 1}
            budget["observedGeneration"] = found.body["metadata"]["generation"]
            self._api.ask("PATCH", f"{path}/status", {"status": budget}, MERGE)

    def _variables(self, namespace: str, pod: str, container: Body) -> dict[str, str]:
        """Give what `envFrom` and `env` of a container say."""
        found: dict[str, str] = {}
        for source in container.get("envFrom", ()):
            for kind in ("secret", "configMap"):
                if f"{kind}Ref" in source:
                    found |= self._data(namespace, kind, source[f"{kind}Ref"]["name"])
        for each in container.get("env", ()):
            origin = each.get("valueFrom", {})
            if "secretKeyRef" in origin:
                reference = origin["secretKeyRef"]
                found[each["name"]] = self._data(namespace, "secret", reference["name"])[reference["key"]]
            elif "fieldRef" in origin:
                found[each["name"]] = {"metadata.name": pod, "metadata.namespace": namespace}[
                    origin["fieldRef"]["fieldPath"]
                ]
            else:
                found[each["name"]] = each.get("value", "")
        return found

    def _data(self, namespace: str, kind: str, name: str) -> dict[str, str]:
        answer = self._api.ask("GET", f"/api/v1/namespaces/{namespace}/{kind.lower()}s/{name}")
        data: dict[str, Any] = answer.body.get("data") or {}
        return {key: base64.b64decode(value).decode() for key, value in data.items()} if kind == "secret" else data

    def _kubeconfig(self, namespace: str, account: str) -> Path | None:
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token"
        asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 3600}}
        answer = self._api.ask("POST", path, asked)
        if answer.status != 201:
            return None
        token = answer.body["status"]["token"]
        file = self._folder / f"kubeconfig-{namespace}-{account}"
        write_kubeconfig(file, self._plane.url, self._plane.authority, User(account, token=token))
        return file

    def _write(self) -> None:
        pods = [
            {
                "namespace": each.namespace,
                "deployment": each.deployment,
                "pod": each.name,
                "labels": each.labels,
                "pid": each.process.process.pid,
                "log": str(each.process.log),
                "previous": self._previous.get((each.namespace, each.deployment), ""),
                "environment": each.environment,
                "ports": dict(zip(PORTS, self.ports(each.namespace, each.deployment), strict=True)),
            }
            for each in self._pods.values()
        ]
        written = self.pods_file.with_suffix(".new")
        written.write_text(json.dumps(pods))
        written.replace(self.pods_file)


def _pod(name: str, namespace: str, deployment: Body, digest: str) -> Body:
    """Write the object of a pod that was put onto a node."""
    template = deployment["spec"]["template"]
    labels = {**template["metadata"]["labels"], "pod-template-hash": digest}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {**template["spec"], "nodeName": "a-node"},
    }
