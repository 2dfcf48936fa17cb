"""What a scalar without quotes is in YAML: read as kubectl reads it, so that a file means the same here and there.

kubectl makes JSON of YAML by sigs.k8s.io/yaml, which reads scalars as go-yaml v2 does:
https://github.com/yaml/go-yaml/blob/v2.4.0/resolve.go. That is neither YAML 1.1 (`1:30` and `2030-01-01` are texts) nor
1.2 (`yes` is true, `012` is ten), and is written down here row by row; what Python takes besides is kept out.
"""

import math
from decimal import Decimal
from typing import TypeAlias

Scalar: TypeAlias = "bool | int | float | str | None"

WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
BASES = {"0b": 2, "0o": 8, "0x": 16}
DIGITS = "0123456789abcdef"
SMALLEST, LARGEST, LARGEST_UNSIGNED = -(2**63), 2**63 - 1, 2**64 - 1
MOST_DIGITS = 64
"""Of the largest number in the smallest base; zeros may stand before it."""
EXPONENT_FROM = 1e21
"""From here on Go writes an exponent into JSON, and a number with one is no whole number to whoever reads it."""


def read_plain(text: str) -> Scalar:
    """Give what stands there without quotes. A number that fits no type of Go's is a text."""
    if text in WORDS:
        return WORDS[text]
    if not text.isascii() or text[0] not in "+-.0123456789":
        return text
    if text[0] == ".":
        return _fraction(text, "0123456789+-.eE_", text)
    plain = text.replace("_", "")
    whole = _whole(plain)
    return _fraction(plain, "0123456789+-.eE", text) if whole is None else whole


def json_number(value: float) -> int | float:
    """Give a number as the API server has it: a whole one without a fraction, one beyond 64 bits to 17 digits."""
    if isinstance(value, int) and SMALLEST <= value <= LARGEST:
        return value
    rounded = float(value)
    return int(Decimal(repr(rounded))) if rounded.is_integer() and abs(rounded) < EXPONENT_FROM else rounded


def _whole(text: str) -> int | None:
    digits = text.lstrip("+-") if text[1:2] not in {"+", "-"} else ""
    base = BASES.get(digits[:2].lower(), 0) if len(digits) > 2 else 0
    if base:
        digits = digits[2:]
    else:
        base = 8 if digits.startswith("0") else 10
    significant = digits.lower().lstrip("0")
    if not digits or len(significant) > MOST_DIGITS or any(each not in DIGITS[:base] for each in significant):
        return None
    value = int(significant or "0", base) * (-1 if text[0] == "-" else 1)
    return value if SMALLEST <= value <= (LARGEST if text[0] == "+" else LARGEST_UNSIGNED) else None


def _fraction(number: str, characters: str, text: str) -> float | str:
    """Give a decimal number, else the text: Python would take words, spaces and other scripts' digits for one too."""
    if any(each not in characters for each in number):
        return text
    try:
        value = float(number)
    except ValueError:
        return text
    return value if math.isfinite(value) else text
