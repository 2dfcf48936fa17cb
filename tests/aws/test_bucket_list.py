"""All buckets of an account, page by page, each with its region where the server tells it."""

import itertools
from collections.abc import Sequence

import pytest
from tests.aws.wire import Answer, Wire, always, error, in_turn

from securebucket.aws.bucket_list import PAGE, ListedBucket, list_buckets
from securebucket.aws.edge import Aws
from securebucket.aws.sessions import Binding
from securebucket.model.failure import Failure


def page(*names: str, token: str = "", region: str = "eu-west-1") -> Answer:
    """Write one page."""
    place = f"<BucketRegion>{region}</BucketRegion>" if region else ""
    buckets = "".join(f"<Bucket><Name>{name}</Name>{place}</Bucket>" for name in names)
    more = f"<ContinuationToken>{token}</ContinuationToken>" if token else ""
    return Answer(body=f"<ListAllMyBucketsResult><Buckets>{buckets}</Buckets>{more}</ListAllMyBucketsResult>")


@pytest.mark.parametrize(
    ("pages", "names"),
    [
        ([page()], ""),
        ([page("one", "two")], "one two"),
        ([page("one", token="t"), page("two", token="u"), page("three")], "one two three"),
        ([page("one", token="t"), page()], "one"),
        ([page("one", token="t"), page("one", token="t")], "one"),
    ],
)
def test_every_page_is_read(pages: Sequence[Answer], names: str) -> None:
    """A server that does not know pages gives the same one for ever."""
    wire = in_turn(*pages)
    found = list_buckets(wire.client)
    assert not isinstance(found, Failure)
    assert [each.name for each in found] == names.split()
    assert len(wire.requests) == len(pages)
    assert all(f"max-buckets={PAGE}" in request.url for request in wire.requests)


def test_the_token_of_a_page_asks_for_the_next_one() -> None:
    wire = in_turn(page("one", token="next"), page("two"))
    list_buckets(wire.client)
    assert "continuation-token=next" in wire.requests[1].url


def test_the_region_is_empty_where_the_server_does_not_tell_it() -> None:
    assert list_buckets(always(page("one", region="")).client) == (ListedBucket("one"),)
    assert list_buckets(always(page("one")).client) == (ListedBucket("one", "eu-west-1"),)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (error("AccessDenied", 403, "no"), "AccessDenied"),
        (error("SlowDown", 503), "Throttled"),
        (Answer(body="<html>a proxy</html>"), "AnswerUnreadable"),
        (Answer(), "AnswerUnreadable"),
    ],
)
def test_a_list_that_cannot_be_had_is_a_failure(answer: Answer, reason: str) -> None:
    found = list_buckets(always(answer).client)
    assert isinstance(found, Failure)
    assert found.reason == reason


def test_a_later_page_that_fails_is_a_failure() -> None:
    """Half a list would call the other half safe."""
    assert isinstance(list_buckets(in_turn(page("one", token="t"), error("SlowDown", 503)).client), Failure)


def test_a_client_that_cannot_be_made_is_a_failure() -> None:
    found = Aws(lambda *_: None).list_buckets(Binding(region="us-east-1", endpoint="s3.example.com"))
    assert isinstance(found, Failure)
    assert found.reason == "EndpointInvalid"


def test_a_list_without_end_is_a_failure() -> None:
    """Each page has a bucket that no other had, and a token: half of such a list is no list, and memory has an end."""
    number = itertools.count()
    wire = Wire(lambda _: page(f"bucket-{next(number)}", token=str(number)))
    client = wire.client()
    found = list_buckets(lambda: client)
    assert isinstance(found, Failure)
    assert (found.reason, found.retry) == ("AnswerUnreadable", True)
