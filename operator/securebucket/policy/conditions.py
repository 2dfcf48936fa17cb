"""Conditions judged with what is known of a request: may they all hold? What is not known may.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import ipaddress
from collections.abc import Callable, Mapping

from securebucket.policy.wildcards import has_variable, matches

Test = Callable[[str, str], bool]
"""Whether a key's value passes a condition's value."""

Condition = Mapping[str, Mapping[str, list[str]]]
"""A `Condition` element in canonical form."""

Known = Mapping[str, tuple[str, ...]]
"""What is known of a request, by lower-case key: the values that are possible, or none where the key is absent."""


def equals(value: str, wanted: str) -> bool:
    """Compare two texts as they are."""
    return value == wanted


def equals_ignoring_case(value: str, wanted: str) -> bool:
    """Compare two texts in any case."""
    return value.lower() == wanted.lower()


def like(value: str, pattern: str) -> bool:
    """Compare a text with a pattern."""
    return matches(pattern, value)


def arn_like(value: str, pattern: str) -> bool:
    """Compare two ARNs part by part: a wildcard never reaches over a colon. `ArnEquals` does the same."""
    values, patterns = value.split(":", 5), pattern.split(":", 5)
    return len(values) == len(patterns) and all(map(matches, patterns, values))


def arn_may_be_like(value: str, pattern: str) -> bool:
    """Compare two ARNs; IAM does not say what a pattern without all parts of an ARN (`*`) matches: it may match."""
    return arn_like(value, pattern) or pattern.count(":") < 5


def lies_in(value: str, range_of_addresses: str) -> bool:
    """Tell whether an address lies in a range.

    Raises:
        ValueError: one of them is none.
    """
    return ipaddress.ip_address(value) in ipaddress.ip_network(range_of_addresses, strict=False)


POSITIVE: dict[str, Test] = {
    "StringEquals": equals,
    "StringEqualsIgnoreCase": equals_ignoring_case,
    "StringLike": like,
    "ArnEquals": arn_may_be_like,
    "ArnLike": arn_may_be_like,
    "Bool": equals_ignoring_case,
    "NumericEquals": lambda value, wanted: float(value) == float(wanted),
    "NumericLessThan": lambda value, wanted: float(value) < float(wanted),
    "NumericLessThanEquals": lambda value, wanted: float(value) <= float(wanted),
    "NumericGreaterThan": lambda value, wanted: float(value) > float(wanted),
    "NumericGreaterThanEquals": lambda value, wanted: float(value) >= float(wanted),
    "IpAddress": lies_in,
}
NEGATED: dict[str, Test] = {
    "StringNotEquals": equals,
    "StringNotEqualsIgnoreCase": equals_ignoring_case,
    "StringNotLike": like,
    "ArnNotEquals": arn_like,
    "ArnNotLike": arn_like,
    "NumericNotEquals": POSITIVE["NumericEquals"],
    "NotIpAddress": lies_in,
}
NEGATED_OTHERS = frozenset({"DateNotEquals"})
"""Negated operators that are not judged here, but that hold where their key is absent, as all negated ones do."""


def may_hold(condition: Condition, known: Known) -> bool:
    """Tell whether all of a statement's conditions may hold; false only when one certainly does not."""
    return all(
        _test_may_hold(operator, values, known[key])
        for operator, tests in condition.items()
        for key, values in tests.items()
        if key in known
    )


def must_hold(condition: Condition, known: Known) -> bool:
    """Tell whether all of a statement's conditions hold for certain; what is not known does not."""
    return all(
        key in known and _test_must_hold(operator, values, known[key])
        for operator, tests in condition.items()
        for key, values in tests.items()
    )


def _test_must_hold(operator: str, wanted: list[str], possible: tuple[str, ...]) -> bool:
    quantifier, _, name = operator.rpartition(":")
    base = name.removesuffix("IfExists")
    if base not in {*POSITIVE, *NEGATED, "Null"} or quantifier or any(has_variable(text) for text in wanted):
        return False
    return (
        all(_test_may_hold(operator, wanted, (value,)) for value in possible)
        if possible
        else _test_may_hold(operator, wanted, ())
    )


def _test_may_hold(operator: str, wanted: list[str], possible: tuple[str, ...]) -> bool:
    quantifier, _, name = operator.rpartition(":")
    base = name.removesuffix("IfExists")
    if base == "Null":
        return any((text.lower() == "true") == (not possible) for text in wanted)
    if not possible:
        holds_when_absent = base in NEGATED or base in NEGATED_OTHERS or quantifier == "ForAllValues"
        return holds_when_absent or base != name
    if any(has_variable(text) for text in wanted):
        return True
    return any(_value_may_pass(base, value, wanted) for value in possible)


def _value_may_pass(base: str, value: str, wanted: list[str]) -> bool:
    try:
        if base in POSITIVE:
            return any(POSITIVE[base](value, text) for text in wanted)
        if base in NEGATED:
            return not any(NEGATED[base](value, text) for text in wanted)
    except ValueError:  # a number or an address that is none: S3 would have refused it
        return True
    return True
