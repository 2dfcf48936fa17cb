"""Laws of the registry: names that agree everywhere, an order that keeps its promises, samples of everything."""

import pytest
from tests.laws.register import FOLDER, SUBJECTS, UNTRIED, file_of
from tests.laws.spec_fields import fields_in, written_in
from tests.laws.worlds import AnyControl, every_control, specs_for

from securebucket.api.spec import Controls
from securebucket.controls import CONTROLS

BLOCKS = {info.alias: info.annotation for info in Controls.model_fields.values()}


def test_every_control_has_a_subject() -> None:
    """Without one no law is tried on it, so that this is the only law that fails."""
    assert not UNTRIED, "\n".join(
        f"the laws know nothing of {control.name}: write tests/laws/subjects/{file_of(control)} with one value SUBJECT;"
        " tests/laws/subject.py says what each field of it is for"
        for control in UNTRIED
    )


def test_every_subject_has_a_control() -> None:
    files = {path.name for path in FOLDER.glob("*.py")} - {file_of(control) for control in CONTROLS}
    assert not files, "\n".join(
        f"no control of the registry is in controls/{file}: add it to CONTROLS, or delete tests/laws/subjects/{file}"
        for file in sorted(files)
    )


def test_every_control_has_a_block_of_the_spec_and_every_block_a_control() -> None:
    assert sorted(control.name for control in CONTROLS) == sorted(BLOCKS)


@every_control
def test_what_a_control_requires_comes_before_it(control: AnyControl) -> None:
    before = [each.name for each in CONTROLS[: CONTROLS.index(control)]]
    assert set(control.requires) <= set(before)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("publicAccessBlock", "policy"),
        ("versioning", "objectLock"),
        ("policy", "ownership"),
        ("policy", "logging"),
        ("versioning", "lifecycle"),
        ("objectLock", "replication"),
        ("policy", "replication"),
        ("policy", "notifications"),
    ],
)
def test_changes_are_made_in_the_order_that_s3_needs(first: str, then: str) -> None:
    order = [control.name for control in CONTROLS]
    assert order.index(first) < order.index(then)


@every_control
def test_the_samples_declare_every_field_of_the_block(control: AnyControl) -> None:
    declared = {path for spec in specs_for(control) for path in written_in(spec.get(control.name, {}))}
    assert set(fields_in(BLOCKS[control.name])) - declared == set(SUBJECTS[control.name].resolved)


@every_control
def test_there_are_sample_answers(control: AnyControl) -> None:
    assert SUBJECTS[control.name].readings
    assert SUBJECTS[control.name].specs


@every_control
def test_a_block_asks_about_entries_of_others_where_the_subject_has_one(control: AnyControl) -> None:
    asks = "foreign" in fields_in(BLOCKS[control.name])
    assert asks is (SUBJECTS[control.name].foreign is not None)
