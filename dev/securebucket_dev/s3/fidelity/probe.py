"""The probes' common ground: two empty buckets, and the difference from AWS put into words."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from botocore.exceptions import ClientError

from securebucket_dev.s3.bare import client

BUCKET = "fidelity-source"
TARGET = "fidelity-target"
RIGHT = "right"
ACCEPTED = "accepted"

Probe: TypeAlias = Callable[[Any, str], str]
"""Takes an S3 client and the endpoint, and tells the difference from AWS; `right` if there is none."""

PROBES: dict[str, Probe] = {}


def probe(function: Probe) -> Probe:
    """Register a probe under its own name."""
    PROBES[function.__name__] = function
    return function


def difference(name: str, endpoint: str) -> str:
    """Run one probe against an empty server.

    Returns:
        `right`, what the server loses or does otherwise, or the code of an error that AWS does not answer.
    """
    s3 = client(endpoint)
    for bucket in (BUCKET, TARGET):
        s3.create_bucket(Bucket=bucket)
    try:
        return PROBES[name](s3, endpoint)
    except ClientError as error:
        return str(error.response["Error"]["Code"])


def kept(sent: Any, received: Any) -> str:
    """Tell which members of a document did not come back as they were sent."""
    lost = sorted(_losses(sent, received, ""))
    return f"loses {', '.join(lost)}" if lost else RIGHT


def refused(code: str, call: Callable[..., Any], **arguments: Any) -> str:
    """Make a call that AWS refuses with this code; tell what happens instead."""
    try:
        call(**arguments)
    except ClientError as error:
        found = str(error.response["Error"]["Code"])
        return RIGHT if found == code else found
    return ACCEPTED


def _losses(sent: Any, received: Any, path: str) -> Iterator[str]:
    if isinstance(sent, Mapping) and isinstance(received, Mapping):
        for key, value in sent.items():
            yield from _losses(value, received.get(key), f"{path}.{key}" if path else key)
    elif isinstance(sent, list) and isinstance(received, list) and len(sent) == len(received):
        for index, value in enumerate(sent):
            yield from _losses(value, received[index], f"{path}[{index}]")
    elif sent != received:
        yield path
