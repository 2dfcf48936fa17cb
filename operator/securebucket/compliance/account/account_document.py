"""What an account document is: a conversation with AWS, what it means, and what is judged on it. Pure."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar

from securebucket.api.check_id import AccountCheckId
from securebucket.model.document import Response
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow
from securebucket.model.verdict import Question, Remedy, Verdict

S = TypeVar("S")

Found: TypeAlias = Response | Failure | None
"""What a flow gets for a read that it can do without: the document, None where it was never configured, or a reason."""


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

    @property
    def home(self) -> str:
        """The region that is asked what is not regional; empty for the client's own."""
        return self.regions[0] if self.regions else ""


@dataclass(frozen=True, slots=True)
class AccountCheck(Question, Generic[S]):
    """One thing that an auditor asks of an account.

    Args:
        id: its stable id.
        remedy: nothing of an account is in the operator's hands.
        judge: the verdict on a state; what could not be read at all never reaches it.
    """

    id: AccountCheckId
    remedy: Remedy = field(default=Remedy.OUTSIDE, kw_only=True)
    judge: Callable[[S], Verdict]


class AccountDocument(ABC, Generic[S]):
    """One thing that AWS keeps for an account or for a region of it."""

    name: str
    """Lower camel case, as in reports."""
    title: str
    """What it is, for a person."""
    actions: tuple[str, ...]
    """IAM actions that its reads need, besides that of the list of buckets, which most documents look at."""
    checks: tuple[AccountCheck[S], ...] = ()

    @abstractmethod
    def observe(self, place: AccountPlace) -> Flow[S | Failure]:
        """Read it; unknown or unsupported where there is nothing to judge.

        What several documents read, such as the list of buckets, each of them asks for, and it is read once. Lists come
        before their items: where the calls of a round end, every list was read.
        """


def items_of(answer: Found, member: str) -> tuple[Any, ...]:
    """Give the items of a list in an answer; none where there is no answer."""
    return () if answer is None or isinstance(answer, Failure) else tuple(answer.get(member) or ())


def problem(answer: object) -> str:
    """Say why an answer tells nothing; empty where it does."""
    return answer.message if isinstance(answer, Failure) else ""
