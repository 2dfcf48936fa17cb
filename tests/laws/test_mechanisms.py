"""The table of all mechanisms says what the product does: nothing in it is empty, and nothing is left out of it."""

from dataclasses import fields

import pytest
from tests.controls.builders import state_of
from tests.laws.aws_model import s3_operations
from tests.laws.register import SUBJECTS
from tests.laws.spec_fields import fields_in
from tests.laws.worlds import AnyControl, calls_of, every_control

from securebucket.api.spec import SecureBucketSpec
from securebucket.compliance.account import ACCOUNT_DOCUMENTS
from securebucket.compliance.catalogue import BY_ID
from securebucket.controls import CONTROLS
from securebucket.model.document import camel_case
from securebucket_dev.generate.mechanisms import CHAPTER, Mechanism, mechanisms_page

ACCOUNT_CHECKS = {check.id for document in ACCOUNT_DOCUMENTS for check in document.checks}
OTHER_SERVICES = {"TagResource", "UntagResource"}
"""Writes by S3 Control."""

every_mechanism = pytest.mark.parametrize("each", CHAPTER.mechanisms, ids=lambda each: each.name)


def block_fields(control: str) -> set[str]:
    info = next(info for name, info in SecureBucketSpec.model_fields.items() if (info.alias or name) == control)
    return set(fields_in(info.annotation))


def rows_of(control: str) -> list[Mechanism]:
    return [each for each in CHAPTER.mechanisms if each.control == control]


def test_the_chapter_has_at_least_54_mechanisms() -> None:
    assert len({each.name for each in CHAPTER.mechanisms}) == len(CHAPTER.mechanisms) >= 54


@every_mechanism
def test_a_mechanism_is_enforced_or_says_why_not(each: Mechanism) -> None:
    assert bool(each.control) is bool(each.fields)
    assert bool(each.control) is not bool(each.reason)
    assert bool(each.control) is (bool(each.drift) is not bool(each.unseen))


@every_mechanism
def test_what_a_row_names_is_there(each: Mechanism) -> None:
    assert set(each.checks) <= BY_ID.keys()
    assert set(each.account_checks) <= ACCOUNT_CHECKS
    assert set(each.spec) <= {info.alias or name for name, info in SecureBucketSpec.model_fields.items()}
    assert set(each.fields) <= (block_fields(each.control) if each.control else set())


@every_control
def test_what_drifts_is_what_the_status_would_name(control: AnyControl) -> None:
    named = {field for each in rows_of(control.name) for field in each.drift}
    shown = {field.partition("[")[0] for tampering in SUBJECTS[control.name].tamperings for field in tampering.drifted}
    assert shown <= named <= {camel_case(each.name) for each in fields(state_of(control))}


@every_control
def test_every_field_of_a_control_is_in_some_row(control: AnyControl) -> None:
    told = {field for each in rows_of(control.name) for field in each.fields}
    untold = {
        field
        for field in block_fields(control.name)
        if not any(field == each or field.startswith(f"{each}.") or each.startswith(f"{field}.") for each in told)
    }
    assert untold == set()


@every_control
def test_the_writes_are_those_that_are_made(control: AnyControl) -> None:
    writes = set(CHAPTER.writes[control.name])
    assert writes == {call.api for call in calls_of(control)}
    assert writes - OTHER_SERVICES <= s3_operations()


def test_every_control_and_every_check_of_an_account_has_a_row() -> None:
    assert {each.control for each in CHAPTER.mechanisms} - {""} == {control.name for control in CONTROLS}
    assert {check for each in CHAPTER.mechanisms for check in each.account_checks} == ACCOUNT_CHECKS


def test_no_cell_of_the_page_is_empty() -> None:
    assert [line for line in mechanisms_page().splitlines() if "|  |" in line or "| |" in line] == []
