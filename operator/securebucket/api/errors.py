"""From pydantic's errors to words for people: which field, and what to write instead."""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
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
    write = _MESSAGES.get(kind)
    return write(error.get("ctx", {}), error["input"]) if write else str(error["msg"])


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


def _choices(context: Mapping[str, Any], given: Any) -> str:
    allowed = ", ".join(re.findall("'([^']*)'", str(context["expected"])))
    return f"{given!r} is not valid; choose one of: {allowed}" if allowed else f"{given!r} is not valid"


def _unreadable(context: Mapping[str, Any], _given: Any) -> str:
    """Say why an object cannot be written as JSON at all: there is no field to name."""
    fault = str(context["error"])
    if "hex escape" in fault:
        return "a text in it holds half a character (a lone surrogate such as \\ud800); write a whole one"
    return "is nested too deep; no field needs that" if "recursion" in fault else f"is not JSON: {fault}"


def _fixed(text: str) -> Callable[[Mapping[str, Any], Any], str]:
    return lambda _context, _given: text


_MAPPING = _fixed("must be a mapping (key: value)")
_LIST = _fixed("must be a list (one line with a dash for each entry)")
_DATE = _fixed("must be a date such as 2030-12-31")
_TIME = _fixed("must be a time with a zone such as 2030-01-31T00:00:00Z")
_WHOLE_NUMBER = _fixed("must be a whole number, without quotes")

_MESSAGES: dict[str, Callable[[Mapping[str, Any], Any], str]] = {
    "json_invalid": _unreadable,
    "missing": _fixed("is required; add it"),
    "literal_error": _choices,
    "enum": _choices,
    "string_type": _fixed("must be text; put it in quotes"),
    "bool_type": _fixed("must be true or false, without quotes"),
    "bool_parsing": _fixed("must be true or false, without quotes"),
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "dict_type": _MAPPING,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "timezone_aware": _TIME,
    "string_too_short": lambda context, _: f"is too short; write {context['min_length']} characters or more",
    "string_too_long": lambda context, _: f"is too long; write {context['max_length']} characters or less",
    "too_short": lambda context, _: f"has too few entries; give {context['min_length']} or more",
    "too_long": lambda context, _: f"has too many entries; give {context['max_length']} or less",
    "greater_than_equal": lambda context, given: f"{given} is too small; write {context['ge']} or more",
    "less_than_equal": lambda context, given: f"{given} is too large; write {context['le']} or less",
}
