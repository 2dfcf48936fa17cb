"""How anybody reads, changes and deletes a document of a bucket with plain boto3, in the form of its PUT."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

_SEGMENT = re.compile(r"(?P<name>\w+)(\[(?P<entry>[^\]]*)\])?(\.|$)")
_IDS = ("ID", "Id", "Sid", "Key", "Name")


@dataclass(frozen=True)
class Document:
    """The operations of one document.

    Args:
        get: boto3's name of the read.
        put: boto3's name of the write.
        member: of the PUT, into which the whole answer of the read goes; empty where the two have the same members.
        delete: boto3's name of the call that deletes it; empty where there is none.
    """

    get: str
    put: str
    member: str = ""
    delete: str = ""


DOCUMENTS: Mapping[str, Document] = {
    "publicAccessBlock": Document(
        "get_public_access_block", "put_public_access_block", delete="delete_public_access_block"
    ),
    "ownership": Document(
        "get_bucket_ownership_controls",
        "put_bucket_ownership_controls",
        delete="delete_bucket_ownership_controls",
    ),
    "encryption": Document("get_bucket_encryption", "put_bucket_encryption", delete="delete_bucket_encryption"),
    "versioning": Document("get_bucket_versioning", "put_bucket_versioning", "VersioningConfiguration"),
    "objectLock": Document("get_object_lock_configuration", "put_object_lock_configuration"),
    "policy": Document("get_bucket_policy", "put_bucket_policy", delete="delete_bucket_policy"),
    "logging": Document("get_bucket_logging", "put_bucket_logging", "BucketLoggingStatus"),
    "lifecycle": Document(
        "get_bucket_lifecycle_configuration",
        "put_bucket_lifecycle_configuration",
        "LifecycleConfiguration",
        "delete_bucket_lifecycle",
    ),
    "replication": Document("get_bucket_replication", "put_bucket_replication", delete="delete_bucket_replication"),
    "notifications": Document(
        "get_bucket_notification_configuration",
        "put_bucket_notification_configuration",
        "NotificationConfiguration",
    ),
    "tags": Document("get_bucket_tagging", "put_bucket_tagging", "Tagging", "delete_bucket_tagging"),
}


def read(s3: Any, bucket: str, control: str) -> dict[str, Any]:
    """Read a document as its PUT would write it, the policy as JSON; empty when it was never configured."""
    document = DOCUMENTS[control]
    try:
        answer = getattr(s3, document.get)(Bucket=bucket)
    except ClientError:
        return {}
    del answer["ResponseMetadata"]
    if control == "policy":
        return {"Policy": json.loads(answer["Policy"])}
    if control == "lifecycle":
        size = {name: answer.pop(name) for name in ("TransitionDefaultMinimumObjectSize",) if name in answer}
        return {document.member: answer, **size}
    for tag in answer.get("TagSet", ()):
        tag.setdefault("Value", "")  # moto leaves an empty one out
    return {document.member: answer} if document.member else dict(answer)


def put(s3: Any, bucket: str, control: str, parameters: Mapping[str, Any]) -> None:
    """Put a document that was read with `read`."""
    sent = dict(parameters)
    if control == "policy":
        sent["Policy"] = json.dumps(sent["Policy"])
    if control == "notifications":
        sent["SkipDestinationValidation"] = True
    getattr(s3, DOCUMENTS[control].put)(Bucket=bucket, **sent)


class Gone:
    """Stands for the value of a member that is taken out."""


GONE = Gone()


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
