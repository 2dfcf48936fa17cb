"""The operator and its CRDs: in which order they come, and what happens when they go."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from tests.e2e.conftest import CRDS
from tests.e2e.kubectl import Kubectl
from tests.e2e.polling import until

from securebucket_dev.demo.operator_process import OperatorProcess, operator_process
from securebucket_dev.kube.assets import find_assets
from securebucket_dev.kube.controlplane import ControlPlane
from securebucket_dev.s3.localstack import LocalStack


@pytest.fixture(scope="module")
def bare_cluster() -> Iterator[ControlPlane]:
    """A control plane of our own: on the shared one, the definitions stay."""
    with ControlPlane(find_assets()) as running:
        yield running


@pytest.fixture
def early(bare_cluster: ControlPlane, localstack: LocalStack, tmp_path: Path) -> Iterator[OperatorProcess]:
    """An operator that nobody has installed the definitions for."""
    log = tmp_path / "operator.log"
    with operator_process(bare_cluster.admin_kubeconfig, localstack.endpoint, log, await_ready=False) as running:
        yield running


def test_it_waits_for_its_definitions_at_the_start_and_when_they_go(
    bare_cluster: ControlPlane, early: OperatorProcess, tmp_path: Path
) -> None:
    """In one test, since a control plane of its own takes seconds."""
    kubectl = Kubectl(bare_cluster, tmp_path / "kubectl")
    until(lambda: "not installed: bucketprofiles, securebuckets" in unready_because(early))

    applied = kubectl("apply", "--server-side", "-k", str(CRDS))
    assert applied.returncode == 0, applied.stderr
    until(early.ready)

    deleted = kubectl("delete", "-k", str(CRDS), "--timeout=30s")
    assert deleted.returncode == 0, deleted.stderr
    until(lambda: "not installed: bucketprofiles, securebuckets" in unready_because(early))

    applied = kubectl("apply", "--server-side", "-k", str(CRDS))
    assert applied.returncode == 0, applied.stderr
    until(early.ready)


def unready_because(operator: OperatorProcess) -> str:
    try:
        return urllib3.request("GET", f"{operator.health}/readyz", retries=False, timeout=5).data.decode()
    except urllib3.exceptions.HTTPError:  # it does not listen yet
        return ""
