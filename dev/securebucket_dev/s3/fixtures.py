"""pytest fixtures for the S3 servers: load them with `pytest_plugins = ["securebucket_dev.s3.fixtures"]`."""

from collections.abc import Iterator

import pytest

from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.moto import MotoServer
from securebucket_dev.s3.recorder import Recorder


@pytest.fixture(scope="session")
def localstack_process() -> Iterator[LocalStack]:
    """One LocalStack for all tests of a worker; tests ask for `localstack`."""
    with LocalStack() as server:
        yield server


@pytest.fixture
def localstack(localstack_process: LocalStack) -> Iterator[LocalStack]:
    """LocalStack without a bucket, a key or a queue; what the test makes goes with it: others may want the names."""
    localstack_process.reset()
    yield localstack_process
    localstack_process.reset()


@pytest.fixture(scope="session")
def moto_process() -> Iterator[MotoServer]:
    """One moto server for all tests of a worker; tests ask for `moto_server`."""
    with MotoServer() as server:
        yield server


@pytest.fixture
def moto_server(moto_process: MotoServer) -> MotoServer:
    """The server of moto without a bucket."""
    moto_process.reset()
    return moto_process


@pytest.fixture
def recorder(localstack: LocalStack) -> Iterator[Recorder]:
    """A recorder in front of an empty LocalStack."""
    with Recorder(localstack.endpoint) as proxy:
        yield proxy
