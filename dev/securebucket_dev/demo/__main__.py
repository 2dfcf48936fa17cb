"""`make demo`: set up, apply the examples, watch them converge, tamper, watch that being corrected, count.

KEEP=1 keeps everything running. AWS_ENDPOINT_URL, KUBECONFIG and KUBEBUILDER_ASSETS name servers to use instead of the
built-in ones; in a cluster that was named, the operator looks at the namespace of the examples only.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from kubernetes.client import ApiException
from kubernetes.config import ConfigException
from rich.console import Console
from rich.markup import escape
from urllib3.exceptions import HTTPError

from securebucket_dev.demo.cluster import (
    apply_files,
    connect,
    list_buckets,
    make_namespace,
    read_files,
    remove_files,
)
from securebucket_dev.demo.environment import set_credentials
from securebucket_dev.demo.interruption import Interruption
from securebucket_dev.demo.operator_process import OperatorProcess, operator_process
from securebucket_dev.demo.story import VICTIM, Story
from securebucket_dev.demo.surroundings import REPOSITORY, Place, Tell, kubernetes_api, s3_server
from securebucket_dev.kube.assets import AssetsError
from securebucket_dev.kube.controlplane import ControlPlaneError
from securebucket_dev.process import ServerError

NAMESPACE = VICTIM[0]
SCOPED = (f"--namespace={NAMESPACE}", f"--lease-namespace={NAMESPACE}")
"""In a cluster that is not ours alone: other people's SecureBuckets are not for this S3 server."""

WIDTH = 100
FAULTS = (
    ServerError,
    ControlPlaneError,
    AssetsError,
    ApiException,
    ConfigException,
    HTTPError,
    ClientError,
    BotoCoreError,
    OSError,
)
"""What can go wrong with servers that somebody else may end, or that the environment names wrongly."""


def main() -> int:
    """Run the demonstration; 0 when everything that it promises was seen."""
    console = Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=WIDTH)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / ".demo"
    interruption = Interruption()
    interruption.listen()
    try:
        return demonstrate(console, folder, interruption)
    except KeyboardInterrupt:
        console.print("\nstopped; everything that the demo had started is ended")
        return 128 + signal.SIGINT
    except FAULTS as error:
        console.print(f"\n[bold red]error:[/] {escape(reason_of(error))}", soft_wrap=True)
        console.print(f"the logs are in {folder}", soft_wrap=True)
        return 1


def reason_of(error: Exception) -> str:
    """Say what is wrong in words, without an HTTP response's headers."""
    if isinstance(error, ApiException):
        try:
            message = json.loads(error.body or "")["message"]
        except (ValueError, LookupError, TypeError):
            message = error.reason or "no answer"
        return f"the Kubernetes API refuses: {message}"
    if isinstance(error, HTTPError):
        return f"the Kubernetes API does not answer: {error}"
    return str(error)


def demonstrate(console: Console, folder: Path, interruption: Interruption) -> int:
    """Start what is needed, tell the story, and leave nothing behind."""
    started = time.monotonic()
    folder.mkdir(exist_ok=True, parents=True)
    set_credentials()

    def tell(text: str) -> None:
        console.print(f"[dim]{escape(text)} …[/]", soft_wrap=True)

    with s3_server(tell) as s3, kubernetes_api(tell, folder) as cluster:
        boto3.client("s3", endpoint_url=s3.address).list_buckets(MaxBuckets=1)
        connect(Path(cluster.address))
        apply_files(sorted((REPOSITORY / "crds").glob("securebucket.io_*.yaml")))
        make_namespace(NAMESPACE)
        tell("starting the operator")
        examples = sorted((REPOSITORY / "examples").glob("*.yaml"))
        try:
            good = run(console, folder, s3, cluster, examples, interruption)
        finally:
            tidy_up(s3, cluster, examples, tell)
    seconds = time.monotonic() - started
    console.print(f"\n{'[bold green]done[/]' if good else '[bold red]failed[/]'} after {seconds:.0f} s")
    return 0 if good else 1


def run(
    console: Console, folder: Path, s3: Place, cluster: Place, examples: list[Path], interruption: Interruption
) -> bool:
    """Run the operator and tell the story with it; true when everything was seen."""
    log = folder / "operator.log"
    arguments = SCOPED if cluster.given else ()
    with operator_process(Path(cluster.address), s3.address, log, arguments=arguments) as running:
        kubectl = f"KUBECONFIG={cluster.address} kubectl"
        for what, words in (
            ("S3", s3.words),
            ("Kubernetes", cluster.words),
            ("operator", f"pid {running.process.pid}, log {log}"),
            ("metrics", running.metrics),
            ("kubectl", f"{kubectl} get sb -A -w"),
        ):
            console.print(f"{what:<10}  {escape(words)}", soft_wrap=True)
        good = Story(console, running, examples, s3.address, interruption).tell()
        if os.environ.get("KEEP"):
            console.print(f"\nKEEP is set: try {kubectl} get sb -A, and end with Ctrl-C", soft_wrap=True)
            wait(running, interruption)
    return good


def wait(running: OperatorProcess, interruption: Interruption) -> None:
    """Wait until Ctrl-C or SIGTERM.

    Raises:
        ServerError: the operator has ended by itself.
    """
    try:
        while True:
            time.sleep(0.5)
            interruption.check()
            running.process.check()
    except KeyboardInterrupt:
        return


def tidy_up(s3: Place, cluster: Place, examples: list[Path], tell: Tell) -> None:
    """Take the examples and their buckets off servers that stay; on others they are gone anyway."""
    if not (s3.given or cluster.given):
        return
    stays = f"; the CRDs and the namespace {NAMESPACE} stay in the cluster" if cluster.given else ""
    tell(f"removing the examples and their buckets{stays}")
    bodies = list_buckets({(NAMESPACE, each["metadata"]["name"]) for each in read_files(examples)})
    if cluster.given:
        remove_files(examples)
    if s3.given:
        for body in bodies:
            bucket = body.get("status", {}).get("bucket", {})
            if bucket.get("createdByOperator"):
                remove_bucket(s3.address, bucket["name"], bucket["region"], tell)


def remove_bucket(endpoint: str, name: str, region: str, tell: Tell) -> None:
    """Delete a bucket that the demonstration has made; one that is not empty any more stays."""
    try:
        boto3.client("s3", endpoint_url=endpoint, region_name=region).delete_bucket(Bucket=name)
    except ClientError as error:
        tell(f"{name} stays: {error}")


if __name__ == "__main__":
    sys.exit(main())
