"""A message of a queue of events, and the queue that it came from."""

from dataclasses import dataclass
from enum import StrEnum

from securebucket.model.reported_change import ReportedChange


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Where a queue is.

    Args:
        url: its URL, the only name by which SQS takes it.
        region: of AWS, or empty for the ambient one.
        account_id: whose it is.
        name: its name.
    """

    url: str
    region: str
    account_id: str
    name: str


class Unusable(StrEnum):
    """Why a message tells of no change."""

    IGNORED = "ignored"
    """It is about something else, or about a call that failed."""
    MALFORMED = "malformed"
    """It is no event of CloudTrail at all."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Args:
        receipt: by which it is deleted.
        content: what it tells of.
    """

    receipt: str
    content: ReportedChange | Unusable
