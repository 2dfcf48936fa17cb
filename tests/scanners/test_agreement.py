"""Answers of scanners and ours are put side by side, and what differs has to be known, and only that."""

import pytest

from securebucket.model.verdict import Result
from securebucket_dev.scanners.agreement import Answer, combine, compare, outdated, unexplained
from securebucket_dev.scanners.configuration import Configuration
from securebucket_dev.scanners.disagreements import Disagreement, Whose
from securebucket_dev.scanners.questions import Question

PASS, FAIL, UNKNOWN, NOT_APPLICABLE = Result.PASS, Result.FAIL, Result.UNKNOWN, Result.NOT_APPLICABLE
QUESTION = Question("Scanner", "its-check", ("ours",))


def known(*configurations: str, check: str = "its-check") -> Disagreement:
    return Disagreement("Scanner", (check,), configurations, Whose.JUDGEMENT, "It says so.")


@pytest.mark.parametrize(
    ("results", "together"),
    [
        ([PASS], PASS),
        ([PASS, FAIL], FAIL),
        ([UNKNOWN, FAIL], FAIL),
        ([PASS, UNKNOWN], UNKNOWN),
        ([PASS, NOT_APPLICABLE], PASS),
        ([NOT_APPLICABLE, NOT_APPLICABLE], NOT_APPLICABLE),
    ],
)
def test_several_checks_of_ours_are_as_good_as_the_worst(results: list[Result], together: Result) -> None:
    assert combine(results) is together


@pytest.mark.parametrize(
    ("theirs", "ours", "agrees"),
    [
        (PASS, PASS, True),
        (FAIL, FAIL, True),
        (UNKNOWN, UNKNOWN, True),
        (PASS, FAIL, False),
        (FAIL, PASS, False),
        (FAIL, UNKNOWN, False),
        (PASS, NOT_APPLICABLE, True),
        (FAIL, NOT_APPLICABLE, False),
    ],
)
def test_a_scanner_agrees_by_the_same_answer(theirs: Result, ours: Result, agrees: bool) -> None:
    assert Answer(QUESTION, "bucket", theirs, ours).agrees is agrees


def test_every_question_is_asked_about_every_bucket() -> None:
    one, other = Configuration("one", "One."), Configuration("other", "Another.")
    theirs = {"Scanner": {one.bucket: {"its-check": PASS}, other.bucket: {"its-check": FAIL}}}
    ours = {one.bucket: {"ours": PASS}, other.bucket: {"ours": PASS}}
    answers = compare([QUESTION], [one, other], theirs, ours)
    assert [(answer.configuration, answer.agrees) for answer in answers] == [("one", True), ("other", False)]


def test_who_does_not_answer_is_missed() -> None:
    one = Configuration("one", "One.")
    with pytest.raises(KeyError):
        compare([QUESTION], [one], {"Scanner": {one.bucket: {}}}, {one.bucket: {"ours": PASS}})
    with pytest.raises(KeyError):
        compare([QUESTION], [one], {"Scanner": {one.bucket: {"its-check": PASS}}}, {one.bucket: {}})


ANSWERS = (
    Answer(QUESTION, "alike", PASS, PASS),
    Answer(QUESTION, "differs", PASS, FAIL),
    Answer(QUESTION, "differs-too", FAIL, PASS),
)


def test_a_disagreement_is_explained_for_its_bucket_alone() -> None:
    assert [each.configuration for each in unexplained(ANSWERS, [known("differs")])] == ["differs-too"]
    assert unexplained(ANSWERS, [known("differs"), known("differs-too")]) == []


def test_a_disagreement_is_explained_for_its_check_alone() -> None:
    assert len(unexplained(ANSWERS, [known("differs", "differs-too", check="another-check")])) == 2


def test_an_explanation_of_what_does_not_occur_is_outdated() -> None:
    assert outdated(ANSWERS, [known("alike", "differs", "gone")]) == [
        ("Scanner", "its-check", "alike"),
        ("Scanner", "its-check", "gone"),
    ]


def test_a_disagreement_has_one_explanation() -> None:
    assert outdated(ANSWERS, [known("differs"), known("differs")]) == [("Scanner", "its-check", "differs")]
