"""Answers as S3 sends them, from how boto3 gives them: XML by AWS's own service model, and headers."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from botocore.model import ListShape, Shape, StructureShape
from tests.laws.aws_model import operation_model, s3_operations

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def headers_of(api: str, answer: Mapping[str, Any]) -> dict[str, str]:
    """Give the members of an answer that are sent as headers."""
    members = operation_model(api).output_shape.members
    return {
        shape.serialization["name"]: str(answer[name])
        for name, shape in members.items()
        if shape.serialization.get("location") == "header" and name in answer
    }


def xml_of(api: str, answer: Mapping[str, Any]) -> tuple[Element, Mapping[Element, Shape]]:
    """Write an answer; gives its root, and the shape of each element."""
    output = operation_model(api).output_shape
    payload = output.serialization.get("payload")
    shape, value = (output.members[payload], answer[payload]) if payload else (output, answer)
    root = Element(f"{{{NAMESPACE}}}{_root_of(api, payload)}")
    return root, dict(_fill(root, shape, value))


def _root_of(api: str, payload: str | None) -> str:
    """Name the first element: S3 answers to `GetBucketX` what `PutBucketX` sends, and a list has a name of its own.

    What is made and not put is told as a result.
    """
    if api.startswith("List"):
        return f"{api}Result"
    name = api.replace("Get", "Put", 1)
    if name not in s3_operations():
        assert payload, api
        return payload
    put = operation_model(name).input_shape
    return str(put.members[put.serialization["payload"]].serialization["name"])


def _fill(element: Element, shape: Shape, value: Any) -> Iterator[tuple[Element, Shape]]:
    yield element, shape
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            if name in value and not member.serialization.get("location"):
                yield from _member(element, name, member, value[name])
    elif isinstance(shape, ListShape):
        for item in value:
            yield from _fill(_under(element, shape.member.serialization.get("name", "member")), shape.member, item)
    else:
        element.text = _text(value)


def _member(element: Element, name: str, member: Shape, value: Any) -> Iterator[tuple[Element, Shape]]:
    tag = member.serialization.get("name", name)
    if member.serialization.get("xmlAttribute"):
        element.set(f"{{{XSI}}}{tag.partition(':')[2]}", str(value))
    elif isinstance(member, ListShape) and member.serialization.get("flattened"):
        for item in value:
            yield from _fill(_under(element, member.member.serialization.get("name", tag)), member.member, item)
    else:
        yield from _fill(_under(element, tag), member, value)


def _under(element: Element, tag: str) -> Element:
    return SubElement(element, f"{{{NAMESPACE}}}{tag}")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return "" if value is None else str(value)
