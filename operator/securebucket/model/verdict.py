"""Checks and their verdicts: pure judgements of what was observed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from securebucket.api.check_id import AccountCheckId, CheckId
from securebucket.model.bucket import Bucket
from securebucket.model.granted_exception import GrantedException
from securebucket.model.observation import Observation
from securebucket.model.plain_text import printable
from securebucket.model.surroundings import Facts, Query

S = TypeVar("S")

MOST_NAMED = 5
"""Things in one sentence."""
LONGEST_REASON = 2000
"""Characters of a verdict's reason."""


class Severity(StrEnum):
    """How bad a failing check is, in Security Hub's words, the worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """Its place in the order: 0 for the worst."""
        return tuple(Severity).index(self)

    def at_least(self, threshold: "Severity") -> bool:
        """Tell whether it is the threshold or worse."""
        return self.rank <= threshold.rank


class Result(StrEnum):
    """The answers that a check can give; an exception in force is laid over a `FAIL`."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    EXCEPTED = "excepted"
    NOT_APPLICABLE = "notApplicable"
    UNKNOWN = "unknown"


class Remedy(StrEnum):
    """Who can mend a failing check."""

    BUCKET = "bucket"
    """The operator, with nothing but the field that the remediation names."""
    INPUTS = "inputs"
    """The operator, once it is given something that it does not make: a key, a log target, a replica."""
    OUTSIDE = "outside"
    """A person, outside the bucket's configuration: the account's owner or its root user."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A check's answer and why.

    Args:
        result: the answer.
        because: what was seen, in one sentence.
        exception: the exception that is in force; given with `EXCEPTED` and with nothing else.
    """

    result: Result
    because: str
    exception: GrantedException | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a check may look at besides its control's own state.

    Args:
        bucket: the bucket judged.
        role: `Data`, `LogTarget` or `ReplicaTarget`: some checks do not apply to some roles.
        observed: what was read of every control, by its name: some questions are about several documents at once.
        facts: answers about what is outside the bucket, as far as `Check.asks` asked for them.
        trusted_accounts: other accounts that may be let in.
    """

    bucket: Bucket
    role: str
    observed: Mapping[str, Observation] = field(default_factory=dict)
    facts: Facts = field(default_factory=dict)
    trusted_accounts: frozenset[str] = frozenset()


def asks_nothing(_: Subject) -> tuple[Query[Any], ...]:
    """Ask nothing: the bucket's own documents are enough."""
    return ()


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that an auditor asks, in words.

    Args:
        id: kebab-case, stable; a metric label.
        title: one line for a person.
        severity: how bad a failure is.
        rationale: what a failure makes possible, in one sentence.
        remediation: what to set, in one sentence.
        remedy: who can do that.
        references: pages that explain it.
    """

    id: CheckId | AccountCheckId
    title: str
    severity: Severity
    rationale: str
    remediation: str
    remedy: Remedy
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check(Question, Generic[S]):
    """One thing that an auditor asks of a bucket, judged on one control's observed state.

    Args:
        id: an exception can be granted for it.
        judge: the verdict on an observed state; unreadable states never reach it, unless `whole` is set.
        whole: the check is about several documents: `judge` gets `Subject.observed`, and decides itself what it can
            say where one of them could not be read.
        also_reads: further controls whose documents it looks at in `Subject.observed`, where they may be unreadable.
        asks: questions about what is outside the bucket, given what was observed; their answers are in
            `Subject.facts` when `judge` is called.
        further_right: it needs a right that an older release did not: as long as that is missing no condition tells.
    """

    id: CheckId
    judge: Callable[[Subject, S], Verdict]
    whole: bool = False
    also_reads: tuple[str, ...] = ()
    asks: Callable[[Subject], tuple[Query[Any], ...]] = asks_nothing
    further_right: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A check and its verdict on a bucket.

    Args:
        control: the control whose document the check reads, or the first of several.
    """

    check: Check[Any]
    control: str
    verdict: Verdict


def some_of(texts: Sequence[str]) -> str:
    """Join what was seen; of much the first is told, and the rest counted."""
    rest = len(texts) - MOST_NAMED
    return "; ".join(texts[:MOST_NAMED]) + (f"; and {rest} more" if rest > 0 else "")


def _plain(because: str) -> str:
    """Make a reason fit to be read: it names what tenants and servers have written."""
    shown = printable(because)
    return shown if len(shown) <= LONGEST_REASON else f"{shown[:LONGEST_REASON]}… ({len(shown)} characters)"


def passed(because: str) -> Verdict:
    """Give a passing verdict."""
    return Verdict(Result.PASS, _plain(because))


def failed(because: str) -> Verdict:
    """Give a failing verdict."""
    return Verdict(Result.FAIL, _plain(because))


def not_applicable(because: str) -> Verdict:
    """Give the verdict that the question does not arise for this bucket."""
    return Verdict(Result.NOT_APPLICABLE, _plain(because))


def unknown(because: str) -> Verdict:
    """Give the verdict that nobody can tell."""
    return Verdict(Result.UNKNOWN, _plain(because))
