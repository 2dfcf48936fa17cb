"""What botocore's service model says about a call: its shapes, walked all the way down, enum values included."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape

from securebucket.model.call import Call

TYPES: Mapping[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "long": (int,), "boolean": (bool,)}


ABOUT: Mapping[str, Mapping[str, str]] = {
    "": {"Bucket": "acme-invoices"},
    "s3control": {"AccountId": "111122223333"},
}
"""What the edge adds to a call of a service, where the empty one is S3."""


def operation_model(api: str) -> OperationModel:
    """Give S3's model of an operation by its API name."""
    return _model("s3", api)


def s3_operations() -> frozenset[str]:
    """Name all operations of S3's model."""
    return frozenset(_service("s3").operation_names)


def problems_of(call: Call) -> list[str]:
    """Name everything in which a call differs from what its service's model allows."""
    shape = _model(call.service or "s3", call.api).input_shape
    return list(_problems(shape, {**ABOUT[call.service], **call.parameters}, call.api))


def problems_of_question(service: str, api: str, parameters: Mapping[str, Any]) -> list[str]:
    """Name everything in which the arguments of a service's operation differ from what its model allows."""
    shape = _model(service, api).input_shape
    return list(_problems(shape, parameters, api)) if shape is not None else []


def problems_of_answer(service: str, api: str, answer: Mapping[str, Any]) -> list[str]:
    """Name everything in which an answer differs from what the service's model allows."""
    shape = _model(service, api).output_shape
    return list(_problems(shape, answer, api))


def _model(service: str, api: str) -> OperationModel:
    return _service(service).operation_model(api)


@cache
def _service(name: str) -> ServiceModel:
    """Read a service's model once: S3's takes a quarter of a second."""
    return botocore.session.get_session().get_service_model(name)


def settable(api: str) -> set[str]:
    """Name every member that an operation's document has, as dotted paths; lists are transparent."""
    shape = operation_model(api).input_shape
    return {path for name, member in shape.members.items() for path in _members(member, name)}


def written(call: Call) -> set[str]:
    """Name every member that a call sends, as `settable` does."""
    return {path for name, value in call.parameters.items() for path in _given(value, name)}


def _problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if isinstance(shape, StructureShape):
        if not isinstance(value, Mapping):
            yield f"{path}: {value!r} is no structure"
            return
        yield from (f"{path}.{name} is missing" for name in shape.required_members if name not in value)
        for name, item in value.items():
            if name not in shape.members:
                yield f"{path}.{name} is unknown"
            else:
                yield from _problems(shape.members[name], item, f"{path}.{name}")
    elif isinstance(shape, ListShape):
        if not isinstance(value, list):
            yield f"{path}: {value!r} is no list"
            return
        for index, item in enumerate(value):
            yield from _problems(shape.member, item, f"{path}[{index}]")
    elif isinstance(shape, MapShape):
        yield f"{path}: a map, which no S3 configuration has"
    else:
        allowed = TYPES.get(shape.type_name)
        if allowed and not (isinstance(value, allowed) and (bool in allowed) == isinstance(value, bool)):
            yield f"{path}: {value!r} is no {shape.type_name}"
        elif getattr(shape, "enum", None) and value not in shape.enum:
            yield f"{path}: {value!r} is none of {shape.enum}"


def _members(shape: Shape, path: str) -> Iterator[str]:
    if isinstance(shape, ListShape):
        yield from _members(shape.member, path)
        return
    yield path
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield from _members(member, f"{path}.{name}")


def _given(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _given(item, path)
        return
    yield path
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _given(item, f"{path}.{name}")
