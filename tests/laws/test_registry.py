"""Laws of the registry: names that agree everywhere, an order that keeps its promises, samples of everything."""

import pytest
from tests.laws.readings import READINGS
from tests.laws.samples import SPECS
from tests.laws.spec_fields import fields_in, written_in
from tests.laws.worlds import AnyControl, every_control, specs_for

from securebucket.api.spec import Controls
from securebucket.controls import CONTROLS

BLOCKS = {info.alias: info.annotation for info in Controls.model_fields.values()}


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
    assert set(fields_in(BLOCKS[control.name])) - declared == set()


@every_control
def test_there_are_sample_answers(control: AnyControl) -> None:
    assert READINGS[control.name]
    assert SPECS[control.name]
