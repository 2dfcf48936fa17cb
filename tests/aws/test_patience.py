"""A pass asks nothing more about its bucket once a call was not answered in time, or it has taken too long."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from botocore import exceptions as boto
from tests.aws.wire import Answer, Wire, by_operation, error
from tests.controls.builders import seen

from securebucket.aws.patience import SECONDS, Patience
from securebucket.controls import CONTROLS
from securebucket.model.call import Call
from securebucket.model.failure import Failure

WRITE = Call("put_bucket_versioning", {"VersioningConfiguration": {"Status": "Enabled"}})
SILENCE = boto.ReadTimeoutError(endpoint_url="http://x")
DENIED = error("AccessDenied", 403)


def silent_at(query: str, answer: Exception = SILENCE) -> Wire:
    return by_operation({f"GET {query}": answer}, DENIED)


@pytest.mark.parametrize("answer", [SILENCE, boto.ConnectTimeoutError(endpoint_url="http://x")])
def test_after_a_timeout_the_other_documents_are_unknown_unasked(answer: Exception) -> None:
    wire = silent_at("policy", answer)
    found = seen(wire.bucket(), *CONTROLS)
    reasons = [each.reason for each in found.values() if isinstance(each, Failure)]
    place = next(place for place, each in enumerate(CONTROLS) if each.name == "policy")
    assert reasons[:place] == ["AccessDenied"] * place
    assert reasons[place:] == ["EndpointUnreachable"] * (len(CONTROLS) - place)
    assert len(wire.requests) == place + 1


def test_after_a_timeout_nothing_is_written() -> None:
    wire = silent_at("policy")
    bucket = wire.bucket()
    seen(bucket, *CONTROLS)
    asked = len(wire.requests)
    failures = [bucket.make(WRITE), bucket.delete(), bucket.create("us-east-1", {}, object_lock=False)]
    assert [failure and (failure.reason, failure.retry) for failure in failures] == [("EndpointUnreachable", True)] * 3
    assert len(wire.requests) == asked


@pytest.mark.parametrize("answer", [boto.ConnectionClosedError(endpoint_url="http://x"), DENIED, Answer(500)])
def test_a_failure_that_comes_at_once_stops_nothing(answer: Exception | Answer) -> None:
    wire = by_operation({"GET policy": answer}, DENIED)
    seen(wire.bucket(), *CONTROLS)
    assert len(wire.requests) == len(CONTROLS)


def test_reads_side_by_side_stop_too() -> None:
    wire = Wire(lambda _: SILENCE)
    with ThreadPoolExecutor(2) as pool:
        found = seen(replace(wire.bucket(), pool=pool), *CONTROLS)
    assert {each.reason for each in found.values() if isinstance(each, Failure)} == {"EndpointUnreachable"}
    assert len(wire.requests) <= 3


def test_a_pass_has_a_deadline() -> None:
    now = [0.0]
    wire = Wire(lambda _: DENIED)
    bucket = replace(wire.bucket(), patience=Patience(lambda: now[0]))
    assert bucket.make(WRITE) is not None
    now[0] = SECONDS + 1
    failure = bucket.make(WRITE)
    assert failure is not None
    assert (failure.reason, failure.retry, len(wire.requests)) == ("DeadlineExceeded", True, 1)
