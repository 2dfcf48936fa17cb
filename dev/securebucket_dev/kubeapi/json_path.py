"""The part of kubectl's JSONPath that printer columns and selectable fields use: `.a.b[0].c[?(@.type=="Ready")].d`.

https://kubernetes.io/docs/reference/kubectl/jsonpath/
"""

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

_TOKEN = re.compile(
    r"""
      \.(?P<name>(?:[^.\[\]\\]|\\.)+)
    | \[(?P<index>-?\d+)\]
    | \[['"](?P<quoted>[^'"]+)['"]\]
    | (?P<all>\[\*\]|\.\*)
    | \[\?\(\s*@(?P<path>[^=!<>]+?)\s*(?P<operator>==|!=)\s*(?P<value>"[^"]*"|'[^']*'|[^)]+?)\s*\)\]
    """,
    re.VERBOSE,
)

_Step = Callable[[Any], Iterator[Any]]


def find_values(path: str, value: object) -> list[Any]:
    """What a path leads to, in document order; nothing where a part of it is missing.

    Raises:
        ValueError: the path has parts beyond the supported ones.
    """
    found = [value]
    for step in _parse(path):
        found = [child for parent in found for child in step(parent)]
    return found


@functools.cache
def _parse(path: str) -> tuple[_Step, ...]:
    text = path.strip().removeprefix("{").removesuffix("}").removeprefix("$")
    steps: list[_Step] = []
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise ValueError(f"{path!r} is not a JSONPath that a printer column can have")
        steps.append(_step(token))
        position = token.end()
    return tuple(steps)


def _step(token: re.Match[str]) -> _Step:
    if token["name"] is not None or token["quoted"] is not None:
        name = re.sub(r"\\(.)", r"\1", token["name"] or token["quoted"])
        return lambda value: iter([value[name]] if isinstance(value, dict) and name in value else [])
    if token["index"] is not None:
        index = int(token["index"])
        return lambda value: iter(value[index : index + 1 or None] if isinstance(value, list) else [])
    if token["all"] is not None:
        return _children
    return _filter(token["path"], token["operator"] == "==", token["value"].strip("\"'"))


def _children(value: object) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _filter(path: str, wanted: bool, literal: str) -> _Step:
    def test(item: object) -> bool:
        found = find_values(path, item)
        return bool(found) and (_text(found[0]) == literal) == wanted

    return lambda value: (item for item in _children(value) if test(item))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
