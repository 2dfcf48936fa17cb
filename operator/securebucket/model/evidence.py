"""What a server answered, kept as evidence: verdicts can be made from it again, at any time and by anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from securebucket.model.call import Call, Read
from securebucket.model.control import Control
from securebucket.model.document import Response
from securebucket.model.failure import Failure
from securebucket.model.observation import Observation, Unsupported


@dataclass(frozen=True, slots=True)
class NeverConfigured:
    """The server said that the document was never configured."""


Answer: TypeAlias = Response | NeverConfigured | Failure | Unsupported
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
    if isinstance(first, Failure | Unsupported):
        return first
    state = control.parse(None if isinstance(first, NeverConfigured) else first)
    second = control.follow_up(state)
    if second is None:
        return state
    more = _answer_to(second, answers)
    if isinstance(more, Failure | Unsupported):
        return more
    return control.parse_more(state, None if isinstance(more, NeverConfigured) else more)


def checked(read: Read, response: Response) -> Response | Unsupported:
    """Give an answer that carries what a real one does; a server without the setting may answer something else."""
    if not read.required or has_member(response, read.required):
        return response
    return Unsupported(f"{name_of(read)} answered without {read.required}: the server does not know this setting.")


def has_member(answer: Response, path: str) -> bool:
    """Tell whether the dotted path leads to something; what is empty is nothing.

    Neither is XML where a text should be: a server that does not know `?policy` answers with the list of objects, which
    botocore would give as the policy.
    """
    value: Any = answer
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return False
        value = value[name]
    if isinstance(value, str) and value.lstrip().startswith("<"):
        return False
    return value not in ([], "", None, {})


def _answer_to(read: Read, answers: Answers) -> Answer:
    name = name_of(read)
    answer = answers.get(name)
    if answer is None:
        return Failure("NotRead", f"{name} was not asked.", retry=False)
    return answer if isinstance(answer, NeverConfigured | Failure | Unsupported) else checked(read, answer)
