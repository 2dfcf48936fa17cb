"""The functions that expressions may call: CEL's own, and those that Kubernetes adds.

https://kubernetes.io/docs/reference/using-api/cel/#cel-options-language-features-and-libraries
"""

import datetime as dt
import ipaddress
import itertools
import re
import urllib.parse
from collections.abc import Callable
from typing import Any

import re2  # type: ignore[import-untyped] # the package has no types

from securebucket_dev.kubeapi.cel.values import NOTHING, TYPES, CelError, Optional, Type, equals
from securebucket_dev.kubeapi.formats import parse_time
from securebucket_dev.kubeapi.validation import compile_pattern

_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_SPAN = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(h|ms|m|s|us|µs|ns)")


def _size(value: Any) -> int:
    if not isinstance(value, str | bytes | list | dict):
        raise CelError("no such overload: size")
    return len(value)


def _matches(text: str, pattern: str) -> bool:
    try:
        return compile_pattern(pattern).search(text) is not None
    except re2.error as error:
        raise CelError(f"error parsing regexp {pattern!r}") from error


def _find(text: str, pattern: str) -> str:
    found = compile_pattern(pattern).search(text)
    return found[0] if found else ""


def _find_all(text: str, pattern: str, limit: int = -1) -> list[str]:
    found = [each[0] for each in compile_pattern(pattern).finditer(text)]
    return found if limit < 0 else found[:limit]


def _string(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dt.timedelta):
        return f"{value.total_seconds():g}s"
    if isinstance(value, dt.datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value)


def _int(value: Any) -> int:
    return int(value.timestamp()) if isinstance(value, dt.datetime) else int(value)


def _duration(text: Any) -> dt.timedelta:
    if isinstance(text, dt.timedelta):
        return text
    body = text.lstrip("+-")
    if not body or _SPAN.sub("", body).strip("0"):
        raise CelError(f"invalid duration {text!r}")
    seconds = sum(float(amount) * _UNITS[unit] for amount, unit in _SPAN.findall(body))
    return dt.timedelta(seconds=-seconds if text.startswith("-") else seconds)


def _timestamp(value: Any) -> dt.datetime:
    return value if isinstance(value, dt.datetime) else parse_time(value)


def _position(whole: Any, part: Any, start: int = 0) -> int:
    if isinstance(whole, str):
        return whole.find(part, start)
    return next((index for index, item in enumerate(whole) if equals(item, part)), -1)


def _last_position(whole: Any, part: Any) -> int:
    if isinstance(whole, str):
        return whole.rfind(part)
    return next((index for index in range(len(whole) - 1, -1, -1) if equals(whole[index], part)), -1)


def _substring(text: str, start: int, end: int | None = None) -> str:
    stop = len(text) if end is None else end
    if not 0 <= start <= stop <= len(text):
        raise CelError(f"index out of range: {start}")
    return text[start:stop]


def _contains(whole: Any, part: Any) -> bool:
    if not isinstance(whole, str):
        raise CelError("no such overload: contains")
    return part in whole


def _includes(whole: list[Any], part: list[Any]) -> bool:
    return all(any(equals(item, other) for other in whole) for item in part)


def _value_of(value: Optional) -> Any:
    if not value.present:
        raise CelError("optional.none() dereference")
    return value.content


def _accepts(parse: Callable[[str], Any]) -> Callable[[str], bool]:
    def test(text: str) -> bool:
        try:
            parse(text)
        except ValueError:
            return False
        return True

    return test


def _cidr(text: str) -> ipaddress.IPv4Interface | ipaddress.IPv6Interface:
    if "/" not in text:
        raise ValueError(f"{text!r} is no CIDR")
    return ipaddress.ip_interface(text)


def _is_url(text: str) -> bool:
    parts = urllib.parse.urlsplit(text)
    return text.startswith("/") or bool(parts.scheme and (parts.netloc or parts.path))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "size": _size,
    "contains": _contains,
    "startsWith": lambda text, part: text.startswith(part),
    "endsWith": lambda text, part: text.endswith(part),
    "matches": _matches,
    "string": _string,
    "int": _int,
    "uint": _int,
    "double": float,
    "bool": lambda value: value if isinstance(value, bool) else {"true": True, "false": False}[value],
    "bytes": lambda value: value.encode() if isinstance(value, str) else value,
    "dyn": lambda value: value,
    "type": lambda value: Type(TYPES.get(type(value), "dyn")),
    "duration": _duration,
    "timestamp": _timestamp,
    "getSeconds": lambda span: int(span.total_seconds()),
    "getMinutes": lambda span: int(span.total_seconds() // 60),
    "getHours": lambda span: int(span.total_seconds() // 3600),
    "charAt": lambda text, index: text[index : index + 1],
    "indexOf": _position,
    "lastIndexOf": _last_position,
    "lowerAscii": lambda text: text.lower(),
    "upperAscii": lambda text: text.upper(),
    "replace": lambda text, old, new, count=-1: text.replace(old, new, count),
    "split": lambda text, separator, limit=-1: text.split(separator, limit - 1 if limit > 0 else -1),
    "join": lambda items, separator="": separator.join(items),
    "substring": _substring,
    "trim": lambda text: text.strip(),
    "reverse": lambda value: value[::-1],
    "find": _find,
    "findAll": _find_all,
    "isSorted": lambda items: all(one <= other for one, other in itertools.pairwise(items)),
    "sum": sum,
    "min": min,
    "max": max,
    "math.greatest": max,
    "math.least": min,
    "sets.contains": _includes,
    "sets.equivalent": lambda one, other: _includes(one, other) and _includes(other, one),
    "sets.intersects": lambda one, other: any(_includes(one, [item]) for item in other),
    "isURL": _is_url,
    "ip": ipaddress.ip_address,
    "isIP": _accepts(ipaddress.ip_address),
    "cidr": _cidr,
    "isCIDR": _accepts(_cidr),
    "family": lambda address: address.version,
    "prefixLength": lambda block: block.network.prefixlen,
    "containsIP": lambda block, address: ipaddress.ip_address(str(address)) in block.network,
    "containsCIDR": lambda block, other: _cidr(str(other)).network.subnet_of(block.network),
    "hasValue": lambda value: value.present,
    "value": _value_of,
    "orValue": lambda value, other: value.content if value.present else other,
    "or": lambda value, other: value if value.present else other,
    "optional.of": lambda value: Optional(present=True, content=value),
    "optional.none": lambda: NOTHING,
}
"""By name; a method's target is the first argument."""
