"""What a read can tell: a state, or why there is none. A read that failed is never "absent"."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from securebucket.model.failure import Failure


@dataclass(frozen=True, slots=True)
class Unsupported:
    """The server does not know this document: it said so, or answered 200 without the member that must be there.

    On such a server a DELETE of the document can be taken for DeleteBucket, so nothing at all is sent for it.
    """

    message: str


Observation: TypeAlias = "Any | Failure | Unsupported"
"""A control's own state class, or one of the two reasons for having none.

A failure (denied, throttled, no answer) leaves the document unknown: nothing is judged and nothing is written over it.
"""


def readable(observation: Observation) -> bool:
    """Tell whether there is a state to compare and to judge."""
    return not isinstance(observation, Failure | Unsupported)
