"""What goes wrong on purpose: which requests, how often, and what their sender gets instead of an answer."""

import json
import threading
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from http import HTTPStatus

from securebucket_dev.s3.naming import S3_SERVICES, Name
from securebucket_dev.s3.wire import Message

ALWAYS = 2**31
"""For `times`: until `Recorder.heal`."""


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong; `used` counts how often it has.

    Args:
        operation: which ones, as a shell pattern, e.g. `PutBucket*`.
        bucket: on which buckets, as a shell pattern.
        times: how often, then never again.
        executed: the server carries the request out and only its answer is lost, as in a timeout after a write.
        status: of the error that is answered; 0 drops the connection instead.
        code: AWS's code of that error.
        seconds: how long to wait first. A fault with neither status nor drop only delays.
        drop: close the connection without an answer.
        owner: hit only requests that expect another account than this one as the bucket's owner; empty hits all.
    """

    operation: str
    bucket: str = "*"
    times: int = 1
    executed: bool = False
    status: int = 0
    code: str = ""
    seconds: float = 0
    drop: bool = False
    owner: str = ""
    used: int = 0
    healed: threading.Event = field(default_factory=threading.Event, repr=False)

    def wait(self) -> None:
        """Hold a request up, until the fault is healed at the latest."""
        self.healed.wait(self.seconds)

    def hits(self, name: Name, expected_owner: str) -> bool:
        """Whether it strikes this request."""
        return (
            self.used < self.times
            and fnmatchcase(name.operation, self.operation)
            and fnmatchcase(name.bucket, self.bucket)
            and (not self.owner or expected_owner not in {"", self.owner})
        )


def error_answer(name: Name, method: str, status: int, code: str, *, json_protocol: bool) -> Message:
    """An error as the service itself would say it: XML for S3 and the query services, JSON for the others."""
    message = f"{code}: made by the recorder for {name.operation}"
    if json_protocol:
        kind, body = "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message})
    elif name.service in S3_SERVICES | {""}:
        kind, body = "application/xml", f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    else:
        error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        kind, body = "text/xml", f"<ErrorResponse>{error}<RequestId>recorder</RequestId></ErrorResponse>"
    headers = (("Content-Type", kind), ("x-amz-request-id", "recorder"))
    return Message(
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", headers, b"" if method == "HEAD" else body.encode()
    )
