"""boto3 clients whose requests are answered before they are sent: the wire without a network."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config

from securebucket.aws.bucket_client import BucketClient
from securebucket.aws.s3_calls import FirstAnswer, S3Calls

ACCOUNT = "111122223333"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def error(code: str, status: int = 400, message: str | None = None) -> Answer:
    """Write S3's error; a message of None leaves the element out, as Ceph RGW does."""
    told = "" if message is None else f"<Message>{message}</Message>"
    return Answer(status, f"<Error><Code>{code}</Code>{told}</Error>")


class _Raw(io.BytesIO):
    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.getvalue()


@dataclass
class Wire:
    """Answers requests and remembers them.

    Args:
        answer: gives the answer to a request.
        requests: what was asked so far.
    """

    answer: Callable[[AWSPreparedRequest], Answer | Exception]
    requests: list[AWSPreparedRequest] = field(default_factory=list)

    def take(self, client: Any) -> None:
        """Answer a client's requests from now on."""
        session = client._endpoint.http_session
        if isinstance(session, FirstAnswer):
            session._session = self
        else:
            client._endpoint.http_session = self

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """Answer one request, in the place of botocore's HTTP session."""
        self.requests.append(request)
        found = self.answer(request)
        if isinstance(found, Exception):
            raise found
        return AWSResponse(request.url, found.status, dict(found.headers), _Raw(found.body.encode()))

    def close(self) -> None:
        """Close nothing."""

    def client(self, service: str = "s3", tries: int = 1) -> Any:
        """Give a client that is answered from here."""
        config = Config(s3={"addressing_style": "path"}, retries={"mode": "standard", "total_max_attempts": tries})
        client = _session().client(service, config=config)
        self.take(client)
        return client

    def bucket(self, account_id: str = ACCOUNT) -> BucketClient:
        """Give a bucket over this wire."""
        return BucketClient(S3Calls(self.client()), "acme-invoices", account_id)


def always(answer: Answer | Exception) -> Wire:
    """Answer everything in the same way."""
    return Wire(lambda _: answer)


def in_turn(*answers: Answer | Exception) -> Wire:
    """Answer one request after another."""
    left = iter(answers)
    return Wire(lambda _: next(left))


def by_operation(answers: Mapping[str, Answer | Exception], otherwise: Answer | Exception) -> Wire:
    """Answer by method and the first query parameter, e.g. `GET policy`, or the method alone."""

    def choose(request: AWSPreparedRequest) -> Answer | Exception:
        query = request.url.partition("?")[2].partition("&")[0].partition("=")[0]
        return answers.get(f"{request.method} {query}".strip(), otherwise)

    return Wire(choose)


@cache
def _session() -> boto3.Session:
    """Give one for all: another would cost 0.1 s."""
    return boto3.Session(
        aws_access_key_id="AKIAEXAMPLE", aws_secret_access_key="not-a-secret", region_name="eu-central-1"
    )
