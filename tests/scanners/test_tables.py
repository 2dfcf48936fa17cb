"""The configurations, the questions and the reviewed disagreements fit each other, and the page about verdicts."""

import re
from collections import Counter
from pathlib import Path

import yaml

from securebucket.compliance.catalogue import BY_ID
from securebucket_dev.generate.scanner_section import with_section
from securebucket_dev.scanners.configurations import CONFIGURATIONS
from securebucket_dev.scanners.custodian import CUSTODIAN, EVERY_BUCKET, POLICIES
from securebucket_dev.scanners.disagreements import DISAGREEMENTS
from securebucket_dev.scanners.questions import QUESTIONS, UNASKED

VERDICTS = Path(__file__).parents[2] / "docs" / "explanation" / "verdicts.md"
ASKED = {(each.scanner, each.check) for each in QUESTIONS}


def test_there_are_enough_configurations_and_no_two_are_the_same() -> None:
    assert len(CONFIGURATIONS) >= 60
    made = Counter((str(each.steps), str(each.creation), each.account, each.region) for each in CONFIGURATIONS)
    assert [what for what, times in made.items() if times > 1] == []


def test_every_configuration_has_a_name_of_its_own_that_a_bucket_may_have_and_a_sentence() -> None:
    assert len({each.bucket for each in CONFIGURATIONS}) == len(CONFIGURATIONS)
    for each in CONFIGURATIONS:
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", each.bucket)
        assert re.fullmatch(r"[A-Z].*\.", each.says), each.says


def test_every_question_is_about_checks_of_our_catalogue() -> None:
    assert {check for each in QUESTIONS for check in each.ours} <= BY_ID.keys()


def test_every_policy_of_custodian_is_compared_or_says_why_not() -> None:
    policies = {each["name"] for each in yaml.safe_load(POLICIES.read_text())["policies"]} - {EVERY_BUCKET}
    named = {check for scanner, check in ASKED | UNASKED.keys() if scanner == CUSTODIAN}
    assert named == policies


def test_nothing_is_both_compared_and_not() -> None:
    assert len(ASKED) == len(QUESTIONS)
    assert not ASKED & UNASKED.keys()


def test_every_disagreement_names_what_exists_and_has_a_reason_of_one_sentence() -> None:
    names = {each.name for each in CONFIGURATIONS}
    for each in DISAGREEMENTS:
        assert set(each.configurations) <= names
        assert {(each.scanner, check) for check in each.checks} <= ASKED
        assert re.fullmatch(r"[A-Z].*\.", each.reason), each.reason
        assert ". " not in each.reason


def test_the_page_shows_the_disagreements_as_they_are() -> None:
    page = VERDICTS.read_text()
    assert "## Where scanners disagree" in page
    assert with_section(page) == page
