"""PUT and PATCH: who may change what, and against which revision."""

from typing import Any

import pytest
from tests.semantics.client import JSON_PATCH, STRATEGIC, Client, widget

NO_OP: dict[str, dict[str, Any]] = {
    "empty": {},
    "same spec": {"spec": {"region": "eu-1", "mode": "Enforce"}},
    "same label": {"metadata": {"labels": {"a": "b"}}},
    "removal of nothing": {"spec": {"size": None}},
    "unknown field": {"spec": {"unknown": 1}},
}


@pytest.fixture
def path(api: Client) -> str:
    """An object that is there already."""
    assert api.post(api.widgets, widget("one", labels={"a": "b"})).code == 201
    return f"{api.widgets}/one"


def test_spec_patch_bumps_generation_and_revision(api: Client, path: str) -> None:
    before = api.get(path)
    after = api.patch(path, {"spec": {"size": 2}})
    assert after.code == 200
    assert after.metadata["generation"] == 2
    assert int(after.revision) > int(before.revision)
    assert after.metadata["uid"] == before.metadata["uid"]
    assert after.body["spec"] == {"region": "eu-1", "mode": "Enforce", "note": "none", "size": 2}


def test_metadata_patch_keeps_the_generation(api: Client, path: str) -> None:
    after = api.patch(path, {"metadata": {"annotations": {"x": "y"}}})
    assert after.metadata["generation"] == 1
    assert after.metadata["annotations"] == {"x": "y"}


@pytest.mark.parametrize("patch", NO_OP.values(), ids=NO_OP)
def test_patch_that_changes_nothing_writes_nothing(api: Client, path: str, patch: dict[str, Any]) -> None:
    before = api.get(path)
    after = api.patch(path, patch)
    assert after.code == 200
    assert after.revision == before.revision
    assert api.get(path).body == before.body


def test_put_of_the_same_object_writes_nothing(api: Client, path: str) -> None:
    before = api.get(path)
    assert api.put(path, before.body).revision == before.revision


def test_null_in_a_merge_patch_removes_and_scalars_replace_maps(api: Client, path: str) -> None:
    api.patch(path, {"spec": {"freeform": {"a": {"b": 1}, "c": [1, 2]}}})
    after = api.patch(path, {"spec": {"freeform": {"a": "text", "c": None, "d": {"e": {"f": None, "g": 1}}}}})
    assert after.body["spec"]["freeform"] == {"a": "text", "d": {"e": {"g": 1}}}
    back = api.patch(path, {"spec": {"freeform": {"a": {"x": 1}}}})
    assert back.body["spec"]["freeform"]["a"] == {"x": 1}


def test_merge_patch_replaces_lists(api: Client, path: str) -> None:
    api.patch(path, {"spec": {"rules": [{"id": "a", "days": 1}, {"id": "b", "days": 1}]}})
    after = api.patch(path, {"spec": {"rules": [{"id": "c", "days": 1}]}})
    assert [each["id"] for each in after.body["spec"]["rules"]] == ["c"]


def test_patch_of_nobody_is_a_404(api: Client) -> None:
    assert api.patch(f"{api.widgets}/nobody", {"spec": {"size": 1}}).code == 404


def test_merge_patch_that_is_no_object_is_a_400(api: Client, path: str) -> None:
    assert api.patch(path, []).code == 400


def test_merge_patch_with_a_stale_revision_is_a_409(api: Client, path: str) -> None:
    stale = api.get(path).revision
    api.patch(path, {"spec": {"size": 2}})
    answer = api.patch(path, {"metadata": {"resourceVersion": stale}, "spec": {"size": 3}})
    assert (answer.code, answer.reason) == (409, "Conflict")
    assert "the object has been modified" in answer.message
    assert api.get(path).body["spec"]["size"] == 2


def test_merge_patch_with_the_right_revision_is_taken(api: Client, path: str) -> None:
    now = api.get(path).revision
    assert api.patch(path, {"metadata": {"resourceVersion": now}, "spec": {"size": 3}}).code == 200


