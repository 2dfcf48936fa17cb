"""Helm, as a platform team runs it."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from securebucket_dev.kube.controlplane import ControlPlane
from securebucket_dev.kube.helm import find_helm

Document = dict[str, Any]

CHART = Path(__file__).parents[2] / "charts" / "securebucket"


class Helm:
    """Runs Helm with folders of its own: `helm("lint", str(CHART))`; its exit code is for the test to judge."""

    def __init__(self, control_plane: ControlPlane, folder: Path) -> None:
        self._program = find_helm()
        self._folder = folder
        homes = {f"HELM_{each}_HOME": str(folder / each.lower()) for each in ("CACHE", "CONFIG", "DATA")}
        self._environment = {**os.environ, **homes, "KUBECONFIG": str(control_plane.admin_kubeconfig)}

    def __call__(self, *arguments: str, values: Document | None = None) -> subprocess.CompletedProcess[str]:
        """Run it to its end, with values as a file if given."""
        command = [str(self._program), *arguments]
        if values is not None:
            command += ["--values", "-"]
        return subprocess.run(
            command,
            input=yaml.safe_dump(values or {}),
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def do(self, *arguments: str, values: Document | None = None) -> str:
        """Run it; it must succeed, and what it prints is given."""
        done = self(*arguments, values=values)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def render(self, release: str, namespace: str, values: Document) -> list[Document]:
        """Give what the chart makes of values."""
        text = self.do("template", release, str(CHART), "--namespace", namespace, values=values)
        return [each for each in yaml.safe_load_all(text) if each]


def of_kind(documents: list[Document], kind: str) -> Iterator[Document]:
    """Give the documents of a kind."""
    return (each for each in documents if each["kind"] == kind)
