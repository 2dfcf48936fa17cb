"""What to write to AWS and with which rights, as data: controls describe, the `aws` package does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One write to a bucket. Which bucket, and whose it must be, is added where the call is made, in one place.

    Args:
        operation: boto3's method name, e.g. `put_bucket_versioning`.
        parameters: its arguments without `Bucket` and `ExpectedBucketOwner`, in S3 Control without `AccountId`.
        service: boto3's name of the service; empty for S3.
        why: a sentence for who reads that it failed, where another call was to be expected; empty where none was.
    """

    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    service: str = ""
    why: str = ""

    @property
    def api(self) -> str:
        """The name that AWS gives the operation, e.g. `PutBucketVersioning`."""
        return "".join(part.capitalize() for part in self.operation.split("_"))


@dataclass(frozen=True, slots=True)
class Permissions:
    """IAM actions that a control needs on the bucket; the API's names and IAM's differ.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html

    Args:
        read: to observe it.
        write: to put it right.
        other: actions on other resources, as (action, resource pattern, why).
    """

    read: tuple[str, ...]
    write: tuple[str, ...]
    other: tuple[tuple[str, str, str], ...] = ()
