"""Moments as Kubernetes and our documents have them: in UTC, to the second."""

import datetime as dt

EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)
LATEST = dt.datetime.max.replace(tzinfo=dt.UTC)


def in_utc(moment: dt.datetime) -> str:
    """Write a moment as RFC 3339 in UTC."""
    return as_utc(moment).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def as_utc(moment: dt.datetime) -> dt.datetime:
    """Give the moment in UTC, where one without a zone is; at the edge of time, the nearest that there is."""
    try:
        return moment.replace(tzinfo=moment.tzinfo or dt.UTC).astimezone(dt.UTC)
    except OverflowError:
        return EARLIEST if moment.year == dt.MINYEAR else LATEST
