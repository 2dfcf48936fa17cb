"""What the end-to-end tests share: one real control plane a session, and its kubectl.

They run with `pytest tests/e2e`, and need the programs that `make envtest` builds.
"""

import os
import subprocess
from collections.abc import Callable, Iterator

import pytest

from securebucket_dev.kube.assets import find_assets
from securebucket_dev.kube.controlplane import ControlPlane
from securebucket_dev.kube.identity import User

Kubectl = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    folder = tmp_path_factory.mktemp("control-plane")
    with ControlPlane(
        find_assets(), users=[User("unprivileged")], audit_log=folder / "audit.log", logs=folder
    ) as running:
        yield running


@pytest.fixture(scope="session")
def kubectl(control_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Kubectl:
    """Run kubectl as a user: `kubectl("get", "pods", user="admin", stdin="")`."""
    environment = {**os.environ, "KUBECACHEDIR": str(tmp_path_factory.mktemp("kubectl"))}

    def run(*arguments: str, user: str = "admin", stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [control_plane.kubectl, "--kubeconfig", control_plane.kubeconfig(user), *arguments]
        return subprocess.run(
            command, input=stdin, env=environment, capture_output=True, text=True, check=False, timeout=60
        )

    return run
