"""`make demo`: set up, apply the examples, watch them converge, tamper, watch that being put right, count."""

import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import boto3
from rich.console import Console
from rich.live import Live

from securebucket_dev.demo.cluster import apply_files, bucket_of, check_now, connect, count_drift, list_buckets
from securebucket_dev.demo.operator_process import OperatorProcess, operator_process
from securebucket_dev.demo.screen import condition, table_of
from securebucket_dev.demo.surroundings import REPOSITORY, kubernetes_api, s3_server
from securebucket_dev.demo.tampering import ACTS

FOLDER = REPOSITORY / ".demo"
PATIENCE = 60.0
VICTIM = ("demo", "invoices")


def main() -> int:
    """Run the demonstration; 0 when everything that it promises was seen."""
    console = Console(width=max(Console().width, 150))
    FOLDER.mkdir(exist_ok=True)
    set_credentials()
    started = time.monotonic()
    with s3_server(console) as endpoint, kubernetes_api(console, FOLDER) as kubeconfig:
        connect(kubeconfig)
        apply_files([*sorted((REPOSITORY / "crds").glob("securebucket.io_*.yaml"))])
        log = FOLDER / "operator.log"
        with operator_process(kubeconfig, endpoint, log) as running:
            console.print(f"operator: pid {running.process.pid}, log {log}")
            console.print(f"metrics:  {running.metrics}")
            console.print(f"kubectl:  KUBECONFIG={kubeconfig} kubectl get sb -A -w\n")
            good = play(console, endpoint, running)
            console.print(
                f"\n{'[green]done[/]' if good else '[red]failed[/]'} after {time.monotonic() - started:.0f} s"
            )
            if os.environ.get("KEEP"):
                console.print("KEEP is set: everything stays up until you press Ctrl-C")
                wait_for_interrupt()
    return 0 if good else 1


def set_credentials() -> None:
    """Give the embedded S3 server something to sign with, unless the user named a server of their own."""
    if "AWS_ENDPOINT_URL" not in os.environ:
        os.environ["AWS_ACCESS_KEY_ID"] = "000000000000"
        os.environ["AWS_SECRET_ACCESS_KEY"] = "demo"
    os.environ.setdefault("AWS_REGION", "us-east-1")
    os.environ.setdefault("AWS_DEFAULT_REGION", os.environ["AWS_REGION"])


def play(console: Console, endpoint: str, running: OperatorProcess) -> bool:
    """Apply, converge, tamper, converge again."""
    files = sorted((REPOSITORY / "examples").glob("*.yaml"))
    console.rule(f"1. apply {len(files)} files of examples/", align="left")
    names = apply_files(files)
    converged = watch(console, lambda bodies: settled(bodies, names))
    console.rule("2. somebody tampers with a bucket", align="left")
    s3 = boto3.client("s3", endpoint_url=endpoint or None)
    bucket = bucket_of(*VICTIM)
    for each in ACTS:
        each.act(s3, bucket)
        console.print(f"   {bucket}: {each.text}")
    console.rule("3. the next pass finds it and puts it right", align="left")
    before = count_drift(*VICTIM)
    check_now(*VICTIM)
    corrected = watch(console, lambda bodies: repaired(bodies, before))
    detected = running.total("securebucket_drift_detected_total")
    counted = running.total("securebucket_drift_corrected_total")
    console.print(
        f"\nsecurebucket_drift_detected_total {detected:.0f}   securebucket_drift_corrected_total {counted:.0f}"
    )
    console.print(f"AWS requests so far: {running.total('securebucket_aws_requests_total'):.0f}")
    return converged and corrected and detected >= len(ACTS) and counted >= len(ACTS)


def settled(bodies: list[dict[str, Any]], names: set[tuple[str, str]]) -> bool:
    """Tell whether every example is ready, or waits for its approval."""
    ours = [each for each in bodies if (each["metadata"]["namespace"], each["metadata"]["name"]) in names]
    return len(ours) == len(names) and all(
        condition(each, "Ready") == "True" or each.get("status", {}).get("plan") for each in ours
    )


def repaired(bodies: list[dict[str, Any]], before: int) -> bool:
    """Tell whether every act was found and the object is in sync again."""
    victim = next(each for each in bodies if (each["metadata"]["namespace"], each["metadata"]["name"]) == VICTIM)
    found = victim["status"].get("drift", {}).get("count", 0) - before
    return found >= len(ACTS) and condition(victim, "InSync") == "True"


def watch(console: Console, done: Callable[[list[dict[str, Any]]], bool]) -> bool:
    """Show the table until it is as it should be, or patience ends."""
    deadline = time.monotonic() + PATIENCE
    bodies = list_buckets()
    with Live(table_of(bodies), console=console, refresh_per_second=5) as live:
        while not done(bodies) and time.monotonic() < deadline:
            time.sleep(0.2)
            bodies = list_buckets()
            live.update(table_of(bodies))
    return done(bodies)


def wait_for_interrupt() -> None:
    """Sleep until Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        signal.pause()
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    sys.exit(main())
