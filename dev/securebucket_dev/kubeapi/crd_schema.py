"""What makes the schema of a CustomResourceDefinition structural, and what is then wrong with it.

https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
"""

from collections.abc import Iterator
from typing import Any

import re2  # type: ignore[import-untyped] # the package has no types

from securebucket_dev.kubeapi.failure import Cause
from securebucket_dev.kubeapi.kind import Schema
from securebucket_dev.kubeapi.structure import LIST_KEYS, LIST_TYPE, PRESERVE
from securebucket_dev.kubeapi.validation import compile_pattern, quote

_VALUE_WORDS = frozenset(
    {"default", "enum", "example", "format", "nullable", "title", "description", "type", "$schema"}
)
_NUMBER_WORDS = frozenset({"maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "multipleOf"})
_SIZE_WORDS = frozenset({"maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems"})
_OBJECT_WORDS = frozenset({"maxProperties", "minProperties", "required", "properties", "additionalProperties", "items"})
_LOGIC_WORDS = frozenset({"allOf", "oneOf", "anyOf", "not", "externalDocs"})
_REFUSED_WORDS = frozenset({"id", "$ref", "patternProperties", "dependencies", "additionalItems", "definitions"})
_EXTENSIONS = frozenset(
    {
        "x-kubernetes-embedded-resource",
        "x-kubernetes-int-or-string",
        "x-kubernetes-map-type",
        "x-kubernetes-validations",
        PRESERVE,
        LIST_KEYS,
        LIST_TYPE,
    }
)
_WORDS = _VALUE_WORDS | _NUMBER_WORDS | _SIZE_WORDS | _OBJECT_WORDS | _LOGIC_WORDS | _REFUSED_WORDS | _EXTENSIONS
_VALUE_ONLY = ("type", "additionalProperties", "default", "title", "description", "nullable", PRESERVE)
_TYPES = ("object", "array", "string", "integer", "number", "boolean")
_JUNCTORS = ("allOf", "oneOf", "anyOf")


def clean_schema(schema: Any, path: str, dropped: list[str]) -> Any:
    """The schema without the words that the API does not have; their paths are added to `dropped`."""
    if not isinstance(schema, dict):
        return schema
    cleaned: dict[str, Any] = {}
    for word, value in schema.items():
        here = f"{path}.{word}"
        if word not in _WORDS:
            dropped.append(here)
        elif word == "properties" and isinstance(value, dict):
            cleaned[word] = {name: clean_schema(child, f"{here}.{name}", dropped) for name, child in value.items()}
        elif word in ("items", "additionalProperties", "not"):
            cleaned[word] = clean_schema(value, here, dropped)
        elif word in _JUNCTORS and isinstance(value, list):
            cleaned[word] = [clean_schema(each, f"{here}[{index}]", dropped) for index, each in enumerate(value)]
        else:
            cleaned[word] = value
    return cleaned


def check_schema(schema: Schema, path: str) -> list[Cause]:
    """What keeps a version's schema from being structural."""
    faults = list(_check(schema, path))
    if schema.get("type") != "object":
        faults.append(_invalid(f"{path}.type", schema.get("type", ""), "must be object at the root"))
    if schema.get("additionalProperties"):
        faults.append(_forbid(f"{path}.additionalProperties", "must not be used at the root"))
    return faults


def _check(schema: Schema, path: str) -> Iterator[Cause]:
    for word in sorted(_REFUSED_WORDS):
        if schema.get(word):
            yield _forbid(f"{path}.{word}", f"{word} is not supported")
    if schema.get("uniqueItems"):
        yield _forbid(
            f"{path}.uniqueItems", "uniqueItems cannot be set to true since the runtime complexity is quadratic"
        )
    kind = schema.get("type", "")
    if not kind and not schema.get("x-kubernetes-int-or-string") and not schema.get(PRESERVE):
        yield Cause(
            f"{path}.type", "FieldValueRequired", "Required value: must not be empty for specified object fields"
        )
    elif kind and kind not in _TYPES:
        yield _unsupported(f"{path}.type", kind, _TYPES)
    if kind == "array" and not schema.get("items"):
        yield Cause(f"{path}.items", "FieldValueRequired", "Required value: must be specified")
    if schema.get("properties") and schema.get("additionalProperties"):
        yield _forbid(f"{path}.additionalProperties", "additionalProperties and properties are mutual exclusive")
    yield from _check_list(schema, path)
    yield from _check_pattern(schema, path)
    yield from _check_parts(schema, path)


def _check_parts(schema: Schema, path: str) -> Iterator[Cause]:
    for word in _JUNCTORS:
        for index, part in enumerate(schema.get(word) or ()):
            yield from _check_value_only(part, f"{path}.{word}[{index}]")
    if schema.get("not"):
        yield from _check_value_only(schema["not"], f"{path}.not")
    for name, child in (schema.get("properties") or {}).items():
        if not path.endswith("openAPIV3Schema") or name not in ("apiVersion", "kind", "metadata"):
            yield from _check(child, f"{path}.properties[{name}]")
    for word in ("additionalProperties", "items"):
        if isinstance(schema.get(word), dict):
            yield from _check(schema[word], f"{path}.{word}")


def _check_list(schema: Schema, path: str) -> Iterator[Cause]:
    kind = schema.get(LIST_TYPE)
    if kind is None:
        return
    if kind not in ("atomic", "set", "map"):
        yield _unsupported(f"{path}.{LIST_TYPE}", kind, ("atomic", "map", "set"))
    if schema.get("type") != "array":
        yield _invalid(f"{path}.type", schema.get("type", ""), f"must be array if {LIST_TYPE} is {kind}")
    keys, items = schema.get(LIST_KEYS) or (), schema.get("items") or {}
    if kind == "map" and not keys:
        yield Cause(
            f"{path}.{LIST_KEYS}", "FieldValueRequired", "Required value: must not be empty if list-type is map"
        )
    for key in keys:
        field = (items.get("properties") or {}).get(key)
        if field is None:
            yield _invalid(f"{path}.{LIST_KEYS}", key, "entries must all be names of item properties")
        elif key not in (items.get("required") or ()) and "default" not in field:
            place = f"{path}.items.properties[{key}].default"
            words = (
                "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"
            )
            yield Cause(place, "FieldValueRequired", f"Required value: {words}")
    if kind == "set" and items.get("type") == "object" and items.get("x-kubernetes-map-type") != "atomic":
        yield _invalid(f"{path}.items.x-kubernetes-map-type", "", "must be atomic as item of a list with type set")


def _check_pattern(schema: Schema, path: str) -> Iterator[Cause]:
    pattern = schema.get("pattern")
    if not pattern:
        return
    try:
        compile_pattern(pattern)
    except re2.error as error:
        yield _invalid(f"{path}.pattern", pattern, f"must be a valid regular expression, but isn't: {error}")


def _check_value_only(schema: Schema, path: str) -> Iterator[Cause]:
    """Inside of allOf, anyOf, oneOf and not, a schema may only judge values, not shape them."""
    for word in _VALUE_ONLY:
        if word == "type" and schema.get("type") and _is_int_or_string_part(path):
            continue
        if schema.get(word):
            yield _forbid(f"{path}.{word}", "must be empty to be structural")
    for name, child in (schema.get("properties") or {}).items():
        yield from _check_value_only(child, f"{path}.properties[{name}]")
    if isinstance(schema.get("items"), dict):
        yield from _check_value_only(schema["items"], f"{path}.items")


def _is_int_or_string_part(path: str) -> bool:
    # The one exception: anyOf [{type: integer}, {type: string}] beside x-kubernetes-int-or-string.
    return path.endswith((".anyOf[0]", ".anyOf[1]"))


def _forbid(path: str, words: str) -> Cause:
    return Cause(path, "FieldValueForbidden", f"Forbidden: {words}")


def _invalid(path: str, value: object, words: str) -> Cause:
    return Cause(path, "FieldValueInvalid", f"Invalid value: {quote(value)}: {words}")


def _unsupported(path: str, value: object, allowed: tuple[str, ...]) -> Cause:
    listed = ", ".join(quote(each) for each in allowed)
    return Cause(path, "FieldValueNotSupported", f"Unsupported value: {quote(value)}: supported values: {listed}")
