"""A document that is asked for directly: the same answer, the same tries and the same counts as over botocore alone."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials, RefreshableCredentials
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    CredentialRetrievalError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError
from tests.aws.wire import ACCOUNT, Answer, Wire, always, error, in_turn

from securebucket.aws.answer_form import hold
from securebucket.aws.call_limits import SECONDS, DeadlineError, Limits, StoppingError
from securebucket.aws.document_requests import EMPTY
from securebucket.aws.metering import instrument
from securebucket.aws.owner_condition import require_owners
from securebucket.aws.s3_calls import S3Calls
from securebucket.aws.unknown_elements import watch

ASKED = {"Bucket": "acme-invoices", "ExpectedBucketOwner": ACCOUNT}
GOOD = Answer(200, "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
NO_POLICY = error("NoSuchBucketPolicy", 404)
ABSENT = frozenset({"NoSuchBucketPolicy"})
SILENT = ReadTimeoutError(endpoint_url="http://127.0.0.1:9")
CLOSED = ConnectionClosedError(endpoint_url="http://127.0.0.1:9")


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)


def outcome(ask: Callable[[], Any]) -> tuple[Any, ...]:
    """Give an answer, or all that an exception says, but for the number of tries, which nobody reads."""
    try:
        answer = ask()
    except ClientError as refused:
        told: Any = refused.response
        told["ResponseMetadata"].pop("RetryAttempts", None)
        return refused.operation_name, told
    except (BotoCoreError, ResponseParserError) as failed:
        return type(failed).__name__, str(failed)
    answer["ResponseMetadata"].pop("RetryAttempts", None)
    return "answer", answer


def watched(wire: Wire, counted: list[str]) -> Any:
    """Give a client as the product has it."""
    client = wire.client(tries=3)
    for register in (hold, watch, Limits().register, instrument(lambda *one: counted.append(one[2]))):
        register(client.meta.events)
    require_owners(client.meta.events)
    return client


ANSWERS = {
    "a document": ("get_bucket_versioning", [GOOD]),
    "an empty document": ("get_bucket_versioning", [Answer(200, "<VersioningConfiguration/>")]),
    "a text": ("get_bucket_policy", [Answer(200, '{"Version": "2012-10-17", "Statement": []}')]),
    "a region": ("get_bucket_location", [Answer(200, "<LocationConstraint>eu-west-3</LocationConstraint>")]),
    "never configured": ("get_bucket_policy", [NO_POLICY]),
    "no such bucket": ("get_bucket_policy", [error("NoSuchBucket", 404)]),
    "denied": ("get_bucket_policy", [error("AccessDenied", 403, "no")]),
    "what the model does not know": (
        "get_bucket_versioning",
        [Answer(200, "<VersioningConfiguration><New>1</New></VersioningConfiguration>")],
    ),
    "busy, then well": ("get_bucket_versioning", [error("SlowDown", 503), GOOD]),
    "busy three times": ("get_bucket_versioning", [error("SlowDown", 503)] * 3),
    "an error with 200, then well": ("get_bucket_versioning", [Answer(200, error("InternalError").body), GOOD]),
    "cut, then never configured": ("get_bucket_policy", [CLOSED, NO_POLICY]),
    "silent three times": ("get_bucket_policy", [SILENT] * 3),
    "a page": ("get_bucket_policy", [Answer(200, "<html></html>")]),
    "nothing found by a proxy": ("get_bucket_policy", [Answer(404, "<html></html>")]),
    "elsewhere, and it says where": (
        "get_bucket_versioning",
        [Answer(301, error("PermanentRedirect").body, {"x-amz-bucket-region": "eu-west-3"}), GOOD],
    ),
    "elsewhere": ("get_bucket_versioning", [Answer(301)]),
    "no XML three times": ("get_bucket_versioning", [Answer(200, "{")] * 3),
}


@pytest.mark.parametrize(("operation", "answers"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_is_what_botocore_alone_makes_of_it(operation: str, answers: list[Any]) -> None:
    alone, direct = in_turn(*answers), in_turn(*answers)
    counted_alone: list[str] = []
    counted: list[str] = []
    bare, client = watched(alone, counted_alone), watched(direct, counted)
    calls = S3Calls(client, lambda *one: counted.append(one[2]))
    awaited = outcome(lambda: getattr(bare, operation)(**ASKED))
    found = outcome(lambda: calls.call(operation, ASKED, ABSENT))
    assert found == awaited
    assert len(direct.requests) == len(alone.requests)
    assert counted == counted_alone


def test_an_answer_that_was_kept_is_given_once() -> None:
    """What botocore asks after a refusal, or another call, is sent."""
    wire = in_turn(error("AccessDenied", 403), GOOD, GOOD)
    client = wire.client()
    calls = S3Calls(client)
    with pytest.raises(ClientError):
        calls.call("get_bucket_policy", ASKED, ABSENT)
    client.get_bucket_versioning(**ASKED)
    assert calls.call("get_bucket_versioning", ASKED)["Status"] == "Enabled"
    assert len(wire.requests) == 3


def test_an_answer_that_botocore_did_not_take_is_no_answer_to_the_next_call() -> None:
    going = [True, False, True]
    wire = in_turn(error("AccessDenied", 403), GOOD)
    client = wire.client()
    limits = Limits(lambda: going.pop(0))
    limits.register(client.meta.events)
    with pytest.raises(StoppingError):
        S3Calls(client, limits=limits).call("get_bucket_policy", ASKED, ABSENT)
    assert client.get_bucket_versioning(**ASKED)["Status"] == "Enabled"


def test_two_that_call_over_one_client_share_its_door() -> None:
    wire = in_turn(error("SlowDown", 503), GOOD)
    client = wire.client(tries=2)
    S3Calls(client)
    assert S3Calls(client).call("get_bucket_versioning", ASKED)["Status"] == "Enabled"
    assert len(wire.requests) == 2


def test_nothing_is_asked_once_the_process_stops() -> None:
    wire = in_turn(GOOD)
    with pytest.raises(StoppingError):
        S3Calls(wire.client(), limits=Limits(lambda: False)).call("get_bucket_versioning", ASKED)
    assert not wire.requests


def test_the_first_try_counts_for_the_deadline_of_the_call() -> None:
    wire = always(SILENT)
    client = wire.client(tries=3)
    limits = Limits(clock=lambda: len(wire.requests) * SECONDS * 0.6)
    limits.register(client.meta.events)
    with pytest.raises(DeadlineError):
        S3Calls(client, limits=limits).call("get_bucket_versioning", ASKED)
    assert len(wire.requests) == 2


def test_how_long_a_first_answer_took_is_told_where_botocore_tells_of_it() -> None:
    """The request was sent before botocore was asked, which would count no time at all."""
    took: list[float] = []
    wire = always(error("AccessDenied", 403))
    client = wire.client()
    instrument(lambda *one: took.append(one[3]))(client.meta.events)
    began = [0.0]

    def slowly(request: Any) -> Any:
        began[0] = request.context["securebucket_started"]
        return Wire.send(wire, request)

    client._endpoint.http_session.send = slowly
    with pytest.raises(ClientError):
        S3Calls(client).call("get_bucket_policy", ASKED, ABSENT)
    assert len(took) == 1
    assert took[0] > 0.0
    assert began[0] > 0.0


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("head_bucket", ASKED),
        ("list_objects_v2", {**ASKED, "MaxKeys": 1}),
        ("list_bucket_inventory_configurations", {**ASKED, "ContinuationToken": "x"}),
        ("delete_bucket_policy", ASKED),
        ("get_bucket_policy", {"Bucket": "acme-invoices"}),
        ("get_bucket_policy", {**ASKED, "Bucket": "arn:aws:s3:eu-west-3:111122223333:accesspoint/mine"}),
    ],
)
def test_what_is_more_than_a_question_for_one_document_is_botocores(operation: str, parameters: dict[str, Any]) -> None:
    wire = always(Answer(204 if operation.startswith("delete") else 200))
    S3Calls(wire.client()).call(operation, parameters)
    (request,) = wire.requests
    assert request.headers["amz-sdk-request"]


# the request


TOKEN = "a-token"
PLACES: dict[str, dict[str, Any]] = {
    "AWS": {"region_name": "eu-west-3"},
    "AWS, us-east-1": {"region_name": "us-east-1"},
    "China": {"region_name": "cn-north-1"},
    "FIPS": {"region_name": "us-gov-west-1", "config": Config(use_fips_endpoint=True)},
    "dual stack": {"region_name": "eu-west-3", "config": Config(use_dualstack_endpoint=True)},
    "path": {"region_name": "eu-west-3", "config": Config(s3={"addressing_style": "path"})},
    "a server": {"region_name": "eu-west-3", "endpoint_url": "http://127.0.0.1:9000"},
    "a server with a path": {"region_name": "eu-west-3", "endpoint_url": "https://s3.example.com/gateway"},
    "a server with the usual port": {"region_name": "eu-west-3", "endpoint_url": "https://s3.example.com:443"},
    "a server over IPv6": {"region_name": "eu-west-3", "endpoint_url": "http://[::1]:9000"},
    "a server by names": {
        "region_name": "eu-west-3",
        "endpoint_url": "https://s3.example.com",
        "config": Config(s3={"addressing_style": "virtual"}),
    },
}


@pytest.mark.parametrize("token", ["", TOKEN], ids=["keys", "a session"])
@pytest.mark.parametrize("operation", ["get_bucket_policy", "list_bucket_inventory_configurations"])
@pytest.mark.parametrize("options", PLACES.values(), ids=PLACES)
def test_a_request_is_where_botocores_would_be_and_signed_as_botocore_signs(
    options: dict[str, Any], operation: str, token: str
) -> None:
    session = boto3.Session(aws_access_key_id="AKIA", aws_secret_access_key="secret", aws_session_token=token or None)
    made: Any = session.client("s3", **options)
    wire = always(Answer(200, "{}" if operation == "get_bucket_policy" else "<ListInventoryConfigurationsResult/>"))
    wire.take(made)
    getattr(made, operation)(**ASKED)
    S3Calls(made).call(operation, ASKED)
    theirs, ours = wire.requests
    assert ours.url == theirs.url
    assert plain_headers(ours) == plain_headers(theirs)
    assert ours.headers["Authorization"].decode() == signed_by_botocore(ours, token)


def plain_headers(request: Any) -> dict[str, bytes]:
    """Give the headers that say the same each time, but for those that count botocore's tries."""
    other = {"authorization", "x-amz-date", "amz-sdk-invocation-id", "amz-sdk-request"}
    return {name.lower(): value for name, value in request.headers.items() if name.lower() not in other}


