"""Reads the few objects that kubectl sends as protobuf: what `kubectl create` makes from its arguments, and questions.

https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
"""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from securebucket_dev.kubeapi.failure import ApiError, refuse_request
from securebucket_dev.kubeapi.kind import Body

PROTOBUF = "application/vnd.kubernetes.protobuf"

_MAGIC = b"k8s\x00"
_VARINT, _BYTES = 0, 2


@dataclass(frozen=True, slots=True)
class _Field:
    """What a field's number stands for.

    Args:
        type: `text`, `bytes`, `bool`, or the name of a message.
        shape: `one`, `many`, or `map` (of a text to this type).
    """

    name: str
    type: str = "text"
    shape: str = "one"


_METADATA = _Field("metadata", "ObjectMeta")
_BINDING = {1: _METADATA, 2: _Field("subjects", "Subject", "many"), 3: _Field("roleRef", "RoleRef")}
_ROLE = {1: _METADATA, 2: _Field("rules", "PolicyRule", "many")}
_MESSAGES: dict[str, dict[int, _Field]] = {
    "Unknown": {1: _Field("type", "TypeMeta"), 2: _Field("raw", "bytes")},
    "TypeMeta": {1: _Field("apiVersion"), 2: _Field("kind")},
    "ObjectMeta": {
        1: _Field("name"),
        2: _Field("generateName"),
        3: _Field("namespace"),
        11: _Field("labels", shape="map"),
        12: _Field("annotations", shape="map"),
        14: _Field("finalizers", shape="many"),
    },
    "Namespace": {1: _METADATA},
    "ConfigMap": {
        1: _METADATA,
        2: _Field("data", shape="map"),
        3: _Field("binaryData", "bytes", "map"),
        4: _Field("immutable", "bool"),
    },
    "Secret": {
        1: _METADATA,
        2: _Field("data", "bytes", "map"),
        3: _Field("type"),
        4: _Field("stringData", shape="map"),
        5: _Field("immutable", "bool"),
    },
    "ServiceAccount": {1: _METADATA},
    "Role": _ROLE,
    "ClusterRole": _ROLE,
    "RoleBinding": _BINDING,
    "ClusterRoleBinding": _BINDING,
    "PolicyRule": {
        number: _Field(name, shape="many")
        for number, name in enumerate(("verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs"), 1)
    },
    "Subject": {1: _Field("kind"), 2: _Field("apiGroup"), 3: _Field("name"), 4: _Field("namespace")},
    "RoleRef": {1: _Field("apiGroup"), 2: _Field("kind"), 3: _Field("name")},
    "SelfSubjectReview": {},
    "SelfSubjectAccessReview": {2: _Field("spec", "SelfSubjectAccessReviewSpec")},
    "SelfSubjectAccessReviewSpec": {
        1: _Field("resourceAttributes", "ResourceAttributes"),
        2: _Field("nonResourceAttributes", "NonResourceAttributes"),
    },
    "SelfSubjectRulesReview": {2: _Field("spec", "SelfSubjectRulesReviewSpec")},
    "SelfSubjectRulesReviewSpec": {1: _Field("namespace")},
    "ResourceAttributes": {
        number: _Field(name)
        for number, name in enumerate(("namespace", "verb", "group", "version", "resource", "subresource", "name"), 1)
    },
    "NonResourceAttributes": {1: _Field("path"), 2: _Field("verb")},
}


def decode_protobuf(raw: bytes) -> Body:
    """The object in a protobuf body.

    Raises:
        ApiError: 400, it is no such body; 415, it is an object of a kind that can only be sent as JSON here.
    """
    if not raw.startswith(_MAGIC):
        raise refuse_request("provided data does not appear to be a protobuf message")
    try:
        envelope = _decode(raw[len(_MAGIC) :], "Unknown")
        kind = envelope["type"]["kind"]
        if kind not in _MESSAGES:
            raise ApiError(415, "UnsupportedMediaType", f"this server reads a {kind} as JSON or YAML only")
        body = _decode(base64.b64decode(envelope.get("raw", "")), kind)
    except (KeyError, IndexError, UnicodeDecodeError) as error:
        raise refuse_request(f"the protobuf message cannot be read: {error}") from error
    return {"apiVersion": envelope["type"]["apiVersion"], "kind": kind, **body}


def _decode(raw: bytes, message: str) -> Body:
    found: Body = {}
    for number, value in _split(raw):
        field = _MESSAGES[message].get(number)
        if field is None:
            continue
        if field.shape == "map":
            key, content = _decode_pair(value, field.type)
            found.setdefault(field.name, {})[key] = content
        elif field.shape == "many":
            found.setdefault(field.name, []).append(_read(value, field.type))
        else:
            found[field.name] = _read(value, field.type)
    # Go writes empty texts and messages where JSON has nothing.
    return {name: value for name, value in found.items() if value not in ("", {})}


def _decode_pair(value: Any, kind: str) -> tuple[str, Any]:
    pair: dict[int, Any] = {1: b"", 2: b"", **dict(_split(value))}
    return pair[1].decode(), _read(pair[2], kind)


def _read(value: Any, kind: str) -> Any:
    match kind:
        case "text":
            return value.decode()
        case "bytes":
            return base64.b64encode(value).decode()
        case "bool":
            return bool(value)
        case _:
            return _decode(value, kind)


def _split(raw: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a message: their numbers, and numbers or bytes."""
    position = 0
    while position < len(raw):
        tag, position = _read_varint(raw, position)
        number, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            value, position = _read_varint(raw, position)
            yield number, value
        elif wire == _BYTES:
            length, position = _read_varint(raw, position)
            yield number, raw[position : position + length]
            position += length
        else:
            raise KeyError(f"wire type {wire}")


def _read_varint(raw: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[position]
        value |= (byte & 0x7F) << shift
        position += 1
        shift += 7
        if byte < 0x80:
            return value, position