def test_what_only_the_server_sets_cannot_be_patched(api: Client, path: str) -> None:
    before = api.get(path)
    change = {"generation": 9, "creationTimestamp": "2001-01-01T00:00:00Z", "labels": {"c": "d"}}
    after = api.patch(path, {"metadata": change})
    assert after.metadata["generation"] == 1
    assert after.metadata["creationTimestamp"] == before.metadata["creationTimestamp"]
    assert after.metadata["labels"] == {"a": "b", "c": "d"}


def test_name_cannot_be_patched(api: Client, path: str) -> None:
    assert api.patch(path, {"metadata": {"name": "two"}}).code == 400


def test_uid_cannot_be_patched(api: Client, path: str) -> None:
    assert api.patch(path, {"metadata": {"uid": "other"}}).code == 422


def test_dry_run_of_a_patch_stores_nothing(api: Client, path: str) -> None:
    before = api.get(path)
    assert api.patch(path, {"spec": {"size": 2}}, dryRun="All").body["spec"]["size"] == 2
    assert api.get(path).body == before.body


def test_put_replaces_the_spec(api: Client, path: str) -> None:
    body = api.patch(path, {"spec": {"size": 2}}).body
    answer = api.put(path, {**body, "spec": {"region": "eu-1", "zones": ["a"]}})
    assert answer.code == 200
    assert answer.body["spec"] == {"region": "eu-1", "mode": "Enforce", "note": "none", "zones": ["a"]}
    assert answer.metadata["generation"] == 3


def test_put_with_a_stale_revision_is_a_409(api: Client, path: str) -> None:
    stale = api.get(path).body
    api.patch(path, {"spec": {"size": 2}})
    answer = api.put(path, stale)
    assert (answer.code, answer.reason) == (409, "Conflict")


def test_put_without_a_revision_is_a_422(api: Client, path: str) -> None:
    answer = api.put(path, widget("one"))
    assert answer.code == 422
    assert ("metadata.resourceVersion", "FieldValueInvalid") in answer.causes()


def test_put_of_nobody_is_a_404(api: Client) -> None:
    assert api.put(f"{api.widgets}/nobody", widget("nobody")).code == 404


def test_put_under_another_name_is_a_400(api: Client, path: str) -> None:
    assert api.put(path, widget("two", resourceVersion="1")).code == 400


def test_put_of_a_nameless_object_is_a_400(api: Client, path: str) -> None:
    now = api.get(path).revision
    assert api.put(path, {**widget("one"), "metadata": {"resourceVersion": now}}).code == 400


def test_put_of_another_object_of_that_name_is_a_409(api: Client, path: str) -> None:
    now = api.get(path).revision
    assert api.put(path, widget("one", uid="other", resourceVersion=now)).code == 409


def test_put_may_drop_the_labels(api: Client, path: str) -> None:
    now = api.get(path).revision
    answer = api.put(path, widget("one", resourceVersion=now))
    assert "labels" not in answer.metadata
    assert answer.metadata["generation"] == 1


def test_json_patch_changes_by_path(api: Client, path: str) -> None:
    api.patch(path, {"spec": {"zones": ["a", "b"]}})
    patch = [
        {"op": "add", "path": "/spec/size", "value": 2},
        {"op": "replace", "path": "/spec/zones/0", "value": "c"},
        {"op": "add", "path": "/spec/zones/-", "value": "d"},
        {"op": "remove", "path": "/metadata/labels/a"},
        {"op": "add", "path": "/metadata/annotations", "value": {}},
        {"op": "add", "path": "/metadata/annotations/example.io~1x", "value": "y"},
    ]
    answer = api.patch(path, patch, JSON_PATCH)
    assert answer.code == 200, answer.body
    assert (answer.body["spec"]["size"], answer.body["spec"]["zones"]) == (2, ["c", "b", "d"])
    assert answer.metadata["annotations"] == {"example.io/x": "y"}
    assert "labels" not in answer.metadata


def test_json_patch_whose_revision_test_fails_is_a_422(api: Client, path: str) -> None:
    """Kopf changes finalizers like this, and tries again at a 422."""
    stale = api.get(path).revision
    api.patch(path, {"spec": {"size": 2}})
    patch = [
        {"op": "test", "path": "/metadata/resourceVersion", "value": stale},
        {"op": "add", "path": "/metadata/finalizers", "value": ["example.io/f"]},
    ]
    answer = api.patch(path, patch, JSON_PATCH)
    assert (answer.code, answer.reason) == (422, "Invalid")
    assert "finalizers" not in api.get(path).metadata


