"""A Kubernetes Event before it is sent."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One thing worth telling about an object.

    Args:
        type: `Normal` or `Warning`.
        reason: CamelCase, e.g. `DriftCorrected`.
        action: what the operator did, CamelCase, e.g. `Correct`.
        message: for people, at most 1,024 characters.
    """

    type: Literal["Normal", "Warning"]
    reason: str
    action: str
    message: str
