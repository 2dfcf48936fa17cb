"""Notifications fire for the keys that their author had in mind, whichever way they were written."""

from urllib.parse import quote_plus, unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from securebucket.controls.key_filter import doubt, encoded

SENT = {
    "": "",
    "plain/": "plain/",
    "year=2026/": "year%3D2026/",
    "to do/": "to+do/",
    "schemaVersion=1/day=02/": "schemaVersion%3D1/day%3D02/",
    "a:b,c;d/": "a%3Ab%2Cc%3Bd/",
    "me@acme.example/": "me%40acme.example/",
    "tom&jerry$?/": "tom%26jerry%24%3F/",
    "safe-_.!'()/": "safe-_.!'()/",
    "Größe/": "Gr%C3%B6%C3%9Fe/",
    "~home/": "%7Ehome/",
    "[x]{y}|^`/": "%5Bx%5D%7By%7D%7C%5E%60/",
    "line\r\n/": "line%0D%0A/",
    "100%/": "100%25/",
    "50%off/": "50%25off/",
    # encoded already
    "year%3D2026/": "year%3D2026/",
    "year%3d2026/": "year%3D2026/",
    "to%20do/": "to+do/",
    "to+do%2F": "to+do/",
    "c%2B%2B/": "c%2B%2B/",
    "star%2A/": "star%2A/",
    "Gr%C3%B6%C3%9Fe/": "Gr%C3%B6%C3%9Fe/",
    "latin%FF/": "latin%FF/",
    "100%25/": "100%25/",
}


@pytest.mark.parametrize("declared", SENT)
def test_a_key_is_sent_encoded_once(declared: str) -> None:
    assert doubt(declared) == ""
    assert encoded(declared) == SENT[declared]
    assert encoded(SENT[declared]) == SENT[declared]


@given(st.text(max_size=20))
def test_what_is_sent_stands_for_the_declared_key(text: str) -> None:
    if not doubt(text) and "%" not in text:
        assert unquote_plus(encoded(text)) == text
    escaped = quote_plus(text)
    if "%" in escaped and not doubt(escaped):
        assert unquote_plus(encoded(escaped)) == text


@pytest.mark.parametrize("declared", ["home/*", "*.csv", "*", "home%20/*"])
def test_a_star_is_no_wildcard(declared: str) -> None:
    assert "no wildcard" in doubt(declared)
    assert encoded(declared) == declared


@pytest.mark.parametrize("declared", ["to+do/", "c++/", "+"])
def test_a_plus_sign_alone_may_mean_a_space(declared: str) -> None:
    assert "%2B for a plus sign" in doubt(declared)
    assert encoded(declared) == declared