def test_json_patch_whose_revision_test_holds_is_taken(api: Client, path: str) -> None:
    patch = [
        {"op": "test", "path": "/metadata/resourceVersion", "value": api.get(path).revision},
        {"op": "add", "path": "/metadata/finalizers", "value": ["example.io/f"]},
    ]
    assert api.patch(path, patch, JSON_PATCH).metadata["finalizers"] == ["example.io/f"]


@pytest.mark.parametrize(
    ("patch", "code"),
    [
        ([{"op": "remove", "path": "/spec/none"}], 422),
        ([{"op": "replace", "path": "/spec/none/below", "value": 1}], 422),
        ([{"op": "shout", "path": "/spec/size"}], 422),
        ({"op": "add", "path": "/spec/size", "value": 1}, 400),
    ],
    ids=["remove", "no-parent", "operation", "no-list"],
)
def test_json_patch_that_cannot_be_made_is_refused(api: Client, path: str, patch: object, code: int) -> None:
    assert api.patch(path, patch, JSON_PATCH).code == code


def test_json_patch_may_replace_what_is_not_there(api: Client, path: str) -> None:
    """Against RFC 6902, but so it is."""
    patch = [{"op": "replace", "path": "/spec/size", "value": 3}]
    assert api.patch(path, patch, JSON_PATCH).body["spec"]["size"] == 3


def test_strategic_merge_patch_of_a_custom_kind_is_a_415(api: Client, path: str) -> None:
    assert api.patch(path, {"spec": {"size": 1}}, STRATEGIC).code == 415


def test_strategic_merge_patch_merges_lists_by_their_key(api: Client) -> None:
    container = {"name": "a", "image": "one", "env": [{"name": "X", "value": "1"}]}
    spec = {
        "selector": {"matchLabels": {"a": "b"}},
        "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [container]}},
    }
    deployments = f"/apis/apps/v1/namespaces/{api.namespace}/deployments"
    assert api.post(deployments, {"metadata": {"name": "d"}, "spec": spec}).code == 201
    change = {"containers": [{"name": "a", "env": [{"name": "Y", "value": "2"}]}, {"name": "b", "image": "two"}]}
    answer = api.patch(f"{deployments}/d", {"spec": {"template": {"spec": change}}}, STRATEGIC)
    found = {each["name"]: each for each in answer.body["spec"]["template"]["spec"]["containers"]}
    assert (found["a"]["image"], found["b"]["image"]) == ("one", "two")
    assert {each["name"] for each in found["a"]["env"]} == {"X", "Y"}
    gone = {"containers": [{"$patch": "delete", "name": "b"}]}
    answer = api.patch(f"{deployments}/d", {"spec": {"template": {"spec": gone}}}, STRATEGIC)
    assert [each["name"] for each in answer.body["spec"]["template"]["spec"]["containers"]] == ["a"]


def test_strict_patch_refuses_unknown_fields(api: Client, path: str) -> None:
    answer = api.patch(path, {"spec": {"unknown": 1}}, fieldValidation="Strict")
    assert answer.code == 422
    assert answer.causes() == [("patch", "FieldValueInvalid")]
    assert 'strict decoding error: unknown field "spec.unknown"' in answer.message


@pytest.mark.parametrize(
    ("patch", "code"),
    [
        ({"metadata": {"labels": {"a": 1}}}, 422),
        ({"apiVersion": "semantics.example.io/v2"}, 422),
        ({"kind": "Gadget"}, 422),
        ({"metadata": None}, 400),
        ({"metadata": {"resourceVersion": "x"}}, 500),
    ],
    ids=["label", "version", "kind", "metadata", "revision"],
)
def test_patch_to_what_is_no_such_object_is_refused(api: Client, path: str, patch: dict[str, Any], code: int) -> None:
    before = api.get(path).body
    assert api.patch(path, patch).code == code
    assert api.get(path).body == before
