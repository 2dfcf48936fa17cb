"""Whether a new bucket is empty: seen in two looks over the wire, and never guessed."""

import pytest
from tests.aws.wire import ACCOUNT, Answer, by_operation, error

from securebucket.aws.answer_form import hold
from securebucket.aws.bucket_client import BucketClient
from securebucket.engine.documents import look_into
from securebucket.model.contents import Contents
from securebucket.model.failure import Failure

HTML = Answer(200, "<html><body>Please sign in<br></body></html>")
NO_VERSIONS = Answer(200, "<ListVersionsResult><KeyMarker/><IsTruncated>false</IsTruncated></ListVersionsResult>")
NO_UPLOADS = Answer(
    200, "<ListMultipartUploadsResult><KeyMarker/><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>"
)


OBJECTS = "<ListBucketResult><Name>acme-invoices</Name><IsTruncated>false</IsTruncated></ListBucketResult>"
"""What a server answers that passes over `?versions`: it must not look empty."""


def looked_into(first: Answer, second: Answer) -> Contents | Failure:
    """Look into a bucket over a client as the product has it, which holds answers to their form."""
    client = by_operation({"GET versions": first}, otherwise=second).client()
    hold(client.meta.events)
    return look_into(BucketClient(client, "acme-invoices", ACCOUNT))


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
        pytest.param(error("NotImplemented", 501), NO_UPLOADS, "Unsupported", False, id="the server has no versions"),
        pytest.param(Answer(200, OBJECTS), NO_UPLOADS, "Unsupported", False, id="it lists objects instead"),
        pytest.param(NO_VERSIONS, Answer(200, OBJECTS), "Unsupported", False, id="and instead of uploads"),
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
