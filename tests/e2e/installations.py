"""The ways to install the operator, each on a cluster of its own: by kustomize, by one file, by Helm."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from tests.deploy.manifests import DEPLOY
from tests.e2e.helm import CHART
from tests.e2e.polling import until
from tests.e2e.release_cluster import NAME, NAMESPACE, RELEASE, Cluster

SYSTEM = "securebucket-system"
KINDS = ("securebuckets", "bucketprofiles", "bucketexceptions")
Install = Callable[[Cluster, str], None]
"""Installs the operator; told the address of the S3 server, for ways that can say it."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to install the operator.

    Args:
        name: for people.
        install: does it.
        helm: it is a release of the chart.
        watched: the only namespace that it watches; empty for the whole cluster.
        reports: it writes reports of openreports.io.
        observes: it only observes.
        finalizers: it may put its finalizer on an object.
    """

    name: str
    install: Install
    helm: bool = False
    watched: str = ""
    reports: bool = False
    observes: bool = False
    finalizers: bool = True

    def __str__(self) -> str:
        return self.name

    @property
    def namespace(self) -> str:
        """Where the operator is then."""
        return NAMESPACE if self.helm else SYSTEM

    @property
    def account(self) -> str:
        """The operator's ServiceAccount as a user."""
        return f"system:serviceaccount:{self.namespace}:{NAME}"


def apply(cluster: Cluster, *source: str) -> None:
    """Apply as the documentation says, and take no unknown field."""
    applied = cluster.kubectl("apply", "--server-side", "--validate=strict", *source)
    assert applied.returncode == 0, applied.stderr


def kustomized(folder: str) -> Install:
    """Install a folder of `deploy/`."""
    return lambda cluster, _: apply(cluster, "-k", str(DEPLOY / folder))


def from_one_file(cluster: Cluster, _: str) -> None:
    """Install `deploy/install.yaml`."""
    apply(cluster, "-f", str(DEPLOY / "install.yaml"))


def with_components(*components: str) -> Install:
    """Install the whole-cluster overlay with components of `deploy/`, through an overlay as a user writes it."""

    def install(cluster: Cluster, _: str) -> None:
        apply(cluster, "-k", str(overlay(cluster.folder / "overlay", *components)))

    return install


def overlay(folder: Path, *components: str, base: str = "cluster") -> Path:
    """Write an overlay of a folder of `deploy/` with components, as their own words say."""
    folder.mkdir(exist_ok=True)
    resources, *named = (os.path.relpath(DEPLOY / each, folder) for each in (base, *components))
    (folder / "kustomization.yaml").write_text(yaml.safe_dump({"resources": [resources], "components": named}))
    return folder


def charted(**values: Any) -> Install:
    """Install the chart."""

    def install(cluster: Cluster, endpoint: str) -> None:
        aws = {"endpointUrl": endpoint, "region": "us-east-1"}
        place = ("--namespace", cluster.namespace, "--create-namespace")
        cluster.helm.do("install", RELEASE, str(CHART), *place, values={"aws": aws, **values})

    return install


WAYS = (
    Way("deploy/install.yaml", from_one_file),
    Way("deploy/cluster with deploy/reports", with_components("reports"), reports=True),
    Way("deploy/namespaced", kustomized("namespaced"), watched="payments"),
    Way("deploy/observe-only", kustomized("observe-only"), observes=True, finalizers=False),
    Way("chart", charted(reports={"group": "openreports.io"}), helm=True, reports=True),
    Way(
        "chart for one namespace",
        charted(reports={"group": "openreports.io"}, namespaces=["orders"]),
        helm=True,
        watched="orders",
        reports=True,
    ),
    Way(
        "chart that only observes",
        charted(operator={"observeOnly": True}),
        helm=True,
        observes=True,
        finalizers=False,
    ),
    Way("chart without finalizers", charted(rbac={"finalizers": False}), helm=True, finalizers=False),
)


def install(cluster: Cluster, way: Way, endpoint: str) -> None:
    """Install, and wait until the API server's own view of kinds and roles has caught up."""
    way.install(cluster, endpoint)
    names = [f"crd/{kind}.securebucket.io" for kind in KINDS]
    # As long as a new CRD has no condition at all, `kubectl wait` fails at once.
    until(lambda: cluster.kubectl("wait", "--for=condition=Established", "--timeout=30s", *names).returncode == 0)
    may = ("auth", "can-i", "update", f"leases/{NAME}", "-n", way.namespace, f"--as={way.account}")
    until(lambda: cluster.kubectl(*may).returncode == 0)
