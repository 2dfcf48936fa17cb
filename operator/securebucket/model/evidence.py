"""What a server answered, kept as evidence: verdicts can be made from it again, at any time and by anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from securebucket.model.call import Call, Read
from securebucket.model.control import Control
from securebucket.model.document import Response
from securebucket.model.observation import Observation, Unknown, Unsupported


@dataclass(frozen=True, slots=True)
class NeverConfigured:
    """The server said that the document was never configured."""


Answer: TypeAlias = Response | NeverConfigured | Unknown | Unsupported
"""What one read gave: the document as AWS writes it, or why there is none."""

Answers: TypeAlias = Mapping[str, Answer]
"""Answers by the API's name of the read, e.g. `GetBucketPolicy`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One control's document as it was read.

    Args:
        observation: what it means.
        answers: what it was made from: one answer, or two where the control has a follow-up.
    """

    observation: Observation
    answers: Answers


def name_of(read: Read) -> str:
    """Give the API's name of a read."""
    return Call(read.operation).api


def interpret(control: Control[Any], answers: Answers) -> Observation:
    """Say what the answers to a control's reads mean; a read that is not among them is unknown."""
    first = _answer_to(control.read, answers)
    if isinstance(first, Unknown | Unsupported):
        return first
    state = control.parse(None if isinstance(first, NeverConfigured) else first)
    second = control.follow_up(state)
    if second is None:
        return state
    more = _answer_to(second, answers)
    if isinstance(more, Unknown | Unsupported):
        return more
    return control.parse_more(state, None if isinstance(more, NeverConfigured) else more)


def _answer_to(read: Read, answers: Answers) -> Answer:
    name = name_of(read)
    return answers.get(name, Unknown("NotRead", f"{name} was not asked.", retry=False))
