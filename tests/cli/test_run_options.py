"""What `securebucket run` is told is what the operator does: a process of its own, with an API and an S3."""

import signal
import socket
import subprocess
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from tests.cli.program import SCRIPT
from tests.kube.admin import Admin
from tests.kube.polling import until

from securebucket_dev.kubeapi import KubeApi
from securebucket_dev.s3.recorder import Recorder

CRDS = sorted((Path(__file__).parents[2] / "crds").glob("securebucket.io_*.yaml"))
Start = Callable[..., str]


@pytest.fixture
def api() -> Iterator[KubeApi]:
    with KubeApi(crds=CRDS) as server:
        yield server


@pytest.fixture
def admin(api: KubeApi) -> Iterator[Admin]:
    """A person, with two namespaces and a profile whose buckets have a tag by default."""
    person = Admin(api.url)
    for name in ("ops", "payments", "orders"):
        person.create_namespace(name)
    person.create_profile("usual", defaults={"tags": {"tagSet": {"profile": "usual"}}})
    yield person
    person.close()


@pytest.fixture
def start(api: KubeApi, s3: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Start the operator with these options besides its addresses; gives the address of its metrics."""
    monkeypatch.setenv("KUBECONFIG", str(api.kubeconfig(tmp_path / "kubeconfig")))
    started: list[subprocess.Popen[str]] = []

    def begin(*options: str) -> str:
        metrics, health = free_address(), free_address()
        places = (f"--metrics-address={metrics}", f"--health-address={health}", "--report-address=")
        with (tmp_path / "log").open("w") as log:
            started.append(subprocess.Popen([SCRIPT, "run", *places, *options], stderr=log, text=True))
        return metrics

    yield begin
    for process in started:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return f"127.0.0.1:{found.getsockname()[1]}"


def tags_of(recorder: Recorder, bucket: str) -> Mapping[str, str]:
    s3 = boto3.client("s3", endpoint_url=recorder.endpoint)
    return {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=bucket)["TagSet"]}


def leases(admin: Admin, namespace: str) -> dict[str, Any]:
    listed = admin.call("GET", f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases")["items"]
    return {each["metadata"]["name"]: each["spec"] for each in listed}


def test_it_acts_as_it_is_told(start: Start, admin: Admin, s3: Recorder, tmp_path: Path) -> None:
    elsewhere = admin.create_bucket(namespace="orders", spec={"bucketName": "acme-elsewhere"})
    key = admin.create_bucket(spec={"bucketName": "acme-invoices"})
    metrics = start(
        *("--lease-namespace=ops", "--lease-name=blue", "--namespace=payments", "--cluster-id=prod-1"),
        *("--default-profile=usual", "--log-format=text"),
    )
    until(lambda: admin.condition(key, "Ready"), timeout=60)
    assert tags_of(s3, "acme-invoices") == {
        "securebucket.io/owner": "prod-1/payments/invoices",
        "securebucket.io/origin": "Created",
        "profile": "usual",
    }
    assert list(leases(admin, "ops")) == ["blue"]
    assert admin.condition(elsewhere, "Ready") == {}
    with urllib.request.urlopen(f"http://{metrics}/metrics", timeout=10) as answer:
        assert b"securebucket_workers_busy" in answer.read()
    assert " INFO " in (tmp_path / "log").read_text()


def test_it_observes_and_is_quiet_when_it_is_told_to(start: Start, admin: Admin, s3: Recorder, tmp_path: Path) -> None:
    key = admin.create_bucket(spec={"bucketName": "acme-invoices", "deletionPolicy": "Delete"})
    start("--observe-only", "--log-level=error")
    until(lambda: admin.condition(key, "Ready"), timeout=60)
    assert admin.condition(key, "Stalled")["reason"] == "BucketMissing"
    assert "finalizers" not in admin.get_bucket(key)["metadata"]
    assert s3.writes == ()
    assert (tmp_path / "log").read_text() == ""
