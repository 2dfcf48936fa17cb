"""Reads the bodies of requests: JSON, YAML or some protobuf, with a note of keys that are given twice."""

import json
from typing import Any

import yaml

from securebucket_dev.kubeapi.failure import refuse_media_type, refuse_request
from securebucket_dev.kubeapi.kind import Body
from securebucket_dev.kubeapi.protobuf import PROTOBUF, decode_protobuf

JSON = "application/json"
YAML = "application/yaml"


class _Loader(yaml.CSafeLoader):
    """YAML as Kubernetes reads it: what looks like a time stays text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def decode_body(raw: bytes, media_type: str) -> tuple[Any, list[str]]:
    """What a body says, and the names of the keys that an object in it has twice.

    Raises:
        ApiError: 400, it cannot be read; 415, its type is neither JSON nor YAML.
    """
    if not raw.strip():
        return {}, []
    # The official Python client names no type at all, which aiohttp reads as a stream of bytes; the real server takes
    # such a body for JSON.
    if media_type.endswith("json") or media_type in {"", "application/octet-stream"}:
        return _decode_json(raw)
    if media_type.endswith("yaml"):
        # Clients send JSON under this name too, which is read much faster as what it is.
        return _decode_json(raw) if raw.lstrip()[:1] == b"{" else (_decode_yaml(raw), [])
    if media_type == PROTOBUF:
        return decode_protobuf(raw), []
    raise refuse_media_type((JSON, YAML, PROTOBUF))


def decode_object(raw: bytes, media_type: str) -> tuple[Body, list[str]]:
    """The same for a body that has to be an object.

    Raises:
        ApiError: 400, it cannot be read or is no object; 415, its type is neither JSON nor YAML.
    """
    value, duplicates = decode_body(raw, media_type)
    if not isinstance(value, dict):
        raise refuse_request("the object provided is unrecognized (must be of type object)")
    return value, duplicates


def _decode_json(raw: bytes) -> tuple[Any, list[str]]:
    duplicates: list[str] = []

    def build(pairs: list[tuple[str, Any]]) -> Body:
        built = dict(pairs)
        if len(built) != len(pairs):
            names = [name for name, _ in pairs]
            duplicates.extend(sorted({name for name in names if names.count(name) > 1}))
        return built

    try:
        return json.loads(raw, object_pairs_hook=build), duplicates
    except ValueError as error:
        raise refuse_request(f"error decoding the body: {error}") from error


def _decode_yaml(raw: bytes) -> Any:
    try:
        return yaml.load(raw, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except yaml.YAMLError as error:
        raise refuse_request(f"error decoding YAML: {error}") from error
