"""No call begins once the process stops, and none lasts longer than its deadline, all tries together."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.aws.wire import Answer, Wire, error, in_turn

from securebucket.aws.call_limits import SECONDS, DeadlineError, Limits, StoppingError
from securebucket.aws.failures import failure_of

BUSY, GOOD = error("SlowDown", 503), Answer(200, "<VersioningConfiguration/>")


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)


def limited(wire: Wire, going: Callable[[], bool] = lambda: True, clock: Callable[[], float] = lambda: 0.0) -> Any:
    client = wire.client(tries=3)
    Limits(going, clock).register(client.meta.events)
    return client


def test_nothing_is_asked_once_the_process_stops() -> None:
    wire = in_turn(GOOD)
    with pytest.raises(StoppingError) as raised:
        limited(wire, going=lambda: False).get_bucket_versioning(Bucket="acme")
    assert not wire.requests
    failure = failure_of(raised.value, "GetBucketVersioning")
    assert (failure.reason, failure.retry) == ("Stopping", True)


def test_a_call_that_failed_is_not_tried_again_once_the_process_stops() -> None:
    wire = in_turn(BUSY, GOOD)
    with pytest.raises(StoppingError):
        limited(wire, going=lambda: not wire.requests).get_bucket_versioning(Bucket="acme")
    assert len(wire.requests) == 1


def test_all_tries_of_a_call_share_one_deadline() -> None:
    wire = in_turn(BUSY, BUSY, GOOD)
    client = limited(wire, clock=lambda: len(wire.requests) * SECONDS * 0.6)
    with pytest.raises(DeadlineError) as raised:
        client.get_bucket_versioning(Bucket="acme")
    assert len(wire.requests) == 2
    failure = failure_of(raised.value, "GetBucketVersioning")
    assert (failure.reason, failure.retry) == ("EndpointUnreachable", True)


def test_the_next_call_has_a_deadline_of_its_own() -> None:
    wire = in_turn(GOOD, GOOD)
    client = limited(wire, clock=lambda: len(wire.requests) * SECONDS * 2)
    for _ in range(2):
        client.get_bucket_versioning(Bucket="acme")
    assert len(wire.requests) == 2
