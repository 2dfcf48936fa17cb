"""kubectl, the one of the control plane."""

import os
import subprocess
from pathlib import Path

from securebucket_dev.kube.controlplane import ControlPlane


class Kubectl:
    """Runs kubectl: `kubectl("get", "pods", user="admin", stdin="")`; its exit code is for the test to judge."""

    def __init__(self, control_plane: ControlPlane, cache: Path) -> None:
        self._control_plane = control_plane
        self._environment = {**os.environ, "KUBECACHEDIR": str(cache)}

    def __call__(self, *arguments: str, user: str = "admin", stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        kubeconfig = self._control_plane.kubeconfig(user)
        command = [self._control_plane.kubectl, "--kubeconfig", kubeconfig, *arguments]
        return subprocess.run(
            command, input=stdin, env=self._environment, capture_output=True, text=True, check=False, timeout=60
        )
