"""A server for the tests of the engine as a whole."""

from collections.abc import Iterator

import pytest
from tests.laws.stage import Stage

from securebucket.aws.edge import Aws
from securebucket_dev.s3.moto import MotoServer
from securebucket_dev.s3.recorder import Recorder


@pytest.fixture
def stage(moto_server: MotoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """An empty moto, with a recorder in front of it."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    with Recorder(moto_server.endpoint) as recorder:
        yield Stage("moto", moto_server.endpoint, "123456789012", recorder, Aws(lambda *_: None))
