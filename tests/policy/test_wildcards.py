"""IAM's wildcards: what they match, and that no pattern and no text make it take long."""

import re
import sys
from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from securebucket.policy.wildcards import escaped, has_variable, matches, widened

WORST: dict[str, Callable[[int], tuple[str, str]]] = {
    "a star before each letter": lambda size: ("*a" * size + "b", "a" * size),
    "a star before each letter, found": lambda size: ("*a" * size, "a" * size * 2),
    "nearly everywhere": lambda size: ("*" + "a" * size + "b*", "a" * size * 2),
    "nearly everywhere, with a gap": lambda size: ("*" + "a" * size + "?b*", "a" * size * 2),
    "nearly everywhere, all gaps": lambda size: ("*" + "a?" * size + "b", "a" * size * 3),
    "stars alone": lambda size: ("*" * size + "x", "a" * size),
    "stars and gaps": lambda size: ("*?" * size + "b", "a" * size * 2),
    "gaps alone": lambda size: ("?" * size, "a" * size),
    "a long pattern, a short text": lambda size: ("*?a" * size, "s3:getencryptionconfiguration"),
    "a short pattern, a long text": lambda size: ("*a?b*", "a" * size),
    "many pieces that are nearly there": lambda size: ("*aab" * size, "ab" * size * 2),
}


def reference(pattern: str, text: str) -> bool:
    """Say what IAM says, in the plainest way; it takes for ever where a pattern wants it to."""
    parts = ({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)
    return re.compile("".join(parts), re.DOTALL).fullmatch(text) is not None


def steps_of(call: Callable[[], object]) -> int:
    """Count what the interpreter executes; what is done within one C function counts as one."""
    count = 0

    def trace(frame, event, _argument):
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


def test_every_short_pattern_matches_what_iam_says() -> None:
    texts = ["".join(each) for size in range(5) for each in product("ab", repeat=size)]
    for size in range(6):
        for pattern in map("".join, product("ab*?", repeat=size)):
            assert [matches(pattern, text) for text in texts] == [reference(pattern, text) for text in texts], pattern


@given(st.text("aB\n*?.[", max_size=12), st.text("aB\n*?.[", max_size=16))
def test_longer_ones_do_too_with_newlines_and_characters_that_mean_something_elsewhere(pattern: str, text: str) -> None:
    if pattern.count("*") <= 6:  # more is too much for the reference
        assert matches(pattern, text) == reference(pattern, text)


@given(st.text(max_size=20))
def test_a_text_without_wildcards_matches_itself_alone(text: str) -> None:
    plain = text.replace("*", "").replace("?", "")
    assert matches(plain, plain)
    assert not matches(plain, f"{plain}x")


def test_case_counts() -> None:
    assert not matches("s3:get*", "s3:GetObject")


@pytest.mark.parametrize("shape", WORST)
def test_the_steps_grow_with_the_lengths_and_not_with_their_product(shape: str) -> None:
    """Three times as long takes three times the steps; a matcher that tries again takes nine times, or never ends."""
    small, large = (steps_of(lambda size=size: matches(*WORST[shape](size))) for size in (60, 180))
    assert large <= 3.3 * small + 100


@pytest.mark.parametrize("size", [60, 600])
def test_variables_are_found_in_steps_that_grow_with_the_text(size: int) -> None:
    for text in ("${" * size, "${a}" * size, "$" * size, "${" * size + "}" * size):
        assert steps_of(lambda text=text: widened(text)) <= 40 * len(text) + 200
        assert steps_of(lambda text=text: has_variable(text)) <= 200


@given(st.text("a${}", max_size=12))
def test_a_variable_is_widened_to_a_star(value: str) -> None:
    variable = re.compile(r"\$\{[^}]*\}")
    assert widened(value) == variable.sub("*", value)
    assert has_variable(value) == (variable.search(value) is not None)


def test_an_escaped_text_has_no_wildcards() -> None:
    assert escaped("a*b?$c") == "a${*}b${?}${$}c"
