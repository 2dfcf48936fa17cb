"""The stages of the laws on real servers."""

from collections.abc import Iterator

import pytest
from tests.laws.stage import Stage, blind_deletes

from securebucket.aws.edge import Aws
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.loopback import LoopbackServer
from securebucket_dev.s3.moto import MotoServer
from securebucket_dev.s3.recorder import Recorder

ACCOUNT = "111122223333"
"""Whose buckets they are on LocalStack, which takes it from the access key."""

MOTO_ACCOUNT = "123456789012"


def _uncounted(*_: object) -> None:
    """Count no request: the recorder does."""


def _staged(name: str, server: LoopbackServer, account: str) -> Iterator[Stage]:
    aws = Aws(_uncounted, readers=8)  # as the operator reads; one after another takes twice as long
    with Recorder(server.endpoint) as recorder:
        yield Stage(name, server.endpoint, account, recorder, aws)
    aws.close()


@pytest.fixture(scope="session")
def _localstack_stage(localstack_process: LocalStack) -> Iterator[Stage]:
    yield from _staged("localstack", localstack_process, ACCOUNT)


@pytest.fixture(scope="session")
def _moto_stage(moto_process: MotoServer) -> Iterator[Stage]:
    yield from _staged("moto", moto_process, MOTO_ACCOUNT)


@pytest.fixture
def own_aws_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Act in the stage's account, whatever the user of this machine has set."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    # botocore's own retries wait for up to a second each; that they are made is what counts here.
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)


def _clean(stage: Stage) -> Iterator[Stage]:
    """Record from here on, without faults; afterwards hold every DELETE that was sent to the law about them."""
    stage.recorder.heal()
    stage.recorder.clear()
    yield stage
    assert list(blind_deletes(stage.recorder.calls)) == []


@pytest.fixture
def localstack_stage(_localstack_stage: Stage, own_aws_settings: None) -> Iterator[Stage]:
    """LocalStack, for what moto cannot do."""
    yield from _clean(_localstack_stage)


@pytest.fixture(params=["localstack", "moto"])
def stage(request: pytest.FixtureRequest, own_aws_settings: None) -> Iterator[Stage]:
    """Each server in turn."""
    yield from _clean(request.getfixturevalue(f"_{request.param}_stage"))
