"""Watches: nothing lost, nothing twice."""

import time

import pytest
from tests.semantics.client import TABLE, WIDGETS, Client, until, widget

TOO_OLD = "1"


def test_watch_from_a_list_shows_only_what_is_new(api: Client) -> None:
    api.post(api.widgets, widget("old"))
    revision = api.get(api.widgets).revision
    with api.watch(api.widgets, resourceVersion=revision) as events:
        created = api.post(api.widgets, widget("new"))
        event = next(events)
    assert (event["type"], event["object"]) == ("ADDED", created.body)


def test_watch_shows_changes_and_deletions(api: Client) -> None:
    revision = api.get(api.widgets).revision
    with api.watch(api.widgets, resourceVersion=revision) as events:
        api.post(api.widgets, widget("one"))
        changed = api.patch(f"{api.widgets}/one", {"spec": {"size": 1}})
        api.delete(f"{api.widgets}/one")
        seen = until(events, lambda event: event["type"] == "DELETED")
    assert [event["type"] for event in seen] == ["ADDED", "MODIFIED", "DELETED"]
    assert seen[1]["object"] == changed.body
    assert seen[2]["object"]["spec"]["size"] == 1
    assert int(seen[2]["object"]["metadata"]["resourceVersion"]) > int(changed.revision)


def test_watch_replays_what_was_missed(api: Client) -> None:
    revision = api.get(api.widgets).revision
    api.post(api.widgets, widget("one"))
    api.patch(f"{api.widgets}/one", {"spec": {"size": 1}})
    api.delete(f"{api.widgets}/one")
    with api.watch(api.widgets, resourceVersion=revision) as events:
        seen = until(events, lambda event: event["type"] == "DELETED")
    assert [event["type"] for event in seen] == ["ADDED", "MODIFIED", "DELETED"]


def test_watch_resumes_from_the_last_event_seen(api: Client) -> None:
    api.post(api.widgets, widget("one"))
    seen = api.patch(f"{api.widgets}/one", {"spec": {"size": 1}}).revision
    api.patch(f"{api.widgets}/one", {"spec": {"size": 2}})
    with api.watch(api.widgets, resourceVersion=seen) as events:
        assert next(events)["object"]["spec"]["size"] == 2


@pytest.mark.parametrize("query", [{}, {"resourceVersion": "0"}], ids=["none", "zero"])
def test_watch_from_nowhere_begins_with_what_is_there(api: Client, query: dict[str, str]) -> None:
    for name in ("one", "two"):
        api.post(api.widgets, widget(name))
    with api.watch(api.widgets, **query) as events:
        seen = [next(events), next(events)]
        api.post(api.widgets, widget("three"))
        later = next(events)
    assert {(event["type"], event["object"]["metadata"]["name"]) for event in seen} == {
        ("ADDED", "one"),
        ("ADDED", "two"),
    }
    assert later["object"]["metadata"]["name"] == "three"


def test_watch_from_a_forgotten_revision_is_a_410(api: Client) -> None:
    with api.watch(api.widgets, resourceVersion=TOO_OLD) as events:
        event = next(events)
        assert list(events) == []
    assert event["type"] == "ERROR"
    assert (event["object"]["kind"], event["object"]["code"], event["object"]["reason"]) == ("Status", 410, "Expired")


def test_write_that_changes_nothing_is_no_event(api: Client) -> None:
    api.post(api.widgets, widget("one"))
    revision = api.get(api.widgets).revision
    with api.watch(api.widgets, resourceVersion=revision) as events:
        api.patch(f"{api.widgets}/one", {"spec": {"mode": "Enforce"}})
        api.patch(f"{api.widgets}/one", {"spec": {"size": 7}})
        assert next(events)["object"]["spec"]["size"] == 7


def test_watch_honours_the_label_selector(api: Client) -> None:
    revision = api.get(api.widgets).revision
    with api.watch(api.widgets, resourceVersion=revision, labelSelector="team=a") as events:
        api.post(api.widgets, widget("other", labels={"team": "b"}))
        api.post(api.widgets, widget("mine", labels={"team": "a"}))
        assert next(events)["object"]["metadata"]["name"] == "mine"


