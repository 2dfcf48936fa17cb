"""Structural schemas of the built-in kinds, made from the models of the Kubernetes client for Python.

They serve pruning, strict field validation, `kubectl explain` and server-side apply. The models say nothing about how
lists are merged, so the keys are named here, by field.
"""

import functools
from typing import Any

import kubernetes.client as models

from securebucket_dev.kubeapi.kind import Schema
from securebucket_dev.kubeapi.structure import LIST_KEYS, LIST_TYPE, OBJECT_META, PRESERVE

MERGE_KEYS: dict[str, tuple[str, ...]] = {
    "conditions": ("type",),
    "containers": ("name",),
    "env": ("name",),
    "imagePullSecrets": ("name",),
    "initContainers": ("name",),
    "secrets": ("name",),
    "volumeMounts": ("mountPath",),
    "volumes": ("name",),
}
"""Lists whose items are told apart by these keys, in strategic merge patches and in server-side apply."""

PORT_KEYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("containerPort", ("containerPort", "protocol")),
    ("targetPort", ("port", "protocol")),
)
"""`ports` is such a list too: the keys follow from the fields of its items."""

_KEPT = ("type", "format", "description", "required")
_QUANTITIES = frozenset({"limits", "requests", "capacity", "hard"})
_ANYTHING: Schema = {"type": "object", PRESERVE: True}


@functools.cache
def builtin_schema(model: str) -> Schema:
    """The schema of a model, such as `V1ConfigMap`."""
    document = getattr(models, model).model_json_schema(by_alias=True)
    schema = _convert(document, document.get("$defs", {}), ())
    schema["properties"]["metadata"] = OBJECT_META
    return schema


def _convert(node: dict[str, Any], definitions: dict[str, Any], above: tuple[str, ...]) -> Schema:
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        if name in above:  # a schema of schemas has no end
            return dict(_ANYTHING)
        inner = _convert(definitions[name], definitions, (*above, name))
        return {**inner, "description": node["description"]} if "description" in node else inner
    if "anyOf" in node:
        return _convert_choice(node, definitions, above)
    schema = {name: node[name] for name in _KEPT if name in node}
    schema["description"] = schema.get("description", "").partition("\n\nAttributes:")[0]
    if "properties" in node:
        schema["properties"] = {
            name: _with_merge(name, _convert(child, definitions, above)) for name, child in node["properties"].items()
        }
    if "items" in node:
        schema["items"] = _convert(node["items"], definitions, above)
    extra = node.get("additionalProperties")
    if isinstance(extra, dict):
        schema["additionalProperties"] = _convert(extra, definitions, above)
    elif extra or (node.get("type") == "object" and "properties" not in node):
        schema[PRESERVE] = True
    if "type" not in node:
        schema[PRESERVE] = True
    return schema


def _convert_choice(node: dict[str, Any], definitions: dict[str, Any], above: tuple[str, ...]) -> Schema:
    choices = [each for each in node["anyOf"] if each.get("type") != "null"]
    described = {"description": node["description"]} if "description" in node else {}
    types = {each.get("type") for each in choices}
    if types == {"integer", "string"}:
        return {"x-kubernetes-int-or-string": True, **described}
    if types == {"string"}:  # bytes are base64 text
        return {"type": "string", **described}
    if len(choices) == 1:
        return {**_convert(choices[0], definitions, above), **described}
    return {PRESERVE: True, **described}


def _with_merge(name: str, schema: Schema) -> Schema:
    if name == "openAPIV3Schema":  # a schema of schemas is checked with its definition
        return {**_ANYTHING, "description": schema.get("description", "")}
    if name in _QUANTITIES and schema.get("additionalProperties"):
        return {**schema, "additionalProperties": {"x-kubernetes-int-or-string": True}}
    if schema.get("type") != "array":
        return schema
    fields = (schema.get("items") or {}).get("properties") or {}
    keys = MERGE_KEYS.get(name)
    if name == "ports":
        keys = next((found for field, found in PORT_KEYS if field in fields), None)
    if keys is None or not all(key in fields for key in keys):
        return schema
    return {**schema, LIST_TYPE: "map", LIST_KEYS: list(keys)}
