"""kopf through faults of its watch: what is missed meanwhile is seen afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.semantics.client import Client, Server, widget
from tests.semantics.informer import Informer

from securebucket_dev.kubeapi import KubeApi

DEFINITIONS = Path(__file__).parents[1] / "widgets.yaml"


@pytest.fixture
def server() -> Iterator[KubeApi]:
    with KubeApi(crds=[DEFINITIONS]) as running:
        yield running


@pytest.fixture
def api(server: KubeApi) -> Iterator[Client]:
    client = Client(Server(server.url, "any", True, Path(), Path()), "default")
    with client.session:
        yield client


@pytest.fixture
def informer(server: KubeApi, api: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Informer]:
    api.post(api.widgets, widget("first"))
    found = Informer("default", server.kubeconfig(tmp_path / "kubeconfig"), monkeypatch)
    found.until(lambda self: "first" in self.seen)
    yield found
    found.stop()


def test_silent_watch_is_noticed_and_nothing_is_lost(server: KubeApi, api: Client, informer: Informer) -> None:
    server.mute_watches()
    server.unmute_watches()
    api.post(api.widgets, widget("missed"))
    informer.until(lambda self: "missed" in self.seen)


def test_cut_watch_is_resumed(server: KubeApi, api: Client, informer: Informer) -> None:
    server.drop_watches()
    api.post(api.widgets, widget("missed"))
    informer.until(lambda self: "missed" in self.seen)


def test_forgotten_revision_leads_to_a_new_list(server: KubeApi, api: Client, informer: Informer) -> None:
    server.mute_watches()
    api.post(api.widgets, widget("missed"))
    server.compact()
    server.requests.clear()
    server.unmute_watches()
    server.drop_watches()
    informer.until(lambda self: "missed" in self.seen)
    assert any("limit=7" in each.query for each in server.requests.all())


def test_informer_writes_nothing(server: KubeApi, api: Client, informer: Informer) -> None:
    api.post(api.widgets, widget("second", finalizers=["example.io/held"]))
    informer.until(lambda self: "second" in self.seen)
    assert server.requests.writes(user_agent="kopf") == []
    assert any(each.user_agent.startswith("kopf") for each in server.requests.all())
