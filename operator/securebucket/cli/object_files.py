"""Our objects from YAML files, as every command reads them: `plan` and `apply`, `scan` and `adopt`."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from securebucket.api.base import API_VERSION
from securebucket.api.errors import FieldError, InvalidObject
from securebucket.api.objects import (
    BucketExceptionObject,
    BucketProfileObject,
    Metadata,
    SecureBucketObject,
    parse_bucket_exception,
    parse_bucket_profile,
    parse_secure_bucket,
)
from securebucket.api.statement_texts import untold_texts
from securebucket.cli.yaml_documents import Wrong, read_objects, refuse
from securebucket.engine.request import Profile
from securebucket.model.bucket import ObjectKey
from securebucket.model.granted_exception import GrantedException

Parsed = SecureBucketObject | BucketProfileObject | BucketExceptionObject

KINDS: Mapping[str, Callable[[Any], Parsed]] = {
    "SecureBucket": parse_secure_bucket,
    "BucketProfile": parse_bucket_profile,
    "BucketException": parse_bucket_exception,
}

NO_EXCEPTION = f"is not a BucketException; write apiVersion: {API_VERSION}, kind: BucketException, metadata and spec"
SELECTING = "spec.selector: selects SecureBucket objects, and a scan knows none; write spec.bucketName"


def read_ours(
    files: list[Path], wrong: list[Wrong], kinds: Collection[str], other: Callable[[Any], str] = lambda _: ""
) -> Iterator[tuple[str, Parsed]]:
    """Return the objects of these kinds, each with its source.

    Args:
        files: YAML files with any number of documents, folders of them, or `-`.
        wrong: gets what is not understood, in the files' order.
        kinds: of `KINDS`.
        other: says what is wrong with an object of another kind; an empty text passes it over.
    """
    for document in read_objects(files):
        if isinstance(document, Wrong):
            wrong.append(document)
            continue
        kind = document.content.get("kind") if isinstance(document.content, dict) else None
        faults: list[str] = []
        if isinstance(kind, str) and kind in kinds:
            try:
                parsed = KINDS[kind](document.content)
                faults = [str(each) for each in _untold_texts(parsed)]
                yield document.source, parsed
            except InvalidObject as error:
                faults = list(map(str, error.errors))
        else:
            faults = list(filter(None, [other(document.content)]))
        wrong.extend(Wrong(document.source, fault) for fault in faults)


def _untold_texts(parsed: Parsed) -> Iterator[FieldError]:
    """Name what the pass would refuse of the object's own policy: it can be told before anything is asked of AWS."""
    if isinstance(parsed, SecureBucketObject):
        yield from untold_texts(parsed.spec.policy, "spec", "policy")
    elif isinstance(parsed, BucketProfileObject):
        yield from untold_texts(parsed.spec.defaults.policy, "spec", "defaults", "policy")


def key_of(metadata: Metadata) -> ObjectKey:
    """Name an object; as with kubectl, one without a namespace is in `default`."""
    return ObjectKey(metadata.namespace or "default", metadata.name)


@dataclass(frozen=True, slots=True)
class Declared:
    """What the files hold.

    Args:
        buckets: the object that declares each bucket, by the bucket's name.
        profiles: by name.
    """

    buckets: Mapping[str, ObjectKey]
    profiles: Mapping[str, Profile]


def read_declared(files: list[Path]) -> Declared:
    """Read the SecureBuckets and BucketProfiles of files; objects of other kinds are passed over.

    Args:
        files: YAML files with any number of documents, folders of them, or `-`.

    Raises:
        CommandError: something in the files is not understood.
    """
    buckets: dict[str, ObjectKey] = {}
    profiles: dict[str, Profile] = {}
    wrong: list[Wrong] = []
    for _, each in read_ours(files, wrong, ("SecureBucket", "BucketProfile")):
        if isinstance(each, SecureBucketObject):
            if each.is_account_regional:
                continue  # its whole name is not known here; a bucket of its own says so by its tag
            buckets.setdefault(each.bucket_name, key_of(each.metadata))
        elif isinstance(each, BucketProfileObject):
            profiles[each.metadata.name] = Profile(each.metadata.name, each.spec)
    refuse(wrong)
    return Declared(buckets, profiles)


def read_exceptions(files: list[Path], now: dt.datetime) -> tuple[tuple[str, GrantedException], ...]:
    """Read the exceptions, each with the bucket that it names.

    Args:
        files: YAML files with any number of documents, folders of them, or `-`.
        now: in UTC.

    Raises:
        CommandError: something in the files is wrong. Nothing is observed then.
    """
    found: list[tuple[str, GrantedException]] = []
    wrong: list[Wrong] = []
    for source, each in read_ours(files, wrong, ("BucketException",), lambda _: NO_EXCEPTION):
        if isinstance(each, BucketExceptionObject) and each.spec.bucket_name is not None:
            found.append((each.spec.bucket_name, granted_by(each, now)))
        else:
            wrong.append(Wrong(source, SELECTING))
    refuse(wrong)
    return tuple(found)


def granted_by(exception: BucketExceptionObject, now: dt.datetime) -> GrantedException:
    """Return what an exception accepts.

    One that was never in a cluster has no time of creation, and counts as granted now: it can only accept something for
    as long from now as an exception may last.
    """
    spec, name = exception.spec, str(key_of(exception.metadata))
    begin = exception.metadata.creation_timestamp or min(now, spec.expires_at)
    return GrantedException(name, spec.check, spec.reason, spec.approver, begin, spec.expires_at)
