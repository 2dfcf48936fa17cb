"""Which objects a lifecycle or replication rule is for, as one flat set of predicates.

S3 writes one meaning in many ways: no filter, `{}`, `{Prefix: ""}`, a bare `Tag`, an `And`, or the top-level `Prefix`
of old. Flat, they are equal: `{}` is every object, and each member is a condition that must hold.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRuleFilter.html
"""

from collections.abc import Mapping
from typing import Any

from securebucket.api.base import ApiModel, aws_document

Predicates = dict[str, Any]
"""`Prefix`, `ObjectSizeGreaterThan`, `ObjectSizeLessThan`, `Tags` (a mapping) and `Not`; each only where it says
something. `Not` has `Prefixes` and `Tags`, both sorted lists: whatever one of them fits is left out.
"""

EMPTY: tuple[Any, ...] = (None, "", {})


def read_filter(rule: Mapping[str, Any]) -> Predicates:
    """Flatten the filter of a rule as S3 answers it; Ceph RGW answers with a top-level `Prefix` whatever was put."""
    given: Mapping[str, Any] = rule.get("Filter") or {}
    joined: Mapping[str, Any] = given.get("And") or {}
    tags = [*joined.get("Tags", ()), *([given["Tag"]] if given.get("Tag") else [])]
    predicates = {name: value for name, value in {**given, **joined}.items() if name not in {"And", "Tag"}}
    predicates["Prefix"] = predicates.get("Prefix") or rule.get("Prefix")
    predicates["Tags"] = {tag["Key"]: tag.get("Value", "") for tag in tags}
    predicates["Not"] = _read_exclusion(predicates.get("Not") or {})
    return {name: value for name, value in predicates.items() if value not in EMPTY}


def declared_filter(declared: ApiModel) -> Predicates:
    """Flatten the filter of a rule in the spec."""
    predicates = aws_document(declared)
    if "Not" in predicates:
        predicates["Not"] = _read_exclusion({"Or": predicates["Not"]})
    return {name: value for name, value in predicates.items() if value not in EMPTY}


def write_filter(predicates: Mapping[str, Any]) -> dict[str, Any]:
    """Write predicates as a `Filter`: S3 answers MalformedXML to an `And` of one, and to two without an `And`.

    Every object is `{Prefix: ""}`: AWS takes `{}` too, but older MinIO refuses it.
    """
    tags = [{"Key": key, "Value": value} for key, value in sorted(predicates.get("Tags", {}).items())]
    plain = {name: value for name, value in predicates.items() if name != "Tags"}
    if "Not" in plain:
        plain["Not"] = _write_exclusion(plain["Not"])
    if len(plain) + len(tags) > 1:
        return {"And": plain | ({"Tags": tags} if tags else {})}
    if tags:
        return {"Tag": tags[0]}
    return plain or {"Prefix": ""}


def _read_exclusion(given: Mapping[str, Any]) -> dict[str, Any]:
    """Flatten what a rule leaves out: a bare prefix, a bare tag, or several of them in `Or`."""
    several: Mapping[str, Any] = given.get("Or") or {}
    prefixes = {*several.get("Prefixes", ()), *([given["Prefix"]] if given.get("Prefix") is not None else [])}
    tags = [*several.get("Tags", ()), *([given["Tag"]] if given.get("Tag") else [])]
    unique = {(tag["Key"], tag.get("Value", "")) for tag in tags}
    known = {"Prefixes": sorted(prefixes), "Tags": [{"Key": key, "Value": value} for key, value in sorted(unique)]}
    unknown = {
        name: value for name, value in {**given, **several}.items() if name not in {"Or", "Prefix", "Tag", *known}
    }
    return unknown | {name: value for name, value in known.items() if value}


def _write_exclusion(excluded: Mapping[str, Any]) -> dict[str, Any]:
    """Write what is left out: S3 takes exactly one of `Prefix`, `Tag` and `Or`."""
    if sum(map(len, excluded.values())) > 1:
        return {"Or": dict(excluded)}
    return {"Prefix": excluded["Prefixes"][0]} if "Prefixes" in excluded else {"Tag": excluded["Tags"][0]}


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
