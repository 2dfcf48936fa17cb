"""Our objects from YAML files, as every command reads them: `plan` and `apply`, `scan` and `adopt`."""

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from securebucket.api.errors import InvalidObject
from securebucket.api.objects import (
    BucketExceptionObject,
    BucketProfileObject,
    Metadata,
    SecureBucketObject,
    parse_bucket_exception,
    parse_bucket_profile,
    parse_secure_bucket,
)
from securebucket.cli.yaml_documents import Wrong, read_objects
from securebucket.model.bucket import ObjectKey

Parsed = SecureBucketObject | BucketProfileObject | BucketExceptionObject

KINDS: Mapping[str, Callable[[Any], Parsed]] = {
    "SecureBucket": parse_secure_bucket,
    "BucketProfile": parse_bucket_profile,
    "BucketException": parse_bucket_exception,
}


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
                yield document.source, KINDS[kind](document.content)
            except InvalidObject as error:
                faults = list(map(str, error.errors))
        else:
            faults = list(filter(None, [other(document.content)]))
        wrong.extend(Wrong(document.source, fault) for fault in faults)


def key_of(metadata: Metadata) -> ObjectKey:
    """Name an object; as with kubectl, one without a namespace is in `default`."""
    return ObjectKey(metadata.namespace or "default", metadata.name)
