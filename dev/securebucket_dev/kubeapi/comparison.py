"""Which fields a write has added, changed and removed."""

from dataclasses import dataclass, field
from typing import Any

from securebucket_dev.kubeapi.field_set import FieldSet, Path
from securebucket_dev.kubeapi.kind import Body, Schema
from securebucket_dev.kubeapi.structure import Shape, child_schema, item_key, item_schema, shape_of


@dataclass(slots=True)
class Comparison:
    """The paths that differ between two objects; no path is in two of the sets."""

    added: set[Path] = field(default_factory=set)
    modified: set[Path] = field(default_factory=set)
    removed: set[Path] = field(default_factory=set)

    @property
    def written(self) -> FieldSet:
        """What the new object sets otherwise than the old one."""
        return frozenset(self.added | self.modified)


class _Missing:
    """The side of a comparison that has nothing at this path."""


_MISSING = _Missing()


def compare_objects(before: Body, after: Body, schema: Schema) -> Comparison:
    """The difference of two objects of one schema."""
    found = Comparison()
    _compare(before, after, schema, (), found)
    return found


def _compare(before: Any, after: Any, schema: Schema, path: Path, found: Comparison) -> None:
    if before is after or (before == after and type(before) is type(after)):
        return
    known = after if before is _MISSING or before is None else before
    shape = shape_of(schema, known)
    if after is not _MISSING and after is not None and shape_of(schema, after) is not shape:
        shape = Shape.LEAF
    if shape is Shape.LEAF or not (_full(before) or _full(after)):
        _mark(before, after, path, found)
        return
    if shape is Shape.MAP:
        _compare_maps(before, after, schema, path, found)
    else:
        _compare_lists(before, after, schema, path, found)
    if before is _MISSING:
        found.added.add(path)
    elif after is _MISSING:
        found.removed.add(path)


def _full(value: object) -> bool:
    return isinstance(value, dict | list) and bool(value)


def _mark(before: object, after: object, path: Path, found: Comparison) -> None:
    if before is _MISSING:
        found.added.add(path)
    elif after is _MISSING:
        found.removed.add(path)
    else:
        found.modified.add(path)


def _compare_maps(before: Any, after: Any, schema: Schema, path: Path, found: Comparison) -> None:
    old = before if isinstance(before, dict) else {}
    new = after if isinstance(after, dict) else {}
    for name in old.keys() | new.keys():
        here = (*path, f"f:{name}")
        _compare(old.get(name, _MISSING), new.get(name, _MISSING), child_schema(schema, name), here, found)


def _compare_lists(before: Any, after: Any, schema: Schema, path: Path, found: Comparison) -> None:
    old, new = _keyed(before, schema), _keyed(after, schema)
    for key in old.keys() | new.keys():
        _compare(old.get(key, _MISSING), new.get(key, _MISSING), item_schema(schema), (*path, key), found)


def _keyed(value: object, schema: Schema) -> dict[str, Any]:
    items = value if isinstance(value, list) else []
    return {key: item for item in items if (key := item_key(schema, item)) is not None}
