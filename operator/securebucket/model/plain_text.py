"""Text from outside, made harmless: no half characters, and nothing that a terminal or a line of a log would obey."""

import unicodedata
from collections.abc import Mapping
from typing import Any

OBEYED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode's categories of what is not printed but does something: control characters (ESC, newline, delete), the marks
that turn the direction of writing, half characters, and the two separators that end a line."""


def whole(text: str) -> str:
    """Give a text without half characters (lone surrogates), which JSON and YAML can write and UTF-8 cannot.

    Two halves that belong together become their character, as every reader of JSON joins them; a lone one becomes
    U+FFFD. A text that is whole is given back as it is.
    """
    if is_whole(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def is_whole(text: str) -> bool:
    """Tell whether a text can be written in UTF-8."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def made_whole(value: Any) -> Any:
    """Give a JSON-like value whose texts are all whole, keys too; other values, such as dates, stay as they are.

    For values that are not nested deeper than what parsed them bears.
    """
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, Mapping):
        return {made_whole(key): made_whole(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [made_whole(item) for item in value]
    return value


def printable(text: str) -> str:
    """Give a text in one line that a terminal shows and does not obey: ESC and newline become JSON's escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(each) if unicodedata.category(each) in OBEYED else each for each in text)


def _shown(char: str) -> str:
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char) or f"\\u{ord(char):04x}"
