"""What `securebucket doctor` finds."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How one thing is."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at.

    Args:
        subject: e.g. `credentials`.
        health: how it is.
        message: what was seen, and what to do where it is not well.
    """

    subject: str
    health: Health
    message: str
