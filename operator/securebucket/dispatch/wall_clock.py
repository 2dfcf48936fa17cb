"""The time for people; everything that is measured or decided uses a monotonic clock instead."""

import datetime as dt


def utc_now() -> dt.datetime:
    """Return the time in UTC."""
    return dt.datetime.now(dt.UTC)


def micro_time(moment: dt.datetime) -> str:
    """Write a time in UTC as Kubernetes' MicroTime."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
