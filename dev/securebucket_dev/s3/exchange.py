"""One request and its answer, as the recorder keeps them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from securebucket_dev.s3.naming import S3_SERVICES, Name

READING = frozenset({"GET", "HEAD", "OPTIONS"})
SECRETS = frozenset({"authorization", "x-amz-security-token"})

_ID = re.compile(rb"<Id>([^<]+)</Id>")
_CODE = re.compile(rb"<Code>([^<]+)</Code>")
_JSON_CODE = re.compile(rb'"(?:__type|code)"\s*:\s*"(?:[^"#]*#)?([^"]+)"')


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was asked and what was answered.

    Args:
        name: service, operation, bucket and who asked.
        method: e.g. `PUT`.
        path: as sent.
        query: by parameter; one without a value, as in `?policy`, has the value `""`.
        headers: of the request, names in lower case, without secrets.
        body: of the request.
        status: of the answer; 0 when the connection was dropped.
        ids: of the configurations that the answer lists; empty for any other answer.
        error_code: AWS's code of the answer; empty for a success, and for any answer to HEAD.
        reached: whether the server saw the request; False when the recorder answered by itself.
        started: when the request had come in, `time.monotonic()`.
        ended: when its answer was ready.
    """

    name: Name
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    status: int
    ids: frozenset[str]
    error_code: str
    reached: bool
    started: float
    ended: float

    @property
    def service(self) -> str:
        """boto3's name of the service."""
        return self.name.service

    @property
    def operation(self) -> str:
        """E.g. `PutBucketPolicy`."""
        return self.name.operation

    @property
    def bucket(self) -> str:
        """Empty for calls on no bucket."""
        return self.name.bucket

    @property
    def expected_owner(self) -> str:
        """The account that the caller demanded; empty when it did not."""
        return self.headers.get("x-amz-expected-bucket-owner", "")

    @property
    def is_s3(self) -> bool:
        """Whether it counts as a call to S3 (or S3 Control)."""
        return self.service in S3_SERVICES

    @property
    def is_write(self) -> bool:
        """Whether it asks for a change."""
        return self.method not in READING

    @property
    def may_delete_bucket(self) -> bool:
        """Whether a server that does not know its sub-resource would take it for DeleteBucket."""
        return self.is_s3 and self.method == "DELETE" and bool(self.bucket) and not self.name.key

    def __str__(self) -> str:
        return f"{self.operation} {self.bucket or self.path} -> {self.status} {self.error_code}".rstrip()


def error_code(status: int, body: bytes) -> str:
    """The code in an error's body, XML or JSON; empty for a success or when there is none."""
    if status < 300:
        return ""
    found = _CODE.search(body) or _JSON_CODE.search(body)
    return found[1].decode("latin-1") if found else ""


def ids_of(operation: str, status: int, body: bytes) -> frozenset[str]:
    """The ids in the answer to `ListBucket…Configurations`."""
    if status != 200 or not operation.startswith("ListBucket") or not operation.endswith("Configurations"):
        return frozenset()
    return frozenset(found.decode() for found in _ID.findall(body))
