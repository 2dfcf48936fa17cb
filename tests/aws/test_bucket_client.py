"""One bucket over the wire: every answer of a server is a value, and nothing is guessed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from botocore import exceptions as boto
from tests.aws.wire import ACCOUNT, Answer, Wire, always, by_operation, error, in_turn
from tests.controls.builders import first_read, seen, state_of

from securebucket.aws.bucket_client import Located, Missing
from securebucket.controls import CONTROLS
from securebucket.controls.ownership import OwnershipState
from securebucket.controls.versioning import VersioningState
from securebucket.model.call import Call
from securebucket.model.control import Control
from securebucket.model.failure import Failure
from securebucket.model.flow import Read, has_required
from securebucket.model.observation import Unsupported, is_unread
from securebucket.model.public_access_block import PublicAccessBlock

BLOCK, POLICY, ENCRYPTION, VERSIONING = CONTROLS[:4]
OWNERSHIP = next(control for control in CONTROLS if control.name == "ownership")
OWNED = "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>"
HTML = Answer(200, "<html><body>Please sign in<br></body></html>")
"""What a proxy may answer in the server's place."""

LISTING = "<ListBucketResult><Name>acme-invoices</Name><KeyCount>0</KeyCount></ListBucketResult>"


def not_answered() -> Exception:
    return boto.EndpointConnectionError(endpoint_url="http://x")


# locate


@pytest.mark.parametrize(
    ("headers", "region"), [({"x-amz-bucket-region": "eu-west-1"}, "eu-west-1"), ({}, "")], ids=["told", "not told"]
)
def test_a_bucket_is_located_where_the_server_says(headers: dict[str, str], region: str) -> None:
    assert always(Answer(200, headers=headers)).bucket().locate() == Located(region)


def test_404_is_missing() -> None:
    assert always(Answer(404)).bucket().locate() == Missing()


@pytest.mark.parametrize(
    ("head", "behind", "reason", "retry"),
    [
        (403, error("AccessDenied", 403), "BucketForbidden", False),
        (403, Answer(200, "<LocationConstraint/>"), "BucketForbidden", False),
        (403, error("InvalidAccessKeyId", 403), "CredentialsInvalid", False),
        (403, error("SignatureDoesNotMatch", 403), "CredentialsInvalid", False),
        (403, error("RequestTimeTooSkewed", 403), "ClockSkewed", True),
        (400, error("ExpiredToken", 400), "CredentialsExpired", True),
        (400, error("InvalidToken", 400), "CredentialsInvalid", False),
        (400, error("InvalidRequest", 400), "Rejected", False),
    ],
)
def test_a_head_without_a_body_is_asked_again_for_its_reason(
    head: int, behind: Answer, reason: str, *, retry: bool
) -> None:
    """HeadBucket says 403 and 400 only: an expired token must not look like somebody else's bucket."""
    wire = by_operation({"HEAD": Answer(head)}, behind)
    found = wire.bucket().locate()
    assert isinstance(found, Failure)
    assert (found.reason, found.retry, found.operation) == (reason, retry, "HeadBucket")
    assert [request.method for request in wire.requests] == ["HEAD", "GET"]


@pytest.mark.parametrize(("status", "reason"), [(503, "Throttled"), (500, "ServerError")])
def test_a_head_that_time_may_mend(status: int, reason: str) -> None:
    wire = always(Answer(status))
    found = wire.bucket().locate()
    assert isinstance(found, Failure)
    assert (found.reason, found.retry, len(wire.requests)) == (reason, True, 1)


def test_a_head_without_an_answer() -> None:
    found = always(not_answered()).bucket().locate()
    assert isinstance(found, Failure)
    assert (found.reason, found.retry) == ("EndpointUnreachable", True)


# read


def test_a_code_that_means_absent_is_the_state_of_never_configured() -> None:
    wire = always(error("NoSuchPublicAccessBlockConfiguration", 404))
    assert seen(wire.bucket(), BLOCK) == state_of(BLOCK)


@pytest.mark.parametrize(
    "control", [each for each in CONTROLS if first_read(each).required], ids=lambda each: each.name
)
def test_a_200_without_its_member_is_a_server_that_does_not_know_it(control: Control[object]) -> None:
    """It has served ListObjects instead, and would take a DELETE for DeleteBucket."""
    for body in (LISTING, ""):
        found = seen(always(Answer(200, body)).bucket(), control)
        assert isinstance(found, Unsupported)
        assert first_read(control).required in found.message


@pytest.mark.parametrize("control", CONTROLS, ids=lambda each: each.name)
@pytest.mark.parametrize("code", ["NotImplemented", "XNotImplemented", "MethodNotAllowed", "UnsupportedOperation"])
def test_a_server_that_says_it_does_not_know(control: Control[object], code: str) -> None:
    assert isinstance(seen(always(error(code, 501)).bucket(), control), Unsupported)


