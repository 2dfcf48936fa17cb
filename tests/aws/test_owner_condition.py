"""No call leaves without the bucket-owner condition where S3 has it: held against botocore's whole service model."""

from typing import Any

import botocore.session
import pytest
from tests.aws.wire import ACCOUNT, Answer, always
from tests.controls.builders import seen
from tests.laws.worlds import calls_of

from securebucket.aws.account import Identity
from securebucket.aws.bucket_client import BucketClient
from securebucket.aws.edge import Aws
from securebucket.aws.owner_condition import OwnerConditionMissingError, require_owner
from securebucket.aws.sessions import Binding
from securebucket.controls import CONTROLS
from securebucket.model.failure import Failure

SESSION = botocore.session.get_session()
SERVICE = SESSION.get_service_model("s3")
CONDITIONED = sorted(
    name
    for name in SERVICE.operation_names
    if SERVICE.operation_model(name).input_shape is not None
    and "ExpectedBucketOwner" in SERVICE.operation_model(name).input_shape.members
)
OTHERS = sorted(set(SERVICE.operation_names) - set(CONDITIONED))

OUTSIDE_CONTROLS = {"HeadBucket", "GetBucketLocation", "DeleteBucket", "GetBucketRequestPayment", "CreateBucket"}
"""Operations that the engine uses besides those of the controls."""


def used() -> set[str]:
    """Name every operation of S3 on buckets that the product makes."""
    reads = {document for control in CONTROLS for document in control.documents()}
    calls = {call.api for control in CONTROLS for call in calls_of(control) if not call.service}
    return reads | calls | OUTSIDE_CONTROLS


def test_every_operation_that_is_used_takes_the_condition_but_createbucket() -> None:
    assert used() - set(CONDITIONED) == {"CreateBucket"}


def test_every_call_of_another_service_asks_for_the_account() -> None:
    """It is named in each, as the condition is in S3's."""
    others = {(call.service, call.api) for control in CONTROLS for call in calls_of(control) if call.service}
    assert others == {("s3control", "TagResource"), ("s3control", "UntagResource")}
    models = [SESSION.get_service_model(service).operation_model(api) for service, api in others]
    assert all("AccountId" in each.input_shape.required_members for each in models)


@pytest.mark.parametrize("name", CONDITIONED)
def test_a_call_without_it_is_refused(name: str) -> None:
    with pytest.raises(OwnerConditionMissingError, match=name):
        require_owner({"Bucket": "acme-invoices"}, SERVICE.operation_model(name))


@pytest.mark.parametrize("name", CONDITIONED)
def test_an_empty_one_is_none(name: str) -> None:
    with pytest.raises(OwnerConditionMissingError):
        require_owner({"Bucket": "acme-invoices", "ExpectedBucketOwner": ""}, SERVICE.operation_model(name))


@pytest.mark.parametrize("name", CONDITIONED)
def test_a_call_with_it_passes(name: str) -> None:
    require_owner({"Bucket": "acme-invoices", "ExpectedBucketOwner": ACCOUNT}, SERVICE.operation_model(name))


@pytest.mark.parametrize("name", OTHERS)
def test_an_operation_that_has_none_passes(name: str) -> None:
    require_owner({"Bucket": "acme-invoices"}, SERVICE.operation_model(name))


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a client as the engine gets it, answered without a network."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    identity = Identity(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", "aws")
    client = Aws(lambda *_: None).bucket(Binding(), identity, "acme-invoices", "eu-central-1")
    assert isinstance(client, BucketClient)
    always(Answer(200, "<Empty/>")).take(client.s3.client)
    return client


def test_the_engines_client_refuses_at_the_door(guarded: BucketClient) -> None:
    with pytest.raises(OwnerConditionMissingError, match="GetBucketVersioning"):
        guarded.s3.client.get_bucket_versioning(Bucket="acme-invoices")


def test_the_engines_own_calls_pass(guarded: BucketClient) -> None:
    guarded.locate()
    seen(guarded, *CONTROLS)
    for control in CONTROLS:
        for call in calls_of(control):
            guarded.make(call)
    guarded.delete()


def test_a_server_without_accounts_is_asked_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    client = Aws(lambda *_: None).bucket(Binding(), Identity("", "", "aws"), "acme-invoices", "eu-central-1")
    assert isinstance(client, BucketClient)
    wire = always(Answer(200, "<Empty/>"))
    wire.take(client.s3.client)
    client.locate()
    assert "x-amz-expected-bucket-owner" not in wire.requests[0].headers


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_that_tells_no_region_is_a_failure_and_asks_nothing_more(guarded: BucketClient, status: int) -> None:
    """Botocore would ask HeadBucket itself, without the condition."""
    wire = always(Answer(status))
    wire.take(guarded.s3.client)
    found = guarded.locate()
    assert isinstance(found, Failure)
    assert (found.reason, found.retry, len(wire.requests)) == ("AnswerUnreadable", True, 1)
