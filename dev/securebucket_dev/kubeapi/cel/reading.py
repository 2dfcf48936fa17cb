"""Reads JSON as expressions see it: by its schema a text is a time, a span or bytes, and a whole number a double.

https://kubernetes.io/docs/reference/using-api/cel/#type-system-integration
"""

import base64
import datetime as dt
from collections.abc import Callable
from typing import Any

from securebucket_dev.kubeapi.cel.functions import FUNCTIONS
from securebucket_dev.kubeapi.formats import parse_time
from securebucket_dev.kubeapi.kind import Schema
from securebucket_dev.kubeapi.structure import item_schema

Reader = Callable[[Any], Any]


def reader_of(schema: Schema) -> Reader:
    """A function that reads values of a schema; most schemas have nothing to read, and theirs gives the value back."""
    return _reader(schema) or (lambda value: value)


def _reader(schema: Schema) -> Reader | None:
    scalar = _FORMATS.get(schema.get("format", "")) if schema.get("type") == "string" else None
    if schema.get("type") == "number":
        scalar = _double
    if scalar:
        return scalar
    fields = {name: inner for name, child in (schema.get("properties") or {}).items() if (inner := _reader(child))}
    extra, items = schema.get("additionalProperties"), item_schema(schema)
    additional = _reader(extra) if isinstance(extra, dict) else None
    listed = _reader(items) if items else None
    if not (fields or additional or listed):
        return None

    def read(value: Any) -> Any:
        if isinstance(value, list) and listed:
            return [listed(item) for item in value]
        if isinstance(value, dict):
            return {
                name: reader(child) if (reader := fields.get(name, additional)) else child
                for name, child in value.items()
            }
        return value

    return read


def _double(value: Any) -> Any:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _text(parse: Callable[[str], Any]) -> Reader:
    def read(value: Any) -> Any:
        try:
            return parse(value) if isinstance(value, str) else value
        except ValueError:  # its format is judged elsewhere
            return value

    return read


_FORMATS: dict[str, Reader] = {
    "byte": _text(base64.b64decode),
    "date": _text(lambda text: dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)),
    "date-time": _text(parse_time),
    "duration": _text(FUNCTIONS["duration"]),
}
