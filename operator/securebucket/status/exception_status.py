"""From a BucketException and the buckets that it is about to its status. Pure; equal when nothing changed.

`Active` is always there; `ExpiringSoon` only while True. No message says how many days are left: it would be another
one every day.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from securebucket.api.bucket_exception import BucketExceptionStatus, ExceptionCondition
from securebucket.api.moment import in_utc
from securebucket.compliance.exceptions import Standing, standing_of
from securebucket.model.granted_exception import GrantedException
from securebucket.status.conditions import Stated
from securebucket.status.status import dated

WARNINGS = ((dt.timedelta(days=1), "WithinOneDay"), (dt.timedelta(days=7), "WithinSevenDays"))
"""How long before the end it is told, and in which word; the shortest first."""

NOTHING = dt.timedelta(0)

NAMED = 5
"""Buckets that a message names; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Target:
    """A bucket that an exception is about.

    Args:
        bucket: its name.
        longest: how long an exception may last, by its profile.
    """

    bucket: str
    longest: dt.timedelta


def build(
    previous: BucketExceptionStatus,
    exception: GrantedException,
    targets: Sequence[Target],
    *,
    about: str,
    generation: int,
    now: dt.datetime,
) -> BucketExceptionStatus:
    """Return the status of an exception.

    Args:
        previous: the status that it has.
        exception: which.
        targets: the buckets that it is about.
        about: says in words which those are, for when there is none.
        generation: of its spec.
        now: in UTC.
    """
    active = _active(exception, targets, about, now)
    stated = [active]
    if active.status == "True":
        left = exception.expires_at - now
        soon = next((word for span, word in WARNINGS if left <= span), "")
        if soon:
            end = in_utc(exception.expires_at)
            text = f"{exception.check} counts again from {end}; fix it, or grant another exception"
            stated.append(Stated("ExpiringSoon", "True", soon, text))
    return _written(previous, stated, len(targets), generation, now)


def refuse(
    previous: BucketExceptionStatus, problem: str, *, generation: int, now: dt.datetime
) -> BucketExceptionStatus:
    """Return the status of an exception that is not understood: its schema may be newer or older than this release."""
    text = f"not in force: {problem}"
    return _written(previous, [Stated("Active", "False", "InvalidSpec", text)], 0, generation, now)


def next_change(expires_at: dt.datetime, now: dt.datetime) -> float | None:
    """Return the seconds until the status changes by itself; None when it never does."""
    left = expires_at - now  # a difference cannot overflow, and a moment before the year 1 would
    spans = (left, *(left - span for span, _ in WARNINGS))
    return min((each.total_seconds() for each in spans if each > NOTHING), default=None)


def active_reason(status: BucketExceptionStatus) -> str:
    """Return the reason of the condition Active; empty before there is one."""
    return next((each.reason for each in status.conditions if each.type == "Active"), "")


def _active(exception: GrantedException, targets: Sequence[Target], about: str, now: dt.datetime) -> Stated:
    end = in_utc(exception.expires_at)
    if exception.expires_at <= now:
        text = f"it ended on {end}, and {exception.check} counts again; delete it, or grant another exception"
        return Stated("Active", "False", "Expired", text)
    if not targets:
        text = f"there is no SecureBucket in this namespace for {about}; correct it, or delete it"
        return Stated("Active", "False", "NoSuchBucket", text)
    refusing = [each for each in targets if standing_of(exception, now, each.longest) is Standing.TOO_LONG]
    if len(refusing) == len(targets):
        longest = max(each.longest for each in refusing)
        text = f"not in force: the profile allows {longest.days} days; {_earlier(exception.granted_at, longest)}"
        return Stated("Active", "False", "TooLong", text)
    counted = len(targets) - len(refusing)
    text = f"{exception.check} may fail on {_buckets(counted)} until {end}, accepted by {exception.approver}"
    if refusing:
        text += f"; it is longer than the profile allows for {_named([each.bucket for each in refusing])}"
    return Stated("Active", "True", "InForce", text)


def _earlier(granted_at: dt.datetime, longest: dt.timedelta) -> str:
    try:
        return f"move expiresAt to {in_utc(granted_at + longest)} or earlier"
    except OverflowError:  # it was granted in a year after which there is none
        return "move expiresAt to an earlier time"


def _buckets(count: int) -> str:
    return "1 bucket" if count == 1 else f"{count} buckets"


def _named(buckets: Sequence[str]) -> str:
    names = sorted(set(buckets))
    rest = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + rest


def _written(
    previous: BucketExceptionStatus, stated: Sequence[Stated], buckets: int, generation: int, now: dt.datetime
) -> BucketExceptionStatus:
    conditions = dated(ExceptionCondition, previous.conditions, stated, generation, in_utc(now))
    return BucketExceptionStatus(observed_generation=generation, conditions=conditions, buckets=buckets)