@pytest.mark.parametrize("endpoint", ["http://MinIO.example.com:9000", "https://user:secret@s3.example.com"])
def test_an_endpoint_whose_host_reads_otherwise_is_botocores(endpoint: str) -> None:
    """What is signed must be what HTTP sends, and it writes host names in small letters and no user."""
    session = boto3.Session(aws_access_key_id="AKIA", aws_secret_access_key="secret")
    made: Any = session.client("s3", region_name="eu-west-3", endpoint_url=endpoint)
    wire = always(GOOD)
    wire.take(made)
    S3Calls(made).call("get_bucket_versioning", ASKED)
    assert wire.requests[0].headers["amz-sdk-request"]


def signed_by_botocore(request: Any, token: str) -> str:
    """Sign a request once more, at its own time."""
    headers = {name: value.decode() for name, value in request.headers.items() if name != "Authorization"}
    again = AWSRequest(method="GET", url=request.url, headers=headers)
    again.context["timestamp"] = headers["x-amz-date"]
    told = request.headers["Authorization"].decode()
    region = told.partition("Credential=")[2].split("/")[2]
    signer = S3SigV4Auth(Credentials("AKIA", "secret", token or None), "s3", region)
    text = signer.string_to_sign(again, signer.canonical_request(again))
    return str(signer._inject_signature_to_request(again, signer.signature(text, again)).headers["Authorization"])


