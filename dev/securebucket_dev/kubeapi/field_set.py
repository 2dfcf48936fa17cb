"""Which fields of an object someone owns: sets of paths, and their notation in `metadata.managedFields` (FieldsV1).

A path is a tuple of elements in that notation: `("f:spec", "f:rules", 'k:{"id":"a"}', "f:days")`.
https://kubernetes.io/docs/reference/using-api/server-side-apply/#managed-fields
"""

import json
from collections.abc import Iterator
from typing import Any

from securebucket_dev.kubeapi.kind import Schema
from securebucket_dev.kubeapi.structure import Shape, child_schema, is_named, item_key, item_schema, shape_of

Path = tuple[str, ...]
FieldSet = frozenset[Path]

EMPTY: FieldSet = frozenset()


def encode_fields(fields: FieldSet) -> dict[str, Any]:
    """The FieldsV1 document of a set."""
    root: dict[str, Any] = {}
    for path in sorted(fields, key=len):
        node = root
        for element in path[:-1]:
            node = node.setdefault(element, {})
        node.setdefault(path[-1], {})
    # A field that is owned itself, not only what is below it, says so with a dot.
    for path in fields:
        node = root
        for element in path:
            node = node[element]
        if node:
            node["."] = {}
    return root


def decode_fields(document: dict[str, Any]) -> FieldSet:
    """The set of a FieldsV1 document."""
    return frozenset(_decode(document, ()))


def _decode(node: dict[str, Any], path: Path) -> Iterator[Path]:
    for element, below in node.items():
        if element == ".":
            continue
        here = (*path, element)
        if not below or "." in below:
            yield here
        yield from _decode(below, here)


def fields_of(value: Any, schema: Schema) -> FieldSet:
    """Every field that an object sets."""
    return frozenset(_fields(value, schema, ()))


def _fields(value: Any, schema: Schema, path: Path) -> Iterator[Path]:
    shape = shape_of(schema, value)
    if shape is Shape.MAP:
        for name, child in value.items():
            below = (*path, f"f:{name}")
            yield from _fields(child, child_schema(schema, name), below)
            if child is None or child == {} or not is_named(schema, name):
                yield below
    elif shape is Shape.LEAF:
        yield path
    else:
        items = item_schema(schema)
        for item in value:
            key = item_key(schema, item)
            if key is not None:
                yield (*path, key)
                yield from _fields(item, items, (*path, key))


def with_parents(fields: FieldSet, schema: Schema) -> FieldSet:
    """The set with the named fields above its members: owning `a.b` is owning `a`, if the schema names `a`."""
    found = set(fields)
    for path in fields:
        here = schema
        for depth, element in enumerate(path[:-1], 1):
            name = element[2:]
            if element.startswith("f:"):
                if is_named(here, name):
                    found.add(path[:depth])
                here = child_schema(here, name)
            else:
                here = item_schema(here)
    return frozenset(found)


def describe_path(path: Path) -> str:
    """A path as a message shows it: `.spec.rules[id="a"].days`."""
    shown = ""
    for element in path:
        kind, text = element[0], element[2:]
        if kind == "f":
            shown += f".{text}"
        elif kind == "k":
            keys = ",".join(f"{name}={json.dumps(value)}" for name, value in json.loads(text).items())
            shown += f"[{keys}]"
        else:
            shown += f"[={text}]"
    return shown
