"""An exception from a check, as far as a verdict is concerned."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GrantedException:
    """Somebody accepts that one bucket fails one check, until a date.

    Args:
        name: of the BucketException, `<namespace>/<name>`.
        check: id of the check.
        reason: why it is accepted.
        approver: who accepts it.
        granted_at: since when, in UTC.
        expires_at: until when, in UTC.
    """

    name: str
    check: str
    reason: str
    approver: str
    granted_at: dt.datetime
    expires_at: dt.datetime
