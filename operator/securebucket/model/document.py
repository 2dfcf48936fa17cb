"""JSON-like values: how AWS documents are held, compared and shown."""

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

from securebucket.api.moment import in_utc

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

Response: TypeAlias = Mapping[str, Any]
"""What boto3 returned for one read, `ResponseMetadata` taken out."""


def jsonable(value: Any) -> Json:
    """Turn a value into JSON: datetimes become ISO 8601 in UTC, dataclasses objects, all else keeps its shape."""
    if isinstance(value, dt.datetime):
        return in_utc(value)
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):  # an entry of a state, such as an ACL grant
        return {camel_case(field.name): jsonable(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return cast("Json", value)


def canonical_text(value: Json) -> str:
    """Give the one text of a JSON value: sorted keys, no spaces. Equal values have equal texts."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def camel_case(name: str) -> str:
    """Turn a field's Python name into the name that the spec, the status and the metrics use."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def fields_of(state: Any) -> dict[str, Json]:
    """Lay a control's state out flat: one entry a field, and one a key where the field is a mapping.

    Rules, statements and tags are mappings by their id, so that a difference names the one rule that differs
    (`rules[expire-logs]`) and not the whole document. Fields with `compare=False` are left out.
    """
    flat: dict[str, Json] = {}
    for field in dataclasses.fields(state):
        if not field.compare:
            continue
        value = getattr(state, field.name)
        name = camel_case(field.name)
        if isinstance(value, Mapping):
            flat |= {f"{name}[{key}]": jsonable(item) for key, item in value.items()}
        else:
            flat[name] = jsonable(sorted(value) if isinstance(value, frozenset) else value)
    return flat
