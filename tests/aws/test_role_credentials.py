"""What STS gives for a role is used only where it can be used, and kept only where it ends."""

import datetime as dt
from collections.abc import Iterator

import pytest
from botocore.loaders import create_loader
from tests.aws.hostile_server import HostileServer, Reply, hostile_server

from securebucket.aws.asking import ask
from securebucket.aws.role_credentials import usable
from securebucket.aws.sessions import Binding, Sessions
from securebucket.model.failure import Failure

END = "2099-01-01T00:00:00Z"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileServer]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    with hostile_server() as running:
        yield running


@pytest.mark.parametrize(
    ("key", "token", "end"),
    [
        ("AKIA", "t", "2001-01-01T00:00:00Z"),
        ("AKIA", "t", "0001-01-01T00:00:00Z"),
        ("AKIA", "t", "2099-01-01T00:00:00"),
        ("AKIA", "t", "1e400"),
        ("AKIA", "t", "soon"),
        ("AKIA", "t", ""),
        ("", "t", END),
        ("AKIA", "\u20ac", END),
        ("AKIA", "t&#10;Host: evil.example", END),
    ],
)
def test_credentials_that_cannot_be_used_are_no_answer_and_are_not_kept(
    server: HostileServer, key: str, token: str, end: str
) -> None:
    """One wrong answer must not spoil the account until a restart."""
    server.reply = Reply(200, assumed(key, token, end))
    role = Binding(region="us-east-1", endpoint=server.endpoint, role_arn="arn:aws:iam::111122223333:role/x")
    sessions = Sessions(lambda _: None, _loader=create_loader())
    for _ in range(2):
        server.asked.clear()
        found = ask(lambda: sessions.client(role, "s3"), "list_buckets")
        assert isinstance(found, Failure)
        assert (found.reason, found.retry) == ("AnswerUnreadable", True)
        assert server.asked == ["POST /"]


def test_a_session_without_an_end_is_renewed() -> None:
    begin = dt.datetime(2026, 11, 29, tzinfo=dt.UTC)
    given = {"access_key": "a", "secret_key": "b", "token": "c", "expiry_time": "9999-12-31T00:00:00Z"}
    assert usable(given, lambda: begin)["expiry_time"] == (begin + dt.timedelta(hours=12)).isoformat()


def assumed(key: str, token: str, end: str) -> bytes:
    """Write STS's answer to AssumeRole."""
    parts = {"AccessKeyId": key, "SecretAccessKey": "s", "SessionToken": token, "Expiration": end}
    text = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items())
    result = f"<AssumeRoleResult><Credentials>{text}</Credentials></AssumeRoleResult>"
    return f"<AssumeRoleResponse>{result}</AssumeRoleResponse>".encode()
