"""An answer is bounded in time and in size while it is read, against a real server."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from botocore.loaders import create_loader
from tests.aws.hostile_server import HostileServer, Reply, hostile_server

from securebucket.aws.asking import Refused, ask
from securebucket.aws.bounded_http import LARGEST
from securebucket.aws.call_limits import Limits
from securebucket.aws.sessions import Binding, Sessions

PATIENCE = 1.0
MEBIBYTE = 2**20


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with hostile_server() as running:
        yield running


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)


def asked(server: HostileServer, role: str = "") -> Refused:
    sessions = Sessions(lambda _: None, limits=Limits(seconds=PATIENCE), _loader=create_loader())
    client = sessions.client(Binding(region="us-east-1", endpoint=server.endpoint, role_arn=role), "s3")
    answer = ask(lambda: client, "get_bucket_versioning", {"Bucket": "acme"})
    assert isinstance(answer, Refused)
    return answer


@pytest.mark.parametrize("role", ["", "arn:aws:iam::111122223333:role/x"], ids=["S3", "STS, for its credentials"])
@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"<VersioningConfiguration/>", drip=0.1),
        Reply(200, b"x" * 1000, {"Content-Type": "application/xml"}, drip=0.01),
        Reply(500, b"<Error/>", drip=0.1),
    ],
    ids=["head", "body", "error"],
)
def test_a_server_that_drips_is_left_at_the_deadline(server: HostileServer, reply: Reply, role: str) -> None:
    """No single read waits for long, so no timeout of a socket ever ends it."""
    server.reply = reply
    began = time.monotonic()
    answer = asked(server, role)
    assert time.monotonic() - began < 20 * PATIENCE
    assert (answer.reason, answer.retry, answer.silent) == ("EndpointUnreachable", True, True)
    assert "check the endpoint" in answer.message


def test_an_answer_that_is_too_large_is_cut_off_and_not_asked_for_again(server: HostileServer) -> None:
    server.reply = Reply(200, b" " * MEBIBYTE, repeat=600)
    answer = asked(server)
    assert (answer.reason, answer.retry) == ("AnswerUnreadable", True)
    assert f"more than {LARGEST // MEBIBYTE} MiB" in answer.message
    assert len(server.asked) == 1
    assert server.sent < 100 * MEBIBYTE


def test_an_answer_of_any_size_that_aws_has_is_read(server: HostileServer) -> None:
    rules = b"<Rule><ID>%s</ID><Status>Enabled</Status></Rule>" % (b"a" * 3000)
    server.reply = Reply(200, b"<LifecycleConfiguration>" + rules * 1000 + b"</LifecycleConfiguration>")
    sessions = Sessions(lambda _: None)
    client = sessions.client(Binding(region="us-east-1", endpoint=server.endpoint), "s3")
    answer = ask(lambda: client, "get_bucket_lifecycle_configuration", {"Bucket": "acme"})
    assert not isinstance(answer, Refused)
    assert len(answer["Rules"]) == 1000


@pytest.mark.parametrize(
    "crowd",
    [b"<a/>" * MEBIBYTE, b"<a>" * MEBIBYTE, b'<a b=""/>' * 400_000, b"<a " + b'a="" ' * 200_000 + b"/>"],
    ids=["elements", "levels", "attributes", "attributes of one"],
)
@pytest.mark.parametrize("status", [200, 403])
def test_an_answer_of_countless_parts_is_not_even_parsed(server: HostileServer, crowd: bytes, status: int) -> None:
    """Four MiB of them are a quarter of a GiB in memory, in each worker."""
    server.reply = Reply(status, b"<VersioningConfiguration>" + crowd[: LARGEST - 100] + b"</VersioningConfiguration>")
    answer = asked(server)
    assert (answer.reason, answer.retry) == ("AnswerUnreadable", True)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "early", [b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", b"HTTP/1.1 102 Processing\r\n\r\n" * 3]
)
def test_what_comes_before_an_answer_is_passed_over(early: bytes) -> None:
    """Taken for the answer it would be a bucket whose versioning was never configured."""
    body = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(early + b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

        thread = threading.Thread(target=serve)
        thread.start()
        endpoint = f"http://127.0.0.1:{listening.getsockname()[1]}"
        client = Sessions(lambda _: None).client(Binding(region="us-east-1", endpoint=endpoint), "s3")
        answer = ask(lambda: client, "get_bucket_versioning", {"Bucket": "acme"})
        thread.join(10)
    assert not isinstance(answer, Refused)
    assert answer["Status"] == "Enabled"
