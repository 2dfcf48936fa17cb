"""Makes an expression's tree into a function of its variables."""

import operator
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from securebucket_dev.kubeapi.cel.functions import FUNCTIONS
from securebucket_dev.kubeapi.cel.syntax import Call, Index, ListOf, Literal, MapOf, Name, Node, Select
from securebucket_dev.kubeapi.cel.values import NOTHING, TYPES, CelError, Optional, Type, equals, number, truth

Variables = dict[str, Any]
Program = Callable[[Variables], Any]

MACROS = frozenset({"has", "all", "exists", "exists_one", "existsOne", "map", "filter"})
"""Calls whose arguments are not values."""

OPERATORS = frozenset(
    {"?:", "||", "&&", "!", "negate", "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/", "%"}
)
"""Calls that are written as signs."""

_ESCAPES = {"__underscores__": "__", "__dot__": ".", "__dash__": "-", "__slash__": "/"}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TYPE_NAMES = {name: Type(name) for name in (*TYPES.values(), "uint", "type")}


def compile_tree(node: Node) -> Program:
    """A function of the variables that gives the expression's value, or raises CelError."""
    match node:
        case Literal(value):
            return lambda _: value
        case Name(name):
            return lambda variables: _variable(variables, name)
        case Select(operand, field, optional):
            return _select(compile_tree(operand), unescape(field), optional)
        case Index(operand, index, optional):
            return _index(compile_tree(operand), compile_tree(index), optional)
        case ListOf(items):
            programs = [compile_tree(item) for item in items]
            return lambda variables: [each(variables) for each in programs]
        case MapOf(pairs):
            compiled = [(compile_tree(key), compile_tree(value)) for key, value in pairs]
            return lambda variables: {key(variables): value(variables) for key, value in compiled}
        case Call(name, arguments, method):
            if name in MACROS and (method or name == "has"):
                return _macro(name, arguments)
            return _operation(name, [compile_tree(each) for each in arguments])


def unescape(name: str) -> str:
    """The property that a name stands for: `__dash__` is `-`, `__namespace__` is the keyword `namespace`.

    https://kubernetes.io/docs/reference/using-api/cel/#escaping
    """
    for escape, sign in _ESCAPES.items():
        name = name.replace(escape, sign)
    return name[2:-2] if name.startswith("__") and name.endswith("__") and len(name) > 4 else name


def _variable(variables: Variables, name: str) -> Any:
    if name in variables:
        return variables[name]
    if name in _TYPE_NAMES:
        return _TYPE_NAMES[name]
    raise CelError(f"undeclared reference to '{name}'")


def _select(operand: Program, field: str, optional: bool) -> Program:
    def run(variables: Variables) -> Any:
        value = operand(variables)
        if isinstance(value, Optional):
            if not value.present or not isinstance(value.content, dict) or field not in value.content:
                return NOTHING
            return Optional(present=True, content=value.content[field])
        if not isinstance(value, dict):
            raise CelError(f"no such overload: .{field} of {type(value).__name__}")
        if optional:
            return Optional(present=True, content=value[field]) if field in value else NOTHING
        if field not in value:
            raise CelError(f"no such key: {field}")
        return value[field]

    return run


def _index(operand: Program, index: Program, optional: bool) -> Program:
    def run(variables: Variables) -> Any:
        value, key = operand(variables), index(variables)
        if isinstance(value, list) and isinstance(key, float) and key.is_integer():
            key = int(key)
        inside = 0 <= key < len(value) if isinstance(value, list) and isinstance(key, int) else key in value
        if optional:
            return Optional(present=True, content=value[key]) if inside else NOTHING
        if not inside:
            raise CelError(f"index out of bounds: {key}" if isinstance(value, list) else f"no such key: {key}")
        return value[key]

    return run


