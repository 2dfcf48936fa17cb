"""Lengths of time as people write them, such as `1h30m`."""

import re
from typing import Annotated

from pydantic import Field

from securebucket.api.rule import Rule

SHORTEST = 60
"""Seconds; below that, a fleet would spend its request budget on looking."""

_PATTERN = "([0-9]{1,4}h)?([0-9]{1,4}m)?([0-9]{1,4}s)?"
_SECONDS = (3600, 60, 1)


def parse_interval(text: str) -> int:
    """Return the seconds of an interval such as `30m`, `1h30m` or `90s`.

    Raises:
        ValueError: it is not written so, or it is shorter than a minute.
    """
    found = re.fullmatch(_PATTERN, text)
    if not text or found is None:
        raise ValueError(f"{text!r} is not a length of time; write e.g. 30m or 1h30m")
    seconds = sum(int(part[:-1]) * unit for part, unit in zip(found.groups(), _SECONDS, strict=True) if part)
    if seconds < SHORTEST:
        raise ValueError(f"{text!r} is too short; write 1m or more")
    return seconds


def is_interval(text: str) -> bool:
    """Tell whether `parse_interval` takes the text."""
    try:
        parse_interval(text)
    except ValueError:
        return False
    return True


Interval = Annotated[
    str,
    Field(min_length=2, max_length=16),
    Rule(
        f"self.matches('^{_PATTERN}$') && duration(self) >= duration('1m')",
        is_interval,
        "not an interval; write hours, minutes and seconds such as 30m or 1h30m, 1m at least",
    ),
]
