"""SecureBucket and BucketProfile objects from YAML files: what `plan` and `apply` work on."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
import yaml

from securebucket.api.base import API_VERSION
from securebucket.api.errors import InvalidObject
from securebucket.api.objects import SecureBucketObject, parse_bucket_profile, parse_secure_bucket
from securebucket.api.status import SecureBucketStatus
from securebucket.engine.request import Claim, PassRequest, Profile
from securebucket.model.bucket import ObjectKey


@dataclass(frozen=True, slots=True)
class Wrong:
    """A document that cannot be used, and why."""

    source: str
    message: str


@dataclass(frozen=True, slots=True)
class Manifests:
    """What the files hold.

    Args:
        requests: one for each SecureBucket, in the files' order.
        wrong: documents that are not understood; nothing is done while there are any.
    """

    requests: tuple[PassRequest, ...]
    wrong: tuple[Wrong, ...]


def read_documents(files: Iterable[Path]) -> Iterator[tuple[str, Any]]:
    """Give every YAML document with its source, e.g. `bucket.yaml#2`; `-` reads standard input."""
    for file in files:
        text = typer.get_text_stream("stdin").read() if str(file) == "-" else file.read_text(encoding="utf-8")
        for index, document in enumerate(yaml.safe_load_all(text), start=1):
            if document is not None:
                yield f"{file}#{index}", document


def load(files: Iterable[Path], *, cluster: str, read_only: bool) -> Manifests:
    """Read the files and make a request of every SecureBucket in them.

    Args:
        files: YAML files with any number of documents.
        cluster: the cluster id in ownership tags.
        read_only: plan only.
    """
    wrong: list[Wrong] = []
    profiles: dict[str, Profile] = {}
    buckets: list[SecureBucketObject] = []
    try:
        documents = list(read_documents(files))
    except (OSError, yaml.YAMLError) as error:
        return Manifests((), (Wrong("", str(error)),))
    for source, document in documents:
        kind = document.get("kind") if isinstance(document, dict) else None
        try:
            if kind == "BucketProfile":
                profile = parse_bucket_profile(document)
                profiles[profile.metadata.name] = Profile(profile.metadata.name, profile.spec)
            elif kind == "SecureBucket":
                buckets.append(parse_secure_bucket(document))
            else:
                wrong.append(Wrong(source, f"kind {kind!r} is not SecureBucket or BucketProfile of {API_VERSION}"))
        except InvalidObject as error:
            wrong.append(Wrong(source, str(error)))
    first: dict[str, ObjectKey] = {}
    requests: list[PassRequest] = []
    now = dt.datetime.now(dt.UTC)
    for bucket in buckets:
        key = ObjectKey(bucket.metadata.namespace or "default", bucket.metadata.name)
        older = first.setdefault(bucket.bucket_name, key)
        wanted = bucket.spec.profile or ""
        requests.append(
            PassRequest(
                key=key,
                spec=bucket.spec,
                status=SecureBucketStatus(),
                generation=0,
                now=now,
                cluster=cluster,
                profile=profiles.get(wanted),
                profile_missing="" if not wanted or wanted in profiles else wanted,
                older_claim=None if older == key else Claim(older),
                read_only=read_only,
            )
        )
    return Manifests(tuple(requests), tuple(wrong))
