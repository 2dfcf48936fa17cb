"""What an answer of S3 has beyond the installed service model: held against its XML, and written into the answer.

botocore passes over an element or an attribute that it does not know, and reads a truth that is neither `true` nor
`false` as false. Where the document is put back, that would be lost.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

from securebucket.model.understanding import NOT_UNDERSTOOD

TOLERATED = frozenset(
    f"{{{space}}}{name}"
    for space, names in (
        ("http://www.w3.org/2001/XMLSchema-instance", ("nil", "schemaLocation", "noNamespaceSchemaLocation")),
        ("http://www.w3.org/XML/1998/namespace", ("space", "lang", "base")),
    )
    for name in names
)
"""Attributes that XML itself gives a meaning to; none of them says anything about a bucket."""
TRUTHS = frozenset({"true", "false", ""})
MOST_NAMES = 5
"""Of one structure; that more is not understood there changes nothing."""
LONGEST_NAME = 80

Place = tuple[str | int, ...]
"""The way to a structure within an answer, by member and index."""


def watch(emitter: Any) -> None:
    """Have what the model does not know written into the answers of an event emitter's clients."""
    emitter.register("before-parse", find)
    emitter.register("after-call", attach)


def find(
    operation_model: Any, response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any
) -> None:
    """Find it in the bytes of an answer (handler of `before-parse`); what is customized becomes part of the answer."""
    text = response_dict["body"]
    if response_dict["status_code"] >= 300 or not isinstance(text, bytes) or not _is_put_back(operation_model):
        return
    parser = XMLParser(encoding="utf-8")  # noqa: S314 - as botocore does; `answer_form` refuses what would grow
    try:
        parser.feed(text)
        root = parser.close()
    except ParseError:  # botocore says so itself
        return
    found = _gathered(unknown_in(root, operation_model.output_shape))
    if found:
        customized_response_dict[NOT_UNDERSTOOD] = found


def attach(parsed: dict[str, Any], **_: Any) -> None:
    """Write it to the structures of the answer that it stands in (handler of `after-call`)."""
    found: dict[Place, list[str]] = parsed.pop(NOT_UNDERSTOOD, {})
    for place, names in found.items():
        structure: Any = parsed
        for step in place:
            structure = structure[step]
        structure[NOT_UNDERSTOOD] = names


def _is_put_back(operation_model: Any) -> bool:
    """Tell whether an answer is an XML document that a write of the same name puts or makes, or a list of such ones."""
    service, shape = operation_model.service_model, operation_model.output_shape
    if service.service_name != "s3" or shape is None:
        return False
    if not _writes_of(operation_model.name) & set(service.operation_names):
        return False
    payload = shape.serialization.get("payload")
    return not payload or shape.members[payload].type_name == "structure"


def _writes_of(name: str) -> set[str]:
    """Name what writes what an operation reads: one document, or each configuration of a list."""
    if name.startswith("List") and name.endswith("Configurations"):
        return {f"Put{name.removeprefix('List').removesuffix('s')}"}
    return {name.replace("Get", verb, 1) for verb in ("Put", "Create")} if name.startswith("Get") else set()


def _gathered(unknown: Iterator[tuple[Place, str]]) -> dict[Place, list[str]]:
    found: dict[Place, list[str]] = {}
    for place, name in unknown:
        names = found.setdefault(place, [])
        if len(names) < MOST_NAMES and name[:LONGEST_NAME] not in names:
            names.append(name[:LONGEST_NAME])
    return found


def unknown_in(root: Element, shape: Any) -> Iterator[tuple[Place, str]]:
    """Give each thing in an answer that a service model does not know.

    Args:
        root: of the answer's XML.
        shape: of the operation's output.

    Returns:
        Pairs: the structure that it stands in, and its name: an element's tag, `@` and an attribute, or `text`.
    """
    payload = shape.serialization.get("payload")
    if payload:
        return _in_structure(root, shape.members[payload], (payload,))
    return _in_structure(root, shape, ())


def _in_structure(node: Element, shape: Any, place: Place) -> Iterator[tuple[Place, str]]:
    attributes = {name: member for name, member in shape.members.items() if member.serialization.get("xmlAttribute")}
    members = {
        _tag_of(member, name): (name, member)
        for name, member in shape.members.items()
        if name not in attributes and not member.serialization.get("location")
    }
    known = {member.serialization["name"].rpartition(":")[2] for member in attributes.values()}
    yield from ((place, f"@{_local(key)}") for key in _attributes(node) if "}" not in key or _local(key) not in known)
    yield from ((place, "text") for text in _texts(node) if text and text.strip())
    seen: Counter[str] = Counter()
    for child in node:
        tag = _local(child.tag)
        if tag in attributes and child.text in node.attrib.values() and not (len(child) or child.attrib):
            continue  # MinIO says a grantee's type twice
        if tag not in members:
            yield place, tag
            continue
        name, member = members[tag]
        index = seen[tag]
        seen[tag] += 1
        if member.type_name == "list" and member.serialization.get("flattened"):
            yield from _in_value(child, member.member, place, tag, (name, index))
        elif index:  # botocore takes the first
            yield place, f"{tag} (again)"
        elif member.type_name == "list":
            yield from _in_list(child, member, place, tag, name)
        else:
            yield from _in_value(child, member, place, tag, (name,))


def _in_list(node: Element, shape: Any, place: Place, tag: str, name: str) -> Iterator[tuple[Place, str]]:
    yield from ((place, f"{tag}@{_local(key)}") for key in _attributes(node))
    yield from ((place, f"{tag}.text") for text in _texts(node) if text and text.strip())
    item = shape.member.serialization.get("name", "member")
    for index, child in enumerate(node):
        if _local(child.tag) != item:
            yield place, f"{tag}.{_local(child.tag)}"
        else:
            yield from _in_value(child, shape.member, place, f"{tag}.{item}", (name, index))


def _in_value(
    node: Element, shape: Any, place: Place, tag: str, steps: tuple[str | int, ...]
) -> Iterator[tuple[Place, str]]:
    if shape.type_name == "structure":
        yield from _in_structure(node, shape, (*place, *steps))
        return
    yield from ((place, f"{tag}@{_local(key)}") for key in _attributes(node))
    yield from ((place, f"{tag}.{_local(child.tag)}") for child in node)
    if shape.type_name == "boolean" and (node.text or "") not in TRUTHS:
        yield place, f"{tag}={node.text}"


def _tag_of(member: Any, name: str) -> str:
    """Give the tag of a member's element; that of its items, where there is no element around them."""
    serialization = member.serialization
    if member.type_name == "list" and serialization.get("flattened") and "name" in member.member.serialization:
        serialization = member.member.serialization
    return str(serialization.get("name", name))


def _attributes(node: Element) -> list[str]:
    return [key for key in node.keys() if key not in TOLERATED]  # noqa: SIM118 - iterating an element gives its children


def _texts(node: Element) -> Iterator[str | None]:
    yield node.text
    yield from (child.tail for child in node)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
