"""Checks a value against a structural schema, in the words of the API server.

What an update does not change is not checked again (ratcheting), so that a tightened schema does not lock what is
stored: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#validation-ratcheting
"""

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import re2  # type: ignore[import-untyped] # the package has no types

from securebucket_dev.kubeapi.failure import Cause
from securebucket_dev.kubeapi.formats import matches_format
from securebucket_dev.kubeapi.kind import Schema
from securebucket_dev.kubeapi.structure import LIST_KEYS, LIST_TYPE, child_schema, item_key, item_schema

BLOCKING = frozenset(
    {"FieldValueNotSupported", "FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany", "FieldValueTypeInvalid"}
)
"""With one of these the CEL rules are not run: they could not read the object."""

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}


@dataclass(frozen=True, slots=True)
class Absent:
    """No former value, or none that can be told to be the former one: everything is checked."""


ABSENT = Absent()


def check_value(value: object, schema: Schema, path: str = "", before: object = ABSENT) -> list[Cause]:
    """What is wrong with a value; nothing where it equals what was there before."""
    if before is not ABSENT and before == value and type(before) is type(value):
        return []
    if value is None and schema.get("nullable"):
        return []
    wrong = _check_type(value, schema, path)
    if wrong:
        return [wrong]
    return [
        *_check_scalar(value, schema, path),
        *_check_junctors(value, schema, path),
        *_check_children(value, schema, path, before),
    ]


def former_items(schema: Schema, before: object) -> dict[str, Any]:
    """The former items of a keyed list by their key; those of other lists cannot be told apart."""
    if not isinstance(before, list) or schema.get(LIST_TYPE) != "map":
        return {}
    return {key: item for item in before if (key := item_key(schema, item)) is not None}


