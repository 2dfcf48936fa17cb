"""POST: what the server adds, what it refuses."""

import re

import pytest
from tests.semantics.client import Client, names, widget

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def test_create_answers_201_with_what_only_the_server_sets(api: Client) -> None:
    answer = api.post(api.widgets, widget("one"))
    assert answer.code == 201
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer.metadata["uid"])
    assert TIME.fullmatch(answer.metadata["creationTimestamp"])
    assert answer.metadata["generation"] == 1
    assert answer.metadata["namespace"] == api.namespace
    assert int(answer.revision) > 0


def test_what_a_client_says_of_server_fields_is_ignored(api: Client) -> None:
    sent = widget("one", uid="made-up", generation=7, creationTimestamp="2001-01-01T00:00:00Z")
    answer = api.post(api.widgets, {**sent, "metadata": {**sent["metadata"], "deletionTimestamp": None}})
    assert answer.code == 201
    assert answer.metadata["uid"] != "made-up"
    assert answer.metadata["generation"] == 1
    assert not answer.metadata["creationTimestamp"].startswith("2001")


def test_resource_version_on_create_is_refused(api: Client) -> None:
    answer = api.post(api.widgets, widget("one", resourceVersion="1"))
    assert answer.code == 500
    assert "resourceVersion should not be set on objects to be created" in answer.message


def test_second_create_is_a_409_already_exists(api: Client) -> None:
    api.post(api.widgets, widget("one"))
    answer = api.post(api.widgets, widget("one"))
    assert (answer.code, answer.reason) == (409, "AlreadyExists")
    assert answer.body["details"] == {"name": "one", "group": "semantics.example.io", "kind": "widgets"}
    assert answer.message == 'widgets.semantics.example.io "one" already exists'


def test_missing_object_is_a_404_with_its_name(api: Client) -> None:
    answer = api.get(f"{api.widgets}/nobody")
    assert (answer.code, answer.reason) == (404, "NotFound")
    assert answer.message == 'widgets.semantics.example.io "nobody" not found'
    assert answer.body["kind"] == "Status"


def test_create_in_a_missing_namespace_is_a_404(api: Client) -> None:
    answer = api.post("/apis/semantics.example.io/v1alpha1/namespaces/nowhere/widgets", widget("one"))
    assert (answer.code, answer.reason) == (404, "NotFound")
    assert answer.message == 'namespaces "nowhere" not found'


def test_dry_run_answers_but_stores_nothing(api: Client) -> None:
    answer = api.post(api.widgets, widget("one"), dryRun="All")
    assert answer.code == 201
    assert answer.body["spec"]["mode"] == "Enforce"
    assert answer.metadata["uid"]
    assert api.get(f"{api.widgets}/one").code == 404


def test_dry_run_has_one_value_only(api: Client) -> None:
    assert api.post(api.widgets, widget("one"), dryRun="Some").code == 422


def test_generated_name_begins_with_its_prefix(api: Client) -> None:
    sent = {**widget(""), "metadata": {"generateName": "auto-"}}
    first, second = api.post(api.widgets, sent), api.post(api.widgets, sent)
    assert re.fullmatch(r"auto-[a-z0-9]{5}", first.metadata["name"])
    assert first.metadata["generateName"] == "auto-"
    assert first.metadata["name"] != second.metadata["name"]


def test_nameless_object_is_a_422(api: Client) -> None:
    answer = api.post(api.widgets, {**widget(""), "metadata": {}})
    assert (answer.code, answer.reason) == (422, "Invalid")
    assert "name or generateName is required" in answer.message


@pytest.mark.parametrize("name", ["Upper", "under_score", "-dash", "a..b", "x" * 254])
def test_name_that_is_no_subdomain_is_a_422(api: Client, name: str) -> None:
    answer = api.post(api.widgets, widget(name))
    assert answer.code == 422
    assert ("metadata.name", "FieldValueInvalid") in answer.causes()


@pytest.mark.parametrize(
    "metadata",
    [
        {"labels": {"a b": "c"}},
        {"labels": {"a": "with space"}},
        {"labels": {"a": "x" * 64}},
        {"labels": {"a/b/c": "d"}},
        {"annotations": {"a b": "c"}},
        {"annotations": {"big": "x" * 262_145}},
    ],
    ids=["key", "value", "length", "slashes", "annotation", "size"],
)
def test_labels_and_annotations_have_a_form(api: Client, metadata: dict[str, object]) -> None:
    assert api.post(api.widgets, widget("one", **metadata)).code == 422


def test_label_that_is_no_text_is_a_400(api: Client) -> None:
    assert api.post(api.widgets, widget("one", labels={"a": 1})).code == 400


def test_body_of_another_namespace_is_a_400(api: Client) -> None:
    answer = api.post(api.widgets, widget("one", namespace="default"))
    assert answer.code == 400
    assert "does not match the namespace sent on the request" in answer.message


@pytest.mark.parametrize(
    "change",
    [{"apiVersion": "semantics.example.io/v2"}, {"kind": ""}, {"apiVersion": ""}],
    ids=["version", "no-kind", "no-version"],
)
def test_body_of_another_version_is_a_400(api: Client, change: dict[str, str]) -> None:
    assert api.post(api.widgets, {**widget("one"), **change}).code == 400


def test_body_of_another_kind_is_a_422(api: Client) -> None:
    answer = api.post(api.widgets, {**widget("one"), "kind": "Gadget"})
    assert answer.code == 422
    assert answer.causes() == [("kind", "FieldValueInvalid")]


def test_body_that_is_no_json_is_a_400(api: Client) -> None:
    assert api.raw("POST", api.widgets, b"{", "application/json").code == 400


def test_unknown_media_type_is_a_415(api: Client) -> None:
    assert api.raw("POST", api.widgets, b"x", "text/plain").code == 415


def test_yaml_is_read_too(api: Client) -> None:
    text = (
        "apiVersion: semantics.example.io/v1alpha1\nkind: Widget\nmetadata: {name: one}\n"
        "spec: {region: eu-1, until: 2030-01-01T00:00:00Z}\n"
    )
    answer = api.raw("POST", api.widgets, text.encode(), "application/yaml")
    assert answer.code == 201
    assert answer.body["spec"]["until"] == "2030-01-01T00:00:00Z"


def test_cluster_scoped_object_is_created(api: Client) -> None:
    body = {"apiVersion": "semantics.example.io/v1alpha1", "kind": "Gadget", "metadata": {"name": api.namespace}}
    path = "/apis/semantics.example.io/v1alpha1/gadgets"
    assert api.post(path, body).code == 201
    assert "namespace" not in api.get(f"{path}/{api.namespace}").metadata
    assert api.namespace in names(api.get(path))


def test_put_and_patch_without_a_name_are_refused(api: Client) -> None:
    assert api.put(api.widgets, widget("one")).code == 400
    assert api.patch(api.widgets, {}).code == 400


def test_wrong_verb_on_a_built_in_kind_is_a_405(api: Client) -> None:
    assert api.put(api.core("configmaps"), {}).code == 405
    assert api.post(api.core("configmaps/one"), {}).code == 405
