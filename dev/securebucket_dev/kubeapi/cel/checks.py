"""Finds, before an expression is ever run, the names in it that nothing declares.

The API server refuses such a rule with its CustomResourceDefinition. Types of operands are not checked here.
"""

from collections.abc import Iterator, Mapping

from securebucket_dev.kubeapi.cel.functions import FUNCTIONS
from securebucket_dev.kubeapi.cel.program import MACROS, OPERATORS, unescape
from securebucket_dev.kubeapi.cel.syntax import Call, Index, ListOf, Literal, MapOf, Name, Node, Select
from securebucket_dev.kubeapi.cel.values import TYPES
from securebucket_dev.kubeapi.kind import Schema
from securebucket_dev.kubeapi.structure import PRESERVE, child_schema, is_named, item_schema

ANYTHING: Schema = {}
_ROOT: dict[str, Schema] = {
    "apiVersion": {"type": "string"},
    "kind": {"type": "string"},
    "metadata": {"type": "object", "properties": {"name": {"type": "string"}, "generateName": {"type": "string"}}},
}


def find_undeclared(tree: Node, variables: Mapping[str, Schema]) -> list[str]:
    """What the expression names and nothing declares: variables, functions and fields of a schema."""
    return list(_walk(tree, dict(variables)))


def uses(tree: Node, variable: str) -> bool:
    """True if the expression reads a variable."""
    match tree:
        case Name(name):
            return name == variable
        case _:
            return any(uses(child, variable) for child in _children(tree))


def root_schema(schema: Schema) -> Schema:
    """What `self` is at the root of an object: of its metadata, only the names can be read."""
    return {**schema, "properties": {**(schema.get("properties") or {}), **_ROOT}}


def _children(tree: Node) -> Iterator[Node]:
    match tree:
        case Select(operand):
            yield operand
        case Index(operand, index):
            yield from (operand, index)
        case ListOf(items):
            yield from items
        case MapOf(pairs):
            for pair in pairs:
                yield from pair
        case Call(_, arguments):
            yield from arguments


def _walk(tree: Node, known: dict[str, Schema]) -> Iterator[str]:
    match tree:
        case Name(name) if name not in known and name not in TYPES.values():
            yield f"undeclared reference to '{name}'"
        case Select(operand, field):
            yield from _walk(operand, known)
            schema = _schema_of(operand, known)
            if _is_closed(schema) and not is_named(schema, unescape(field)):
                yield f"undefined field '{field}'"
        case Call(name, arguments, method) if method and name in MACROS and name != "has":
            yield from _walk_macro(arguments, known)
        case Call(name, arguments):
            if name not in FUNCTIONS and name not in OPERATORS and name not in MACROS:
                yield f"undeclared reference to '{name}'"
            for argument in arguments:
                yield from _walk(argument, known)
        case _:
            for child in _children(tree):
                yield from _walk(child, known)


def _walk_macro(arguments: tuple[Node, ...], known: dict[str, Schema]) -> Iterator[str]:
    yield from _walk(arguments[0], known)
    if len(arguments) < 3 or not isinstance(arguments[1], Name):
        yield "a macro takes a variable and an expression"
        return
    schema = _schema_of(arguments[0], known)
    # Over a list the variable is its items, over a map its keys.
    inner = {**known, arguments[1].name: item_schema(schema) if schema.get("type") == "array" else ANYTHING}
    for argument in arguments[2:]:
        yield from _walk(argument, inner)


def _is_closed(schema: Schema) -> bool:
    properties, open_ended = schema.get("properties"), schema.get("additionalProperties") or schema.get(PRESERVE)
    return schema.get("type") == "object" and bool(properties) and not open_ended


def _schema_of(tree: Node, known: dict[str, Schema]) -> Schema:
    match tree:
        case Name(name):
            return known.get(name, ANYTHING)
        case Select(operand, field, False):
            return child_schema(_schema_of(operand, known), unescape(field))
        case Index(operand, Literal(str() as field), False):
            return child_schema(_schema_of(operand, known), field)
        case Index(operand, _, False):
            schema = _schema_of(operand, known)
            return item_schema(schema) or child_schema(schema, "")
        case Call("filter", arguments, True):
            return _schema_of(arguments[0], known)
        case _:
            return ANYTHING
