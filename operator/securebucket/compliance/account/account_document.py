"""What an account document is: what to ask AWS, what the answers mean, and what is judged on them. Pure."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from securebucket.api.check_id import AccountCheckId
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer, Answers, NeverConfigured
from securebucket.model.observation import Unsupported
from securebucket.model.verdict import Question, Verdict

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class AccountPlace:
    """Which account is looked at, and where at least.

    Args:
        account_id: twelve digits.
        partition: `aws`, `aws-cn`, `aws-us-gov`, …
        regions: that are looked at whether buckets are there or not; the first is asked what is not regional.
    """

    account_id: str
    partition: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """One read of an account.

    Args:
        service: boto3's name of the service.
        operation: boto3's method name.
        region: where it is asked.
        item: tells it from other reads of the same operation: a region or an ARN.
        parameters: the method's arguments.
        absent: error codes that mean "never configured".
        absent_text: part of an error's message that means so, where the code alone does not tell.
        member: the member of the answer that must be there; of a list, the one that its pages are joined by.
        paged: the answer comes in pages.
        keeps: members of a list's items that are kept; empty keeps all.
        lasting: names the answer where it can never change, so that it is asked once; empty where it can.
        impossible: why it cannot be asked here; empty where it can.
    """

    service: str
    operation: str
    region: str
    item: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    absent_text: str = ""
    member: str = ""
    paged: bool = False
    keeps: tuple[str, ...] = ()
    lasting: str = ""
    impossible: str = ""

    @property
    def api(self) -> str:
        """The name that AWS gives the operation, e.g. `DescribeTrails`."""
        return "".join(part.capitalize() for part in self.operation.split("_"))

    @property
    def name(self) -> str:
        """The answer's name in a report, e.g. `cloudtrail:GetTrailStatus/arn:aws:cloudtrail:…`."""
        return f"{self.service}:{self.api}" + (f"/{self.item}" if self.item else "")


@dataclass(frozen=True, slots=True)
class AccountSubject:
    """What the checks of an account look at.

    Args:
        account_id: whose account it is.
        answers: everything that was read of it, by `Ask.name`.
    """

    account_id: str
    answers: Answers

    def answer(self, name: str) -> Answer:
        """Give the answer to a read; one that was not made is unknown."""
        return self.answers.get(name, Failure("NotRead", f"{name} was not asked.", retry=False))

    def items(self, api: str) -> Iterator[tuple[str, Answer]]:
        """Give every answer of an operation, such as `guardduty:ListDetectors`, with the item that it is about."""
        for name, answer in sorted(self.answers.items()):
            operation, _, item = name.partition("/")
            if operation == api and item:
                yield item, answer


@dataclass(frozen=True, slots=True)
class AccountCheck(Question, Generic[S]):
    """One thing that an auditor asks of an account.

    Args:
        id: its stable id.
        judge: the verdict on a state; what could not be read at all never reaches it.
    """

    id: AccountCheckId
    judge: Callable[[S], Verdict]


class AccountDocument(ABC, Generic[S]):
    """One thing that AWS keeps for an account or for a region of it.

    `ask` is called again and again with what has been answered, until it asks nothing new: a list comes first, its
    items next.
    """

    name: str
    """Lower camel case, as in reports."""
    title: str
    """What it is, for a person."""
    actions: tuple[str, ...]
    """IAM actions that its reads need."""
    checks: tuple[AccountCheck[S], ...] = ()

    @abstractmethod
    def ask(self, place: AccountPlace, answers: Answers) -> tuple[Ask, ...]:
        """Say what to read, given what has been read."""

    @abstractmethod
    def parse(self, subject: AccountSubject) -> S | Failure | Unsupported:
        """Say what the answers mean; unknown or unsupported where there is nothing to judge."""


def document(answer: Answer) -> Mapping[str, Any]:
    """Give what was answered; empty where nothing was."""
    return {} if isinstance(answer, NeverConfigured | Failure | Unsupported) else answer


def unread(answers: Iterator[tuple[str, Answer]]) -> Failure | Unsupported | None:
    """Say why none of the answers tells anything; None as soon as one does, or where only some are unknown."""
    found = [answer for _, answer in answers]
    if not found:
        return Failure("NotRead", "it was not asked.", retry=False)
    reasons = [answer for answer in found if isinstance(answer, Failure | Unsupported)]
    if len(reasons) < len(found):
        return None
    return next((each for each in reasons if isinstance(each, Failure)), reasons[0])


def problem(answer: Answer) -> str:
    """Say why an answer tells nothing; empty where it does."""
    return answer.message if isinstance(answer, Failure | Unsupported) else ""
