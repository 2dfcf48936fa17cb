"""The S3 server and the Kubernetes API of the demonstration: its own, or the ones that the environment names."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from securebucket_dev.kube.assets import find_assets
from securebucket_dev.kube.controlplane import ControlPlane
from securebucket_dev.s3.localstack import LocalStack

REPOSITORY = Path(__file__).resolve().parents[3]
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the operator and the demonstration connect to.

    Args:
        endpoint: the S3 server; empty means AWS.
        kubeconfig: for kubectl, the operator and us.
        environment: variables for the operator's process.
    """

    endpoint: str
    kubeconfig: Path
    environment: dict[str, str]


@contextmanager
def s3_server(console: Console) -> Iterator[str]:
    """Give the endpoint of AWS_ENDPOINT_URL, or of a LocalStack that ends with us."""
    given = os.environ.get("AWS_ENDPOINT_URL")
    if given:
        console.print(f"S3: {given} (AWS_ENDPOINT_URL)")
        yield given
        return
    with LocalStack(progress=lambda text: console.print(f"[dim]{text}[/]")) as server:
        console.print(f"S3: LocalStack at {server.endpoint}")
        yield server.endpoint


@contextmanager
def kubernetes_api(console: Console, folder: Path) -> Iterator[Path]:
    """Give the kubeconfig of KUBECONFIG, of a real kube-apiserver (KUBEBUILDER_ASSETS), or of the embedded API."""
    given = os.environ.get("KUBECONFIG")
    if given:
        console.print(f"Kubernetes: {given} (KUBECONFIG)")
        yield Path(given)
    elif os.environ.get("KUBEBUILDER_ASSETS"):
        with ControlPlane(assets=find_assets()) as plane:
            console.print(f"Kubernetes: kube-apiserver and etcd at {plane.url} (KUBEBUILDER_ASSETS)")
            yield plane.admin_kubeconfig
    else:
        with embedded_api(folder) as kubeconfig:
            console.print(f"Kubernetes: the embedded API, kubeconfig {kubeconfig}")
            yield kubeconfig


@contextmanager
def embedded_api(folder: Path) -> Iterator[Path]:
    """Run the embedded Kubernetes API as a process of its own."""
    kubeconfig = folder / "kubeconfig"
    kubeconfig.unlink(missing_ok=True)
    command = [sys.executable, "-m", "securebucket_dev.kubeapi", "--port", "0", "--kubeconfig", str(kubeconfig)]
    with (folder / "kubeapi.log").open("w") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, env=os.environ | {"PYTHONPATH": "dev"}
        )
        try:
            deadline = time.monotonic() + PATIENCE
            while not kubeconfig.exists():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the embedded Kubernetes API did not start; see {folder / 'kubeapi.log'}")
                time.sleep(0.05)
            yield kubeconfig
        finally:
            process.terminate()
            process.wait(10)
