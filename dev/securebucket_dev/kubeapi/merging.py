"""Server-side apply on values: lays an applied configuration over an object, and takes owned fields out of one.

https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
"""

from typing import Any

from securebucket_dev.kubeapi.failure import ApiError
from securebucket_dev.kubeapi.field_set import FieldSet, Path
from securebucket_dev.kubeapi.kind import Body, Schema
from securebucket_dev.kubeapi.structure import Shape, child_schema, item_key, item_schema, shape_of


def lay_over(live: Any, applied: Any, schema: Schema) -> Any:
    """The live value with what is applied: maps and keyed lists by their parts, everything else as a whole.

    Raises:
        ApiError: 500 as the API server does: an applied list has two items of one key, or an item without one.
    """
    shape = shape_of(schema, applied)
    if shape is Shape.MAP and isinstance(live, dict):
        merged = dict(live)
        for name, child in applied.items():
            merged[name] = lay_over(live[name], child, child_schema(schema, name)) if name in live else child
        return merged
    if shape in (Shape.SET, Shape.KEYED) and isinstance(live, list):
        return _lay_lists(live, applied, schema)
    return applied


def check_keys(value: Any, schema: Schema, path: str = "") -> None:
    """Refuse a configuration whose lists cannot be merged.

    Raises:
        ApiError: 500 as the API server does: two items of one key, or an item without one.
    """
    if isinstance(value, dict):
        for name, child in value.items():
            check_keys(child, child_schema(schema, name), f"{path}.{name}")
    elif isinstance(value, list):
        if shape_of(schema, value) is not Shape.LEAF:
            _index(value, schema, path)
        for item in value:
            check_keys(item, item_schema(schema), f"{path}[]")


def take_out(value: Any, fields: FieldSet, schema: Schema) -> Any:
    """The value without these fields; None where nothing is left."""
    return _take_out(value, dict.fromkeys(fields), (), schema, _prefixes(fields))


def _prefixes(fields: FieldSet) -> frozenset[Path]:
    return frozenset(path[:depth] for path in fields for depth in range(1, len(path)))


def _take_out(value: Any, fields: dict[Path, None], path: Path, schema: Schema, above: frozenset[Path]) -> Any:
    shape = shape_of(schema, value)
    if shape is Shape.LEAF:
        return value
    if shape is Shape.MAP:
        kept: Body = {}
        for name, child in value.items():
            here = (*path, f"f:{name}")
            if here in fields:
                continue
            below = here in above
            kept[name] = _take_out(child, fields, here, child_schema(schema, name), above) if below else child
        return {name: child for name, child in kept.items() if child is not None or value[name] is None} or None
    items = []
    for item in value:
        key = item_key(schema, item)
        here = (*path, key or "")
        if key is not None and here in fields:
            continue
        items.append(_take_out(item, fields, here, item_schema(schema), above) if here in above else item)
    return [item for item in items if item is not None] or None


def _lay_lists(live: list[Any], applied: list[Any], schema: Schema) -> list[Any]:
    """The items of both: the applied ones in their order, the others about where they were.

    The order is the API server's own, to the item: who compares lists would see any other as a change.
    """
    old, new = _index(live, schema, "", strict=False), _index(applied, schema, "")
    items = item_schema(schema)
    left, right = list(old), list(new)
    shared = [key for key in right if key in old]
    merged: dict[str, Any] = {}
    at_left = at_right = 0
    while at_left < len(left) or at_right < len(right):
        key = left[at_left] if at_left < len(left) else None
        if (
            key is not None
            and at_right < len(right)
            and key != right[at_right]
            and key in new
            and shared[:1] not in ([], [key])
        ):
            at_left += 1  # it has its turn later
        elif key is not None and key not in new:
            merged[key] = old[key]
            at_left += 1
        elif key is not None and key in merged:
            at_left += 1
        elif at_right < len(right):
            taken = right[at_right]
            merged[taken] = lay_over(old[taken], new[taken], items) if taken in old else new[taken]
            at_right += 1
            at_left += key == taken
            if shared[:1] == [taken]:
                shared.pop(0)
        else:
            at_left += 1
    return list(merged.values())


def _index(items: list[Any], schema: Schema, path: str, strict: bool = True) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        key = item_key(schema, item)
        if key is None or (key in found and strict):
            why = "duplicate entries for key" if key else "an item without its key fields:"
            raise ApiError(500, "", f"failed to create typed patch object: {path}: {why} {key or item}")
        found[key] = item
    return found
