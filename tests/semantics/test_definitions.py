"""CustomResourceDefinitions themselves: what is refused, what a change does to what is stored."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from tests.semantics.client import Client

CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
GROUP = "definitions.example.io"


def definition(plural: str, spec_properties: dict[str, Any]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {"spec": {"type": "object", "properties": spec_properties}},
    }
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{GROUP}"},
        "spec": {
            "group": GROUP,
            "scope": "Namespaced",
            "names": {"plural": plural, "kind": plural.capitalize()},
            "versions": [version],
        },
    }


def rule(text: str) -> dict[str, Any]:
    return {"type": "object", "properties": {"a": {"type": "string"}}, "x-kubernetes-validations": [{"rule": text}]}


REFUSED: dict[str, dict[str, Any]] = {
    "no type": {"a": {"description": "x"}},
    "unknown type": {"a": {"type": "text"}},
    "list without items": {"a": {"type": "array"}},
    "bad pattern": {"a": {"type": "string", "pattern": "("}},
    "both kinds of properties": {
        "a": {"type": "object", "properties": {"b": {"type": "string"}}, "additionalProperties": {"type": "string"}}
    },
    "list map without keys": {
        "a": {"type": "array", "x-kubernetes-list-type": "map", "items": {"type": "object", "properties": {}}}
    },
    "list map with an optional key": {
        "a": {
            "type": "array",
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["k"],
            "items": {"type": "object", "properties": {"k": {"type": "string"}}},
        }
    },
    "reference": {"a": {"$ref": "#/definitions/x", "type": "string"}},
    "shape inside of a junctor": {"a": {"type": "string", "oneOf": [{"description": "x"}, {"maxLength": 1}]}},
    "rule that is none": {"a": rule("self.a ==")},
    "rule with an unknown function": {"a": rule("self.a.shout() == 'A'")},
    "rule with an unknown field": {"a": rule("self.b == 'A'")},
    "rule with an unknown variable": {"a": rule("other == 'A'")},
    "transition rule in a plain list": {
        "a": {
            "type": "array",
            "items": {"type": "string", "maxLength": 5, "x-kubernetes-validations": [{"rule": "self == oldSelf"}]},
            "maxItems": 5,
        }
    },
}


@pytest.mark.parametrize("properties", REFUSED.values(), ids=REFUSED)
def test_definition_that_is_not_structural_is_a_422(api: Client, properties: dict[str, Any]) -> None:
    answer = api.post(CRDS, definition("wrongs", properties))
    assert answer.code == 422, answer.body


def test_definition_of_another_name_is_a_422(api: Client) -> None:
    body = definition("wrongs", {})
    body["metadata"]["name"] = f"others.{GROUP}"
    answer = api.post(CRDS, body)
    assert answer.code == 422
    assert ("metadata.name", "FieldValueInvalid") in answer.causes()


def test_definition_without_a_schema_is_a_422(api: Client) -> None:
    body = definition("wrongs", {})
    del body["spec"]["versions"][0]["schema"]
    assert api.post(CRDS, body).code == 422


def test_word_that_schemas_do_not_have_is_refused_strictly(api: Client) -> None:
    """A generator of schemas may write JSON Schema that Kubernetes does not know; it would be dropped in silence."""
    body = definition("wrongs", {"a": {"type": "string", "const": "x"}})
    answer = api.post(CRDS, body, fieldValidation="Strict")
    assert answer.code == 400
    assert "const" in answer.message


def test_names_are_completed(api: Client, define: Callable[[dict[str, Any]], None]) -> None:
    define(definition("completes", {}))
    found = api.get(f"{CRDS}/completes.{GROUP}").body["spec"]
    assert found["names"] == {
        "plural": "completes",
        "singular": "completes",
        "kind": "Completes",
        "listKind": "CompletesList",
    }
    assert found["conversion"] == {"strategy": "None"}


def test_new_default_shows_on_what_is_stored(api: Client, define: Callable[[dict[str, Any]], None]) -> None:
    body = definition("changes", {"a": {"type": "string"}, "gone": {"type": "string"}})
    define(body)
    path = f"/apis/{GROUP}/v1/namespaces/{api.namespace}/changes"
    sent = {"apiVersion": f"{GROUP}/v1", "kind": "Changes", "metadata": {"name": "x"}, "spec": {"a": "1", "gone": "2"}}
    revision = api.post(path, sent).revision
    changed = copy.deepcopy(body["spec"]["versions"])
    changed[0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"] = {
        "a": {"type": "string", "pattern": "^[a-z]$"},
        "b": {"type": "string", "default": "new"},
    }
    answer = api.patch(f"{CRDS}/changes.{GROUP}", {"spec": {"versions": changed}})
    assert answer.code == 200
    assert answer.metadata["generation"] == 2
    for _ in range(200):
        found = api.get(f"{path}/x")
        if found.body["spec"] == {"a": "1", "b": "new"}:
            break
    assert found.body["spec"] == {"a": "1", "b": "new"}
    assert found.revision == revision


def test_deleted_definition_takes_its_objects_along(api: Client, define: Callable[[dict[str, Any]], None]) -> None:
    define(definition("passings", {}))
    path = f"/apis/{GROUP}/v1/namespaces/{api.namespace}/passings"
    sent = {"apiVersion": f"{GROUP}/v1", "kind": "Passings", "metadata": {"name": "x"}}
    assert api.post(path, sent).code == 201
    assert api.delete(f"{CRDS}/passings.{GROUP}").code == 200
    for _ in range(2_000):
        if api.get(path).code == 404 and api.get(f"{CRDS}/passings.{GROUP}").code == 404:
            return
    raise AssertionError("the definition is still there")
