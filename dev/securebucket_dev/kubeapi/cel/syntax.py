"""The tree of an expression, and its parser."""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

_Item = TypeVar("_Item")


class CelSyntaxError(Exception):
    """The text is no expression."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Select:
    """`operand.field`; with `optional` `operand.?field`."""

    operand: "Node"
    field: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """`operand[index]`; with `optional` `operand[?index]`."""

    operand: "Node"
    index: "Node"
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A function, an operator (named as it is written) or a macro; a method's target is its first argument."""

    name: str
    arguments: tuple["Node", ...]
    method: bool = False


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b]`."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class MapOf:
    """`{a: b}`."""

    pairs: tuple[tuple["Node", "Node"], ...]


Node = Literal | Name | Select | Index | Call | ListOf | MapOf

NAMESPACES = frozenset({"math", "optional", "sets"})
"""Names before a dot that belong to a function's name."""

_TOKEN = re.compile(
    r"""\s*(?://[^\n]*\s*)*(?:
      (?P<float>\d+\.\d+(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+)
    | (?P<int>0[xX][0-9a-fA-F]+|\d+)[uU]?
    | (?P<text>[rRbB]{0,2}
        (?:'{3}(?:\\.|.)*?'{3}|"{3}(?:\\.|.)*?"{3}|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))
    | (?P<name>[_a-zA-Z]\w*)
    | (?P<sign>\|\||&&|[=!<>]=|\.\?|\[\?|[-+*/%!<>?:.,()\[\]{}])
    | (?P<end>$)
    )""",
    re.VERBOSE | re.DOTALL,
)
_CONSTANTS = {"true": True, "false": False, "null": None}
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"||"}),
    frozenset({"&&"}),
    frozenset({"<", "<=", ">=", ">", "==", "!=", "in"}),
    frozenset({"+", "-"}),
    frozenset({"*", "/", "%"}),
)


def parse_expression(text: str) -> Node:
    """The tree of an expression.

    Raises:
        CelSyntaxError: with the place where it stops making sense.
    """
    parser = _Parser(text)
    tree = parser.expression()
    if parser.kind != "end":
        raise parser.error()
    return tree


class _Parser:
    """A token of look-ahead over the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self.kind = self.token = ""
        self._advance()

    def error(self) -> CelSyntaxError:
        return CelSyntaxError(f"Syntax error at {self._position}: unexpected {self.token or 'end'!r} in {self._text!r}")

    def expression(self) -> Node:
        condition = self._binary(0)
        if not self._take("?"):
            return condition
        chosen = self._binary(0)
        self._expect(":")
        return Call("?:", (condition, chosen, self.expression()))

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while self.kind in ("sign", "name") and self.token in _LEVELS[level]:
            operator = self.token
            self._advance()
            left = Call(operator, (left, self._binary(level + 1)))
        return left

    def _unary(self) -> Node:
        for sign, name in (("!", "!"), ("-", "negate")):
            if self._take(sign):
                return Call(name, (self._unary(),))
        return self._member()

    def _member(self) -> Node:
        node = self._primary()
        while self.kind == "sign":
            if self._take("."):
                node = self._dotted(node)
            elif self._take(".?"):
                node = Select(node, self._identifier(), optional=True)
            elif self.token in ("[", "[?"):
                optional = self.token == "[?"
                self._advance()
                node = Index(node, self.expression(), optional)
                self._expect("]")
            else:
                break
        return node

    def _dotted(self, target: Node) -> Node:
        name = self._identifier()
        if not self._take("("):
            return Select(target, name)
        arguments = self._several(")", self.expression)
        if isinstance(target, Name) and target.name in NAMESPACES:
            return Call(f"{target.name}.{name}", arguments)
        return Call(name, (target, *arguments), method=True)

    def _primary(self) -> Node:
        kind, token = self.kind, self.token
        if kind == "sign":
            return self._grouped()
        if kind == "end":
            raise self.error()
        self._advance()
        if kind == "int":
            return Literal(int(token, 0) if token[:2].lower() == "0x" else int(token))
        if kind == "float":
            return Literal(float(token))
        if kind == "text":
            return Literal(_unquote(token))
        if token in _CONSTANTS:
            return Literal(_CONSTANTS[token])
        if self._take("("):
            return Call(token, self._several(")", self.expression))
        return Name(token)

    def _grouped(self) -> Node:
        if self._take("("):
            inner = self.expression()
            self._expect(")")
            return inner
        if self._take("["):
            return ListOf(self._several("]", self.expression))
        if self._take("{"):
            return MapOf(self._several("}", self._pair))
        raise self.error()

    def _pair(self) -> tuple[Node, Node]:
        key = self.expression()
        self._expect(":")
        return key, self.expression()

    def _several(self, end: str, parse: Callable[[], _Item]) -> tuple[_Item, ...]:
        items: list[_Item] = []
        while not self._take(end):
            items.append(parse())
            if not self._take(","):
                self._expect(end)
                break
        return tuple(items)

    def _identifier(self) -> str:
        name = self.token
        if self.kind != "name":
            raise self.error()
        self._advance()
        return name

    def _take(self, sign: str) -> bool:
        if self.kind != "sign" or self.token != sign:
            return False
        self._advance()
        return True

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise self.error()

    def _advance(self) -> None:
        found = _TOKEN.match(self._text, self._position)
        if found is None:
            raise CelSyntaxError(f"Syntax error at {self._position}: no token in {self._text!r}")
        self._position = found.end()
        self.kind = next(name for name in ("float", "int", "text", "name", "sign", "end") if found[name] is not None)
        self.token = found[self.kind]


def _unquote(token: str) -> str | bytes:
    # The escapes of CEL are Python's, but for \? and \`, which stand for themselves.
    value = ast.literal_eval(re.sub(r"\\([?`])", r"\1", token) if "r" not in token[:2].lower() else token)
    if not isinstance(value, str | bytes):
        raise CelSyntaxError(f"{token} is no text")
    return value
