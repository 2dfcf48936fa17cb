"""What S3 actions do, told by their names: whether they act on the bucket or its objects, whether they read or write.

S3 refuses a statement whose actions apply to none of its resources (`MalformedPolicy`: "Action does not apply to any
resource(s) in statement"). AWS publishes the table as a web page only, and adds to it every year; its names follow
a rule with few exceptions, so a new action needs no release.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html

S3's reading actions are named `Get…`, `List…` and `Describe…`, and all others change something.
"""

from enum import Enum, StrEnum

from securebucket.policy.canonical import Statement
from securebucket.policy.wildcards import ANYTHING, matches, matches_any

OBJECT_ACTIONS = frozenset(
    {
        "abortmultipartupload",
        "bypassgovernanceretention",
        "initiatereplication",
        "listmultipartuploadparts",
        "objectowneroverridetobucketowner",
        "replicatedelete",
        "replicatetags",
    }
)
"""Actions on objects that the rule would not find."""

LISTINGS = ("s3:ListBucket", "s3:ListBucketVersions")
"""The two actions on a bucket that know the condition key `s3:prefix`."""

_READING = ("get", "list", "describe")


class Level(Enum):
    """What an action acts on; a wildcard that is open in its middle acts on both."""

    BUCKET = "bucket"
    OBJECT = "object"
    BOTH = "both"


def level_of(action: str) -> Level:
    """Tell what an action acts on.

    Args:
        action: with its prefix, e.g. `s3:GetObject` or `s3:Get*`.
    """
    name = action.lower().removeprefix("s3:")
    if name in OBJECT_ACTIONS:
        return Level.OBJECT
    if "bucket" in name:
        return Level.BUCKET
    if "object" in name:
        return Level.OBJECT
    return Level.BOTH if is_wildcard(action) else Level.BUCKET


def is_wildcard(action: str) -> bool:
    """Tell whether an action stands for several."""
    return "*" in action or "?" in action


def listings_in(actions: tuple[str, ...]) -> list[str]:
    """Name the listing actions that some actions contain."""
    return [each for each in LISTINGS if any(matches(action.lower(), each.lower()) for action in actions)]


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
        return tuple(Access) if all(matches(action, f"s3:{name}") for name in ANYTHING) else ()
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
    return all(matches_any(actions, f"s3:{head}{rest}") for head in heads for rest in ANYTHING)
