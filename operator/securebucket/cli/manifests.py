"""SecureBuckets, BucketProfiles and BucketExceptions from YAML files: what `plan` and `apply` work on."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from securebucket.api.base import API_VERSION
from securebucket.api.bucket_namespace import is_whole_name
from securebucket.api.objects import BucketExceptionObject, BucketProfileObject, SecureBucketObject
from securebucket.api.status import SecureBucketStatus
from securebucket.cli.neighbours import acquainted
from securebucket.cli.object_files import KINDS, Parsed, granted_by, key_of, read_ours
from securebucket.cli.yaml_documents import Wrong, refuse
from securebucket.engine.request import Claim, PassRequest, Profile
from securebucket.model.bucket import ObjectKey
from securebucket.model.granted_exception import GrantedException


def load(files: list[Path], *, cluster: str, read_only: bool) -> tuple[PassRequest, ...]:
    """Read the files and make a request of every SecureBucket in them, in their order.

    Args:
        files: YAML files with any number of documents, folders of them, or `-`.
        cluster: the cluster id in ownership tags.
        read_only: plan only.

    Raises:
        CommandError: something in the files is not understood; nothing is done then.
    """
    wrong: list[Wrong] = []
    objects: dict[tuple[str, str], Parsed] = {}
    for source, each in read_ours(files, wrong, KINDS, _other):
        name = each.metadata.name if isinstance(each, BucketProfileObject) else str(key_of(each.metadata))
        if objects.setdefault((each.kind, name), each) is not each:
            wrong.append(Wrong(source, f"{each.kind} {name} is there twice; remove one, or rename it"))
    buckets = [each for each in objects.values() if isinstance(each, SecureBucketObject)]
    if not buckets and not wrong:
        names = ", ".join("standard input" if str(file) == "-" else str(file) for file in files)
        wrong.append(Wrong(names, f"there is no SecureBucket in it; write one with apiVersion: {API_VERSION}"))
    refuse(wrong)
    return acquainted(tuple(_requests(buckets, objects.values(), cluster, read_only=read_only)))


def _requests(
    buckets: Iterable[SecureBucketObject], objects: Collection[Parsed], cluster: str, *, read_only: bool
) -> Iterator[PassRequest]:
    profiles = {
        each.metadata.name: Profile(each.metadata.name, each.spec)
        for each in objects
        if isinstance(each, BucketProfileObject)
    }
    exceptions = [each for each in objects if isinstance(each, BucketExceptionObject)]
    first: dict[tuple[str, ...], ObjectKey] = {}
    now = dt.datetime.now(dt.UTC)
    for bucket in buckets:
        key = key_of(bucket.metadata)
        older = first.setdefault(_claim(bucket), key)
        wanted = bucket.spec.profile or ""
        yield PassRequest(
            key=key,
            spec=bucket.spec,
            status=SecureBucketStatus(),
            generation=0,
            now=now,
            cluster=cluster,
            profile=profiles.get(wanted),
            profile_missing="" if not wanted or wanted in profiles else wanted,
            older_claim=None if older == key else Claim(older),
            exceptions=tuple(_granted(exceptions, bucket, now)),
            read_only=read_only,
        )


def _claim(bucket: SecureBucketObject) -> tuple[str, ...]:
    """Say what bucket an object of a file claims; account and region, which may be in the name, come of the profile."""
    if bucket.is_account_regional:
        return bucket.bucket_name, bucket.spec.profile or "", bucket.spec.region or ""
    return (bucket.bucket_name,)


def _granted(
    exceptions: Iterable[BucketExceptionObject], bucket: SecureBucketObject, now: dt.datetime
) -> Iterator[GrantedException]:
    """Return the exceptions of the files that are about a bucket."""
    for each in exceptions:
        selector = each.spec.selector
        named = selector.selects(bucket.metadata.labels) if selector else _names(each.spec.bucket_name or "", bucket)
        if named and key_of(each.metadata).namespace == key_of(bucket.metadata).namespace:
            yield granted_by(each, now)


def _names(name: str, bucket: SecureBucketObject) -> bool:
    return name == bucket.bucket_name or (bucket.is_account_regional and is_whole_name(name, bucket.bucket_name))


def _other(document: Any) -> str:
    *most, last = KINDS
    ours = f"{', '.join(most)} or {last}"
    if not isinstance(document, Mapping):
        return f"is not a Kubernetes object; write apiVersion: {API_VERSION}, kind, metadata and spec"
    kind = document.get("kind")
    if kind is None:
        return f"kind: is required; write {ours}"
    near = next((each for each in KINDS if each.lower() == str(kind).lower()), "")
    return (
        f"kind: did you mean {near}?"
        if near
        else f"kind: {kind} is not a kind of this operator; use files with {ours} only"
    )
