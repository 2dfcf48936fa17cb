"""Rules of the API, each said once: CEL text for the API server beside the same condition for everybody who has none.

The API server refuses an object at apply time (https://kubernetes.io/docs/reference/using-api/cel/); pydantic refuses
it again in the command line and in the operator, with the same words.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

JsonSchema = dict[str, Any]

VALIDATIONS = "x-kubernetes-validations"
RULE_ERROR = "rule"
"""Type of the pydantic errors that carry a rule's message."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition on a model (`ApiModel.invariants`), or on one value (as an annotation of its type).

    Args:
        cel: the condition for the API server; `self` is the value. Empty where CEL cannot see or afford it.
        holds: the same condition on the validated value.
        message: what is wrong and what to write instead.
        blames: dotted path of the field at fault, in API names; empty for the value itself.
        keywords: of the JSON schema, which stand in for `cel` where that is empty.
        since: release that brought the rule to a field which older objects have. Such an object is still read, and the
            pass refuses the one control (`late_rules`); whoever applies it anew is refused as by any other rule.
    """

    cel: str
    holds: Callable[[Any], bool]
    message: str
    blames: str = ""
    keywords: Mapping[str, Any] = field(default_factory=dict, hash=False)
    since: str = ""

    def write(self, schema: JsonSchema) -> None:
        """Add the rule to the JSON schema of its value."""
        if self.keywords:
            schema.setdefault("allOf", []).append(dict(self.keywords))
        if self.cel:
            written = {"rule": self.cel, "message": self.message}
            schema.setdefault(VALIDATIONS, []).append(
                written | ({"fieldPath": f".{self.blames}"} if self.blames else {})
            )

    def fault(self, value: Any) -> InitErrorDetails:
        """Return pydantic's form of the refusal, at the field to blame."""
        error = PydanticCustomError(RULE_ERROR, "{message}", {"message": self.message})
        return InitErrorDetails(type=error, loc=tuple(self.blames.split(".")) if self.blames else (), input=value)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def check(value: Any) -> Any:
            refuse(value, (self,))
            return value

        return core_schema.no_info_after_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        written = handler(schema)
        self.write(written)
        return written


def refuse(value: Any, rules: tuple[Rule, ...]) -> None:
    """Raise pydantic's ValidationError with every rule that the value breaks."""
    faults = [rule.fault(value) for rule in rules if not rule.holds(value)]
    if faults:
        raise ValidationError.from_exception_data(type(value).__name__, faults)


def transition(cel: str, message: str, blames: str) -> Rule:
    """Make the rule of a change, which only the API server can see; the pass compares with the status instead.

    Args:
        cel: the condition; `self` is the new value and `oldSelf` the old one.
        message: what is wrong and what to do instead.
        blames: dotted path of the field at fault, in API names.
    """
    return Rule(cel, lambda _: True, message, blames)


def matches(pattern: str, message: str) -> Rule:
    """Make the rule that a text fits a pattern, written for both RE2 and Python, with words instead of the pattern."""
    compiled = re.compile(pattern, re.ASCII)
    quoted = pattern.replace("\\", "\\\\").replace("'", "\\'")
    return Rule(f"self.matches('^{quoted}$')", lambda text: compiled.fullmatch(text) is not None, message)


def fits(pattern: str, message: str) -> Rule:
    """Make the rule of `matches` for texts so many and long that CEL would exceed the API server's budget."""
    return Rule("", matches(pattern, message).holds, message, keywords={"pattern": f"^{pattern}$"})


def exactly_one(**fields: str) -> Rule:
    """Make the rule that exactly one of some fields is given.

    Args:
        **fields: the fields, as `python_name="apiName"`.
    """
    names = list(fields.values())
    given = ", ".join(f"has(self.{name})" for name in names)
    return Rule(
        f"[{given}].filter(given, given).size() == 1",
        lambda model: sum(getattr(model, name) is not None for name in fields) == 1,
        f"give exactly one of {', '.join(names[:-1])} and {names[-1]}",
    )


def exactly_one_of_any(**fields: str) -> Rule:
    """Make the rule of `exactly_one` for fields of any type, which CEL cannot see: the schema itself says it."""
    rule = exactly_one(**fields)
    return Rule("", rule.holds, rule.message, keywords={"oneOf": [{"required": [name]} for name in fields.values()]})


@dataclass(frozen=True, slots=True)
class Keyed:
    """Marks a list as a map by one field of its entries: no two alike, and two writers can own an entry each.

    https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy

    Args:
        by: the field, in Python and in API names, which are equal but for a capital.
    """

    by: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        python_name = self.by[0].lower() + self.by[1:]
        return _without_twins(handler(source), lambda entry: getattr(entry, python_name), f"have the same {self.by}")

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        return handler(schema) | {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": [self.by]}


@dataclass(frozen=True, slots=True)
class Distinct:
    """Marks a list of texts as a set: no two alike, and two writers can add entries of their own."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return _without_twins(handler(source), lambda entry: entry, "are the same")

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        return handler(schema) | {"x-kubernetes-list-type": "set"}


def _without_twins(schema: CoreSchema, key: Callable[[Any], str], alike: str) -> CoreSchema:
    def check(entries: tuple[Any, ...]) -> tuple[Any, ...]:
        twins = sorted(name for name, count in Counter(key(entry) for entry in entries).items() if count > 1)
        if twins:
            message = f"entries {alike}, {', '.join(twins)}; keep one of each"
            raise PydanticCustomError(RULE_ERROR, "{message}", {"message": message})
        return entries

    return core_schema.no_info_after_validator_function(check, schema)
