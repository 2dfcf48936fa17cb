"""OpenAPI v3 and v2 of what is served: what `kubectl explain` shows, and by which kubectl knows what the server can.

https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-interface-definition
"""

import hashlib
import json
from typing import Any

from securebucket_dev.kubeapi.discovery import VERSION
from securebucket_dev.kubeapi.kind import Kind, Schema
from securebucket_dev.kubeapi.registry import Registry
from securebucket_dev.kubeapi.structure import HEADER, LIST_KEYS, OBJECT_META, with_header

_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
_PATCHES = (
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/apply-patch+yaml",
)
_BUILTIN_PATCHES = (*_PATCHES, "application/strategic-merge-patch+json")
_QUERY = ("dryRun", "fieldManager", "fieldValidation", "force", "pretty")
_HEADER_TEXTS = {
    "apiVersion": "APIVersion defines the versioned schema of this representation of an object.",
    "kind": "Kind is a string value representing the REST resource this object represents.",
    "metadata": "Standard object's metadata.",
}


def describe_index(registry: Registry) -> dict[str, Any]:
    """`/openapi/v3`: where the documents are; the hash changes with what is served."""
    paths = {}
    for group, versions in registry.groups().items():
        for version in versions:
            path = f"apis/{group}/{version}" if group else f"api/{version}"
            kinds = [[kind.plural, kind.schema] for kind in registry.serve(group, version)]
            digest = hashlib.sha256(json.dumps(kinds, sort_keys=True).encode()).hexdigest()[:32].upper()
            paths[path] = {"serverRelativeURL": f"/openapi/v3/{path}?hash={digest}"}
    return {"paths": paths}


def describe_version(registry: Registry, group: str, version: str) -> dict[str, Any]:
    """`/openapi/v3/apis/GROUP/VERSION`."""
    schemas: dict[str, Schema] = {_META: OBJECT_META}
    paths: dict[str, Any] = {}
    for kind in registry.serve(group, version):
        name = schema_name(kind)
        reference = f"#/components/schemas/{name}"
        schemas[name] = _schema(kind, "#/components/schemas/")
        listed = f"{name}List"
        schemas[listed] = _list_schema(kind, reference)
        body = {"application/json": {"schema": {"$ref": reference}}}
        answer = {"200": {"description": "OK", "content": body}}
        for path, methods in _paths(kind).items():
            paths[path] = {
                method: {
                    "operationId": f"{method}{kind.name}{abs(hash(path)) % 10_000}",
                    "parameters": [_parameter(each, True) for each in _QUERY] if method != "get" else [],
                    "responses": answer,
                    **_extension(kind, method),
                    **(
                        {"requestBody": {"content": {each: {} for each in _patches(kind)}}} if method == "patch" else {}
                    ),
                }
                for method in methods
            }
    info = {"title": "Kubernetes", "version": VERSION["gitVersion"]}
    return {"openapi": "3.0.0", "info": info, "paths": paths, "components": {"schemas": schemas}}


def describe_all(registry: Registry) -> dict[str, Any]:
    """`/openapi/v2`."""
    definitions: dict[str, Schema] = {_META: OBJECT_META}
    paths: dict[str, Any] = {}
    for kind in registry:
        name = schema_name(kind)
        reference = f"#/definitions/{name}"
        definitions[name] = _schema(kind, "#/definitions/")
        definitions[f"{name}List"] = _list_schema(kind, reference)
        for path, methods in _paths(kind).items():
            paths[path] = {
                method: {
                    "consumes": list(_patches(kind)) if method == "patch" else ["application/json"],
                    "produces": ["application/json"],
                    "parameters": [_parameter(each, False) for each in _QUERY] if method != "get" else [],
                    "responses": {"200": {"description": "OK", "schema": {"$ref": reference}}},
                    **_extension(kind, method),
                }
                for method in methods
            }
    info = {"title": "Kubernetes", "version": VERSION["gitVersion"]}
    return {"swagger": "2.0", "info": info, "paths": paths, "definitions": definitions}


def schema_name(kind: Kind) -> str:
    """The name of a kind's schema, such as `io.securebucket.v1alpha1.SecureBucket`."""
    if kind.custom:
        return ".".join([*reversed(kind.group.split(".")), kind.version, kind.name])
    group = kind.group.partition(".")[0] or "core"
    return f"io.k8s.api.{group}.{kind.version}.{kind.name}"


def _schema(kind: Kind, prefix: str) -> Schema:
    schema: Schema = _with_merge_keys(with_header(kind.schema))
    header = {name: {**HEADER[name], "description": text} for name, text in _HEADER_TEXTS.items()}
    header["metadata"] = {"allOf": [{"$ref": f"{prefix}{_META}"}], "description": _HEADER_TEXTS["metadata"]}
    schema["properties"] = {**schema["properties"], **header}
    schema["x-kubernetes-group-version-kind"] = [_gvk(kind)]
    return schema


def _list_schema(kind: Kind, reference: str) -> Schema:
    items = {"type": "array", "items": {"allOf": [{"$ref": reference}]}}
    return {
        "type": "object",
        "required": ["items"],
        "properties": {**HEADER, "metadata": {"type": "object"}, "items": items},
        "x-kubernetes-group-version-kind": [{**_gvk(kind), "kind": kind.list_name}],
    }


def _with_merge_keys(schema: Any) -> Any:
    """Kubectl reads how lists are merged under another name than server-side apply does."""
    if isinstance(schema, list):
        return [_with_merge_keys(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _with_merge_keys(value) for name, value in schema.items()}
    if isinstance(keys := schema.get(LIST_KEYS), list) and keys:
        found = {**found, "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": keys[0]}
    return found


def _paths(kind: Kind) -> dict[str, tuple[str, ...]]:
    base = f"{kind.root}/namespaces/{{namespace}}/{kind.plural}" if kind.namespaced else f"{kind.root}/{kind.plural}"
    one = f"{base}/{{name}}"
    return {
        base: ("get", "post", "delete"),
        one: ("get", "put", "patch", "delete"),
        **{f"{one}/{each}": ("get", "put", "patch") for each in sorted(kind.subresources)},
    }


def _patches(kind: Kind) -> tuple[str, ...]:
    return _PATCHES if kind.custom else _BUILTIN_PATCHES


def _extension(kind: Kind, method: str) -> dict[str, Any]:
    return {"x-kubernetes-action": method, "x-kubernetes-group-version-kind": _gvk(kind)}


def _gvk(kind: Kind) -> dict[str, str]:
    return {"group": kind.group, "kind": kind.name, "version": kind.version}


def _parameter(name: str, typed_by_schema: bool) -> dict[str, Any]:
    typed = {"schema": {"type": "string", "uniqueItems": True}} if typed_by_schema else {"type": "string"}
    return {"name": name, "in": "query", **typed}
