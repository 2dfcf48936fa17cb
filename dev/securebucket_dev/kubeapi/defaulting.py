"""Fills in the defaults of a structural schema.

https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting
"""

import copy
from typing import Any

from securebucket_dev.kubeapi.kind import Schema
from securebucket_dev.kubeapi.structure import child_schema, item_schema


def fill_defaults(value: Any, schema: Schema) -> Any:
    """The value with its defaults; a null that the schema does not allow counts as absent."""
    if isinstance(value, list):
        items = item_schema(schema)
        return [fill_defaults(item, items) for item in value] if items else value
    if not isinstance(value, dict):
        return value
    properties: dict[str, Schema] = schema.get("properties") or {}
    filled = {}
    for name, child in value.items():
        below = child_schema(schema, name)
        if child is None and below and not below.get("nullable"):
            continue
        filled[name] = fill_defaults(child, below) if below else child
    for name, below in properties.items():
        if name not in filled and "default" in below:
            filled[name] = fill_defaults(copy.deepcopy(below["default"]), below)
    return filled
