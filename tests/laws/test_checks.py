"""Laws of checks: stable names, a reason, a remedy in the spec, and an answer to every state."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.controls.builders import state_of, subject
from tests.laws.register import FOREIGN, TRIED
from tests.laws.spec_fields import fields_in
from tests.laws.worlds import AnyControl, every_control, in_place, informed, readings, states

from securebucket.api.spec import Role, SecureBucketSpec
from securebucket.controls import CONTROLS
from securebucket.model.bucket import Origin
from securebucket.model.document import fields_of
from securebucket.model.verdict import Check, Result, Verdict

CHECKS = [(control, check) for control in CONTROLS for check in control.checks]
every_check = pytest.mark.parametrize(("control", "check"), CHECKS, ids=[check.id for _, check in CHECKS])
SPEC_FIELDS = set(fields_in(SecureBucketSpec))


def test_no_two_checks_have_one_name() -> None:
    ids = [check.id for _, check in CHECKS]
    assert len(ids) == len(set(ids))


@every_control
def test_only_what_keeps_a_document_absent_has_no_checks(control: AnyControl) -> None:
    """Of such a document there is nothing to ask: whatever is there was declared, or is drift, or is told as kept."""
    if not control.checks:
        for origin in Origin:
            bare = in_place({}, origin)
            for state in readings(control):
                placed = informed(control, bare, state)
                desired = control.desired(placed, state)
                if control.name not in FOREIGN:
                    assert desired == state_of(control)
                else:
                    kept = {f"configurations[{each}]" for each in control.kept(placed, state)}
                    assert fields_of(desired).keys() == kept


@every_check
def test_a_check_is_named_in_kebab_case_with_a_title_of_one_line(control: AnyControl, check: Check[Any]) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", check.id)
    assert check.title
    assert not check.title.endswith(".")
    assert "\n" not in check.title


@every_check
def test_a_check_says_why_and_where_to_read_on(control: AnyControl, check: Check[Any]) -> None:
    assert check.rationale.endswith(".")
    assert check.references
    for reference in check.references:
        assert reference.startswith("https://docs.aws.amazon.com/")


@every_check
def test_the_remedy_names_fields_that_the_spec_has(control: AnyControl, check: Check[Any]) -> None:
    named = re.findall(r"spec\.([a-zA-Z.]*[a-zA-Z])", check.remediation)
    assert named
    assert set(named) <= SPEC_FIELDS


@every_control
@pytest.mark.parametrize("role", list(Role))
def test_every_state_gets_a_verdict_with_a_reason(control: AnyControl, role: Role) -> None:
    for check in control.checks:
        for verdict in _verdicts(control, check, role):
            assert verdict.result in set(Result)
            assert verdict.because


@every_control
def test_a_verdict_needs_no_other_document(control: AnyControl) -> None:
    """Another document may be unreadable: then the answer may be unknown, but there is one."""
    for check in control.checks:
        for state in states(control):
            assert check.judge(subject(), state).because


ASKED_OF: dict[str, Role] = {"log-target-owner-pays": Role.LOG_TARGET}
"""Checks that are asked of one role only; all others are of every bucket with data."""


@every_check
def test_a_check_can_pass(control: AnyControl, check: Check[Any]) -> None:
    role = ASKED_OF.get(check.id, Role.DATA)
    assert Result.PASS in {verdict.result for verdict in _verdicts(control, check, role)}


@every_check
def test_a_check_can_fail(control: AnyControl, check: Check[Any]) -> None:
    role = ASKED_OF.get(check.id, Role.DATA)
    assert Result.FAIL in {verdict.result for verdict in _verdicts(control, check, role)}


def _verdicts(control: AnyControl, check: Check[Any], role: Role) -> Iterator[Verdict]:
    """Judge every known state among documents that were never configured, and among the first sample answers.

    What the check reads besides is there in every way that the samples have it.
    """
    absent = {each.name: state_of(each) for each in CONTROLS}
    configured = absent | {each.name: list(readings(each))[1] for each in TRIED}
    beside = ({each.name: state} for each in TRIED if each.name in check.also_reads for state in readings(each))
    for others in (absent, configured, *(absent | each for each in beside)):
        for state in states(control):
            yield check.judge(subject(role, {**others, control.name: state}), state)
