"""Which S3 actions act on the bucket and which on its objects, told by their names.

S3 refuses a statement whose actions apply to none of its resources (`MalformedPolicy`: "Action does not apply to any
resource(s) in statement"). AWS publishes the table as a web page only, and adds to it every year; its names follow
a rule with few exceptions, so a new action needs no release.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from enum import Enum

from securebucket.policy.wildcards import matches

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
