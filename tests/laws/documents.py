"""How anybody reads, changes and deletes a document of a bucket with plain boto3, in the form of its PUT."""

import re
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError
from tests.laws.register import FOREIGN, SUBJECTS
from tests.laws.subject import GONE, Document

_SEGMENT = re.compile(r"(?P<name>\w+)(\[(?P<entry>[^\]]*)\])?(\.|$)")
_IDS = ("ID", "Id", "Sid", "Key", "Name")


DOCUMENTS: Mapping[str, Document] = {name: subject.document for name, subject in SUBJECTS.items()}


LISTS: Mapping[str, Document] = {name: foreign.document or DOCUMENTS[name] for name, foreign in FOREIGN.items()}
"""The documents in which entries of others are."""


def read(s3: Any, bucket: str, control: str) -> dict[str, Any]:
    """Read a document as its PUT would write it, the policy as JSON; empty when it was never configured."""
    return read_as(DOCUMENTS[control], s3, bucket)


def read_as(document: Document, s3: Any, bucket: str) -> dict[str, Any]:
    """Read a document as `read` does."""
    try:
        answer = getattr(s3, document.get)(Bucket=bucket)
    except ClientError:
        return {}
    del answer["ResponseMetadata"]
    if document.listed:
        return {document.member: answer.get(document.listed, [])}
    return document.after_read({document.member: answer} if document.member else dict(answer))


def put(s3: Any, bucket: str, control: str, parameters: Mapping[str, Any]) -> None:
    """Put a document that was read with `read`."""
    put_as(DOCUMENTS[control], s3, bucket, parameters)


def put_as(document: Document, s3: Any, bucket: str, parameters: Mapping[str, Any]) -> None:
    """Put a document that was read with `read_as`."""
    if not document.listed:
        if document.put_makes and read_as(document, s3, bucket):
            getattr(s3, document.delete)(Bucket=bucket)
        getattr(s3, document.put)(Bucket=bucket, **document.before_put(dict(parameters)))
        return
    entries = {entry["Id"]: entry for entry in parameters[document.member]}
    before = {entry["Id"]: entry for entry in read_as(document, s3, bucket)[document.member]}
    for name in before.keys() - entries.keys():
        getattr(s3, document.delete)(Bucket=bucket, Id=name)
    for name, entry in entries.items():
        if before.get(name) != entry:
            getattr(s3, document.put)(Bucket=bucket, Id=name, **{document.member: entry})


def delete(s3: Any, bucket: str, control: str) -> None:
    """Delete a document, or each entry of a list."""
    document = DOCUMENTS[control]
    if document.listed:
        put_as(document, s3, bucket, {document.member: []})
    else:
        getattr(s3, document.delete)(Bucket=bucket)


def edit(parameters: dict[str, Any], path: str, value: Any) -> None:
    """Change one member, e.g. `Rules[archive].Expiration.Days`.

    `[id]` finds the entry of a list by its id or its number, `[+]` appends one; GONE takes the member or the entry out.
    """
    segments: list[str | tuple[str]] = []
    for name, _, entry, _ in _SEGMENT.findall(path):
        segments += [name, (entry,)] if entry else [name]
    here: Any = parameters
    for segment in segments[:-1]:
        here = here.setdefault(segment, {}) if isinstance(segment, str) else here[_index(here, segment[0])]
    last = segments[-1]
    if last == ("+",):
        here.append(value)
        return
    place = last if isinstance(last, str) else _index(here, last[0])
    if value is GONE:
        del here[place]
    else:
        here[place] = value


def members(path: str, value: Any) -> set[str]:
    """Name the members that an edit writes, without the ids of entries."""
    plain = re.sub(r"\[[^\]]*\]", "", path)
    if isinstance(value, Mapping):
        return {plain}.union(*(members(f"{plain}.{name}", item) for name, item in value.items()))
    if isinstance(value, list):
        return {plain}.union(*(members(plain, item) for item in value))
    return {plain}


def unwrapped(value: Any) -> Any:
    """Write lists of one as what they hold, which means the same in a policy."""
    if isinstance(value, Mapping):
        return {name: unwrapped(item) for name, item in value.items()}
    if isinstance(value, list):
        return unwrapped(value[0]) if len(value) == 1 else list(map(unwrapped, value))
    return value


def canonical(value: Any) -> Any:
    """Give a value that is equal whatever the order of its lists, none of which means anything in S3."""
    if isinstance(value, Mapping):
        return {name: canonical(item) for name, item in value.items()}
    if isinstance(value, list):
        return sorted(map(canonical, value), key=repr)
    return value


def _index(entries: list[Any], wanted: str) -> int:
    if wanted.isdigit():
        return int(wanted)
    return next(place for place, entry in enumerate(entries) if wanted in map(entry.get, _IDS))
