"""Reads JSON of whatever depth: whoever may write one object could else make the list of all of them unreadable."""

import json
import re
from contextlib import suppress
from typing import Any

DEEPEST = 100
"""Of what is read of a text that Python refuses. Nothing that we understand is a tenth as deep."""
TOO_DEEP = b'"nested too deep"'
"""What stands in place of the rest; no check takes it for a value."""

# A text without an end goes to the end of all: looked for from each of its quotes, it would take for ever.
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)


def json_of(text: bytes) -> Any:
    """Return the JSON of a text, its deepest parts left out where Python cannot read them; None where it is none."""
    with suppress(ValueError, RecursionError):
        try:
            return json.loads(text)
        except RecursionError:
            return json.loads(shallow(text))
    return None


def shallow(text: bytes) -> bytes:
    """Write JSON anew without what is nested deeper than `DEEPEST`."""
    kept, depth, begin = [], 0, 0
    for token in _TOKEN.finditer(text):
        mark = token.group()
        if mark in b"[{":
            depth += 1
            if depth == DEEPEST + 1:
                kept += [text[begin : token.start()], TOO_DEEP]
        elif mark in b"]}":
            if depth == DEEPEST + 1:
                begin = token.end()
            depth -= 1
    return b"".join(kept) + (text[begin:] if depth <= DEEPEST else b"")
