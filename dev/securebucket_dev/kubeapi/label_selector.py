"""Label selectors: `a=b,c!=d,e in (f,g),h notin (i),j,!k`.

https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

import re
from collections.abc import Callable, Mapping

from securebucket_dev.kubeapi.failure import refuse_request

Labels = Mapping[str, str]
LabelTest = Callable[[Labels], bool]

_NAME = r"[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?"
_VALUE = r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?"
_SET = re.compile(rf"({_NAME})\s+(in|notin)\s*\(([^()]*)\)")
_EQUALITY = re.compile(rf"({_NAME})\s*(==|=|!=)\s*({_VALUE})")
_COMPARISON = re.compile(rf"({_NAME})\s*([<>])\s*(-?\d+)")
_EXISTENCE = re.compile(rf"(!?)\s*({_NAME})")
_SEPARATOR = re.compile(r",(?![^()]*\))")


def parse_label_selector(text: str) -> LabelTest:
    """A test of an object's labels.

    Raises:
        ApiError: 400, it is no selector.
    """
    if not text.strip():
        return lambda _: True
    tests = [_parse_requirement(part.strip()) for part in _SEPARATOR.split(text)]
    return lambda labels: all(test(labels) for test in tests)


def _parse_requirement(text: str) -> LabelTest:
    if found := _SET.fullmatch(text):
        name, operator, values = found[1], found[2], frozenset(each.strip() for each in found[3].split(","))
        if operator == "in":
            return lambda labels: labels.get(name) in values
        return lambda labels: labels.get(name) not in values
    if found := _EQUALITY.fullmatch(text):
        name, operator, value = found[1], found[2], found[3]
        if operator == "!=":
            return lambda labels: labels.get(name) != value
        return lambda labels: labels.get(name) == value
    if found := _COMPARISON.fullmatch(text):
        return _compare(found[1], found[2], int(found[3]))
    if found := _EXISTENCE.fullmatch(text):
        wanted, name = not found[1], found[2]
        return lambda labels: (name in labels) == wanted
    raise refuse_request(f"unable to parse requirement: {text!r} is not a label selector")


def _compare(name: str, operator: str, limit: int) -> LabelTest:
    def test(labels: Labels) -> bool:
        try:
            value = int(labels.get(name, ""))
        except ValueError:
            return False
        return value > limit if operator == ">" else value < limit

    return test
