"""What a read can tell: a state, or why there is none. A read that failed is never "absent"."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeGuard

from securebucket.model.failure import Failure


@dataclass(frozen=True, slots=True)
class Unsupported(Failure):
    """The server does not know this document: it said so, or answered 200 without the member that must be there.

    On such a server a DELETE of the document can be taken for DeleteBucket, so nothing at all is sent for it.
    """

    reason: str = field(default="Unsupported", init=False)


Observation: TypeAlias = "Any | Failure"
"""A control's own state class, or why there is none.

A failure (denied, throttled, no answer) leaves the document unknown: nothing is judged and nothing is written over it.
"""


def readable(observation: Observation) -> bool:
    """Tell whether there is a state to compare and to judge."""
    return not isinstance(observation, Failure)


def is_unread(observation: Observation) -> TypeGuard[Failure]:
    """Tell whether there may be a document that could not be read; a server that does not know it has none."""
    return isinstance(observation, Failure) and not isinstance(observation, Unsupported)
