"""An API server, a person who uses it, and the operator's own client, fresh for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.kube.admin import Admin

from securebucket.kube.client import Client
from securebucket.kube.connection import load_connection
from securebucket.kube.transport import Transport
from securebucket_dev.kubeapi import KubeApi

CRDS = sorted((Path(__file__).parents[2] / "crds").glob("securebucket.io_*.yaml"))


@pytest.fixture(scope="session")
def lasting_api() -> Iterator[KubeApi]:
    """An API server with our CRDs; it takes a second to start."""
    with KubeApi(crds=CRDS) as server:
        yield server


@pytest.fixture
def api(lasting_api: KubeApi) -> Iterator[KubeApi]:
    """The same, as good as new for each test."""
    lasting_api.requests.clear()
    yield lasting_api
    lasting_api.unmute_watches()
    lasting_api.drop_watches()
    cleaner = Admin(lasting_api.url)
    cleaner.wipe()
    cleaner.close()


@pytest.fixture
def kubeconfig(api: KubeApi, tmp_path: Path) -> str:
    """How to reach it."""
    return str(api.kubeconfig(tmp_path / "kubeconfig"))


@pytest.fixture
def admin(api: KubeApi) -> Iterator[Admin]:
    """A person, with a namespace to work in."""
    person = Admin(api.url)
    person.create_namespace("payments")
    yield person
    person.close()


@pytest.fixture
def transport(kubeconfig: str) -> Iterator[Transport]:
    """The operator's connection."""
    opened = Transport(load_connection(kubeconfig))
    yield opened
    opened.close()


@pytest.fixture
def client(transport: Transport) -> Client:
    """The operator's client."""
    return Client(transport)
