"""No answer is an answer: whatever a server sends to any call that the product makes, the caller gets a value."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.loaders import create_loader
from tests.aws.called_operations import called, operation, parameters
from tests.aws.hostile_server import HostileServer, Reply, hostile_server
from tests.aws.wrong_answers import FAILED, NO_ANSWERS, NO_SUCCESS, spoiled, whole, written
from tests.controls.builders import first_read, seen

from securebucket.aws.account import Accounts
from securebucket.aws.answer_form import _root
from securebucket.aws.asking import ask
from securebucket.aws.bucket_client import BucketClient, Located
from securebucket.aws.bucket_list import list_buckets
from securebucket.aws.event_queue import EventQueue, place_of
from securebucket.aws.owner_condition import require_owners
from securebucket.aws.s3_calls import S3Calls
from securebucket.aws.sessions import Binding, Sessions
from securebucket.aws.surroundings import Surroundings
from securebucket.controls import CONTROLS
from securebucket.model.call import Call
from securebucket.model.failure import Failure
from securebucket.model.observation import Unsupported, is_unread
from securebucket.model.surroundings import (
    AccountBlockQuery,
    BucketQuery,
    BucketRegion,
    BucketRegionQuery,
    KmsKeyQuery,
    Query,
    S3KeyQuery,
)

ACCOUNT = "111122223333"
LOADER = create_loader()
OPERATIONS = called()
WITHOUT_BODY = {"head_bucket"}


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    with hostile_server() as running:
        yield running


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)


@pytest.fixture(scope="module")
def sessions() -> Sessions:
    return Sessions(lambda _: None, _loader=LOADER)


@pytest.fixture
def binding(server: HostileServer) -> Binding:
    return Binding(region="us-east-1", endpoint=server.endpoint)


@pytest.fixture
def bucket(sessions: Sessions, binding: Binding) -> BucketClient:
    s3 = sessions.client(binding, "s3")
    require_owners(s3.meta.events)
    return BucketClient(S3Calls(s3), "acme-invoices", ACCOUNT)


def test_the_operations_are_found_in_the_code() -> None:
    """Some of each way in which the code names them; should the search find none, nothing here would be tested."""
    assert {
        ("s3", "get_bucket_acl"),
        ("s3", "put_bucket_policy"),
        ("s3", "create_bucket"),
        ("sts", "get_caller_identity"),
        ("kms", "describe_key"),
        ("sqs", "receive_message"),
        ("guardduty", "list_detectors"),
    } <= set(OPERATIONS)


@pytest.mark.parametrize(("service", "method"), OPERATIONS, ids=str)
def test_every_operation_gives_a_value(
    server: HostileServer, sessions: Sessions, binding: Binding, service: str, method: str
) -> None:
    client = sessions.client(binding, service)
    if service == "s3":
        require_owners(client.meta.events)
    for kind, server.reply in {**NO_ANSWERS, **FAILED}.items():
        given = ask(lambda: client, method, parameters(service, method, server.endpoint))
        assert isinstance(given, dict | Failure), kind
        assert not isinstance(given, Failure) or given.message.endswith((".", ")")), kind
        if "page" in kind and method not in WITHOUT_BODY:
            assert isinstance(given, Failure), kind
        if kind.startswith("redirect"):
            assert isinstance(given, Failure), kind
            assert given.retry, kind


@pytest.mark.parametrize(("service", "method"), OPERATIONS, ids=str)
def test_every_part_of_every_answer_may_be_wrong(
    server: HostileServer, sessions: Sessions, binding: Binding, service: str, method: str
) -> None:
    model = operation(service, method)
    if model.output_shape is None:
        return
    client = sessions.client(binding, service)
    asked = parameters(service, method, server.endpoint)
    root = _root(model)
    for what, answer in spoiled(whole(model.output_shape)):
        server.reply = written(model, answer, root)
        given = ask(lambda: client, method, asked)
        assert isinstance(given, dict | Failure), what


@pytest.mark.parametrize("kind", NO_SUCCESS)
def test_a_status_that_no_read_has_is_no_answer(server: HostileServer, bucket: BucketClient, kind: str) -> None:
    """Without a body each would be a bucket that is there, and settings that were never configured."""
    server.reply = NO_SUCCESS[kind]
    assert isinstance(bucket.locate(), Failure)
    for control in CONTROLS:
        found = seen(bucket, control)
        assert is_unread(found), control.name
        assert (found.reason, found.retry) == ("AnswerUnreadable", True), control.name


def test_an_error_with_status_200_in_the_place_of_a_policy_is_no_answer(
    server: HostileServer, bucket: BucketClient
) -> None:
    server.reply = FAILED["error with status 200"]
    (policy,) = (control for control in CONTROLS if control.name == "policy")
    found = seen(bucket, policy)
    assert is_unread(found)
    assert found.retry


@pytest.mark.parametrize("kind", [*NO_ANSWERS, "redirect to nowhere", "redirect elsewhere", "error without its parts"])
def test_what_is_no_document_is_never_a_state(server: HostileServer, bucket: BucketClient, kind: str) -> None:
    """Neither absent, so that something would be written, nor unsupported, so that an owner's tags would be none."""
    server.reply = {**NO_ANSWERS, **FAILED}[kind]
    for control in CONTROLS:
        found = seen(bucket, control)
        assert is_unread(found), control.name
        assert found.retry or kind == "error without its parts", control.name


def test_a_list_of_objects_is_a_server_that_does_not_know_the_setting(
    server: HostileServer, bucket: BucketClient
) -> None:
    """Also where S3 itself says "never configured" with an empty document: versioning, logging, notifications."""
    server.reply = FAILED["list of objects"]
    assert {type(seen(bucket, control)) for control in CONTROLS} == {Unsupported}


