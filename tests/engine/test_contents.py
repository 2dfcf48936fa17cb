"""Whether a new bucket is empty: seen in two looks over the wire, and never guessed."""

import pytest
from tests.aws.wire import ACCOUNT, Answer, by_operation, error

from securebucket.aws.answer_form import hold
from securebucket.aws.bucket_client import BucketClient
from securebucket.aws.s3_calls import S3Calls
from securebucket.model.contents import Contents, observe_contents
from securebucket.model.failure import Failure

HTML = Answer(200, "<html><body>Please sign in<br></body></html>")
NO_VERSIONS = Answer(200, "<ListVersionsResult><KeyMarker/><IsTruncated>false</IsTruncated></ListVersionsResult>")
NO_UPLOADS = Answer(
    200, "<ListMultipartUploadsResult><KeyMarker/><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>"
)


NO_OBJECTS = Answer(
    200, "<ListBucketResult><Name>acme-invoices</Name><IsTruncated>false</IsTruncated></ListBucketResult>"
)
"""What a server answers, too, that passes over `?versions`."""
OBJECTS = Answer(
    200, "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key></Contents></ListBucketResult>"
)
UNKNOWN = error("NotImplemented", 501)


def looked_into(first: Answer, second: Answer, objects: Answer = UNKNOWN) -> Contents | Failure:
    """Look into a bucket over a client as the product has it, which holds answers to their form."""
    client = by_operation({"GET versions": first, "GET list-type": objects}, otherwise=second).client()
    hold(client.meta.events)
    return BucketClient(S3Calls(client), "acme-invoices", ACCOUNT).observe(observe_contents()).observation


def versions(inside: str) -> Answer:
    return Answer(200, f"<ListVersionsResult><IsTruncated>false</IsTruncated>{inside}</ListVersionsResult>")


def uploads(inside: str) -> Answer:
    text = f"<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>{inside}</ListMultipartUploadsResult>"
    return Answer(200, text)


@pytest.mark.parametrize(
    ("first", "second", "empty"),
    [
        pytest.param(NO_VERSIONS, NO_UPLOADS, True, id="nothing"),
        pytest.param(versions("<Version><Key>a</Key></Version>"), NO_UPLOADS, False, id="a version"),
        pytest.param(versions("<DeleteMarker><Key>a</Key></DeleteMarker>"), NO_UPLOADS, False, id="a delete marker"),
        pytest.param(NO_VERSIONS, uploads("<Upload><Key>a</Key></Upload>"), False, id="an unfinished upload"),
        pytest.param(
            Answer(200, "<ListVersionsResult><IsTruncated>true</IsTruncated></ListVersionsResult>"),
            NO_UPLOADS,
            False,
            id="more than is shown",
        ),
    ],
)
def test_a_bucket_is_empty_where_both_looks_show_nothing(first: Answer, second: Answer, *, empty: bool) -> None:
    assert looked_into(first, second) is (Contents.NOTHING if empty else Contents.SOMETHING)


@pytest.mark.parametrize(
    ("first", "second", "reason", "retry"),
    [
        pytest.param(error("AccessDenied", 403), NO_UPLOADS, "AccessDenied", False, id="the first is denied"),
        pytest.param(NO_VERSIONS, error("AccessDenied", 403), "AccessDenied", False, id="the second is denied"),
        pytest.param(error("SlowDown", 503), NO_UPLOADS, "Throttled", True, id="it is busy"),
        pytest.param(Answer(200, ""), NO_UPLOADS, "AnswerUnreadable", True, id="it says nothing"),
        pytest.param(
            Answer(200, "<ListVersionsResult/>"), NO_UPLOADS, "AnswerUnreadable", True, id="a part is missing"
        ),
        pytest.param(HTML, NO_UPLOADS, "ServerError", True, id="a page"),
    ],
)
def test_whether_a_bucket_is_empty_is_never_guessed(first: Answer, second: Answer, reason: str, *, retry: bool) -> None:
    found = looked_into(first, second)
    assert isinstance(found, Failure)
    assert (found.reason, found.retry) == (reason, retry)


@pytest.mark.parametrize(
    "first", [UNKNOWN, NO_OBJECTS], ids=["it refuses to list versions", "it passes over ?versions"]
)
@pytest.mark.parametrize(
    ("objects", "uploads", "shown"),
    [
        pytest.param(NO_OBJECTS, NO_UPLOADS, Contents.NOTHING, id="no objects"),
        pytest.param(NO_OBJECTS, UNKNOWN, Contents.NOTHING, id="no objects, and it has no unfinished uploads"),
        pytest.param(OBJECTS, NO_UPLOADS, Contents.SOMETHING, id="an object"),
        pytest.param(
            NO_OBJECTS, uploads("<Upload><Key>a</Key></Upload>"), Contents.SOMETHING, id="an unfinished upload"
        ),
        pytest.param(UNKNOWN, NO_UPLOADS, Contents.NOTHING, id="it has no lists, so it has nothing"),
        pytest.param(
            UNKNOWN, uploads("<Upload><Key>a</Key></Upload>"), Contents.SOMETHING, id="no list but of uploads"
        ),
    ],
)
def test_where_a_server_has_no_versions_its_objects_are_listed(
    first: Answer, objects: Answer, uploads: Answer, shown: Contents
) -> None:
    assert looked_into(first, uploads, objects) is shown


@pytest.mark.parametrize(
    ("uploads", "objects", "reason"),
    [
        pytest.param(NO_UPLOADS, error("AccessDenied", 403), "AccessDenied", id="objects are denied"),
        pytest.param(NO_UPLOADS, error("MethodNotAllowed", 405), "Unsupported", id="a gateway lets no list through"),
        pytest.param(error("MethodNotAllowed", 405), NO_OBJECTS, "Unsupported", id="nor that of uploads"),
    ],
)
def test_where_a_server_has_no_versions_and_another_list_is_forbidden_nobody_can_tell(
    uploads: Answer, objects: Answer, reason: str
) -> None:
    found = looked_into(UNKNOWN, uploads, objects)
    assert isinstance(found, Failure)
    assert found.reason == reason


def test_a_server_that_lists_objects_in_place_of_uploads_has_no_unfinished_uploads() -> None:
    assert looked_into(NO_VERSIONS, NO_OBJECTS) is Contents.NOTHING