def quote(value: object) -> str:
    """A value as the server's messages show it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


@functools.cache
def compile_pattern(pattern: str) -> Any:
    """A pattern in the syntax that the API server itself uses.

    Raises:
        re2.error: it is none.
    """
    return re2.compile(pattern)


def _check_type(value: object, schema: Schema, path: str) -> Cause | None:
    kind = "integer,string" if schema.get("x-kubernetes-int-or-string") else schema.get("type")
    if not kind:
        return None
    for name in kind.split(","):
        if isinstance(value, _TYPES[name]) and isinstance(value, bool) == (name == "boolean"):
            return None
        if name == "integer" and isinstance(value, float) and value.is_integer():
            return None
    found = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
    shown = quote(found.get(type(value), "null"))
    message = f"Invalid value: {shown}: {_place(path)} must be of type {kind}: {shown}"
    return Cause(path or "<nil>", "FieldValueTypeInvalid", message)


def _check_scalar(value: Any, schema: Schema, path: str) -> Iterator[Cause]:
    allowed = schema.get("enum")
    if allowed is not None and value not in allowed:
        listed = ", ".join(quote(each) for each in allowed)
        yield Cause(path, "FieldValueNotSupported", f"Unsupported value: {quote(value)}: supported values: {listed}")
    if isinstance(value, str):
        yield from _check_text(value, schema, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _check_number(value, schema, path)
    elif isinstance(value, list):
        yield from _check_size(len(value), "Items", "items", schema, path)
    elif isinstance(value, dict):
        yield from _check_size(len(value), "Properties", "properties", schema, path)


def _check_text(value: str, schema: Schema, path: str) -> Iterator[Cause]:
    longest, shortest, pattern = schema.get("maxLength"), schema.get("minLength"), schema.get("pattern")
    if longest is not None and len(value) > longest:
        yield Cause(path, "FieldValueTooLong", f"Too long: may not be more than {longest} bytes")
    if shortest is not None and len(value) < shortest:
        yield _invalid(path, value, f"should be at least {shortest} chars long")
    if pattern is not None and compile_pattern(pattern).search(value) is None:
        yield _invalid(path, value, f"should match '{pattern}'")
    if not matches_format(value, schema.get("format", "")):
        shown = quote(value)
        message = f"Invalid value: {shown}: {_place(path)} must be of type {schema['format']}: {shown}"
        yield Cause(path, "FieldValueTypeInvalid", message)


def _check_number(value: float, schema: Schema, path: str) -> Iterator[Cause]:
    lowest, highest, step = schema.get("minimum"), schema.get("maximum"), schema.get("multipleOf")
    if lowest is not None:
        if schema.get("exclusiveMinimum") and value <= lowest:
            yield _invalid(path, value, f"should be greater than {lowest}")
        elif value < lowest:
            yield _invalid(path, value, f"should be greater than or equal to {lowest}")
    if highest is not None:
        if schema.get("exclusiveMaximum") and value >= highest:
            yield _invalid(path, value, f"should be less than {highest}")
        elif value > highest:
            yield _invalid(path, value, f"should be less than or equal to {highest}")
    if step and value % step:
        yield _invalid(path, value, f"should be a multiple of {step}")
    bits = {"int32": 31, "int64": 63}.get(schema.get("format", ""))
    if bits and not -(2**bits) <= value < 2**bits:
        yield _invalid(path, value, f"should be an {schema['format']}")


def _check_size(count: int, suffix: str, word: str, schema: Schema, path: str) -> Iterator[Cause]:
    most, least = schema.get(f"max{suffix}"), schema.get(f"min{suffix}")
    if most is not None and count > most:
        noun = "item" if most == 1 else "items"
        yield Cause(path, "FieldValueTooMany", f"Too many: {count}: must have at most {most} {noun}")
    if least is not None and count < least:
        yield _invalid(path, count, f"should have at least {least} {word}")


def _check_junctors(value: object, schema: Schema, path: str) -> Iterator[Cause]:
    for part in schema.get("allOf") or ():
        yield from check_value(value, part, path)
    several, single = schema.get("anyOf"), schema.get("oneOf")
    if several and all(check_value(value, part, path) for part in several):
        yield _invalid(path, "", "must validate at least one schema (anyOf)")
    if single and sum(not check_value(value, part, path) for part in single) != 1:
        yield _invalid(path, "", "must validate one and only one schema (oneOf)")
    if schema.get("not") and not check_value(value, schema["not"], path):
        yield _invalid(path, "", "must not validate the schema (not)")


def _check_children(value: object, schema: Schema, path: str, before: object) -> Iterator[Cause]:
    if isinstance(value, dict):
        for name in schema.get("required") or ():
            if name not in value:
                yield Cause(_join(path, name), "FieldValueRequired", "Required value")
        former = before if isinstance(before, dict) else {}
        for name, child in value.items():
            below = child_schema(schema, name)
            if below:
                yield from check_value(child, below, _join(path, name), former.get(name, ABSENT))
    elif isinstance(value, list):
        yield from _check_unique(value, schema, path)
        items = item_schema(schema)
        known = former_items(schema, before)
        for index, item in enumerate(value):
            match = known.get(item_key(schema, item) or "", ABSENT) if known else ABSENT
            yield from check_value(item, items, f"{path}[{index}]", match)


def _check_unique(value: list[Any], schema: Schema, path: str) -> Iterator[Cause]:
    kind = schema.get(LIST_TYPE)
    if kind not in ("set", "map"):
        return
    seen: set[str] = set()
    for index, item in enumerate(value):
        shown = item
        if kind == "map" and isinstance(item, dict):
            shown = {key: item[key] for key in schema[LIST_KEYS] if key in item}
        key = quote(shown)
        if key in seen:
            yield Cause(f"{path}[{index}]", "FieldValueDuplicate", f"Duplicate value: {key}")
        seen.add(key)


def _invalid(path: str, value: object, words: str) -> Cause:
    return Cause(path, "FieldValueInvalid", f"Invalid value: {quote(value)}: {_place(path)} {words}")


def _place(path: str) -> str:
    return f"{path} in body" if path else '"" in body'


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
