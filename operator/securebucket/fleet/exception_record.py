"""What is kept of a BucketException: there are few of them, so all that the passes and its status need."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from securebucket.api.bucket_exception import BucketExceptionStatus
from securebucket.api.errors import InvalidObject
from securebucket.api.label_selector import LabelSelector
from securebucket.api.moment import as_utc
from securebucket.api.objects import parse_bucket_exception
from securebucket.fleet.record import mapping_of, number_of, version_of
from securebucket.model.bucket import ObjectKey
from securebucket.model.granted_exception import GrantedException


@dataclass(frozen=True, slots=True)
class ExceptionRecord:
    """One BucketException as last seen.

    Args:
        key: namespace and name.
        uid: tells it from an earlier object of the same name.
        version: the resourceVersion as a number; 0 when it is none.
        generation: of the spec.
        deleting: deletionTimestamp is set: somebody took it back, whatever still holds the object.
        status: as stored.
        granted: what it says; absent when its spec is not understood.
        bucket: name of the bucket that it is about; empty where it selects by labels.
        selector: of the SecureBuckets that it is about; absent where it names a bucket.
        problem: why its spec is not understood; empty when it is.
    """

    key: ObjectKey
    uid: str
    version: int
    generation: int
    deleting: bool
    status: BucketExceptionStatus
    granted: GrantedException | None = None
    bucket: str = ""
    selector: LabelSelector | None = None
    problem: str = ""

    @property
    def about(self) -> str:
        """Say in words which buckets it is about."""
        return f"bucket {self.bucket}" if self.bucket else "the labels of its selector"

    def names(self, bucket: str, labels: Mapping[str, str]) -> bool:
        """Tell whether it is about a SecureBucket of its namespace, by the name of its bucket and by its labels."""
        if self.selector is not None:
            return self.selector.selects(labels)
        return bool(bucket) and self.bucket == bucket


def exception_record(body: Mapping[str, Any]) -> ExceptionRecord:
    """Take what we keep out of an exception's JSON; one that is not understood is kept as one that does not count."""
    metadata = mapping_of(body.get("metadata"))
    seen = ExceptionRecord(
        key=ObjectKey(str(metadata.get("namespace", "")), str(metadata.get("name", ""))),
        uid=str(metadata.get("uid", "")),
        version=version_of(body),
        generation=number_of(metadata.get("generation")),
        deleting=bool(metadata.get("deletionTimestamp")),
        status=_status(body.get("status")),
    )
    try:
        given = parse_bucket_exception(body)
    except InvalidObject as error:
        return replace(seen, problem=str(error))
    created = given.metadata.creation_timestamp
    if created is None:
        return replace(seen, problem="metadata.creationTimestamp is missing, from which its length counts")
    spec = given.spec
    granted = GrantedException(
        str(seen.key), spec.check, spec.reason, spec.approver, as_utc(created), as_utc(spec.expires_at)
    )
    return replace(seen, granted=granted, bucket=spec.bucket_name or "", selector=spec.selector)


def _status(written: object) -> BucketExceptionStatus:
    """Read a status; one that is not understood is written anew."""
    try:
        return BucketExceptionStatus.model_validate(written or {})
    except ValidationError:
        return BucketExceptionStatus()
