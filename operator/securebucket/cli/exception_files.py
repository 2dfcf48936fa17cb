"""BucketException objects from YAML files, for a scan, which has no cluster to ask."""

import datetime as dt
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from securebucket.api.base import API_VERSION
from securebucket.api.check_id import CheckId
from securebucket.api.errors import explain
from securebucket.cli.yaml_documents import Document, Wrong, read_objects
from securebucket.model.granted_exception import GrantedException

KIND = "BucketException"


class _Fields(BaseModel):
    """What a scan needs of an object."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore")


class _Metadata(_Fields):
    name: str
    namespace: str = "default"
    creation_timestamp: AwareDatetime | None = None


class _Spec(_Fields):
    check: CheckId
    bucket_name: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    approver: str = Field(min_length=1)
    expires_at: AwareDatetime


class _Object(_Fields):
    metadata: _Metadata
    spec: _Spec


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
        return [f"is no {KIND}; write apiVersion: {API_VERSION}, kind: {KIND}, metadata and spec"]
    if isinstance(content.get("spec"), dict) and "selector" in content["spec"]:
        return ["spec.selector: selects SecureBucket objects, and a scan knows of none; write spec.bucketName"]
    try:
        read = _Object.model_validate(content)
    except ValidationError as error:
        return [str(each) for each in explain(error, _Object)]
    spec = read.spec
    return spec.bucket_name, GrantedException(
        name=f"{read.metadata.namespace}/{read.metadata.name}",
        check=spec.check,
        reason=spec.reason,
        approver=spec.approver,
        granted_at=read.metadata.creation_timestamp or min(now, spec.expires_at),
        expires_at=spec.expires_at,
    )
