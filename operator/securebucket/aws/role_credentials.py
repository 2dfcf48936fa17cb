"""What STS gave for a role, looked at before it is kept: botocore keeps it until it ends, whatever it is."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from botocore.utils import parse_timestamp

from securebucket.aws.answer_form import NotThatAnswerError

LONGEST = dt.timedelta(hours=12)
"""Of a role's session on AWS. What another server gives for longer is asked for again after that."""
SECRETS = ("access_key", "secret_key", "token")


def now() -> dt.datetime:
    """Give the time."""
    return dt.datetime.now(dt.UTC)


def usable(given: Mapping[str, Any], clock: Callable[[], dt.datetime] = now) -> dict[str, Any]:
    """Give credentials as botocore keeps them, with an end that is near enough.

    Args:
        given: what its fetcher of credentials gives.
        clock: gives the time.

    Raises:
        NotThatAnswerError: they could not be used, or never be renewed.
    """
    if not all(_is_header(given[name]) for name in SECRETS):
        raise NotThatAnswerError("credentials that cannot be sent")
    end, begin = parse_timestamp(given["expiry_time"]), clock()
    if end.tzinfo is None or end <= begin:
        raise NotThatAnswerError("credentials that have ended")
    return {**given, "expiry_time": min(end, begin + LONGEST).isoformat()}


def _is_header(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and value.isascii() and value.isprintable() and " " not in value
