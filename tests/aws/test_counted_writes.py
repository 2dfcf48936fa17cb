"""Every write to S3 passes the gate, each try of it, and is counted for as long as it is under way."""

from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from tests.aws.wire import Answer, Wire, always, error, in_turn

from securebucket.aws.call_limits import StoppingError
from securebucket.aws.counted_writes import count_writes
from securebucket.dispatch.write_gate import WriteGate

GOOD = Answer(200)


def gated(wire: Wire, gate: WriteGate, service: str = "s3", tries: int = 1) -> Any:
    client = wire.client(service, tries=tries)
    count_writes(gate)(client.meta.events)
    return client


def write(client: Any) -> None:
    client.put_bucket_policy(Bucket="acme", Policy="{}")


def read(client: Any) -> None:
    client.get_bucket_versioning(Bucket="acme")


@pytest.mark.parametrize(("call", "counted"), [(write, True), (read, False)])
def test_a_write_is_under_way_while_it_is_answered_and_a_read_never(call, counted):
    gate = WriteGate()
    seen = []

    def answer(_: object) -> Answer:
        seen.append(not gate.wait(0.0))
        return Answer(200, "<VersioningConfiguration/>")

    call(gated(Wire(answer), gate))
    assert seen == [counted]
    assert gate.wait(0.0)


@pytest.mark.parametrize(
    "answer", [GOOD, error("AccessDenied", 403), error("SlowDown", 503), EndpointConnectionError(endpoint_url="x")]
)
def test_a_write_is_over_however_it_ended(answer):
    gate = WriteGate()
    client = gated(always(answer), gate)
    with suppress(ClientError, EndpointConnectionError):
        write(client)
    assert gate.wait(0.0)


def test_a_write_that_cannot_be_signed_is_over_too():
    gate = WriteGate()
    client = gated(always(GOOD), gate)

    def refuse(**_: Any) -> None:
        raise NoCredentialsError

    client.meta.events.register_last("request-created", refuse)
    with pytest.raises(NoCredentialsError):
        write(client)
    assert gate.wait(0.0)


def test_no_write_begins_once_the_gate_is_closed_and_reads_are_not_its_business():
    gate = WriteGate()
    wire = always(Answer(200, "<VersioningConfiguration/>"))
    client = gated(wire, gate)
    gate.close()
    with pytest.raises(StoppingError):
        write(client)
    assert not wire.requests
    read(client)
    assert len(wire.requests) == 1


def test_a_write_is_not_tried_again_once_the_gate_is_closed(monkeypatch):
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    gate = WriteGate()
    wire = in_turn(error("SlowDown", 503), GOOD)
    client = gated(wire, gate, tries=3)
    client.meta.events.register("needs-retry", lambda **_: gate.close())
    with pytest.raises(StoppingError):
        write(client)
    assert len(wire.requests) == 1
    assert gate.wait(0.0)


def test_what_is_posted_to_others_than_s3_is_no_write():
    """STS, KMS and SQS are asked by POST."""
    gate = WriteGate()
    gate.close()
    wire = always(Answer(200, "<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>"))
    gated(wire, gate, "sts").get_caller_identity()
    assert len(wire.requests) == 1