@pytest.mark.parametrize("control", CONTROLS, ids=lambda each: each.name)
@pytest.mark.parametrize(
    ("answer", "reason", "retry"),
    [
        (error("AccessDenied", 403, "no"), "AccessDenied", False),
        (error("AccessDenied", 403), "AccessDenied", False),
        (error("SlowDown", 503), "Throttled", True),
        (error("InternalError", 500), "ServerError", True),
        (error("ExpiredToken", 400), "CredentialsExpired", True),
        (error("NoSuchBucket", 404), "BucketMissing", True),
        (not_answered(), "EndpointUnreachable", True),
        (boto.ReadTimeoutError(endpoint_url="http://x"), "EndpointUnreachable", True),
    ],
)
def test_a_read_that_fails_is_unknown_and_never_absent(
    control: Control[object], answer: Answer | Exception, reason: str, *, retry: bool
) -> None:
    found = seen(always(answer).bucket(), control)
    assert is_unread(found)
    assert (found.reason, found.retry) == (reason, retry)
    assert found.message


def test_a_page_of_a_proxy_is_no_answer() -> None:
    found = seen(always(HTML).bucket(), BLOCK)
    assert is_unread(found)
    assert (found.reason, found.retry) == ("ServerError", True)


def test_a_404_of_another_code_is_not_absent() -> None:
    """Codes are matched, never statuses."""
    assert is_unread(seen(always(error("NoSuchKey", 404)).bucket(), POLICY))


def test_the_second_document_completes_the_state() -> None:
    acl = (
        "<AccessControlPolicy><Owner><ID>me</ID></Owner><AccessControlList><Grant>"
        '<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>you</ID></Grantee>'
        "<Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>"
    )
    wire = by_operation({"GET ownershipControls": Answer(200, OWNED), "GET acl": Answer(200, acl)}, Answer(500))
    found = seen(wire.bucket(), OWNERSHIP)
    assert isinstance(found, OwnershipState)
    assert {(grant.grantee, grant.permission) for grant in found.grants} == {("you", "READ")}


@pytest.mark.parametrize(
    ("second", "kind"), [(error("AccessDenied", 403), Failure), (Answer(200, LISTING), Unsupported)]
)
def test_a_state_of_which_the_second_half_is_missing_is_no_state(second: Answer, kind: type) -> None:
    wire = by_operation({"GET ownershipControls": Answer(200, OWNED)}, second)
    assert isinstance(seen(wire.bucket(), OWNERSHIP), kind)


@pytest.mark.parametrize("readers", [0, 3])
def test_one_document_that_cannot_be_read_hides_no_other(readers: int) -> None:
    status = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    wire = by_operation({"GET versioning": Answer(200, status)}, error("AccessDenied", 403))
    client = wire.bucket()
    if readers:
        with ThreadPoolExecutor(readers) as pool:
            found = seen(replace(client, pool=pool), *CONTROLS)
    else:
        found = seen(client, *CONTROLS)
    assert list(found) == [control.name for control in CONTROLS]
    assert found.pop("versioning") == VersioningState("Enabled")
    assert {type(each) for each in found.values()} == {Failure}


def test_reads_carry_the_owner() -> None:
    wire = always(Answer(200, "<VersioningConfiguration/>"))
    seen(wire.bucket(), VERSIONING)
    assert wire.requests[0].headers["x-amz-expected-bucket-owner"] == ACCOUNT.encode()


# make, create, delete

CALL = Call("put_bucket_versioning", {"VersioningConfiguration": {"Status": "Enabled"}})


def test_a_write_that_is_accepted_gives_nothing() -> None:
    wire = always(Answer(200))
    assert wire.bucket().make(CALL) is None
    assert wire.requests[0].headers["x-amz-expected-bucket-owner"] == ACCOUNT.encode()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (error("OperationAborted", 409), "OperationAborted"),
        (error("AccessDenied", 403), "AccessDenied"),
        (not_answered(), "EndpointUnreachable"),
    ],
)
def test_a_write_that_is_not_accepted_says_why(answer: Answer | Exception, reason: str) -> None:
    found = always(answer).bucket().make(CALL)
    assert found is not None
    assert (found.reason, found.operation) == (reason, "PutBucketVersioning")


def test_parameters_that_no_server_would_take_are_told_before_anything_is_sent() -> None:
    wire = always(Answer(200))
    found = wire.bucket().make(Call("put_bucket_versioning", {"Versioning": 1}))
    assert found is not None
    assert (found.reason, wire.requests) == ("InvalidParameters", [])


TAGS = {"securebucket.io/owner": "cluster-1/payments/invoices", "securebucket.io/origin": "Created"}


