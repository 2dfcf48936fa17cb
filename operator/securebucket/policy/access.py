"""Whether a statement lets somebody read or write, told by the names of its actions.

S3's reading actions are named `Get…` and `List…`, and all others change something.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

import re
from enum import StrEnum

from securebucket.policy.canonical import Statement

_READING = ("get", "list")
_WILDCARD = re.compile(r"[*?]")


class Access(StrEnum):
    """What somebody can do."""

    READ = "read"
    WRITE = "write"


def accesses_of(statement: Statement) -> frozenset[Access]:
    """Tell what a statement's actions do. `NotAction`, and what cannot be read, may be anything."""
    if "Action" not in statement:
        return frozenset(Access)
    return frozenset(access for action in statement["Action"] for access in _accesses(action.lower()))


def _accesses(action: str) -> tuple[Access, ...]:
    service, _, name = action.partition(":")
    if service not in {"s3", "*"}:
        return ()
    head = _WILDCARD.split(name, maxsplit=1)[0]
    if head.startswith(_READING):
        return (Access.READ,)
    is_open = head != name or service == "*"
    if is_open and not head:
        return tuple(Access)
    if is_open and any(verb.startswith(head) for verb in _READING):
        return (Access.READ,)  # `s3:G*` and `s3:Li*`: no writing action begins so
    return (Access.WRITE,)
