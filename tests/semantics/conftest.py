"""One suite, two servers: what a test here says holds for our own server and for a real kube-apiserver alike.

`pytest tests/semantics` asks the embedded server, `pytest tests/semantics --kube=real` a real one. Tests in `embedded/`
are about what only our own has (faults on demand) or does (the work of a controller manager).
"""

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.semantics.client import Client, Server

from securebucket_dev.kube.assets import find_assets
from securebucket_dev.kube.controlplane import ControlPlane
from securebucket_dev.kubeapi import KubeApi

DEFINITIONS = Path(__file__).with_name("widgets.yaml")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if collection_path.name == "embedded" and config.getoption("--kube") == "real" else None


@pytest.fixture(scope="session")
def kubectl_program() -> Path:
    """Kubectl from the PATH, else the one that was built with the control plane."""
    found = shutil.which("kubectl")
    return Path(found) if found else find_assets().kubectl


@pytest.fixture(scope="session")
def kube_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that is asked, with the suite's own kinds."""
    folder = tmp_path_factory.mktemp("kube")
    if request.config.getoption("--kube") == "real":
        with ControlPlane(find_assets(), logs=folder) as cp:
            token = cp.user("admin").token
            server = Server(cp.url, token, str(cp.authority), cp.admin_kubeconfig, cp.kubectl)
            _define(server)
            yield server
    else:
        kubectl = request.getfixturevalue("kubectl_program")
        with KubeApi() as api:
            server = Server(api.url, "any", True, api.kubeconfig(folder / "kubeconfig"), kubectl)
            _define(server)
            yield server


@pytest.fixture
def api(kube_server: Server) -> Iterator[Client]:
    """A client with a namespace of its own, which is left behind: a real server alone cannot finish its deletion."""
    client = Client(kube_server, f"t-{uuid.uuid4().hex[:10]}")
    assert client.post("/api/v1/namespaces", {"metadata": {"name": client.namespace}}).code == 201
    with client.session:
        yield client


@pytest.fixture(scope="session")
def established() -> Callable[[Client, dict[str, Any]], str]:
    """Create a CustomResourceDefinition and wait until it is served; gives its path."""
    return _create_definition


@pytest.fixture
def define(api: Client) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Create a CustomResourceDefinition, served when the call returns, and removed with the test."""
    created = []

    def run(definition: dict[str, Any]) -> None:
        created.append(_create_definition(api, definition))

    yield run
    for path in created:
        api.delete(path)


def _define(server: Server) -> None:
    client = Client(server, "default")
    with client.session:
        for definition in yaml.safe_load_all(DEFINITIONS.read_text()):
            _create_definition(client, definition)


def _create_definition(client: Client, definition: dict[str, Any]) -> str:
    path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    created = client.post(path, definition)
    assert created.code == 201, created.body
    spec = created.body["spec"]
    served = f"/apis/{spec['group']}/{spec['versions'][0]['name']}/{spec['names']['plural']}"
    deadline = time.monotonic() + 20
    # Established is said some moments before the paths answer.
    while client.get(served).code != 200:
        assert time.monotonic() < deadline, client.get(f"{path}/{created.metadata['name']}").body
        time.sleep(0.05)
    return f"{path}/{created.metadata['name']}"
