"""From pydantic's errors to words for people: which field, and what to write instead."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from securebucket.api.rule import RULE_ERROR

Location = tuple[str | int, ...]

MOST_TOLD = 100
"""Faults of one object: an object of 40,000 kept all others waiting for seconds while they were put into words."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault of an object.

    Args:
        path: the field as people write it, e.g. `spec.policy.allow[0].actions`; empty for the whole object.
        message: what is wrong and what to write instead.
    """

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class InvalidObject(ValueError):  # noqa: N818 - named after what it is about, as a reason in conditions is
    """An object that the API does not take, with everything that is wrong with it.

    Args:
        errors: at least one.
    """

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        super().__init__("; ".join(str(error) for error in errors))
        self.errors = errors


def explain(error: ValidationError, model: type[BaseModel] | None = None) -> tuple[FieldError, ...]:
    """Turn pydantic's error into one entry a fault, in the object's order; of very many, the rest is counted.

    Args:
        error: what `model_validate` raised.
        model: the model that refused; with it, a misspelt field gets a suggestion.
    """
    found = error.errors(include_url=False)
    told = found[:MOST_TOLD]
    rest = (FieldError("", f"and {len(found) - MOST_TOLD} more faults"),) if len(found) > MOST_TOLD else ()
    return (
        *(
            FieldError(write_path(each["loc"]), _words(each["type"], each, model))
            for each in told
            if not _follows_from_another(each, told)
        ),
        *rest,
    )


def _follows_from_another(each: ErrorDetails, found: list[ErrorDetails]) -> bool:
    """Tell a list that is too short only because pydantic does not count the entries that are wrong."""
    depth = len(each["loc"])
    return each["type"] == "too_short" and any(
        len(other["loc"]) > depth and other["loc"][:depth] == each["loc"] for other in found
    )


def write_path(location: Location) -> str:
    """Write a location as people do: `spec.policy.allow[0].actions`; keys that are not field names go in brackets."""
    path = ""
    for step in location:
        if step == "[key]":
            continue
        if isinstance(step, int) or not re.fullmatch("[A-Za-z][A-Za-z0-9]*", step):
            path += f"[{step}]"
        else:
            path += f".{step}" if path else step
    return path


def _words(kind: str, error: ErrorDetails, model: type[BaseModel] | None) -> str:
    if kind == RULE_ERROR:
        return str(error["msg"])
    if kind == "extra_forbidden":
        return _unknown_field(error["loc"], model)
    if kind in {"literal_error", "enum"}:
        return _choices(str(error["ctx"]["expected"]), error["input"])
    if kind == "json_invalid":
        return _unreadable(str(error["ctx"]["error"]))
    words = _MESSAGES.get(kind)
    return words.format(given=error["input"], **error.get("ctx", {})) if words else str(error["msg"])


def _unknown_field(location: Location, model: type[BaseModel] | None) -> str:
    names = [] if model is None else list(_field_names(model, location[:-1]))
    near = difflib.get_close_matches(str(location[-1]), names, n=1)
    if near:
        return f"there is no such field; did you mean {near[0]}?"
    return "there is no such field; check its spelling and its indentation, or remove it"


def _field_names(model: type[BaseModel], location: Location) -> Iterator[str]:
    """Return the API names of the fields at a location below a model."""
    here: Any = model
    for step in location:
        if not isinstance(step, str):
            continue
        annotation = next(
            (info.annotation for name, info in here.model_fields.items() if step in {name, info.alias}), None
        )
        inner = next(_models_in(annotation), None)
        if inner is None:
            return
        here = inner
    yield from (info.alias or name for name, info in here.model_fields.items())


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _choices(expected: str, given: Any) -> str:
    allowed = ", ".join(re.findall("'([^']*)'", expected))
    return f"{given!r} is not valid; choose one of: {allowed}" if allowed else f"{given!r} is not valid"


def _unreadable(fault: str) -> str:
    """Say why an object cannot be written as JSON at all: there is no field to name."""
    if "hex escape" in fault:
        return "a text in it holds half a character (a lone surrogate such as \\ud800); write a whole one"
    return "is nested too deep; no field needs that" if "recursion" in fault else f"is not JSON: {fault}"


_MESSAGES = {
    "missing": "is required; add it",
    "string_type": "must be text; put it in quotes",
    **dict.fromkeys(("bool_type", "bool_parsing"), "must be true or false, without quotes"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "must be a whole number, without quotes"),
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type"), "must be a mapping (key: value)"),
    **dict.fromkeys(("tuple_type", "list_type"), "must be a list (one line with a dash for each entry)"),
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        "must be a date such as 2030-12-31",
    ),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "timezone_aware"),
        "must be a time with a zone such as 2030-01-31T00:00:00Z",
    ),
    "string_too_short": "is too short; write {min_length} characters or more",
    "string_too_long": "is too long; write {max_length} characters or less",
    "too_short": "has too few entries; give {min_length} or more",
    "too_long": "has too many entries; give {max_length} or less",
    "greater_than_equal": "{given} is too small; write {ge} or more",
    "less_than_equal": "{given} is too large; write {le} or less",
}
"""Words for pydantic's types of errors; what they hold in braces is of the error, `given` what stands in the field."""
