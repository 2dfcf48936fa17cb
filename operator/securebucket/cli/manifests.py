"""SecureBuckets, BucketProfiles and BucketExceptions from YAML files: what `plan` and `apply` work on."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from securebucket.api.base import API_VERSION
from securebucket.api.errors import InvalidObject
from securebucket.api.objects import (
    BucketExceptionObject,
    Metadata,
    SecureBucketObject,
    parse_bucket_exception,
    parse_bucket_profile,
    parse_secure_bucket,
)
from securebucket.api.status import SecureBucketStatus
from securebucket.cli.yaml_documents import Wrong, read_objects
from securebucket.engine.request import Claim, PassRequest, Profile
from securebucket.model.bucket import ObjectKey
from securebucket.model.granted_exception import GrantedException

KINDS = ("SecureBucket", "BucketProfile", "BucketException")


@dataclass(frozen=True, slots=True)
class Manifests:
    """What the files hold.

    Args:
        requests: one for each SecureBucket, in the files' order.
        wrong: what is not understood; nothing is done while there is any.
    """

    requests: tuple[PassRequest, ...]
    wrong: tuple[Wrong, ...]


@dataclass(slots=True)
class _Objects:
    """What was understood so far."""

    profiles: dict[str, Profile] = field(default_factory=dict)
    buckets: dict[ObjectKey, SecureBucketObject] = field(default_factory=dict)
    exceptions: dict[ObjectKey, BucketExceptionObject] = field(default_factory=dict)

    def add(self, document: Any) -> Iterator[str]:
        """Take in one document; give what is wrong with it."""
        kind = document.get("kind") if isinstance(document, dict) else None
        try:
            if kind == "BucketProfile":
                profile = parse_bucket_profile(document)
                if profile.metadata.name in self.profiles:
                    yield f"BucketProfile {profile.metadata.name} is there twice; remove one"
                self.profiles[profile.metadata.name] = Profile(profile.metadata.name, profile.spec)
            elif kind == "SecureBucket":
                bucket = parse_secure_bucket(document)
                key = _key(bucket.metadata)
                if key in self.buckets:
                    yield f"SecureBucket {key} is there twice; remove one, or rename it"
                self.buckets[key] = bucket
            elif kind == "BucketException":
                exception = parse_bucket_exception(document)
                key = _key(exception.metadata)
                if key in self.exceptions:
                    yield f"BucketException {key} is there twice; remove one, or rename it"
                self.exceptions[key] = exception
            else:
                yield _other(document, kind)
        except InvalidObject as error:
            yield from map(str, error.errors)


def load(files: list[Path], *, cluster: str, read_only: bool) -> Manifests:
    """Read the files and make a request of every SecureBucket in them.

    Args:
        files: YAML files with any number of documents, folders of them, or `-`.
        cluster: the cluster id in ownership tags.
        read_only: plan only.
    """
    wrong: list[Wrong] = []
    objects = _Objects()
    for document in read_objects(files):
        if isinstance(document, Wrong):
            wrong.append(document)
        else:
            wrong.extend(Wrong(document.source, message) for message in objects.add(document.content))
    if not objects.buckets and not wrong:
        names = ", ".join("standard input" if str(file) == "-" else str(file) for file in files)
        wrong.append(Wrong(names, f"there is no SecureBucket in it; write one with apiVersion: {API_VERSION}"))
    return Manifests(tuple(_requests(objects, cluster, read_only=read_only)), tuple(wrong))


def _requests(objects: _Objects, cluster: str, *, read_only: bool) -> Iterator[PassRequest]:
    first: dict[str, ObjectKey] = {}
    now = dt.datetime.now(dt.UTC)
    for key, bucket in objects.buckets.items():
        older = first.setdefault(bucket.bucket_name, key)
        wanted = bucket.spec.profile or ""
        yield PassRequest(
            key=key,
            spec=bucket.spec,
            status=SecureBucketStatus(),
            generation=0,
            now=now,
            cluster=cluster,
            profile=objects.profiles.get(wanted),
            profile_missing="" if not wanted or wanted in objects.profiles else wanted,
            older_claim=None if older == key else Claim(older),
            exceptions=tuple(_granted(objects, key, bucket, now)),
            read_only=read_only,
        )


def _granted(
    objects: _Objects, key: ObjectKey, bucket: SecureBucketObject, now: dt.datetime
) -> Iterator[GrantedException]:
    """Return the exceptions of the files that are about a bucket. One that is in no cluster yet begins now."""
    for name, exception in objects.exceptions.items():
        spec, created = exception.spec, exception.metadata.creation_timestamp
        named = (
            spec.selector.selects(bucket.metadata.labels) if spec.selector else spec.bucket_name == bucket.bucket_name
        )
        if named and name.namespace == key.namespace:
            yield GrantedException(str(name), spec.check, spec.reason, spec.approver, created or now, spec.expires_at)


def _key(metadata: Metadata) -> ObjectKey:
    return ObjectKey(metadata.namespace or "default", metadata.name)


def _other(document: Any, kind: object) -> str:
    ours = f"{', '.join(KINDS[:-1])} or {KINDS[-1]}"
    if not isinstance(document, Mapping):
        return f"is not a Kubernetes object; write apiVersion: {API_VERSION}, kind, metadata and spec"
    if kind is None:
        return f"kind: is required; write {ours}"
    near = next((each for each in KINDS if each.lower() == str(kind).lower()), "")
    return (
        f"kind: did you mean {near}?"
        if near
        else f"kind: {kind} is not a kind of this operator; give files with {ours} only"
    )
