"""The documents by which kubectl explains kinds and knows how to write them."""

from typing import Any

from tests.semantics.client import Client

GVK = {"group": "semantics.example.io", "kind": "Widget", "version": "v1alpha1"}


def _version(api: Client, path: str) -> dict[str, Any]:
    location = api.get("/openapi/v3").body["paths"][path]["serverRelativeURL"]
    return api.get(location).body


def _schema(document: dict[str, Any], gvk: dict[str, str]) -> dict[str, Any]:
    schemas: dict[str, dict[str, Any]] = document["components"]["schemas"]
    return next(each for each in schemas.values() if gvk in each.get("x-kubernetes-group-version-kind", []))


def test_v3_describes_a_custom_kind(api: Client) -> None:
    schema = _schema(_version(api, "apis/semantics.example.io/v1alpha1"), GVK)
    spec = schema["properties"]["spec"]
    assert schema["description"] == "A Widget is what the suite asks about."
    assert spec["properties"]["mode"]["enum"] == ["Enforce", "Plan", "Observe"]
    assert spec["properties"]["mode"]["default"] == "Enforce"
    assert spec["properties"]["rules"]["x-kubernetes-list-map-keys"] == ["id"]
    assert {"apiVersion", "kind", "metadata"} <= set(schema["properties"])


def test_v3_says_that_a_patch_can_be_validated_by_the_server(api: Client) -> None:
    """Kubectl apply asks for it: without it kubectl would validate by itself, or not at all."""
    paths = _version(api, "apis/semantics.example.io/v1alpha1")["paths"]
    patch = paths["/apis/semantics.example.io/v1alpha1/namespaces/{namespace}/widgets/{name}"]["patch"]
    assert patch["x-kubernetes-group-version-kind"] == GVK
    assert "fieldValidation" in {each["name"] for each in patch["parameters"]}


def test_v3_describes_built_in_kinds(api: Client) -> None:
    schema = _schema(_version(api, "api/v1"), {"group": "", "kind": "ConfigMap", "version": "v1"})
    assert schema["properties"]["data"]["additionalProperties"]["type"] == "string"
    assert schema["properties"]["data"]["description"].startswith("Data contains the configuration data.")


def test_v3_index_changes_with_what_is_served(api: Client) -> None:
    paths = api.get("/openapi/v3").body["paths"]
    urls = [paths[path]["serverRelativeURL"] for path in ("api/v1", "apis/semantics.example.io/v1alpha1")]
    assert all("hash=" in url for url in urls)
    assert urls[0].partition("hash=")[2] != urls[1].partition("hash=")[2]


def test_v2_describes_a_custom_kind(api: Client) -> None:
    document = api.get("/openapi/v2").body
    schema = next(
        each for each in document["definitions"].values() if GVK in each.get("x-kubernetes-group-version-kind", [])
    )
    assert schema["properties"]["spec"]["properties"]["size"]["type"] == "integer"