def test_the_region_that_is_signed_for_is_the_one_of_the_endpoint() -> None:
    wire = always(GOOD)
    S3Calls(wire.client()).call("get_bucket_versioning", ASKED)
    assert b"/eu-central-1/s3/aws4_request" in wire.requests[0].headers["Authorization"]


def test_renewed_credentials_sign_the_next_request() -> None:
    wire = always(GOOD)
    client = wire.client()
    calls = S3Calls(client)
    holder = client._request_signer._credentials
    client._request_signer._credentials = Credentials("AKIAFIRST", "one")
    calls.call("get_bucket_versioning", ASKED)
    client._request_signer._credentials = Credentials("AKIASECOND", "two", TOKEN)
    calls.call("get_bucket_versioning", ASKED)
    first, second = wire.requests
    assert b"AKIAFIRST/" in first.headers["Authorization"]
    assert b"AKIASECOND/" in second.headers["Authorization"]
    assert second.headers["x-amz-security-token"] == TOKEN.encode()
    client._request_signer._credentials = holder


def test_credentials_that_cannot_be_had_are_asked_for_once() -> None:
    asked = []

    def refuse() -> Any:
        asked.append(1)
        raise CredentialRetrievalError(provider="assume-role", error_msg="no")

    wire = always(GOOD)
    client = wire.client()
    client._request_signer._credentials = RefreshableCredentials.create_from_metadata(
        {"access_key": "a", "secret_key": "b", "token": "c", "expiry_time": "2020-01-01T00:00:00Z"},
        refresh_using=refuse,
        method="assume-role",
    )
    with pytest.raises(CredentialRetrievalError):
        S3Calls(client).call("get_bucket_versioning", ASKED)
    assert (len(asked), len(wire.requests)) == (1, 0)


@pytest.mark.parametrize("version", ["s3", "unsigned"])
def test_another_way_to_sign_is_botocores(version: str) -> None:
    from botocore import UNSIGNED  # noqa: PLC0415 - the one case

    signature: Any = UNSIGNED if version == "unsigned" else version
    made: Any = boto3.client("s3", region_name="us-east-1", config=Config(signature_version=signature))
    wire = always(GOOD)
    wire.take(made)
    made._request_signer._credentials = Credentials("AKIA", "secret")
    S3Calls(made).call("get_bucket_versioning", ASKED)
    (request,) = wire.requests
    assert b"AWS4-HMAC-SHA256" not in request.headers.get("Authorization", b"")
    assert urlsplit(request.url).query == "versioning"


def test_a_request_carries_the_condition_and_our_name_and_no_body() -> None:
    wire = always(GOOD)
    S3Calls(wire.client()).call("get_bucket_versioning", ASKED)
    (request,) = wire.requests
    assert request.headers["x-amz-expected-bucket-owner"] == ACCOUNT.encode()
    assert request.headers["x-amz-content-sha256"] == EMPTY.encode()
    assert request.headers["User-Agent"]
    assert request.body is None
