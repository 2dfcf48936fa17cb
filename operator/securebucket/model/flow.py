"""The one way to ask AWS: a flow yields reads and gets their answers, from a live server or from evidence.

The idea is httpx's: https://www.python-httpx.org/advanced/authentication/#custom-authentication-schemes
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from securebucket.model.document import Response
from securebucket.model.failure import Failure
from securebucket.model.observation import Unsupported
from securebucket.model.understanding import beyond, unreadable

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Read:
    """One document to read.

    Args:
        operation: boto3's method name, e.g. `get_bucket_policy`.
        service: boto3's name of the service; empty for S3 and the bucket at hand, whose name and owner are added where
            the read is made, in one place.
        region: where it is asked; empty for where the bucket or the profile is.
        item: what it is about, where one flow or report has several reads of the operation: a region, an ARN, a name.
        parameters: the method's arguments.
        absent: error codes that only mean "never configured". Codes, never HTTP statuses: they differ by server.
        absent_text: part of an error's message that means so, where the code alone does not tell.
        required: dotted path of the member that a real answer carries. A 200 without it comes from a server that
            does not know the sub-resource (it served ListObjects instead), and counts as unsupported, not as absent.
            Where a real answer carries one of several, their paths with ` or ` between them. Empty when AWS itself
            answers 200 with nothing.
        entries: dotted paths of lists whose entries stand for themselves: what is not understood in one of them does
            not make the whole answer unreadable.
        pages: member of the answer that holds a list which comes in pages, and is joined; empty where there are none.
        keeps: members of that list's items that are kept; empty keeps all.
        remembered: seconds for which the answer may be given again without asking; infinite where it can never change.
        refusal_remembered: the same for a reason that time does not mend, such as a missing right. Reads that differ in
            it alone share their answers, each for its own time.
        edition: tells what is read from another of the same name, where it can be deleted and made anew; an answer that
            is remembered holds for one edition.
        optional: the flow goes on where there is no answer, and gets the reason in its place.
        impossible: why it cannot be asked here; empty where it can.
    """

    operation: str
    service: str = ""
    region: str = ""
    item: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict, hash=False)
    absent: frozenset[str] = frozenset()
    absent_text: str = ""
    required: str = ""
    entries: tuple[str, ...] = ()
    pages: str = ""
    keeps: tuple[str, ...] = ()
    remembered: float = 0.0
    refusal_remembered: float = field(default=0.0, compare=False)
    edition: str = ""
    optional: bool = False
    impossible: str = ""

    @property
    def api(self) -> str:
        """The name that AWS gives the operation, e.g. `GetBucketPolicy`."""
        return "".join(part.capitalize() for part in self.operation.split("_"))

    @property
    def name(self) -> str:
        """The answer's name in evidence, e.g. `GetBucketPolicy` or `cloudtrail:GetTrailStatus/arn:aws:cloudtrail:…`."""
        service = f"{self.service}:" if self.service else ""
        return f"{service}{self.api}" + (f"/{self.item}" if self.item else "")


@dataclass(frozen=True, slots=True)
class NeverConfigured:
    """The server said that the document was never configured."""


Answer: TypeAlias = Response | NeverConfigured | Failure
"""What one read gave: the document as AWS writes it, or why there is none."""

Answers: TypeAlias = Mapping[str, Answer]
"""Answers by the read's name."""

Flow: TypeAlias = Generator[Read, Any, S]
"""A conversation with AWS that ends with a state.

For each read it gets the document, or None where that was never configured. A read without an answer ends the flow, and
the reason is its result; where the read is optional, the flow gets the reason and goes on.
"""


@dataclass(frozen=True, slots=True)
class Reading(Generic[S]):
    """How a flow ended.

    Args:
        observation: the state, or why there is none.
        answers: what it was made from.
        ages: seconds since it was asked of each answer that was remembered.
    """

    observation: S | Failure
    answers: Answers
    ages: Mapping[str, float] = field(default_factory=dict)


def answers_of(readings: Iterable[Reading[Any]]) -> dict[str, Answer]:
    """Give the answers of several readings together."""
    return {name: answer for reading in readings for name, answer in reading.answers.items()}


def drive(flow: Flow[S], ask: Callable[[Read], Answer]) -> Reading[S]:
    """Carry a flow's reads to whoever answers them, until it ends or has to."""
    return drive_in_turns({"": flow}, ask)[""]


def drive_in_turns(flows: Mapping[str, Flow[S]], ask: Callable[[Read], Answer]) -> Mapping[str, Reading[S]]:
    """Drive many flows, one read of each in its turn, so that a long one leaves the others their share of the calls."""
    answers: dict[str, dict[str, Answer]] = {name: {} for name in flows}
    ended: dict[str, Reading[S]] = {}
    open_reads: dict[str, Read] = {}

    def go_on(name: str, answer: Response | Failure | None) -> None:
        try:
            open_reads[name] = flows[name].send(answer)
        except StopIteration as end:
            ended[name] = Reading(end.value, answers[name])

    for name in flows:
        go_on(name, None)
    while open_reads:
        for name, read in list(open_reads.items()):
            del open_reads[name]
            answers[name][read.name] = answer = ask(read)
            if isinstance(answer, Failure) and not read.optional:
                flows[name].close()
                ended[name] = Reading(answer, answers[name])
            else:
                go_on(name, None if isinstance(answer, NeverConfigured) else answer)
    return {name: ended[name] for name in flows}


def never_configured(_: Read) -> Answer:
    """Answer as if nothing were configured."""
    return NeverConfigured()


def recorded(answers: Answers) -> Callable[[Read], Answer]:
    """Answer from evidence; what is not in it is unknown."""

    def ask(read: Read) -> Answer:
        answer = answers.get(read.name)
        return Failure("NotRead", f"{read.name} was not asked.") if answer is None else answer

    return ask


def checked(read: Read, answer: Answer) -> Answer:
    """Give an answer that carries what a real one does, and that is understood but for its entries.

    A server without the setting may answer something else.
    """
    if isinstance(answer, NeverConfigured | Failure):
        return answer
    if not has_required(read, answer):
        return Unsupported(f"{read.name} answered without {read.required}: the server does not know this setting.")
    names = beyond(answer, read.entries)
    return unreadable(read.api, names) if names else answer


def has_required(read: Read, answer: Response) -> bool:
    """Tell whether the member that a real answer carries is there; what is empty is not.

    Neither is XML where a text should be: a server that does not know `?policy` answers with the list of objects, which
    botocore would give as the policy.
    """
    return not read.required or any(_is_there(answer, path) for path in read.required.split(" or "))


def _is_there(answer: Response, path: str) -> bool:
    value: Any = answer
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(value, str) and value.lstrip().startswith("<"):
        return False
    return value not in ([], "", None, {})
