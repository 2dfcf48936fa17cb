"""Texts that no UTF-8 has and no terminal may get."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from securebucket.model.json_text import read_json
from securebucket.model.plain_text import is_whole, made_whole, printable, whole

ANY = st.text(st.characters(codec=None))
"""Half characters too."""


@given(ANY)
def test_every_text_can_be_written_once_it_is_whole(text: str) -> None:
    whole(text).encode()
    assert is_whole(whole(text))


@given(st.text())
def test_a_whole_text_stays_as_it_is(text: str) -> None:
    assert whole(text) is text


def test_a_lone_half_is_the_replacement_character_and_a_pair_its_character() -> None:
    assert whole("a\udc00b\ud83d\ude00\ud800") == "a\ufffdb\U0001f600\ufffd"


def test_keys_are_made_whole_too_and_other_values_left_alone() -> None:
    assert made_whole({"\ud800": [("\ud800",), 1, None, True]}) == {"\ufffd": [["\ufffd"], 1, None, True]}


@given(ANY)
def test_what_is_printed_is_one_line_that_no_terminal_obeys(text: str) -> None:
    shown = printable(text)
    shown.encode()
    assert len(shown.splitlines()) <= 1
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grüße, 東京 \U0001f600", "Grüße, 東京 \U0001f600"),
        ("\x1b[31mred", r"\u001b[31mred"),
        ("one\r\ntwo\t\x7f", r"one\r\ntwo\t\u007f"),
        ("\x9b31m\x85\u2028", r"\u009b31m\u0085\u2028"),
        ("abc\u202etxt", r"abc\u202etxt"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_does_something_is_shown_as_its_number(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"a":' * 5000, "9" * 5000, b"\xff"])
def test_json_that_cannot_be_read_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_json(text)


def test_json_is_read_whole() -> None:
    assert read_json(json.dumps({"a": "\ud800"})) == {"a": "\ufffd"}
