"""What an answer must look like before anybody reads it: held against the bytes and against AWS's service model.

botocore gives an empty document for XML that it does not know, such as a proxy's page with status 200, and S3 itself
says "never configured" with an empty document for some settings. It also passes on what has a wrong type.
"""

import datetime as dt
import re
from typing import Any

from botocore.parsers import ResponseParserError

from securebucket.model.json_text import read_json
from securebucket.model.plain_text import made_whole

ROOT = re.compile(rb"\s*(?:<\?xml[^>]*\?>\s*)?<(?:[\w.-]+:)?([\w.-]+)")
OF_THE_CALL = re.compile(r"(?:Get|List)\w{1,60}(?:Response|Result|Output)")
"""What servers that are made from a service model write, such as moto: they name an answer after the call. So does S3
itself where an answer is no document that can be put, in four ways (`ListInventoryConfigurationsResult`)."""
HEAD = 4096
"""Bytes of an answer in which its first element begins."""
BYTE_ORDER = b"\xef\xbb\xbf"
READING = frozenset({"GET", "HEAD"})
"""Methods to which AWS gives 200 and nothing else when all is well; some writes have 202 or 204."""
MOST_PARTS = 200_000
"""Tags of XML, or items of JSON: a thousand lifecycle rules with all that a rule can have are 160,000 tags. Five times
as many take 250 MiB once they are parsed, and as many workers as there are may parse at once."""
MOST_ATTRIBUTES = 50_000
ELSEWHERE = {"PublicAccessBlockConfiguration": "BlockPublicAccessBlockConfiguration"}
"""Names of a first element at other servers, by AWS's: Ceph RGW's of 2021."""
OBJECTS = "ListBucketResult"
"""The first element of a list of objects: so answers a server that passes over a `?setting` which it does not know."""

POLICY = "policyDocumentType"
"""IAM's name for a policy, a text that botocore has read by then."""
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "character": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "timestamp": dt.datetime,
}


class NotThatAnswerError(ResponseParserError):
    """The answer is not one that AWS gives to this call."""


class UnknownSettingError(ResponseParserError):
    """The server passed over the setting that was asked for, and listed objects."""


def hold(emitter: Any) -> None:
    """Hold every answer of an event emitter's clients to its form; what has another raises a `ResponseParserError`."""
    emitter.register_first("before-parse", check_text)
    emitter.register("after-call", check_members)


def check_text(operation_model: Any, response_dict: dict[str, Any], **_: Any) -> None:
    """Look at the bytes of an answer (handler of `before-parse`)."""
    status = response_dict["status_code"]
    reads = operation_model.http["method"] in READING
    if status < 200 or (reads and 200 < status < 300):  # what has no body would read as "never configured"
        raise NotThatAnswerError(f"status {status}")
    text, shape = response_dict["body"], operation_model.output_shape
    if not isinstance(text, bytes):
        return
    text = text.removeprefix(BYTE_ORDER)
    speaks_json = "json" in operation_model.service_model.resolved_protocol
    if _is_crowded(text):
        raise NotThatAnswerError("too many parts")
    if status >= 300:
        if not speaks_json and b"<!DOCTYPE" in text[:HEAD]:  # a page, or entities that grow: the status tells enough
            response_dict["body"] = b""
    elif speaks_json:
        if shape is not None and shape.members and not _is_object(text):
            raise NotThatAnswerError("no JSON object")
    elif text.strip():
        _check_xml(text, operation_model)


def _is_crowded(text: bytes) -> bool:
    """Tell whether an answer has more parts than any of AWS's: a few bytes each, and hundreds once they are parsed."""
    parts = max(text.count(b"<"), sum(map(text.count, (b"{", b"[", b","))))
    return parts > MOST_PARTS or text.count(b"=") > MOST_ATTRIBUTES


def _check_xml(text: bytes, operation_model: Any) -> None:
    carries_text = _carries_text(operation_model.output_shape)
    if carries_text and _is_object(text):
        return
    found = ROOT.match(text[:HEAD])
    root = found[1].decode() if found else ""
    if root == OBJECTS and operation_model.name != "ListObjectsV2":
        raise UnknownSettingError(root)
    wanted = _root(operation_model)
    if wanted:  # an error with status 200 is a failure for botocore, but not where a text is awaited
        known = root in {wanted, ELSEWHERE.get(wanted)} or OF_THE_CALL.fullmatch(root) is not None
        known = known or (root == "Error" and not carries_text)
    else:  # what a server says about a write that it made, nobody reads, unless it is a page
        known = root.lower() != "html" and not text.lstrip().startswith(b"<!")
    if known:
        return
    raise NotThatAnswerError(root)


def _carries_text(shape: Any) -> bool:
    """Tell whether the whole body is one text: a bucket policy."""
    payload = shape and shape.serialization.get("payload")
    return bool(payload) and shape.members[payload].type_name == "string"


def _root(operation_model: Any) -> str:
    """Give the name of an answer's first element; empty where the service model does not tell.

    What S3 answers to `GetBucketX` is what `PutBucketX` sends, and only of that the model has the name. A list of
    documents, or what is made and not put, is called like the call.
    """
    service, name = operation_model.service_model, operation_model.name
    if service.resolved_protocol == "query":
        return f"{name}Response"
    if _carries_text(operation_model.output_shape):
        return "JSON"  # and it is none, or it would not be asked
    made = name.replace("Get", "Create", 1)
    if (name.startswith("List") and name.endswith("Configurations")) or (
        made != name and made in service.operation_names
    ):
        return f"{name}Result"
    sibling = name.replace("Get", "Put", 1)
    if sibling == name or sibling not in service.operation_names:
        return ""
    shape = service.operation_model(sibling).input_shape
    payload = shape.serialization.get("payload")
    return str(shape.members[payload].serialization.get("name", "")) if payload else ""


def _is_object(text: bytes) -> bool:
    try:
        return isinstance(read_json(text), dict)
    except ValueError:
        return False


def check_members(parsed: dict[str, Any], model: Any, http_response: Any, **_: Any) -> None:
    """Look at the types in an answer (handler of `after-call`)."""
    if http_response.status_code < 300 and model.output_shape is not None and not _fits(parsed, model.output_shape):
        raise NotThatAnswerError("a member of another type")


def _fits(value: Any, shape: Any) -> bool:
    kind = shape.type_name
    if kind == "structure":
        members = shape.members
        return isinstance(value, dict) and (
            shape.is_document_type or all(_fits(each, members[name]) for name, each in value.items() if name in members)
        )
    if kind == "list":
        return isinstance(value, list) and all(_fits(each, shape.member) for each in value)
    if kind == "map":
        return isinstance(value, dict) and all(_fits(each, shape.value) for each in value.values())
    if shape.name == POLICY and isinstance(value, dict):
        return True
    wanted = TYPES.get(kind)
    return wanted is None or (isinstance(value, wanted) and (kind == "boolean" or not isinstance(value, bool)))


def make_plain(parsed: Any, model: Any, **_: Any) -> None:
    """Make the texts of an answer whole, in place (handler of `after-call`): no lone surrogates get in.

    JSON can write them as escapes, and then no status, report or log that they reach could be written. XML cannot. A
    bucket policy is JSON within an answer, and is read apart (`policy.document`), since it is put back as it was.
    """
    if "json" in model.service_model.resolved_protocol and isinstance(parsed, dict):
        parsed.update(made_whole(parsed))
