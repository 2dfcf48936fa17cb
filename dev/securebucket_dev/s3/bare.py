"""Plain boto3 clients for tests and the demo: what a user's own tool would use, without our retries or caches."""

import threading
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSRequest
from botocore.config import Config

ROOT = "000000000000"

_MAKING = threading.Lock()  # calls may be made by many threads, clients not


def client(
    endpoint: str,
    service: str = "s3",
    region: str = "us-east-1",
    account: str = ROOT,
    access_key: str | None = None,
    secret_key: str | None = None,
) -> Any:
    """A client of one service at an endpoint on the loopback: path style, one try, seconds to wait.

    Args:
        endpoint: e.g. `LocalStack().endpoint`.
        service: boto3's name of the service.
        region: the region it signs for.
        account: LocalStack takes it as the caller's account; others do not.
        access_key: instead of the account, for servers that know their users.
        secret_key: needed where signatures are verified.
    """
    with _MAKING:
        made: Any = _session().client(
            service,  # type: ignore[call-overload]  # the stubs know literal names only
            endpoint_url=endpoint,
            region_name=region,
            aws_access_key_id=access_key or account,
            aws_secret_access_key=secret_key or "secret",
            config=Config(
                s3={"addressing_style": "path"},
                connect_timeout=5,
                read_timeout=20,
                retries={"total_max_attempts": 1},
            ),
        )
    if service == "s3control":

        def put_back(request: AWSRequest, **_: Any) -> None:
            # botocore's endpoint rules put the account before the host, even before 127.0.0.1.
            request.url = str(urlsplit(str(request.url))._replace(netloc=urlsplit(endpoint).netloc).geturl())

        made.meta.events.register("before-sign.s3-control", put_back)
    return made


@cache
def _session() -> boto3.Session:
    """One for all: another would cost 12 MB and 0.1 s."""
    return boto3.Session()
