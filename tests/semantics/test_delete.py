"""DELETE: finalizers, preconditions, collections."""

import re

from tests.semantics.client import JSON_PATCH, Client, names, until, widget

HELD = "example.io/held"


def test_delete_removes_and_says_what(api: Client) -> None:
    created = api.post(api.widgets, widget("one"))
    answer = api.delete(f"{api.widgets}/one")
    assert (answer.code, answer.body["status"]) == (200, "Success")
    assert answer.body["details"] == {
        "name": "one",
        "group": "semantics.example.io",
        "kind": "widgets",
        "uid": created.metadata["uid"],
    }
    assert api.get(f"{api.widgets}/one").code == 404


def test_delete_of_nobody_is_a_404(api: Client) -> None:
    assert api.delete(f"{api.widgets}/nobody").code == 404


def test_finalizer_keeps_a_deleted_object(api: Client) -> None:
    created = api.post(api.widgets, widget("one", finalizers=[HELD]))
    answer = api.delete(f"{api.widgets}/one")
    assert answer.code == 200
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", answer.metadata["deletionTimestamp"])
    assert answer.metadata["deletionGracePeriodSeconds"] == 0
    assert answer.metadata["generation"] == created.metadata["generation"] + 1
    found = api.get(f"{api.widgets}/one")
    assert found.metadata["deletionTimestamp"] == answer.metadata["deletionTimestamp"]


def test_last_finalizer_lets_it_go(api: Client) -> None:
    api.post(api.widgets, widget("one", finalizers=[HELD, "example.io/other"]))
    marked = api.delete(f"{api.widgets}/one")
    with api.watch(api.widgets, resourceVersion=marked.revision) as events:
        api.patch(f"{api.widgets}/one", {"metadata": {"finalizers": [HELD]}})
        assert api.get(f"{api.widgets}/one").code == 200
        answer = api.patch(f"{api.widgets}/one", {"metadata": {"finalizers": []}})
        seen = until(events, lambda event: event["type"] == "DELETED")
    assert answer.code == 200
    assert "finalizers" not in answer.metadata
    assert [event["type"] for event in seen] == ["MODIFIED", "DELETED"]
    assert api.get(f"{api.widgets}/one").code == 404


def test_finalizer_is_taken_away_by_a_json_patch(api: Client) -> None:
    api.post(api.widgets, widget("one", finalizers=[HELD]))
    marked = api.delete(f"{api.widgets}/one")
    patch = [
        {"op": "test", "path": "/metadata/resourceVersion", "value": marked.revision},
        {"op": "remove", "path": "/metadata/finalizers/0"},
    ]
    assert api.patch(f"{api.widgets}/one", patch, JSON_PATCH).code == 200
    assert api.get(f"{api.widgets}/one").code == 404


def test_second_delete_changes_nothing(api: Client) -> None:
    api.post(api.widgets, widget("one", finalizers=[HELD]))
    first = api.delete(f"{api.widgets}/one")
    second = api.delete(f"{api.widgets}/one")
    assert (second.code, second.revision) == (200, first.revision)


def test_finalizer_cannot_be_added_to_what_is_being_deleted(api: Client) -> None:
    api.post(api.widgets, widget("one", finalizers=[HELD]))
    api.delete(f"{api.widgets}/one")
    answer = api.patch(f"{api.widgets}/one", {"metadata": {"finalizers": [HELD, "example.io/late"]}})
    assert answer.code == 422
    assert ("metadata.finalizers", "FieldValueForbidden") in answer.causes()


def test_deletion_cannot_be_undone(api: Client) -> None:
    api.post(api.widgets, widget("one", finalizers=[HELD]))
    marked = api.delete(f"{api.widgets}/one").metadata["deletionTimestamp"]
    answer = api.patch(f"{api.widgets}/one", {"metadata": {"deletionTimestamp": None}})
    assert answer.metadata["deletionTimestamp"] == marked


def test_spec_and_status_can_change_while_it_is_being_deleted(api: Client) -> None:
    api.post(api.widgets, widget("one", finalizers=[HELD]))
    api.delete(f"{api.widgets}/one")
    assert api.patch(f"{api.widgets}/one", {"spec": {"size": 3}}).code == 200
    assert api.patch(f"{api.widgets}/one/status", {"status": {"score": 3}}).body["status"] == {"score": 3}


def test_delete_of_another_object_of_that_name_is_a_409(api: Client) -> None:
    api.post(api.widgets, widget("one"))
    assert api.delete(f"{api.widgets}/one", {"preconditions": {"uid": "other"}}).code == 409
    assert api.delete(f"{api.widgets}/one", {"preconditions": {"resourceVersion": "1"}}).code == 409
    found = api.get(f"{api.widgets}/one")
    conditions = {"uid": found.metadata["uid"], "resourceVersion": found.revision}
    assert api.delete(f"{api.widgets}/one", {"preconditions": conditions}).code == 200


def test_dry_run_of_a_delete_keeps_it(api: Client) -> None:
    api.post(api.widgets, widget("one"))
    assert api.delete(f"{api.widgets}/one", dryRun="All").code == 200
    assert api.get(f"{api.widgets}/one").code == 200


def test_new_object_of_an_old_name_is_another_one(api: Client) -> None:
    first = api.post(api.widgets, widget("one"))
    api.delete(f"{api.widgets}/one")
    assert api.post(api.widgets, widget("one")).metadata["uid"] != first.metadata["uid"]


def test_collection_is_deleted_by_a_selector(api: Client) -> None:
    for name, team in (("one", "a"), ("two", "a"), ("three", "b")):
        api.post(api.widgets, widget(name, labels={"team": team}))
    assert api.delete(api.widgets, labelSelector="team=a").code == 200
    assert names(api.get(api.widgets)) == ["three"]


def test_collection_with_finalizers_is_marked(api: Client) -> None:
    api.post(api.widgets, widget("one", finalizers=[HELD]))
    api.delete(api.widgets)
    assert api.get(f"{api.widgets}/one").metadata["deletionTimestamp"]


def test_permanent_namespace_stays(api: Client) -> None:
    answer = api.delete("/api/v1/namespaces/kube-system")
    assert (answer.code, answer.reason) == (403, "Forbidden")


def test_namespace_is_terminating_once_deleted(api: Client) -> None:
    api.post(api.widgets, widget("one", finalizers=[HELD]))
    answer = api.delete(f"/api/v1/namespaces/{api.namespace}")
    assert answer.code == 200
    assert answer.body["status"]["phase"] == "Terminating"
    assert answer.metadata["deletionTimestamp"]


def test_nothing_is_created_in_a_terminating_namespace(api: Client) -> None:
    api.post(api.widgets, widget("one", finalizers=[HELD]))
    api.delete(f"/api/v1/namespaces/{api.namespace}")
    answer = api.post(api.widgets, widget("two"))
    assert (answer.code, answer.reason) == (403, "Forbidden")
    assert answer.causes() == [("metadata.namespace", "NamespaceTerminating")]
