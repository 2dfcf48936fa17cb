"""The programs of a page's reader: a folder that comes first on the PATH."""

import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from securebucket_dev.aws_cli import aws_command
from securebucket_dev.kube.helm import find_helm

REPOSITORY = Path(__file__).parents[3]
STAND_IN = Path(__file__).with_name("kubectl_program.py")
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".demo", ".*_cache", ".hypothesis", "__pycache__", "dist", "build", "site", "node_modules"
)
"""What `make clean` removes, and the repository's history."""

AWAIT = """#!/bin/bash
# For what only the test does: run a command again and again until it succeeds.
for _ in $(seq 300); do "$@" >/dev/null 2>&1 && exit; sleep 0.2; done
exec "$@"
"""


def write_programs(folder: Path, real_kubectl: Path, pods: Path) -> None:
    """Write them.

    Args:
        folder: that becomes the first of the PATH.
        real_kubectl: for what needs no kubelet.
        pods: the list that a node writes.
    """
    folder.mkdir()
    modules = {"PYTHONPATH": f"{REPOSITORY}/operator", "PYTHONSAFEPATH": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    python = (sys.executable,)
    _write(folder / "kubectl", (*python, "-IS", str(STAND_IN)), {"KUBECTL": str(real_kubectl), "PODS": str(pods)})
    _write(folder / "helm", (str(find_helm()),))
    _write(folder / "aws", aws_command(), {"PYTHONDONTWRITEBYTECODE": "1"})
    _write(folder / "securebucket", (*python, "-m", "securebucket"), modules)
    _write(folder / "python", python, modules)
    (folder / "await").write_text(AWAIT)
    (folder / "await").chmod(0o755)
    _write_make(folder / "make", folder.parent / "venv")


def _write(file: Path, command: tuple[str, ...], environment: Mapping[str, str] | None = None) -> None:
    variables = [f"export {name}={shlex.quote(value)}\n" for name, value in (environment or {}).items()]
    file.write_text(f'#!/bin/sh\n{"".join(variables)}exec {shlex.join(command)} "$@"\n')
    file.chmod(0o755)


def _write_make(file: Path, environment: Path) -> None:
    """`make` of somebody who has neither a cluster nor an account, with an environment that is set up already."""
    programs = environment / "bin"
    programs.mkdir(parents=True)
    python = programs / "python"
    # What is not in the clone comes from the environment of the tests, which has the same lock file.
    python.write_text(f'#!/bin/sh\nPYTHONPATH="$PWD/operator:$PWD/dev" exec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    ready = environment / ".ready"
    ready.touch()
    os.utime(ready, (2**32, 2**32))  # newer than any file of a clone that is to come
    real = shutil.which("make") or "make"
    without = ("env", "-u", "AWS_ENDPOINT_URL", "-u", "KUBECONFIG")
    _write(file, (*without, real, f"VENV={environment}"))
