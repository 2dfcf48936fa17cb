"""Beginnings and ends of keys as event notifications want them: S3 compares them with the URL-encoded key.

A filter of `year=2026/` is taken and never fires; `year%3D2026/` does. All other documents of S3 take keys as they are,
and so do other stores (Ceph's RGW compares the key itself).

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
"""

from urllib.parse import quote_plus, unquote_to_bytes

from securebucket.api.notifications import Target

SAFE = "/!'()"
"""What stays besides letters, digits, `-`, `_` and `.`; slashes do in AWS's examples. A star is safe in keys only.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html#object-key-guidelines
"""
HEXADECIMAL = frozenset("0123456789abcdefABCDEF")


def encoded(text: str) -> str:
    """Encode what somebody declared. With a `%3D` or the like in it, it is taken to be encoded already.

    What is ambiguous stays as it is: it was put like that before, and is refused where it is new (`doubt`).
    """
    if doubt(text):
        return text
    meant = unquote_to_bytes(text.replace("+", " ")) if _is_encoded(text) else text.encode()
    return quote_plus(meant, SAFE).replace("~", "%7E")


def doubt(text: str) -> str:
    """Say why a declared text means nothing certain; empty where it does."""
    if "*" in text:
        return "* is no wildcard there; leave it out, or write %2A for a star in keys"
    if "+" in text and not _is_encoded(text):
        return "+ stands for a space there; write a space or %20 for a space, %2B for a plus sign"
    return ""


def doubtful(target: Target) -> str:
    """Name the field of a target that means nothing certain, and why; empty where there is none."""
    for name, text in (("prefix", target.filter.prefix), ("suffix", target.filter.suffix)):
        if why := doubt(text):
            return f"filter.{name}: {why}"
    return ""


def _is_encoded(text: str) -> bool:
    return any(len(each) >= 2 and set(each[:2]) <= HEXADECIMAL for each in text.split("%")[1:])
