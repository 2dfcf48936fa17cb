"""The string formats that the API server checks; others are ignored, as there."""

import base64
import binascii
import datetime as dt
import ipaddress
import re
import urllib.parse
from collections.abc import Callable
from typing import Any

_DURATION = re.compile(r"[-+]?(?:\d+(?:\.\d*)?\s*[a-zµμ]+\s*)+", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_HOSTNAME = re.compile(
    r"(?=.{1,253}$)[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)*"
)
_MAC = re.compile(r"[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}")
_UUID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")


def matches_format(value: str, name: str) -> bool:
    """True if the text has the format, or the format is not one that is checked."""
    check = _CHECKS.get(name.replace("-", ""))
    if check is None:
        return True
    try:
        return bool(check(value))
    except (ValueError, binascii.Error):
        return False


def parse_time(value: str) -> dt.datetime:
    """An RFC 3339 time.

    Raises:
        ValueError: it is none.
    """
    parsed = dt.datetime.fromisoformat(value)
    if parsed.tzinfo is None or "T" not in value.upper():
        raise ValueError(f"{value!r} is not an RFC 3339 time")
    return parsed


def _is_uri(value: str) -> bool:
    parts = urllib.parse.urlsplit(value)
    return value.startswith("/") or bool(parts.scheme)


_CHECKS: dict[str, Callable[[str], Any]] = {
    "byte": lambda value: base64.b64decode(value, validate=True) or True,
    "cidr": lambda value: "/" in value and ipaddress.ip_interface(value),
    "date": dt.date.fromisoformat,
    "datetime": parse_time,
    "duration": _DURATION.fullmatch,
    "email": _EMAIL.fullmatch,
    "hostname": _HOSTNAME.fullmatch,
    "ipv4": ipaddress.IPv4Address,
    "ipv6": ipaddress.IPv6Address,
    "mac": _MAC.fullmatch,
    "uri": _is_uri,
    "uuid": _UUID.fullmatch,
}
