"""How long a new bucket takes to be Ready beside a fleet that is swept, idle and while the report is read."""

import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kubernetes import client as kube

from securebucket.reporting.report_server import PATHS
from securebucket_dev.demo.operator_process import OperatorProcess
from securebucket_dev.process import ServerError

GROUP = ("securebucket.io", "v1alpha1")
PATIENCE = 120.0
STEP = 0.05
PIECE = 65536
SPREAD = 1.0
"""Seconds between two of them, so that they come at different moments of a report."""


def slowest_ready(api: kube.CustomObjectsApi, namespace: str, prefix: str, count: int) -> float:
    """Make new buckets one after the other; give the seconds until Ready of the slowest.

    Raises:
        ServerError: one was not Ready in two minutes.
    """
    slowest = 0.0
    for index in range(count):
        slowest = max(slowest, _ready_after(api, namespace, f"{prefix}-{index}"))
        time.sleep(SPREAD)
    return slowest


def _ready_after(api: kube.CustomObjectsApi, namespace: str, name: str) -> float:
    body = {
        "apiVersion": "/".join(GROUP),
        "kind": "SecureBucket",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {},
    }
    began = time.monotonic()
    api.create_namespaced_custom_object(*GROUP, namespace, "securebuckets", body)
    while time.monotonic() < began + PATIENCE:
        found: Any = api.get_namespaced_custom_object(*GROUP, namespace, "securebuckets", name)
        conditions = found.get("status", {}).get("conditions", [])
        if any(each["type"] == "Ready" and each["status"] == "True" for each in conditions):
            return time.monotonic() - began
        time.sleep(STEP)
    raise ServerError(f"{name} was not Ready in {PATIENCE:.0f} s.")


@contextmanager
def report_read(running: OperatorProcess) -> Iterator[None]:
    """Read the report in every form, again and again, until the block ends."""
    ended = threading.Event()

    def read() -> None:
        while not ended.is_set():
            for path in PATHS:
                with urllib.request.urlopen(f"{running.report}{path}", timeout=PATIENCE) as answer:  # noqa: S310 - our own loopback address
                    while not ended.is_set() and answer.read(PIECE):
                        pass

    reader = threading.Thread(target=read, name="report reader")
    reader.start()
    try:
        yield
    finally:
        ended.set()
        reader.join()