def test_object_that_enters_or_leaves_a_selection_is_added_or_deleted(api: Client) -> None:
    api.post(api.widgets, widget("one", labels={"team": "b"}))
    revision = api.get(api.widgets).revision
    with api.watch(api.widgets, resourceVersion=revision, labelSelector="team=a") as events:
        api.patch(f"{api.widgets}/one", {"metadata": {"labels": {"team": "a"}}})
        api.patch(f"{api.widgets}/one", {"spec": {"size": 1}})
        gone = api.patch(f"{api.widgets}/one", {"metadata": {"labels": {"team": "b"}}})
        seen = until(events, lambda event: event["type"] == "DELETED")
    assert [event["type"] for event in seen] == ["ADDED", "MODIFIED", "DELETED"]
    assert seen[2]["object"]["metadata"]["labels"] == {"team": "a"}
    assert seen[2]["object"]["metadata"]["resourceVersion"] == gone.revision


def test_watch_of_one_name(api: Client) -> None:
    revision = api.get(api.widgets).revision
    with api.watch(api.widgets, resourceVersion=revision, fieldSelector="metadata.name=mine") as events:
        api.post(api.widgets, widget("other"))
        api.post(api.widgets, widget("mine"))
        assert next(events)["object"]["metadata"]["name"] == "mine"


def test_watch_of_one_namespace_does_not_show_others(api: Client) -> None:
    revision = api.get(api.widgets).revision
    with api.watch(api.widgets, resourceVersion=revision) as events:
        api.post(f"{WIDGETS}/namespaces/default/widgets", widget(f"other-{api.namespace}"))
        api.post(api.widgets, widget("mine"))
        assert next(events)["object"]["metadata"]["name"] == "mine"


def test_watch_over_all_namespaces(api: Client) -> None:
    revision = api.get(f"{WIDGETS}/widgets").revision
    with api.watch(f"{WIDGETS}/widgets", resourceVersion=revision) as events:
        api.post(api.widgets, widget("mine"))
        until(events, lambda event: event["object"]["metadata"]["namespace"] == api.namespace)


def test_watch_ends_at_its_timeout_with_a_bookmark_before(api: Client) -> None:
    """A bookmark comes two seconds before the end, so that a client can go on from there."""
    created = api.post(api.widgets, widget("one")).revision
    begun = time.monotonic()
    with api.watch(api.widgets, resourceVersion=created, timeoutSeconds="4", allowWatchBookmarks="true") as events:
        # A bookmark may be left out where nothing has happened; what happens in another namespace is enough.
        created = api.post(f"{WIDGETS}/namespaces/default/widgets", widget(f"news-{api.namespace}")).revision
        seen = list(events)
    assert 3 < time.monotonic() - begun < 9
    assert {event["type"] for event in seen} == {"BOOKMARK"}
    bookmark = seen[-1]["object"]
    assert (bookmark["kind"], bookmark["apiVersion"]) == ("Widget", "semantics.example.io/v1alpha1")
    assert int(bookmark["metadata"]["resourceVersion"]) >= int(created)


def test_streaming_list_ends_with_a_bookmark(api: Client) -> None:
    """The list of the informers that know it: `sendInitialEvents`."""
    for name in ("one", "two"):
        api.post(api.widgets, widget(name))
    query = {"sendInitialEvents": "true", "resourceVersionMatch": "NotOlderThan", "allowWatchBookmarks": "true"}
    with api.watch(api.widgets, **query) as events:
        seen = until(events, lambda event: event["type"] == "BOOKMARK")
        api.post(api.widgets, widget("three"))
        later = next(events)
    assert [event["type"] for event in seen] == ["ADDED", "ADDED", "BOOKMARK"]
    assert seen[-1]["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}
    assert later["object"]["metadata"]["name"] == "three"


def test_streaming_list_needs_its_options(api: Client) -> None:
    assert api.get(api.widgets, watch="true", sendInitialEvents="true").code == 422


def test_status_writes_are_seen(api: Client) -> None:
    created = api.post(api.widgets, widget("one"))
    with api.watch(api.widgets, resourceVersion=created.revision) as events:
        api.patch(f"{api.widgets}/one/status", {"status": {"score": 1}})
        assert next(events)["object"]["status"] == {"score": 1}


def test_watch_of_tables(api: Client) -> None:
    revision = api.get(api.widgets).revision
    with api.watch(api.widgets, accept=TABLE, resourceVersion=revision) as events:
        api.post(api.widgets, widget("one"))
        api.post(api.widgets, widget("two"))
        first, second = next(events)["object"], next(events)["object"]
    assert (first["kind"], first["rows"][0]["cells"][0]) == ("Table", "one")
    assert first["columnDefinitions"]
    assert second["rows"][0]["cells"][0] == "two"
    assert not second["columnDefinitions"]


def test_new_kind_can_be_watched(api: Client) -> None:
    path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    with api.watch(path, fieldSelector="metadata.name=widgets.semantics.example.io") as events:
        assert next(events)["object"]["metadata"]["name"] == "widgets.semantics.example.io"
