"""The S3 server and the Kubernetes API of the demonstration: its own, or the ones that the environment names."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from securebucket_dev.kube.assets import find_assets
from securebucket_dev.kube.controlplane import ControlPlane
from securebucket_dev.process import ChildProcess
from securebucket_dev.s3.copying_role import make_copying_role
from securebucket_dev.s3.localstack import LocalStack

REPOSITORY = Path(__file__).resolve().parents[3]
PATIENCE = 60.0

Tell = Callable[[str], None]
"""Tells a person what takes long."""


@dataclass(frozen=True, slots=True)
class Place:
    """A server to work with.

    Args:
        address: the S3 endpoint, or the path of the kubeconfig.
        words: what it is, for people.
        given: the environment named it: it was there before, and stays.
    """

    address: str
    words: str
    given: bool = False


@contextmanager
def s3_server(tell: Tell) -> Iterator[Place]:
    """Give the endpoint of AWS_ENDPOINT_URL, or of a LocalStack that ends with us."""
    given = os.environ.get("AWS_ENDPOINT_URL")
    if given:
        make_copying_role(given)
        yield Place(given, f"{given} (AWS_ENDPOINT_URL)", given=True)
        return
    tell("starting LocalStack")
    with LocalStack(progress=tell) as server:
        make_copying_role(server.endpoint)
        yield Place(server.endpoint, f"LocalStack at {server.endpoint}")


@contextmanager
def kubernetes_api(tell: Tell, folder: Path) -> Iterator[Place]:
    """Give the kubeconfig of KUBECONFIG, of a real kube-apiserver (KUBEBUILDER_ASSETS), or of the embedded API."""
    given = os.environ.get("KUBECONFIG")
    if given:
        yield Place(given, f"{given} (KUBECONFIG)", given=True)
    elif os.environ.get("KUBEBUILDER_ASSETS"):
        tell("starting kube-apiserver and etcd")
        with ControlPlane(assets=find_assets()) as plane:
            words = f"kube-apiserver and etcd at {plane.url} (KUBEBUILDER_ASSETS)"
            yield Place(str(plane.admin_kubeconfig), words)
    else:
        tell("starting the embedded Kubernetes API")
        with embedded_api(folder) as kubeconfig:
            yield Place(str(kubeconfig), "the embedded API")


@contextmanager
def embedded_api(folder: Path) -> Iterator[Path]:
    """Run the embedded Kubernetes API as a process of its own; give its kubeconfig.

    Raises:
        ServerError: it did not start; the text carries the end of its log.
    """
    kubeconfig, log = folder / "kubeconfig", folder / "kubeapi.log"
    for old in (kubeconfig, log):
        old.unlink(missing_ok=True)
    command = [sys.executable, "-m", "securebucket_dev.kubeapi", "--port", "0", "--kubeconfig", str(kubeconfig)]
    process = ChildProcess("the embedded Kubernetes API", command, log)
    process.start()
    try:
        process.await_answer(kubeconfig.exists, PATIENCE)
        yield kubeconfig
    finally:
        process.stop()
