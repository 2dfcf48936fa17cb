"""Checks and their verdicts: pure judgements of what was observed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from securebucket.model.bucket import Bucket
from securebucket.model.observation import Observation

S = TypeVar("S")


class Severity(StrEnum):
    """How bad a failing check is, in Security Hub's words."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Result(StrEnum):
    """The four answers that a check can give; an exception is laid over a `FAIL` later."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    NOT_APPLICABLE = "notApplicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A check's answer and why."""

    result: Result
    because: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What a check may look at besides its control's own state.

    Args:
        bucket: the bucket judged.
        role: `Data`, `LogTarget` or `ReplicaTarget`: some checks do not apply to some roles.
        observed: what was read of every control, by its name: some questions are about two documents at once.
    """

    bucket: Bucket
    role: str
    observed: Mapping[str, Observation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check(Generic[S]):
    """One thing that an auditor asks, judged on one control's observed state.

    Args:
        id: kebab-case, stable; a metric label.
        title: one line for a person.
        severity: how bad a failure is.
        remediation: the spec field to set, in one sentence.
        references: what standards call it, e.g. `AWS FSBP S3.8`.
        judge: the verdict on an observed state; unreadable states never reach it.
    """

    id: str
    title: str
    severity: Severity
    remediation: str
    references: tuple[str, ...]
    judge: Callable[[Subject, S], Verdict]


def passed(because: str) -> Verdict:
    """Give a passing verdict."""
    return Verdict(Result.PASS, because)


def failed(because: str) -> Verdict:
    """Give a failing verdict."""
    return Verdict(Result.FAIL, because)


def not_applicable(because: str) -> Verdict:
    """Give the verdict that the question does not arise for this bucket."""
    return Verdict(Result.NOT_APPLICABLE, because)
