"""A change of a bucket or an account, as AWS told of it: who made it, and when."""

import datetime as dt
from dataclasses import dataclass

RESOLUTION = dt.timedelta(seconds=1)
"""CloudTrail cuts the time of an event down to whole seconds."""


@dataclass(frozen=True, slots=True)
class ReportedChange:
    """One call that changed something.

    Args:
        event: CloudTrail's name of the call, e.g. `PutBucketPolicy`.
        bucket: its name; empty where the call was about the whole account.
        account_id: the account that owns the bucket, twelve digits.
        at: when the call was made, to the second, in UTC.
        actor: ARN of the principal that made it, the session's name included; empty where AWS does not tell.
        own_agent: the caller calls itself by this operator's name. Anybody can: it proves nothing alone.
    """

    event: str
    bucket: str
    account_id: str
    at: dt.datetime
    actor: str = ""
    own_agent: bool = False
