"""Answers that no caller may trip over: what servers, proxies and attackers send, and documents with a wrong part."""

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from tests.aws.hostile_server import Reply

PAGE = b"<html><head><title>Sign in</title></head><body>Please sign in</body></html>"
XML, JSON, HTML = ({"Content-Type": kind} for kind in ("application/xml", "application/x-amz-json-1.1", "text/html"))
BOMB = b'<!DOCTYPE x [<!ENTITY a "%s">]><x>%s</x>' % (b"a" * 1000, b"&a;" * 1000)

NO_ANSWERS: Mapping[str, Reply] = {
    "page": Reply(200, PAGE, HTML),
    "page with a doctype": Reply(200, b"<!DOCTYPE html>" + PAGE, HTML),
    "page that is no XML": Reply(200, b"<html><body>Hello<br></body></html>", HTML),
    "page that claims to be XML": Reply(200, b'<?xml version="1.0"?>\n' + PAGE, XML),
    "text": Reply(200, b"ok", {"Content-Type": "text/plain"}),
    "other XML": Reply(200, b"<Cake><Candles>3</Candles></Cake>", XML),
    "XML cut off": Reply(200, b"<Cake><Cand", XML),
    "entities": Reply(200, BOMB, XML),
    "JSON cut off": Reply(200, b'{"KeyMetadata": {"Arn": "arn:aws', JSON),
    "JSON list": Reply(200, b"[]", JSON),
    "JSON null": Reply(200, b"null", JSON),
    "JSON number": Reply(200, b"1e999", JSON),
    "deep JSON": Reply(200, b"[" * 30_000, JSON),
    "deep XML": Reply(200, b"<a>" * 30_000, XML),
    "bytes": Reply(200, bytes(range(256)), XML),
}
"""Status 200, and nothing that AWS answers to anything."""

NO_SUCCESS: Mapping[str, Reply] = {
    "switched": Reply(101, b"", {"Upgrade": "x"}),
    "accepted": Reply(202, b"", XML),
    "not for sure": Reply(203, b"", XML),
    "no content": Reply(204, b"", XML),
    "a part": Reply(206, b"", XML),
}
"""Statuses that say well done, or nothing, and that AWS gives to no read."""

FAILED: Mapping[str, Reply] = {
    "empty": Reply(200, b"", XML),
    "empty object": Reply(200, b"{}", JSON),
    "list of objects": Reply(200, b"<ListBucketResult><Name>a</Name></ListBucketResult>", XML),
    "error with status 200": Reply(200, b"<Error><Code>InternalError</Code></Error>", XML),
    "redirect to nowhere": Reply(301, b"", XML),
    "redirect elsewhere": Reply(307, b"", {"Location": "http://169.254.169.254/latest/meta-data/"}),
    "redirect to no region": Reply(301, b"", {"x-amz-bucket-region": "evil.example/#"}),
    "not modified": Reply(304, b"", XML),
    "error without anything": Reply(400, b"", XML),
    "error without a code": Reply(400, b"<Error/>", XML),
    "error with an empty code": Reply(400, b"<ErrorResponse><Error><Code/><Message/></Error></ErrorResponse>", XML),
    "error with two codes": Reply(400, b"<Error><Code>A</Code><Code>B</Code></Error>", XML),
    "error in depth": Reply(400, b"<Error><Code><a><b/></a></Code></Error>", XML),
    "error without its parts": Reply(400, b"<ErrorResponse><Error/></ErrorResponse>", XML),
    "JSON error of null": Reply(400, b'{"__type": null, "message": null}', JSON),
    "JSON error of a number": Reply(400, b'{"__type": 5, "message": []}', JSON),
    "JSON error in a list": Reply(400, b'["x"]', JSON),
    "refusal with a page": Reply(403, PAGE, HTML),
    "failure with a page": Reply(500, b"<!DOCTYPE html>" + PAGE, HTML),
    "failure with entities": Reply(503, BOMB, XML),
}
"""Others, each of which may be a failure of its own, or empty where S3 itself answers so."""


def whole(shape: Any, depth: int = 0) -> Any:
    """Write an answer that has everything."""
    kind = shape.type_name
    if kind == "structure":
        return {} if depth > 6 else {name: whole(each, depth + 1) for name, each in shape.members.items()}
    if kind == "list":
        return [whole(shape.member, depth + 1)]
    if kind == "map":
        return {"key": whole(shape.value, depth + 1)}
    if kind == "timestamp":
        return "2026-01-01T00:00:00Z"
    return {"boolean": True, "integer": 7, "long": 7, "float": 1.5, "double": 1.5}.get(kind, "text")


def spoiled(value: Any) -> Iterator[tuple[str, Any]]:
    """Give every variant with one part missing or of another type, and what was done to it."""
    for path in _paths(value):
        for name, wrong in (("gone", None), ("text", "?"), ("list of null", [None])):
            yield f"{'.'.join(map(str, path))} {name}", _with(value, path, wrong)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in entries:
        yield from _paths(each, (*path, name))


def _with(value: Any, path: tuple[Any, ...], wrong: Any) -> Any:
    changed = copy.deepcopy(value)
    place = changed
    for name in path[:-1]:
        place = place[name]
    if wrong is None:
        del place[path[-1]]
    else:
        place[path[-1]] = wrong
    return changed


def written(operation: Any, value: Any, root: str) -> Reply:
    """Write an answer as the operation's protocol does."""
    shape, protocol = operation.output_shape, operation.service_model.resolved_protocol
    if "json" in protocol:
        return Reply(200, json.dumps(_named(value, shape)).encode(), JSON)
    payload = shape.serialization.get("payload")
    if payload:
        value, shape = value.get(payload, {}), shape.members[payload]
        if shape.type_name == "string":
            return Reply(200, json.dumps({"Statement": value}).encode(), JSON)
    tree = ET.Element(root or shape.serialization.get("name") or shape.name)
    wrapper = shape.serialization.get("resultWrapper")
    _fill(ET.SubElement(tree, wrapper) if wrapper else tree, value, shape)
    return Reply(200, ET.tostring(tree), XML)


def _named(value: Any, shape: Any) -> Any:
    if isinstance(value, dict) and shape is not None and shape.type_name == "structure":
        named = {name: (each.serialization.get("name", name), each) for name, each in shape.members.items()}
        return {named[name][0]: _named(each, named[name][1]) for name, each in value.items()}
    if isinstance(value, list):
        member = shape.member if shape is not None and shape.type_name == "list" else None
        return [_named(each, member) for each in value]
    return value


def _fill(tree: ET.Element, value: Any, shape: Any) -> None:
    if not isinstance(value, dict) or shape.type_name != "structure":
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and shape.type_name == "list":
                _fill(ET.SubElement(tree, shape.member.serialization.get("name", "member")), each, shape.member)
            elif not isinstance(each, dict):
                tree.text = "" if each is None else str(each)
        return
    for name, each in value.items():
        member = shape.members[name]
        if "location" in member.serialization:
            continue
        flat = member.type_name == "list" and member.serialization.get("flattened")
        tag = str(member.serialization.get("name") or (flat and member.member.serialization.get("name")) or name)
        for part in each if flat and isinstance(each, list) else [each]:
            _fill(ET.SubElement(tree, tag.partition(":")[2] or tag), part, member.member if flat else member)