def test_a_block_that_ceph_names_otherwise_is_read(server: HostileServer, bucket: BucketClient) -> None:
    flags = "<BlockPublicAcls>true</BlockPublicAcls><RestrictPublicBuckets>false</RestrictPublicBuckets>"
    name = "BlockPublicAccessBlockConfiguration"
    server.reply = Reply(200, f'<?xml version="1.0" encoding="UTF-8"?><{name}>{flags}</{name}>'.encode())
    (control,) = (each for each in CONTROLS if each.name == "publicAccessBlock")
    found: Any = seen(bucket, control)
    assert (found.block_public_acls, found.restrict_public_buckets) == (True, False)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda each: each.name)
def test_a_document_with_a_wrong_part_is_a_state_or_none(
    server: HostileServer, bucket: BucketClient, control: Any
) -> None:
    model = operation("s3", first_read(control).operation)
    for what, answer in spoiled(whole(model.output_shape)):
        server.reply = written(model, answer, _root(model))
        found = seen(bucket, control)
        assert found is not None, what


def look(sessions: Sessions, binding: Binding, query: Query[Any]) -> Any:
    return Surroundings(sessions).look(binding, query).observation


ASKING: dict[str, Callable[[Sessions, Binding, BucketClient], Any]] = {
    "identity": lambda sessions, binding, _: Accounts(sessions).identify(binding),
    "key": lambda sessions, binding, _: (
        Surroundings(sessions).look(binding, KmsKeyQuery("alias/x", "eu-west-1")).observation
    ),
    "key of AWS": lambda sessions, binding, _: (
        Surroundings(sessions).look(binding, S3KeyQuery("1234abcd", "eu-west-1")).observation
    ),
    "block of the account": lambda sessions, binding, _: (
        Surroundings(sessions).look(binding, AccountBlockQuery(ACCOUNT)).observation
    ),
    "list": lambda sessions, binding, _: list_buckets(lambda: sessions.client(binding, "s3")),
    "queue": lambda sessions, binding, _: EventQueue(
        sessions, place_of(f"{binding.endpoint}/{ACCOUNT}/changes")
    ).attributes(),
    "messages": lambda sessions, binding, _: EventQueue(
        sessions, place_of(f"{binding.endpoint}/{ACCOUNT}/changes")
    ).receive(),
}


@pytest.mark.parametrize("kind", [*NO_ANSWERS, "empty"])
@pytest.mark.parametrize("who", ASKING)
def test_who_asks_is_told_that_nothing_readable_came(
    server: HostileServer, sessions: Sessions, binding: Binding, bucket: BucketClient, who: str, kind: str
) -> None:
    server.reply = {**NO_ANSWERS, **FAILED}[kind]
    found = ASKING[who](sessions, binding, bucket)
    assert is_unread(found)
    assert (found.reason, found.retry) in {("AnswerUnreadable", True), ("ServerError", True)}


@pytest.mark.parametrize(
    "result",
    [
        "",
        "<Account>111122223333</Account>",
        "<Arn>arn:aws:iam::111122223333:root</Arn>",
        "<Account>111122223333</Account><Arn>minio</Arn>",
        "<Account>root</Account><Arn>arn:aws:iam::111122223333:root</Arn>",
        "<Account><a/></Account><Arn>arn:aws:iam::111122223333:root</Arn>",
    ],
)
def test_who_we_are_needs_an_account_and_an_arn(
    server: HostileServer, sessions: Sessions, binding: Binding, result: str
) -> None:
    text = f"<GetCallerIdentityResult>{result}</GetCallerIdentityResult>"
    server.reply = Reply(200, f"<GetCallerIdentityResponse>{text}</GetCallerIdentityResponse>".encode())
    found = Accounts(sessions).identify(binding)
    assert is_unread(found)
    assert (found.reason, found.retry) == ("AnswerUnreadable", True)


@pytest.mark.parametrize("kind", [*NO_ANSWERS, "empty", "error without its parts"])
def test_a_role_whose_credentials_do_not_come_is_a_failure(server: HostileServer, binding: Binding, kind: str) -> None:
    server.reply = {**NO_ANSWERS, **FAILED}[kind]
    role = Binding(region="us-east-1", endpoint=server.endpoint, role_arn="arn:aws:iam::111122223333:role/x")
    found = Accounts(Sessions(lambda _: None, _loader=LOADER)).identify(role)
    assert is_unread(found)
    assert found.reason == "AnswerUnreadable"


@pytest.mark.parametrize("kind", [*NO_ANSWERS, *FAILED])
def test_a_bucket_is_located_or_not(server: HostileServer, bucket: BucketClient, kind: str) -> None:
    """HeadBucket has no body: only its status and its headers can be wrong."""
    server.reply = {**NO_ANSWERS, **FAILED}[kind]
    assert isinstance(bucket.locate(), Located | Failure)


@pytest.mark.parametrize("kind", [*NO_ANSWERS, *FAILED])
def test_other_buckets_and_writes_give_values(
    server: HostileServer, sessions: Sessions, binding: Binding, bucket: BucketClient, kind: str
) -> None:
    server.reply = {**NO_ANSWERS, **FAILED}[kind]
    surroundings = Surroundings(sessions)
    assert surroundings.look(binding, BucketQuery("acme-logs", ACCOUNT)).observation is not None
    assert isinstance(
        surroundings.look(binding, BucketRegionQuery("acme-logs", ACCOUNT)).observation, BucketRegion | Failure
    )
    made = bucket.make(Call("put_bucket_versioning", {"VersioningConfiguration": {"Status": "Enabled"}}))
    if "page" in kind and kind in NO_ANSWERS:
        assert made is not None
        assert (made.reason, made.retry) == ("AnswerUnreadable", True)
