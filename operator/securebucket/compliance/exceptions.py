"""Exceptions laid over verdicts. Pure."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from enum import Enum, auto

from securebucket.model.granted_exception import GrantedException
from securebucket.model.verdict import Judged, Result, Verdict


class Standing(Enum):
    """Whether an exception counts."""

    IN_FORCE = auto()
    EXPIRED = auto()
    TOO_LONG = auto()
    """It was granted for longer than the profile allows."""


def standing_of(exception: GrantedException, now: dt.datetime, longest: dt.timedelta) -> Standing:
    """Tell whether an exception counts.

    The length runs from the object's creation: moving its end does not renew it, a new object does, which somebody
    has to approve anew.

    Args:
        exception: which.
        now: in UTC.
        longest: how long an exception may be, by the bucket's profile.
    """
    if exception.expires_at <= now:
        return Standing.EXPIRED
    if exception.expires_at - exception.granted_at > longest:
        return Standing.TOO_LONG
    return Standing.IN_FORCE


def lay_over(
    judged: Iterable[Judged], exceptions: Iterable[GrantedException], now: dt.datetime, longest: dt.timedelta
) -> tuple[Judged, ...]:
    """Turn the failures that somebody accepts into `EXCEPTED`; say of the others why an exception does not count.

    Args:
        judged: the verdicts.
        exceptions: all that name the bucket.
        now: in UTC.
        longest: how long an exception may be.
    """
    by_check: dict[str, list[GrantedException]] = {}
    for exception in sorted(exceptions, key=lambda each: (each.expires_at, each.name), reverse=True):
        by_check.setdefault(exception.check, []).append(exception)
    return tuple(
        replace(each, verdict=_excepted(each.verdict, by_check[each.check.id], now, longest))
        if each.verdict.result is Result.FAIL and each.check.id in by_check
        else each
        for each in judged
    )


def next_expiry(exceptions: Iterable[GrantedException], now: dt.datetime) -> float | None:
    """Return the seconds until the next exception ends, so that its check is armed again in time; None without one."""
    ends = [(each.expires_at - now).total_seconds() for each in exceptions if each.expires_at > now]
    return min(ends, default=None)


def _excepted(verdict: Verdict, exceptions: list[GrantedException], now: dt.datetime, longest: dt.timedelta) -> Verdict:
    """Take the exception that ends last among those in force; else tell what became of the last one."""
    for exception in exceptions:
        if standing_of(exception, now, longest) is Standing.IN_FORCE:
            text = (
                f"{verdict.because}; accepted by {exception.approver} until {_day(exception.expires_at)}:"
                f" {exception.reason}"
            )
            return Verdict(Result.EXCEPTED, text, exception)
    last = exceptions[0]
    if standing_of(last, now, longest) is Standing.EXPIRED:
        return replace(
            verdict, because=f"{verdict.because}; the exception {last.name} ended on {_day(last.expires_at)}"
        )
    text = (
        f"{verdict.because}; the exception {last.name} does not count: it is longer than the {longest.days} days that"
        " the profile allows"
    )
    return replace(verdict, because=text)


def _day(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%d")
