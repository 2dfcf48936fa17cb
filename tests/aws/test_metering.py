"""Every request that leaves is counted once, with the code of its answer: reads, retries and failures too."""

from contextlib import suppress
from typing import Any

import pytest
from botocore import exceptions as boto
from tests.aws.wire import Answer, error, in_turn

from securebucket.aws.metering import instrument

Seen = list[tuple[str, str, str, float]]
GOOD = Answer(200, "<VersioningConfiguration/>")


def metered(*answers: Answer | Exception, tries: int = 1) -> tuple[Any, Seen]:
    """Give a client over scripted answers, and what is counted of it."""
    seen: Seen = []
    client = in_turn(*answers).client(tries=tries)
    instrument(lambda *counted: seen.append(counted))(client.meta.events)
    return client, seen


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (GOOD, "200"),
        (error("NoSuchBucket", 404), "NoSuchBucket"),
        (error("AccessDenied", 403), "AccessDenied"),
        (Answer(404), "404"),
        (boto.EndpointConnectionError(endpoint_url="x"), "EndpointConnectionError"),
        (boto.ReadTimeoutError(endpoint_url="x"), "ReadTimeoutError"),
    ],
    ids=lambda value: str(getattr(value, "status", value)),
)
def test_a_request_is_counted_with_its_code(answer: Answer | Exception, code: str) -> None:
    client, seen = metered(answer)
    with suppress(boto.ClientError, boto.BotoCoreError):
        client.get_bucket_versioning(Bucket="acme")
    ((service, operation, counted, seconds),) = seen
    assert (service, operation, counted) == ("s3", "GetBucketVersioning", code)
    assert 0 <= seconds < 5


def test_each_try_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    closed = boto.ConnectionClosedError(endpoint_url="x")
    client, seen = metered(error("SlowDown", 503), closed, GOOD, tries=3)
    client.get_bucket_versioning(Bucket="acme")
    assert [code for _, _, code, _ in seen] == ["SlowDown", "ConnectionClosedError", "200"]
