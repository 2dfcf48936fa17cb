"""BucketException objects from YAML files, for a scan, which has no cluster to ask."""

import datetime as dt
from pathlib import Path
from typing import Any

from securebucket.api.base import API_VERSION
from securebucket.api.errors import InvalidObject
from securebucket.api.objects import parse_bucket_exception
from securebucket.cli.yaml_documents import Document, Wrong, read_objects
from securebucket.model.granted_exception import GrantedException

KIND = "BucketException"


def read_exceptions(files: list[Path], now: dt.datetime) -> tuple[list[tuple[str, GrantedException]], list[Wrong]]:
    """Read the exceptions, each with the bucket that it names; and what is wrong in the files.

    One that was never in a cluster has no time of creation, and counts as granted now: it can only accept something for
    a year from now.

    Args:
        files: YAML files with any number of documents, folders of them, or `-`.
        now: in UTC.
    """
    found: list[tuple[str, GrantedException]] = []
    wrong: list[Wrong] = []
    for document in read_objects(files):
        if isinstance(document, Wrong):
            wrong.append(document)
            continue
        read = _read(document, now)
        if isinstance(read, list):
            wrong.extend(Wrong(document.source, message) for message in read)
        else:
            found.append(read)
    return found, wrong


def _read(document: Document, now: dt.datetime) -> tuple[str, GrantedException] | list[str]:
    content: Any = document.content
    kind = content.get("kind") if isinstance(content, dict) else None
    if kind != KIND:
        return [f"is not a {KIND}; write apiVersion: {API_VERSION}, kind: {KIND}, metadata and spec"]
    try:
        read = parse_bucket_exception(content)
    except InvalidObject as error:
        return [str(each) for each in error.errors]
    spec = read.spec
    if spec.bucket_name is None:
        return ["spec.selector: selects SecureBucket objects, and a scan knows none; write spec.bucketName"]
    return spec.bucket_name, GrantedException(
        name=f"{read.metadata.namespace or 'default'}/{read.metadata.name}",
        check=spec.check,
        reason=spec.reason,
        approver=spec.approver,
        granted_at=read.metadata.creation_timestamp or min(now, spec.expires_at),
        expires_at=spec.expires_at,
    )
