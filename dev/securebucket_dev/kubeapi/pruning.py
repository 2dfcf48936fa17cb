"""Drops the fields that a structural schema does not name, and says which they were.

https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning
"""

from typing import Any

from securebucket_dev.kubeapi.kind import Body, Schema
from securebucket_dev.kubeapi.structure import HEADER, PRESERVE, child_schema, item_schema, with_header

EMBEDDED = "x-kubernetes-embedded-resource"


def prune_object(body: Body, schema: Schema) -> tuple[Body, list[str]]:
    """The object with what its schema (and `metadata`) knows, and the paths of what was dropped."""
    dropped: list[str] = []
    return _prune(body, with_header(schema), "", False, dropped), dropped


def _prune(value: Any, schema: Schema, path: str, preserve: bool, dropped: list[str]) -> Any:
    preserve = bool(schema.get(PRESERVE, preserve))
    if isinstance(value, list):
        items = item_schema(schema)
        anything = preserve and not items
        return [_prune(item, items, f"{path}[{index}]", anything, dropped) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    properties = schema.get("properties") or {}
    if schema.get(EMBEDDED):
        properties = {**properties, **HEADER}
    additional = schema.get("additionalProperties")
    kept = {}
    for name, child in value.items():
        below = f"{path}.{name}" if path else name
        if name in properties:
            kept[name] = _prune(child, properties[name], below, False, dropped)
        elif isinstance(additional, dict):
            kept[name] = _prune(child, child_schema(schema, name), below, False, dropped)
        elif additional or preserve:
            kept[name] = child
        else:
            dropped.append(below)
    return kept
