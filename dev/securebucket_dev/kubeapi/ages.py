"""Spans of time as kubectl shows them: `42s`, `5m30s`, `3h`, `12d`, `2y41d`."""

import datetime as dt

from securebucket_dev.kubeapi.formats import parse_time

_MINUTE, _HOUR, _DAY, _YEAR = 60, 3_600, 86_400, 31_536_000
_EXACT_MINUTES, _EXACT_HOURS, _EXACT_DAYS = 10, 8, 8


def age_of(moment: object) -> str:
    """How long ago a time was; `<unknown>` for none, `<invalid>` for what is no time."""
    if not moment:
        return "<unknown>"
    try:
        passed = dt.datetime.now(dt.UTC) - parse_time(str(moment))
    except ValueError:
        return "<invalid>"
    return describe_span(passed.total_seconds())


def describe_span(seconds: float) -> str:
    """A span in its two largest units, or one where the second does not matter."""
    whole = int(seconds)
    if whole < -1:
        return "<invalid>"
    whole = max(whole, 0)
    minutes, hours, days, years = whole // _MINUTE, whole // _HOUR, whole // _DAY, whole // _YEAR
    if whole < 2 * _MINUTE:
        return f"{whole}s"
    if minutes < _EXACT_MINUTES:
        return _pair(minutes, "m", whole % _MINUTE, "s")
    if hours < 3:
        return f"{minutes}m"
    if hours < _EXACT_HOURS:
        return _pair(hours, "h", minutes % 60, "m")
    if hours < 48:
        return f"{hours}h"
    if days < _EXACT_DAYS:
        return _pair(days, "d", hours % 24, "h")
    if years < 2:
        return f"{days}d"
    if years < 8:
        return _pair(years, "y", days % 365, "d")
    return f"{years}y"


def _pair(large: int, unit: str, small: int, other: str) -> str:
    return f"{large}{unit}{small}{other}" if small else f"{large}{unit}"
