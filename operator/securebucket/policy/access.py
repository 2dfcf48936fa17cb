"""Whether a statement lets somebody read or write, told by the names of its actions.

S3's reading actions are named `Get…`, `List…` and `Describe…`, and all others change something.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from enum import StrEnum

from securebucket.policy.canonical import Statement
from securebucket.policy.wildcards import matches, matches_any

_READING = ("get", "list", "describe")
_ANYTHING = ("\ue000", "\ue000" * 9)
"""Stand for any rest of a name, a short one and a long one: only `*` matches both."""


class Access(StrEnum):
    """What somebody can do."""

    READ = "read"
    WRITE = "write"


def accesses_of(statement: Statement) -> frozenset[Access]:
    """Tell what a statement's actions do. What cannot be read may be anything."""
    if "Action" in statement:
        return frozenset(access for action in statement["Action"] for access in _accesses(action.lower()))
    return frozenset(access for access in Access if not _excludes(statement.get("NotAction", []), access))


def _accesses(action: str) -> tuple[Access, ...]:
    if ":" not in action:
        return tuple(Access) if all(matches(action, f"s3:{name}") for name in _ANYTHING) else ()
    service, _, name = action.partition(":")
    if not matches(service, "s3"):
        return ()
    head = name.partition("*")[0].partition("?")[0]
    if head.startswith(_READING):
        return (Access.READ,)
    if head != name and any(verb.startswith(head) for verb in _READING):
        # `s3:G*`, `s3:L*`: no writing action begins so, but `s3:*` and `s3:De*` are `DeleteObject` too
        return tuple(Access) if "delete".startswith(head) else (Access.READ,)
    return (Access.WRITE,)


def _excludes(actions: list[str], access: Access) -> bool:
    """Tell whether a `NotAction` leaves out everything that reads, or everything."""
    heads = _READING if access is Access.READ else ("",)
    return all(matches_any(actions, f"s3:{head}{rest}") for head in heads for rest in _ANYTHING)