def _macro(name: str, arguments: tuple[Node, ...]) -> Program:
    if name == "has":
        return _presence(arguments[0])
    subject = compile_tree(arguments[0])
    if len(arguments) < 3 or not isinstance(arguments[1], Name):
        raise CelError(f"{name}() takes a variable and an expression")
    variable = arguments[1].name
    steps = [compile_tree(each) for each in arguments[2:]]

    def scopes(variables: Variables) -> Iterable[Variables]:
        for item in subject(variables):
            yield {**variables, variable: item}

    match name:
        case "all" | "exists":
            decisive = name == "exists"
            return lambda variables: _absorb(decisive, [partial(steps[0], scope) for scope in scopes(variables)])
        case "filter":
            return lambda variables: [s[variable] for s in scopes(variables) if truth(steps[0](s))]
        case "map" if len(steps) > 1:
            return lambda variables: [steps[1](s) for s in scopes(variables) if truth(steps[0](s))]
        case "map":
            return lambda variables: [steps[0](s) for s in scopes(variables)]
        case _:
            return lambda variables: sum(truth(steps[0](s)) for s in scopes(variables)) == 1


def _presence(argument: Node) -> Program:
    if not isinstance(argument, Select):
        raise CelError("invalid argument to has() macro")
    operand, field = compile_tree(argument.operand), unescape(argument.field)

    def run(variables: Variables) -> bool:
        value = operand(variables)
        if isinstance(value, Optional):
            value = value.content if value.present else {}
        if not isinstance(value, dict):
            raise CelError(f"no such overload: has() of {type(value).__name__}")
        return field in value

    return run


def _absorb(decisive: bool, steps: Iterable[Callable[[], Any]]) -> bool:
    """`&&` and `||` in any order: one decisive value hides the errors of the others."""
    failure: CelError | None = None
    for step in steps:
        try:
            if truth(step()) is decisive:
                return decisive
        except CelError as error:
            failure = failure or error
    if failure:
        raise failure
    return not decisive


def _operation(name: str, arguments: list[Program]) -> Program:
    match name:
        case "||" | "&&":
            return lambda variables: _absorb(name == "||", [partial(each, variables) for each in arguments])
        case "?:":
            return lambda variables: arguments[1 if truth(arguments[0](variables)) else 2](variables)
        case "!":
            return lambda variables: not truth(arguments[0](variables))
        case "negate":
            return lambda variables: -number(arguments[0](variables))
        case "==" | "!=":
            return lambda variables: equals(arguments[0](variables), arguments[1](variables)) is (name == "==")
        case "in":
            return lambda variables: _is_in(arguments[0](variables), arguments[1](variables))
    if name in OPERATORS:
        return lambda variables: _calculate(name, arguments[0](variables), arguments[1](variables))
    return lambda variables: _call(name, [each(variables) for each in arguments])


def _is_in(item: Any, whole: Any) -> bool:
    if isinstance(whole, dict):
        return item in whole
    if isinstance(whole, list):
        return any(equals(item, other) for other in whole)
    raise CelError("no such overload: in")


def _calculate(name: str, left: Any, right: Any) -> Any:
    try:
        if name in _COMPARISONS:
            return _COMPARISONS[name](left, right)
        if name == "+" and not isinstance(left, bool):
            return left + right
        if name == "-":
            return left - right
        one, other = number(left), number(right)
        if name == "*":
            return one * other
        if isinstance(one, float) or isinstance(other, float):
            return one / other
        quotient = abs(one) // abs(other) * (1 if (one < 0) == (other < 0) else -1)
    except (TypeError, ArithmeticError) as error:
        raise CelError(f"no such overload: {name}: {error}") from error
    return quotient if name == "/" else one - quotient * other


def _call(name: str, arguments: list[Any]) -> Any:
    try:
        return FUNCTIONS[name](*arguments)
    except (TypeError, ValueError, KeyError, AttributeError, IndexError) as error:
        raise CelError(f"no such overload: {name}: {error}") from error
