"""Faults on demand, and the record of requests: what only our own server has."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import yaml
from tests.semantics.client import MERGE, Client, Server, names, widget

from securebucket_dev.kubeapi import KubeApi

DEFINITIONS = Path(__file__).parents[1] / "widgets.yaml"


@pytest.fixture
def server() -> Iterator[KubeApi]:
    """A server of the test's own, as a fault would hit every other test."""
    with KubeApi(crds=[DEFINITIONS]) as running:
        yield running


@pytest.fixture
def api(server: KubeApi) -> Iterator[Client]:
    client = Client(Server(server.url, "any", True, Path(), Path()), "default")
    with client.session:
        yield client


def test_muted_watch_is_open_and_silent(server: KubeApi, api: Client) -> None:
    """The other side has vanished without a word: what a client must notice by itself."""
    revision = api.get(api.widgets).revision
    with api.session.get(
        server.url + api.widgets,
        params={"watch": "1", "resourceVersion": revision, "timeoutSeconds": "1"},
        stream=True,
        timeout=3,
    ) as silent:
        server.mute_watches()
        api.post(api.widgets, widget("one"))
        # Neither the event nor the end of the stream comes.
        with pytest.raises(requests.exceptions.ConnectionError, match="timed out"):
            next(silent.iter_lines(chunk_size=None))


def test_watch_after_unmute_gets_what_the_silent_one_missed(server: KubeApi, api: Client) -> None:
    revision = api.get(api.widgets).revision
    with api.watch(api.widgets, resourceVersion=revision):
        server.mute_watches()
        api.post(api.widgets, widget("one"))
        server.unmute_watches()
        with api.watch(api.widgets, resourceVersion=revision) as events:
            assert next(events)["object"]["metadata"]["name"] == "one"


def test_dropped_watch_is_cut(server: KubeApi, api: Client) -> None:
    revision = api.get(api.widgets).revision
    with api.watch(api.widgets, resourceVersion=revision) as events:
        server.drop_watches()
        with pytest.raises(requests.exceptions.RequestException):
            next(events)
    api.post(api.widgets, widget("one"))
    with api.watch(api.widgets, resourceVersion=revision) as events:
        assert next(events)["type"] == "ADDED"


def test_compaction_forgets_what_a_watch_would_resume_from(server: KubeApi, api: Client) -> None:
    revision = api.get(api.widgets).revision
    api.post(api.widgets, widget("one"))
    server.compact()
    with api.watch(api.widgets, resourceVersion=revision) as events:
        assert next(events)["object"]["code"] == 410
    fresh = api.get(api.widgets).revision
    with api.watch(api.widgets, resourceVersion=fresh) as events:
        api.post(api.widgets, widget("two"))
        assert next(events)["object"]["metadata"]["name"] == "two"


def test_compaction_forgets_the_pages_of_a_list(server: KubeApi, api: Client) -> None:
    for name in ("one", "two"):
        api.post(api.widgets, widget(name))
    token = api.get(api.widgets, limit="1").metadata["continue"]
    api.post(api.widgets, widget("three"))
    server.compact()
    answer = api.get(api.widgets, limit="1", **{"continue": token})
    assert (answer.code, answer.reason) == (410, "Expired")


def test_history_is_bounded() -> None:
    with KubeApi(crds=[DEFINITIONS], history=3) as server:
        api = Client(Server(server.url, "any", True, Path(), Path()), "default")
        with api.session:
            api.post(api.widgets, widget("one"))
            revisions = [
                api.patch(f"{api.widgets}/one", {"spec": {"size": size}}).revision for size in (11, 12, 13, 14, 15)
            ]
            with api.watch(api.widgets, resourceVersion=revisions[0]) as events:
                assert next(events)["object"]["code"] == 410
            with api.watch(api.widgets, resourceVersion=revisions[1]) as events:
                assert next(events)["object"]["spec"]["size"] == 13


def test_requests_are_recorded(server: KubeApi, api: Client) -> None:
    server.requests.clear()
    api.get(api.widgets, limit="1")
    api.post(api.widgets, widget("one"))
    api.patch(f"{api.widgets}/one", {"spec": {"size": 0}})
    read, created, refused = server.requests.all()
    assert (read.method, read.path, read.query, read.status) == ("GET", api.widgets, "limit=1", 200)
    assert (created.status, created.user_agent, created.content_type) == (201, "semantics/1.0", "application/json")
    assert (refused.status, refused.content_type) == (422, MERGE)
    assert server.requests.writes() == [created, refused]


def test_reads_watches_and_questions_are_no_writes(server: KubeApi, api: Client) -> None:
    server.requests.clear()
    api.get(api.widgets)
    api.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {"spec": {}})
    with api.watch(api.widgets):
        watches = [each for each in server.requests.all() if "watch=true" in each.query]
        assert [each.status for each in watches] == [200]
    assert server.requests.writes() == []


def test_writes_are_told_apart_by_client_and_path(server: KubeApi, api: Client) -> None:
    api.post(api.widgets, widget("one"))
    assert len(server.requests.writes(path=api.widgets, user_agent="semantics")) == 1
    assert server.requests.writes(path="/api/v1") == []
    assert server.requests.writes(user_agent="kopf") == []


def test_request_log_is_a_line_of_json_each(tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    with KubeApi(request_log=log) as server:
        requests.get(f"{server.url}/api/v1/namespaces", timeout=5)
    assert [json.loads(line)["path"] for line in log.read_text().splitlines()] == ["/api/v1/namespaces"]


def test_silent_stream_does_not_outlive_its_client(server: KubeApi, api: Client) -> None:
    with api.watch(api.widgets):
        assert server.open_watches == 1
    api.session.close()
    for _ in range(1_000):
        if server.open_watches == 0:
            return
    raise AssertionError("the stream is still open")


def test_state_ends_with_the_server(api: Client, server: KubeApi) -> None:
    api.post(api.widgets, widget("one"))
    with KubeApi(crds=[DEFINITIONS]) as other:
        second = Client(Server(other.url, "any", True, Path(), Path()), "default")
        with contextlib.closing(second.session):
            assert names(second.get(second.widgets)) == []


def test_kubeconfig_is_private(server: KubeApi, tmp_path: Path) -> None:
    path = server.kubeconfig(tmp_path / "kubeconfig", namespace="demo")
    assert path.stat().st_mode & 0o077 == 0
    content = yaml.safe_load(path.read_text())
    assert content["clusters"][0]["cluster"]["server"] == server.url
    assert content["contexts"][0]["context"]["namespace"] == "demo"


def test_server_listens_on_the_loopback_only(server: KubeApi) -> None:
    assert server.url.startswith("http://127.0.0.1:")
