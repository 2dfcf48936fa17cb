"""`securebucket apply` on a server that keeps a part only of what it accepts: it says which, and comes to an end."""

from collections.abc import Iterator

import pytest
from tests.cli.manifests import Folder, bucket
from tests.cli.program import Run

from securebucket_dev.s3.moto import MotoServer
from securebucket_dev.s3.recorder import Recorder


@pytest.fixture
def s3(credentials: None, moto_server: MotoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    """An empty moto, which loses a part of some documents."""
    with Recorder(moto_server.endpoint) as recorder:
        monkeypatch.setenv("AWS_ENDPOINT_URL", recorder.endpoint)
        yield recorder


def test_what_nobody_asked_for_is_left_out(s3: Recorder, run: Run, folder: Folder) -> None:
    ran = run("apply", "-f", folder.write(bucket()))
    assert (ran.code, ran.err) == (0, "")
    assert "does not keep it" in ran.out
    assert "not finished" not in ran.out


def test_what_is_declared_and_not_kept_is_a_failure_that_says_so(s3: Recorder, run: Run, folder: Folder) -> None:
    ran = run("apply", "-f", folder.write(bucket(notifications={"eventBridge": True})))
    assert ran.code == 1
    assert "notifications: DeclaredButUnsupported: the server accepts eventBridge and does not keep it" in ran.err
    assert "spec.unmanaged" in ran.err
    assert "not finished" not in ran.out


def test_it_is_written_twice_and_no_more(s3: Recorder, run: Run, folder: Folder) -> None:
    run("apply", "-f", folder.write(bucket(notifications={"eventBridge": True})))
    assert len(s3.named("PutBucketNotificationConfiguration")) == 2
