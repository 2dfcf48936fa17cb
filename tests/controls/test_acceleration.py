"""The control of Transfer Acceleration: off unless declared, and never for names with dots."""

from typing import Any

import pytest
from tests.controls.builders import context, state_of

from securebucket.api.spec import SecureBucketSpec
from securebucket.controls.acceleration import AccelerationControl, AccelerationState
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.risk import Risk

CONTROL = AccelerationControl()
OFF, ON = AccelerationState(), AccelerationState("Enabled")


@pytest.mark.parametrize(
    ("answer", "state"), [(None, OFF), ({}, OFF), ({"Status": "Suspended"}, OFF), ({"Status": "Enabled"}, ON)]
)
def test_what_was_never_set_is_suspended(answer: Any, state: AccelerationState) -> None:
    assert state_of(CONTROL, answer) == state


@pytest.mark.parametrize("origin", list(Origin))
@pytest.mark.parametrize(
    ("spec", "wanted"), [({}, OFF), ({"acceleration": {}}, OFF), ({"acceleration": {"status": "Enabled"}}, ON)]
)
def test_it_is_off_unless_it_is_declared(spec: Any, wanted: AccelerationState, origin: Origin) -> None:
    assert CONTROL.desired(context(spec, origin=origin), ON) == wanted


@pytest.mark.parametrize("state", [OFF, ON])
def test_the_status_is_put_and_nothing_is_deleted(state: AccelerationState) -> None:
    wanted = {"AccelerateConfiguration": {"Status": state.status}}
    (call,) = CONTROL.calls(context(), AccelerationState("?"), state)
    assert call == Call("put_bucket_accelerate_configuration", wanted)


@pytest.mark.parametrize(
    ("name", "wanted", "reason"),
    [
        ("acme.invoices", ON, "AccelerationImpossible"),
        ("acme.invoices", OFF, None),
        ("acme-invoices", ON, None),
    ],
)
def test_a_name_with_dots_is_refused_before_s3_does(name: str, wanted: AccelerationState, reason: str | None) -> None:
    failure = CONTROL.refuse(context(name=name), OFF, wanted)
    assert (failure.reason if failure else None) == reason


@pytest.mark.parametrize(
    ("origin", "spec", "observed", "wanted", "risk"),
    [
        (Origin.ADOPTED, {}, ON, OFF, Risk.LOCKOUT),
        (Origin.ADOPTED, {"acceleration": {}}, ON, OFF, Risk.NONE),
        (Origin.CREATED, {}, ON, OFF, Risk.NONE),
        (Origin.ADOPTED, {"acceleration": {"status": "Enabled"}}, OFF, ON, Risk.NONE),
    ],
)
def test_an_endpoint_that_clients_may_use_needs_a_yes_to_go(
    origin: Origin, spec: Any, observed: AccelerationState, wanted: AccelerationState, risk: Risk
) -> None:
    assert CONTROL.risk(context(spec, origin=origin), observed, wanted) is risk


@pytest.mark.parametrize("state", [OFF, ON])
def test_what_is_there_can_be_declared(state: AccelerationState) -> None:
    block = CONTROL.declaration(state)
    assert SecureBucketSpec.model_validate({"acceleration": block})
    assert CONTROL.desired(context({"acceleration": block}), state) == state
