"""A cluster of its own for an installation of the operator, and the operator as one of its pods would run.

Nobody runs pods here. The operator is a process of ours with the token that the API server gives to the ServiceAccount,
and with the arguments and the environment of the Deployment that was installed.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from tests.e2e.api import MERGE, Api, Body
from tests.e2e.helm import Helm
from tests.e2e.kubectl import Kubectl

from securebucket_dev.demo.operator_process import OperatorProcess, operator_process
from securebucket_dev.kube.assets import find_assets
from securebucket_dev.kube.controlplane import ControlPlane
from securebucket_dev.kube.identity import User, write_kubeconfig
from securebucket_dev.s3.localstack import LocalStack

RELEASE = "securebucket"
NAMESPACE = "platform"
NAME = "securebucket-operator"
ACCOUNT = f"system:serviceaccount:{NAMESPACE}:{NAME}"
DEPLOYMENT = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/{NAME}"
"""Of a release that Helm installs."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A control plane of its own, on which nothing of ours was ever installed.

    Args:
        endpoint: of the S3 server.
        folder: for logs and kubeconfigs.
        namespace: where the operator is installed.
    """

    plane: ControlPlane
    api: Api
    kubectl: Kubectl
    helm: Helm
    endpoint: str
    folder: Path
    namespace: str = NAMESPACE

    def deployment(self) -> Body:
        """Read what was installed."""
        return self.api.do("GET", f"/apis/apps/v1/namespaces/{self.namespace}/deployments/{NAME}")

    def report_ready_pods(self) -> None:
        """Say what the controllers would say of a Deployment whose pods are ready."""
        deployment = self.deployment()
        reasons = {"Available": "MinimumReplicasAvailable", "Progressing": "NewReplicaSetAvailable"}
        conditions = [{"type": kind, "status": "True", "reason": reason} for kind, reason in reasons.items()]
        replicas = deployment["spec"]["replicas"]
        counts = ("replicas", "readyReplicas", "availableReplicas", "updatedReplicas")
        status: Body = {**dict.fromkeys(counts, replicas), "conditions": conditions}
        status["observedGeneration"] = deployment["metadata"]["generation"]
        self.api.do("PATCH", f"{DEPLOYMENT}/status", {"status": status}, MERGE)
        path = f"/apis/policy/v1/namespaces/{NAMESPACE}/poddisruptionbudgets/{NAME}"
        budget = {"expectedPods": replicas, "currentHealthy": replicas, "desiredHealthy": 1, "disruptionsAllowed": 1}
        budget["observedGeneration"] = self.api.do("GET", path)["metadata"]["generation"]
        self.api.do("PATCH", f"{path}/status", {"status": budget}, MERGE)

    def kubeconfig(self) -> Path:
        """Write a kubeconfig as whoever a pod of the Deployment would be."""
        account = self.deployment()["spec"]["template"]["spec"]["serviceAccountName"]
        path = f"/api/v1/namespaces/{self.namespace}/serviceaccounts/{account}/token"
        asked = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 3600}}
        token = self.api.do("POST", path, asked)["status"]["token"]
        file = self.folder / "kubeconfig"
        write_kubeconfig(file, self.plane.url, self.plane.authority, User(account, token=token))
        return file

    def run(
        self, *more: str, endpoint: str = "", operator: Path | None = None
    ) -> AbstractContextManager[OperatorProcess]:
        """Run what the Deployment says; the Lease's namespace stands for the file that a pod would have.

        Args:
            more: further arguments.
            endpoint: of the S3 server, where the Deployment names none.
            operator: a folder with another release's package, in place of the working tree's.
        """
        (container,) = self.deployment()["spec"]["template"]["spec"]["containers"]
        assert container["command"] == ["securebucket"]
        assert container["args"][0] == "run"
        environment = self._environment()
        if operator is not None:
            environment |= {"PYTHONPATH": str(operator), "PYTHONSAFEPATH": "1"}
        log = self.folder / f"operator-{time.monotonic_ns()}.log"
        arguments = (*container["args"][1:], f"--lease-namespace={self.namespace}", *more)
        return operator_process(self.kubeconfig(), endpoint, log, arguments=arguments, environment=environment)

    def doctor(self, *, endpoint: str = "") -> tuple[int, str]:
        """Run `securebucket doctor` as in a pod of the Deployment; gives its exit code and what it says."""
        environment = self._environment() | {"POD_NAMESPACE": self.namespace}
        return self._diagnose([], environment | ({"AWS_ENDPOINT_URL": endpoint} if endpoint else {}))

    def helm_test(self) -> tuple[int, str]:
        """Run what the test pod of the release would; gives its exit code and what it says."""
        hooks = yaml.safe_load_all(self.helm.do("get", "hooks", RELEASE, "--namespace", self.namespace))
        (pod,) = (each for each in hooks if each["kind"] == "Pod")
        (container,) = pod["spec"]["containers"]
        assert container["args"][0] == "doctor"
        return self._diagnose(container["args"][1:], {each["name"]: each["value"] for each in container["env"]})

    def _diagnose(self, arguments: list[str], environment: dict[str, str]) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "securebucket", "doctor", *arguments],
            env={**os.environ, "KUBECONFIG": str(self.kubeconfig()), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return done.returncode, done.stdout + done.stderr

    def _environment(self) -> dict[str, str]:
        (container,) = self.deployment()["spec"]["template"]["spec"]["containers"]
        return {each["name"]: each.get("value", "a-pod") for each in container["env"]}

    def exists(self, path: str) -> bool:
        """Tell whether an object is there."""
        return self.api.ask("GET", path).status == 200


@contextmanager
def new_cluster(localstack: LocalStack, folder: Path, namespace: str = NAMESPACE) -> Iterator[Cluster]:
    """Start a control plane on which nothing of ours was ever installed, for an operator in a namespace."""
    with ControlPlane(find_assets(), audit_log=folder / "audit.log", logs=folder) as plane:
        api = Api(plane)
        (folder / "helm").mkdir()
        kubectl, helm = Kubectl(plane, folder / "kubectl"), Helm(plane, folder / "helm")
        yield Cluster(plane, api, kubectl, helm, localstack.endpoint, folder, namespace)
        api.close()
