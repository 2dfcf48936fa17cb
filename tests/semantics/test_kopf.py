"""A small kopf operator on the server: every object is seen, and nothing is written."""

from collections.abc import Iterator

import pytest
from tests.semantics.client import Client, Server, widget
from tests.semantics.informer import Informer


@pytest.fixture
def informer(api: Client, kube_server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Informer]:
    for number in range(20):
        assert api.post(api.widgets, widget(f"early-{number}")).code == 201
    found = Informer(api.namespace, kube_server.kubeconfig, monkeypatch)
    yield found
    found.stop()


def test_informer_sees_every_page_and_every_change(api: Client, informer: Informer) -> None:
    informer.until(lambda self: len(self.seen) == 20)
    api.post(api.widgets, widget("late"))
    api.patch(f"{api.widgets}/early-3", {"spec": {"size": 5}})
    api.delete(f"{api.widgets}/early-4")
    informer.until(lambda self: "late" in self.seen and "early-4" in self.gone)
    informer.until(lambda self: self.seen["early-3"]["spec"].get("size") == 5)
    managers = {each["manager"] for each in api.get(f"{api.widgets}/early-3").metadata["managedFields"]}
    assert managers == {"semantics"}
