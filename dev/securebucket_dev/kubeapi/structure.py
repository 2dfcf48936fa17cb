"""How a structural schema is walked: which schema is below, and how lists and maps are merged.

https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
"""

import json
from enum import Enum
from typing import Any

from securebucket_dev.kubeapi.kind import Schema

PRESERVE = "x-kubernetes-preserve-unknown-fields"
LIST_TYPE = "x-kubernetes-list-type"
LIST_KEYS = "x-kubernetes-list-map-keys"

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer"}
_TEXTS: Schema = {"type": "object", "additionalProperties": _TEXT}
_OWNER: Schema = {
    "type": "object",
    "required": ["apiVersion", "kind", "name", "uid"],
    "properties": {
        "apiVersion": _TEXT,
        "kind": _TEXT,
        "name": _TEXT,
        "uid": _TEXT,
        "controller": {"type": "boolean"},
        "blockOwnerDeletion": {"type": "boolean"},
    },
    "x-kubernetes-map-type": "atomic",
}
OBJECT_META: Schema = {
    "type": "object",
    "description": "Standard object's metadata.",
    "properties": {
        "name": _TEXT,
        "generateName": _TEXT,
        "namespace": _TEXT,
        "uid": _TEXT,
        "resourceVersion": _TEXT,
        "selfLink": _TEXT,
        "creationTimestamp": _TEXT,
        "generation": _NUMBER,
        "deletionGracePeriodSeconds": _NUMBER,
        "deletionTimestamp": _TEXT,
        "labels": _TEXTS,
        "annotations": _TEXTS,
        "finalizers": {"type": "array", LIST_TYPE: "set", "items": _TEXT},
        "ownerReferences": {"type": "array", LIST_TYPE: "map", LIST_KEYS: ["uid"], "items": _OWNER},
        "managedFields": {"type": "array", "items": {"type": "object", PRESERVE: True}},
    },
}
"""`metadata` of every object: what is not in here is dropped."""

HEADER: dict[str, Schema] = {"apiVersion": _TEXT, "kind": _TEXT, "metadata": OBJECT_META}
"""What every object has besides its own fields."""


def with_header(schema: Schema) -> Schema:
    """The schema of a whole object: with `apiVersion`, `kind` and `metadata`."""
    return {**schema, "properties": {**(schema.get("properties") or {}), **HEADER}}


class Shape(Enum):
    """How a value is owned and merged."""

    LEAF = "leaf"
    MAP = "map"
    SET = "set"
    KEYED = "keyed"


def shape_of(schema: Schema, value: object) -> Shape:
    """The way a value of this schema is merged; a null or absent one is merged as whatever the other side is."""
    if isinstance(value, dict):
        return Shape.LEAF if schema.get("x-kubernetes-map-type") == "atomic" else Shape.MAP
    if isinstance(value, list):
        return {"set": Shape.SET, "map": Shape.KEYED}.get(schema.get(LIST_TYPE, ""), Shape.LEAF)
    return Shape.LEAF


def child_schema(schema: Schema, name: str) -> Schema:
    """The schema of a field; empty where anything may be."""
    properties = schema.get("properties")
    if properties is not None and name in properties:
        return properties[name]  # type: ignore[no-any-return] # a schema is JSON
    additional = schema.get("additionalProperties")
    return additional if isinstance(additional, dict) else {}


def item_schema(schema: Schema) -> Schema:
    """The schema of a list's items; empty where anything may be."""
    return schema.get("items") or {}


def is_named(schema: Schema, name: str) -> bool:
    """True for a field that the schema itself names, False for a key of a map."""
    return name in (schema.get("properties") or {})


def item_key(schema: Schema, item: object) -> str | None:
    """What tells an item of a set or keyed list from the others, in the notation of FieldsV1; None if nothing does."""
    keys = schema.get(LIST_KEYS)
    if keys is None:
        return None if isinstance(item, dict | list) or item is None else f"v:{_encode(item)}"
    if not isinstance(item, dict):
        return None
    fields = item_schema(schema)
    found: dict[str, Any] = {}
    for key in sorted(keys):
        if key in item:
            found[key] = item[key]
        elif "default" in (named := child_schema(fields, key)):
            found[key] = named["default"]
    return f"k:{_encode(found)}" if found else None


def _encode(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
