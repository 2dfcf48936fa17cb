"""Which objects a lifecycle or replication rule is for, as one flat set of predicates.

S3 writes one meaning in many ways: no filter, `{}`, `{Prefix: ""}`, a bare `Tag`, an `And`, or the top-level `Prefix`
of old. Flat, they are equal: `{}` is every object, and each member is a condition that must hold.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRuleFilter.html
"""

from collections.abc import Mapping
from typing import Any

from securebucket.api.base import ApiModel, aws_document

Predicates = dict[str, Any]
"""`Prefix`, `ObjectSizeGreaterThan`, `ObjectSizeLessThan` and `Tags` (a mapping); each only where it says something."""

EMPTY: tuple[Any, ...] = (None, "", {})


def read_filter(rule: Mapping[str, Any]) -> Predicates:
    """Flatten the filter of a rule as S3 answers it; Ceph RGW answers with a top-level `Prefix` whatever was put."""
    given: Mapping[str, Any] = rule.get("Filter") or {}
    joined: Mapping[str, Any] = given.get("And") or {}
    tags = [*joined.get("Tags", ()), *([given["Tag"]] if given.get("Tag") else [])]
    predicates = {name: value for name, value in {**given, **joined}.items() if name not in {"And", "Tag"}}
    predicates["Prefix"] = predicates.get("Prefix") or rule.get("Prefix")
    predicates["Tags"] = {tag["Key"]: tag.get("Value", "") for tag in tags}
    return {name: value for name, value in predicates.items() if value not in EMPTY}


def declared_filter(declared: ApiModel) -> Predicates:
    """Flatten the filter of a rule in the spec."""
    return {name: value for name, value in aws_document(declared).items() if value not in EMPTY}


def write_filter(predicates: Mapping[str, Any]) -> dict[str, Any]:
    """Write predicates as a `Filter`: S3 answers MalformedXML to an `And` of one, and to two without an `And`.

    Every object is `{Prefix: ""}`: AWS takes `{}` too, but older MinIO refuses it.
    """
    tags = [{"Key": key, "Value": value} for key, value in sorted(predicates.get("Tags", {}).items())]
    plain = {name: value for name, value in predicates.items() if name != "Tags"}
    if len(plain) + len(tags) > 1:
        return {"And": plain | ({"Tags": tags} if tags else {})}
    if tags:
        return {"Tag": tags[0]}
    return plain or {"Prefix": ""}


def covers(outer: Mapping[str, Any], inner: Mapping[str, Any]) -> bool:
    """Tell whether every object that fits `inner` fits `outer` too; a predicate not known here must be equal."""
    return all(_implied(name, value, inner) for name, value in outer.items())


def _implied(name: str, value: Any, inner: Mapping[str, Any]) -> bool:
    if name not in inner:
        return False
    own = inner[name]
    if name == "Prefix":
        return bool(own.startswith(value))
    if name == "Tags":
        return all(own.get(key) == tag for key, tag in value.items())
    if name == "ObjectSizeGreaterThan":
        return bool(own >= value)
    if name == "ObjectSizeLessThan":
        return bool(own <= value)
    return bool(own == value)