@pytest.mark.parametrize(("region", "told"), [("us-east-1", False), ("eu-central-1", True)])
def test_creation_names_region_tags_and_ownership(region: str, *, told: bool) -> None:
    """us-east-1 must not be named."""
    wire = always(Answer(200))
    assert wire.bucket().create(region, TAGS, object_lock=False) is None
    (request,) = wire.requests
    body = request.body.decode()
    assert (f"<LocationConstraint>{region}</LocationConstraint>" in body) is told
    assert all(f"<Key>{key}</Key><Value>{value}</Value>" in body for key, value in TAGS.items())
    assert request.headers["x-amz-object-ownership"] == b"BucketOwnerEnforced"
    assert "x-amz-bucket-object-lock-enabled" not in request.headers
    assert "x-amz-expected-bucket-owner" not in request.headers


def test_creation_with_object_lock() -> None:
    wire = always(Answer(200))
    wire.bucket().create("us-east-1", TAGS, object_lock=True)
    assert wire.requests[0].headers["x-amz-bucket-object-lock-enabled"].lower() == b"true"


@pytest.mark.parametrize("code", ["MalformedXML", "InvalidArgument", "InvalidLocationConstraint", "NotImplemented"])
def test_a_server_without_tags_at_creation_gets_them_at_once_afterwards(code: str) -> None:
    wire = in_turn(error(code, 400), Answer(200), Answer(200))
    assert wire.bucket().create("eu-central-1", TAGS, object_lock=False) is None
    assert [request.url.rpartition("acme-invoices")[2] for request in wire.requests] == ["", "", "?tagging"]
    assert b"<Tags>" not in wire.requests[1].body
    assert b"LocationConstraint" in wire.requests[1].body
    assert b"securebucket.io/owner" in wire.requests[2].body


@pytest.mark.parametrize("code", ["BucketAlreadyExists", "BucketAlreadyOwnedByYou", "AccessDenied", "TooManyBuckets"])
def test_any_other_refusal_is_final(code: str) -> None:
    wire = always(error(code, 409))
    found = wire.bucket().create("us-east-1", TAGS, object_lock=False)
    assert found is not None
    assert (found.code, len(wire.requests)) == (code, 1)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(204), ""),
        (error("NoSuchBucket", 404), ""),
        (error("BucketNotEmpty", 409), "BucketNotEmpty"),
        (error("AccessDenied", 403), "AccessDenied"),
    ],
)
def test_deletion(answer: Answer, reason: str) -> None:
    wire = always(answer)
    found = wire.bucket().delete()
    assert (found.reason if found else "") == reason
    assert [(request.method, request.url.partition("?")[2]) for request in wire.requests] == [("DELETE", "")]


def test_a_bucket_without_an_account_sends_no_condition() -> None:
    wire: Wire = always(Answer(200))
    wire.bucket("").make(CALL)
    assert "x-amz-expected-bucket-owner" not in wire.requests[0].headers


@pytest.mark.parametrize(
    ("answer", "path", "expected"),
    [
        ({"A": {"B": [1]}}, "A.B", True),
        ({"A": {"B": []}}, "A.B", False),
        ({"A": {"B": ""}}, "A.B", False),
        ({"A": {"B": None}}, "A.B", False),
        ({"A": {"B": {}}}, "A.B", False),
        ({"A": "<ListBucketResult/>"}, "A", False),
        ({"A": "{}"}, "A", True),
        ({"A": {"B": False}}, "A.B", True),
        ({"A": {"B": 0}}, "A.B", True),
        ({"A": {}}, "A.B", False),
        ({"A": "text"}, "A.B", False),
        ({}, "A", False),
    ],
)
def test_a_member_is_there_when_it_says_something(answer: dict[str, object], path: str, *, expected: bool) -> None:
    assert has_required(Read("get_it", required=path), answer) is expected


def test_the_state_is_the_controls_own() -> None:
    flags = "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>"
    assert seen(always(Answer(200, flags)).bucket(), BLOCK) == PublicAccessBlock(
        block_public_acls=True, ignore_public_acls=False, block_public_policy=False, restrict_public_buckets=False
    )


# another service


TAG = Call("tag_resource", {"ResourceArn": "arn:aws:s3:::acme-invoices", "Tags": []}, service="s3control", why="ABAC.")


def test_a_call_of_s3_control_names_the_account_that_the_bucket_must_belong_to() -> None:
    wire = always(Answer(204))
    client = replace(wire.bucket(), other=wire.client)
    assert client.make(TAG) is None
    (request,) = wire.requests
    assert request.headers["x-amz-account-id"] == ACCOUNT.encode()
    assert "x-amz-expected-bucket-owner" not in request.headers


def test_a_failure_says_why_this_call_was_made() -> None:
    wire = always(error("AccessDenied", 403))
    failure = replace(wire.bucket(), other=wire.client).make(TAG)
    assert failure is not None
    assert failure.reason == "AccessDenied"
    assert failure.message.startswith("TagResource was denied")
    assert failure.message.endswith(" ABAC.")


def test_a_client_without_other_services_fails_in_words() -> None:
    wire = always(Answer(204))
    failure = wire.bucket().make(TAG)
    assert failure is not None
    assert (failure.reason, wire.requests) == ("AwsClientError", [])
