"""Ceph's gateway: it verifies signatures, and takes a sub-resource that it does not know for the bucket itself."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from botocore.exceptions import ClientError

from securebucket_dev.debian import install, missing_programs
from securebucket_dev.process import ServerError
from securebucket_dev.s3 import bare
from securebucket_dev.s3.recorder import Recorder
from securebucket_dev.s3.rgw import STARTS, CephRgw

HOLD = """
import sys
from securebucket_dev.s3.rgw import CephRgw
with CephRgw() as server:
    print(*server.pids, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def ceph() -> Iterator[CephRgw]:
    with CephRgw() as server:
        yield server


@pytest.fixture
def recorder(ceph: CephRgw) -> Iterator[Recorder]:
    with Recorder(ceph.endpoint) as proxy:
        yield proxy


def client(server: CephRgw, endpoint: str, secret_key: str = "") -> Any:
    return bare.client(endpoint, access_key=server.access_key, secret_key=secret_key or server.secret_key)


def exists(s3: Any, bucket: str) -> bool:
    return bucket in {found["Name"] for found in s3.list_buckets()["Buckets"]}


def test_it_keeps_what_it_is_given(ceph: CephRgw) -> None:
    s3 = client(ceph, ceph.endpoint)
    s3.create_bucket(Bucket="kept")
    s3.put_object(Bucket="kept", Key="a/b", Body=b"x" * 100_000)
    assert len(s3.get_object(Bucket="kept", Key="a/b")["Body"].read()) == 100_000


def test_it_listens_on_the_loopback_and_nowhere_else(ceph: CephRgw) -> None:
    opened = [each for pid in ceph.pids for each in psutil.Process(pid).net_connections() if each.status == "LISTEN"]
    assert {each.laddr.ip for each in opened} == {"127.0.0.1"}


def test_it_refuses_a_wrong_signature(ceph: CephRgw) -> None:
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        client(ceph, ceph.endpoint, "wrong").list_buckets()


@pytest.mark.parametrize("key", ["plain", "with space/and+plus", "ümlaut?&=%2F"])
def test_signatures_survive_the_recorder(key: str, ceph: CephRgw, recorder: Recorder) -> None:
    """It signs the Host header: the recorder's port must reach the server as it was signed."""
    s3 = client(ceph, recorder.endpoint)
    s3.create_bucket(Bucket="signed")
    s3.put_object(Bucket="signed", Key=key, Body=b"body", Metadata={"a": "b"})
    assert s3.get_object(Bucket="signed", Key=key)["Body"].read() == b"body"
    assert {call.status for call in recorder.calls} == {200}
    assert [call.name.key for call in recorder.calls] == ["", key, key]


def test_a_wrong_signature_is_refused_through_the_recorder(ceph: CephRgw, recorder: Recorder) -> None:
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        client(ceph, recorder.endpoint, "wrong").list_buckets()
    assert recorder.calls[0].error_code == "SignatureDoesNotMatch"


def test_get_of_an_unknown_sub_resource_lists_objects(ceph: CephRgw) -> None:
    """200 without the member that the answer must have: unsupported, not absent."""
    s3 = client(ceph, ceph.endpoint)
    s3.create_bucket(Bucket="unknown-get")
    answer = s3.get_bucket_ownership_controls(Bucket="unknown-get")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert "Rules" not in answer["OwnershipControls"]


def test_delete_of_an_unknown_sub_resource_deletes_the_bucket(ceph: CephRgw, recorder: Recorder) -> None:
    """Why the operator never sends a DELETE for what no GET has shown; `Recorder.deletes` is how tests see it."""
    s3 = client(ceph, recorder.endpoint)
    s3.create_bucket(Bucket="unknown-delete")
    s3.delete_bucket_ownership_controls(Bucket="unknown-delete")
    assert not exists(s3, "unknown-delete")
    assert [call.operation for call in recorder.deletes] == ["DeleteBucketOwnershipControls"]


def test_it_enforces_the_public_access_block(ceph: CephRgw) -> None:
    s3 = client(ceph, ceph.endpoint)
    s3.create_bucket(Bucket="blocked")
    block = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket="blocked", PublicAccessBlockConfiguration=block)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_bucket_acl(Bucket="blocked", ACL="public-read")


def test_two_at_once_know_nothing_of_each_other(ceph: CephRgw) -> None:
    client(ceph, ceph.endpoint).create_bucket(Bucket="mine")
    with CephRgw() as other:
        assert client(other, other.endpoint).list_buckets()["Buckets"] == []
        pids = other.pids
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_it_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    source = Path(bare.__file__).parents[2]
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env=os.environ | {"PYTHONPATH": str(source), "TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        processes = [psutil.Process(int(pid)) for pid in holder.stdout.readline().split()]
        assert {process.name() for process in processes} == {"ceph-mon", "ceph-osd", "radosgw"}
        holder.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(processes, timeout=20)
    assert alive == []


def test_a_machine_without_ceph_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServerError, match=r"radosgw.*python -m securebucket_dev\.debian ceph"), CephRgw():
        pass


def test_a_machine_without_apt_is_told_what_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServerError, match=r"apt-get, which is missing here\. Remedy: .*radosgw-admin"):
        install("ceph")


def test_what_is_installed_is_not_installed_again() -> None:
    install("ceph")
    assert missing_programs("ceph") == []


def test_a_start_that_fails_is_tried_once_more_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A port may be taken between its choice and its use."""
    tries = tmp_path / "tries"
    broken = tmp_path / "ceph-osd"
    broken.write_text(f"#!/bin/sh\necho one >> {tries}\necho no store here >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    before = {child.pid for child in psutil.Process().children()}
    with pytest.raises(ServerError, match=r"ceph-osd -i 0 --mkfs.* failed:\nno store here"), CephRgw():
        pass
    assert len(tries.read_text().splitlines()) == STARTS
    assert {child.pid for child in psutil.Process().children()} == before
