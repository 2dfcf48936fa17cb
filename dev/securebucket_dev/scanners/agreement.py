"""Compares what a scanner says with what we say. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from securebucket.model.verdict import Result
from securebucket_dev.scanners.configuration import Configuration
from securebucket_dev.scanners.disagreements import Disagreement
from securebucket_dev.scanners.questions import Question

Results: TypeAlias = Mapping[str, Mapping[str, Result]]
"""By bucket, then by check."""

Case: TypeAlias = tuple[str, str, str]
"""A scanner, a check of its, and the name of a configuration."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One question about one bucket, and both answers.

    Args:
        question: what was asked.
        configuration: about which bucket, by its configuration's name.
        theirs: the scanner's answer.
        ours: our checks' answer, put together.
    """

    question: Question
    configuration: str
    theirs: Result
    ours: Result

    @property
    def case(self) -> Case:
        """What a disagreement is looked up by."""
        return (self.question.scanner, self.question.check, self.configuration)

    @property
    def agrees(self) -> bool:
        """Tell whether both say the same; a scanner that knows no "not applicable" passes what it does not apply to."""
        return self.theirs == (Result.PASS if self.ours is Result.NOT_APPLICABLE else self.ours)


def compare(
    questions: Iterable[Question],
    configurations: Iterable[Configuration],
    theirs: Mapping[str, Results],
    ours: Results,
) -> tuple[Answer, ...]:
    """Put both answers to every question about every configuration side by side.

    Args:
        questions: which checks of a scanner's correspond to which of ours.
        configurations: the buckets.
        theirs: results by scanner, bucket and check.
        ours: results by bucket and check id.

    Raises:
        KeyError: somebody has not answered.
    """
    asked = tuple(questions)
    return tuple(
        Answer(
            question,
            each.name,
            theirs[question.scanner][each.bucket][question.check],
            combine(ours[each.bucket][check] for check in question.ours),
        )
        for each in configurations
        for question in asked
    )


def combine(results: Iterable[Result]) -> Result:
    """Give one answer for several checks: the worst of them, and "not applicable" only where none applies."""
    given = set(results)
    order = (Result.FAIL, Result.UNKNOWN, Result.PASS, Result.NOT_APPLICABLE)
    return next(result for result in order if result in given)


def unexplained(answers: Iterable[Answer], reviewed: Iterable[Disagreement]) -> list[Answer]:
    """Give the disagreements that nobody has looked into."""
    known = _cases(reviewed).keys()
    return [answer for answer in answers if not answer.agrees and answer.case not in known]


def outdated(answers: Iterable[Answer], reviewed: Iterable[Disagreement]) -> list[Case]:
    """Give the explained disagreements that do not occur, or are explained more than once."""
    seen = {answer.case for answer in answers if not answer.agrees}
    return sorted(case for case, times in _cases(reviewed).items() if case not in seen or times > 1)


def _cases(reviewed: Iterable[Disagreement]) -> Counter[Case]:
    return Counter(case for each in reviewed for case in each.cases)
