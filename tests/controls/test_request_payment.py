"""The control of Requester Pays: who pays by default, and where it breaks the delivery of logs."""

from typing import Any

import pytest
from tests.controls.builders import context, first_read, state_of, subject

from securebucket.api.spec import SecureBucketSpec
from securebucket.controls.request_payment import RequestPaymentControl, RequestPaymentState, judge_log_target
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.risk import Risk
from securebucket.model.verdict import Result

CONTROL = RequestPaymentControl()
OWNER, REQUESTER = RequestPaymentState(), RequestPaymentState("Requester")


@pytest.mark.parametrize(
    ("answer", "state"), [(None, OWNER), ({"Payer": "BucketOwner"}, OWNER), ({"Payer": "Requester"}, REQUESTER)]
)
def test_the_owner_pays_unless_s3_says_otherwise(answer: Any, state: RequestPaymentState) -> None:
    assert state_of(CONTROL, answer) == state


def test_an_answer_without_a_payer_comes_from_a_server_that_does_not_know_it() -> None:
    assert first_read(CONTROL).required == "Payer"


@pytest.mark.parametrize("origin", list(Origin))
@pytest.mark.parametrize(
    ("spec", "wanted"),
    [
        ({}, OWNER),
        ({"requestPayment": {}}, OWNER),
        ({"requestPayment": {"payer": "BucketOwner"}}, OWNER),
        ({"requestPayment": {"payer": "Requester"}}, REQUESTER),
    ],
)
def test_the_declared_payer_is_wanted_and_else_the_owner(
    spec: Any, wanted: RequestPaymentState, origin: Origin
) -> None:
    assert CONTROL.desired(context(spec, origin=origin), REQUESTER) == wanted


@pytest.mark.parametrize("state", [OWNER, REQUESTER])
def test_the_payer_is_put(state: RequestPaymentState) -> None:
    wanted = {"RequestPaymentConfiguration": {"Payer": state.payer}}
    assert CONTROL.calls(context(), RequestPaymentState("?"), state) == (Call("put_bucket_request_payment", wanted),)


@pytest.mark.parametrize(
    ("origin", "spec", "observed", "wanted", "risk"),
    [
        (Origin.ADOPTED, {}, REQUESTER, OWNER, Risk.LOCKOUT),
        (Origin.ADOPTED, {"requestPayment": {}}, REQUESTER, OWNER, Risk.NONE),
        (Origin.CREATED, {}, REQUESTER, OWNER, Risk.NONE),
        (Origin.ADOPTED, {"requestPayment": {"payer": "Requester"}}, OWNER, REQUESTER, Risk.NONE),
    ],
)
def test_a_bill_that_nobody_asked_for_needs_a_yes(
    origin: Origin, spec: Any, observed: RequestPaymentState, wanted: RequestPaymentState, risk: Risk
) -> None:
    assert CONTROL.risk(context(spec, origin=origin), observed, wanted) is risk


@pytest.mark.parametrize("state", [OWNER, REQUESTER])
def test_what_is_there_can_be_declared(state: RequestPaymentState) -> None:
    block = CONTROL.declaration(state)
    assert SecureBucketSpec.model_validate({"requestPayment": block})
    assert CONTROL.desired(context({"requestPayment": block}), state) == state


@pytest.mark.parametrize(
    ("role", "state", "result"),
    [
        ("LogTarget", OWNER, Result.PASS),
        ("LogTarget", REQUESTER, Result.FAIL),
        ("Data", OWNER, Result.NOT_APPLICABLE),
        ("Data", REQUESTER, Result.NOT_APPLICABLE),
        ("ReplicaTarget", REQUESTER, Result.NOT_APPLICABLE),
    ],
)
def test_requester_pays_matters_where_logs_arrive(role: str, state: RequestPaymentState, result: Result) -> None:
    assert judge_log_target(subject(role), state).result is result
