"""The values of expressions: JSON as it is, and a few kinds more."""

import datetime as dt
from dataclasses import dataclass
from typing import Any


class CelError(Exception):
    """An expression has no value: a missing key, an index out of range, an operator that does not fit."""


@dataclass(frozen=True, slots=True)
class Optional:
    """A value that may be missing, as `oldSelf` is with `optionalOldSelf`."""

    present: bool
    content: Any = None


NOTHING = Optional(present=False)


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a value, as `type(x)` gives it."""

    name: str


TYPES = {
    bool: "bool",
    int: "int",
    float: "double",
    str: "string",
    bytes: "bytes",
    list: "list",
    dict: "map",
    type(None): "null_type",
    dt.datetime: "google.protobuf.Timestamp",
    dt.timedelta: "google.protobuf.Duration",
}


def equals(left: Any, right: Any) -> bool:
    """Equality over types: 1 is 1.0, but true is not 1."""
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(equals(one, other) for one, other in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equals(value, right[key]) for key, value in left.items())
    return bool(left == right)


def number(value: object) -> float:
    """The value, if it is a number.

    Raises:
        CelError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CelError(f"no such overload: {type_name(value)} is no number")
    return value


def truth(value: object) -> bool:
    """The value, if it is a boolean.

    Raises:
        CelError: it is none.
    """
    if not isinstance(value, bool):
        raise CelError(f"no such overload: {type_name(value)} is no bool")
    return value


def type_name(value: object) -> str:
    """The name of a value's type."""
    return TYPES.get(type(value), type(value).__name__)
