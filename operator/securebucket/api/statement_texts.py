"""Numbers and booleans where a raw policy statement has to have a text.

YAML reads an account such as `012345670123` as an octal number, and no one can tell any more what was written. The schema
cannot see into a statement, so this is told besides: by the command line about a file, and by a pass about the policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from securebucket.api.errors import FieldError, Location, write_path
from securebucket.api.policy import Policy, Statement

ELEMENTS = {
    "Principal": "principal",
    "NotPrincipal": "not_principal",
    "Action": "action",
    "NotAction": "not_action",
    "Resource": "resource",
    "NotResource": "not_resource",
}
"""Elements that hold texts only, by the fields' names."""
SETS = ("forallvalues:", "foranyvalue:")


def untold_texts(policy: Policy, *path: str) -> Iterator[FieldError]:
    """Name each value of the raw statements that is no text and should be one.

    Args:
        policy: with the statements.
        path: of the policy in its object, e.g. `spec`, `policy`.
    """
    for place, statement in enumerate(policy.statements):
        yield from _of_statement(statement, (*path, "statements", place))


def _of_statement(statement: Statement, path: Location) -> Iterator[FieldError]:
    for element, field in ELEMENTS.items():
        if (value := getattr(statement, field)) is not None:
            yield from _others(value, (), (*path, element))
    operators = statement.condition if isinstance(statement.condition, Mapping) else {}
    for operator, tests in operators.items():
        for key, values in tests.items() if isinstance(tests, Mapping) else ():
            yield from _others(values, _taken(operator), (*path, "Condition", operator, key))


def _taken(operator: str) -> tuple[type, ...]:
    """Give the types besides texts that an operator's values may have: those whose text is the same in all spellings."""
    name = operator.lower().removesuffix("ifexists")
    for prefix in SETS:
        name = name.removeprefix(prefix)
    if name.startswith("numeric"):
        return (int, float)
    return (bool,) if name in {"bool", "null"} else ()


def _others(value: Any, taken: tuple[type, ...], path: Location) -> Iterator[FieldError]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _others(item, taken, (*path, key))
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from _others(item, taken, (*path, place))
    elif not isinstance(value, str) and type(value) not in taken:
        yield FieldError(
            write_path(path), f"must be text, and was read as {json.dumps(value)}; put what is meant in quotes"
        )
