"""Observations put together from the sample answers of the laws."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from tests.controls.builders import bucket
from tests.laws.register import SUBJECTS

from securebucket.compliance.judgement import judge, questions
from securebucket.controls import CONTROLS
from securebucket.model.control import Control
from securebucket.model.evidence import Answer, Answers, NeverConfigured, interpret, name_of
from securebucket.model.fact import AccountBlock, BucketRegion, BucketRegionQuery, Fact, FactQuery
from securebucket.model.failure import Failure
from securebucket.model.observation import Unsupported
from securebucket.model.verdict import Subject, Verdict

READ_AT = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
DENIED = Failure("AccessDenied", "it was denied.", retry=False)
NOT_KNOWN = Unsupported("the server does not know it.")

AnyControl = Control[Any]


def answers_of(control: AnyControl) -> Iterator[Answers]:
    """Give everything that the reads of a control may bring: each sample answer, and each way to get none."""
    first = name_of(control.read)
    for answer in (NeverConfigured(), DENIED, NOT_KNOWN):
        yield {first: answer} | _with_follow_up(control, answer, NeverConfigured())
    for response, more in SUBJECTS[control.name].readings:
        for second in (more, DENIED, NOT_KNOWN) if more is not None else (NeverConfigured(),):
            yield {first: response} | _with_follow_up(control, response, second)


def _with_follow_up(control: AnyControl, answer: Answer, second: Answer) -> Answers:
    if isinstance(answer, Failure | Unsupported):
        return {}
    read = control.follow_up(control.parse(None if isinstance(answer, NeverConfigured) else answer))
    return {} if read is None else {name_of(read): second}


def absent_answers() -> dict[str, Answer]:
    """Give the answers about a bucket that was never configured."""
    answers: dict[str, Answer] = {}
    for control in CONTROLS:
        answers |= next(answers_of(control))
    return answers


def subject_of(
    answers: Answers, facts: Mapping[FactQuery, Fact] | None = None, role: str = "Data", **options: Any
) -> Subject:
    """Give the subject that the answers make; questions that `facts` does not answer get a usual answer."""
    observed = {each.name: interpret(each, answers) for each in CONTROLS}
    plain = Subject(bucket(), role, observed, **options)
    usual = {query: _usual(query) for query in questions(plain)}
    return Subject(bucket(), role, observed, usual | dict(facts or {}), **options)


def _usual(query: FactQuery) -> Fact:
    return BucketRegion("eu-west-1") if isinstance(query, BucketRegionQuery) else AccountBlock()


def verdicts_of(subject: Subject) -> dict[str, Verdict]:
    """Give the verdicts by the check's id."""
    return {each.check.id: each.verdict for each in judge(subject)}
