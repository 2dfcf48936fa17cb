"""The control of ABAC: off unless it is declared, and never switched unasked where people may live by it."""

from typing import Any

import pytest
from tests.controls.builders import context, state_of

from securebucket.api.spec import SecureBucketSpec
from securebucket.controls.abac import AbacControl, AbacState
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.risk import Risk

CONTROL = AbacControl()
ON, OFF = AbacState("Enabled"), AbacState("Disabled")
DECLARED_ON, DECLARED_OFF = {"abac": {"status": "Enabled"}}, {"abac": {"status": "Disabled"}}


@pytest.mark.parametrize(
    ("response", "state"),
    [
        (None, OFF),
        ({}, OFF),
        ({"AbacStatus": {}}, OFF),
        ({"AbacStatus": {"Status": "Disabled"}}, OFF),
        ({"AbacStatus": {"Status": "Enabled"}}, ON),
        ({"AbacStatus": {"Status": "Invented"}}, AbacState("Invented")),
    ],
)
def test_it_is_off_unless_s3_says_otherwise(response: Any, state: AbacState) -> None:
    assert state_of(CONTROL, response) == state


@pytest.mark.parametrize("observed", [ON, OFF])
@pytest.mark.parametrize(("spec", "desired"), [({}, OFF), ({"abac": {}}, OFF), (DECLARED_OFF, OFF), (DECLARED_ON, ON)])
def test_it_is_on_only_where_that_is_declared(observed: AbacState, spec: Any, desired: AbacState) -> None:
    assert CONTROL.desired(context(spec), observed) == desired


def test_the_status_is_put() -> None:
    assert CONTROL.calls(context(), ON, OFF) == (Call("put_bucket_abac", {"AbacStatus": {"Status": "Disabled"}}),)


@pytest.mark.parametrize(
    ("origin", "spec", "observed", "desired", "risk"),
    [
        pytest.param(Origin.CREATED, DECLARED_ON, OFF, ON, Risk.LOCKOUT, id="conditions on tags begin to hold"),
        pytest.param(Origin.ADOPTED, DECLARED_ON, OFF, ON, Risk.LOCKOUT, id="so they do on an adopted bucket"),
        pytest.param(Origin.ADOPTED, {}, ON, OFF, Risk.LOCKOUT, id="nobody said that people do not live by it"),
        pytest.param(Origin.ADOPTED, DECLARED_OFF, ON, OFF, Risk.NONE, id="a declaration is a yes"),
        pytest.param(Origin.CREATED, {}, ON, OFF, Risk.NONE, id="what was never declared on a bucket of ours"),
    ],
)
def test_a_switch_waits_where_it_may_shut_people_out(
    origin: Origin, spec: Any, observed: AbacState, desired: AbacState, risk: Risk
) -> None:
    assert CONTROL.risk(context(spec, origin=origin), observed, desired) is risk


@pytest.mark.parametrize("found", [ON, OFF])
def test_what_is_there_can_be_declared(found: AbacState) -> None:
    block = CONTROL.declaration(found)
    assert SecureBucketSpec.model_validate({"abac": block})
    assert CONTROL.desired(context({"abac": block}), found) == found


def test_a_status_of_a_later_day_cannot_be_declared() -> None:
    assert CONTROL.declaration(AbacState("Invented")) is None


def test_tags_are_right_before_they_decide() -> None:
    assert CONTROL.requires == ("tags",)
