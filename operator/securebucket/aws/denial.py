"""Why AWS denied a call, where its message tells: which kind of policy did it, and who can change that. Pure.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
"""

from dataclasses import dataclass

NEEDED = "`securebucket iam-policy` prints what it needs"
ORGANIZATION = "whoever administers the organization in AWS Organizations"
ABOVE = f"No right of the operator's own helps: ask {ORGANIZATION}"
EXPLICIT = "explicit deny"


@dataclass(frozen=True, slots=True)
class Cause:
    """What kind of policy denies a call.

    Args:
        words: that AWS names it by in the message, in small letters.
        what: it is, with its article.
        denies: what to do where a statement of it denies the call.
        lacks: what to do where no statement of it allows the call.
    """

    words: str
    what: str
    denies: str
    lacks: str


CAUSES = (
    Cause(
        "service control policy",
        "a service control policy (SCP) of the organization",
        f"{ABOVE} to except its role",
        f"{ABOVE} to allow the action",
    ),
    Cause(
        "resource control policy",
        "a resource control policy (RCP) of the organization",
        f"{ABOVE} to except its role",
        f"{ABOVE} to allow the action",
    ),
    Cause(
        "permissions boundary",
        "the permissions boundary of the operator's role",
        "Take the deny out of the boundary",
        f"Add the right to the boundary; the role's own policy alone does not give it ({NEEDED})",
    ),
    Cause(
        "session policy",
        "the session policy with which the operator's role was assumed",
        "Take the deny out of it, where the role is assumed",
        f"Add the right to it, where the role is assumed ({NEEDED})",
    ),
    Cause(
        "vpc endpoint policy",
        "the policy of the VPC endpoint that the call went through",
        "Except the operator's role in that policy",
        "Allow the action in that policy",
    ),
    Cause(
        "resource-based policy",
        "a policy on the resource itself: the bucket's, the key's or the queue's",
        "Except the operator's role in that policy",
        "Let that policy allow the operator's role",
    ),
    Cause(
        "identity-based policy",
        "a policy of the operator's role",
        "Take the deny out of it",
        f"Grant the operator the right ({NEEDED})",
    ),
)
BLOCKED = "block public access"
SAYS_WHERE = ("organization", "account")
UNKNOWN = f"Grant the operator the right ({NEEDED}), or find the bucket policy, SCP or RCP that denies it"


def explain_denial(detail: str) -> str:
    """Say what denies a call and what to do about it, as sentences without the last full stop.

    Args:
        detail: AWS's message. It may come from any server, and is believed for no more than this advice.
    """
    told = detail.lower()
    if BLOCKED in told:
        return _blocked(told)
    for cause in CAUSES:
        if cause.words in told:
            if EXPLICIT in told:
                return f"It is denied by {cause.what}. {cause.denies}"
            return f"It is not allowed by {cause.what}. {cause.lacks}"
    return UNKNOWN


def _blocked(told: str) -> str:
    where = next((each for each in SAYS_WHERE if each in told), "")
    place = {
        "organization": "by the organization's S3 policy, which no account can change: ask " + ORGANIZATION,
        "account": "for the whole account: see account-public-access-blocked in the report",
        "": "on the bucket, the account or the organization",
    }[where]
    return (
        f"Block Public Access refuses what would let the public in; it is on {place}. Declare nothing public, or have"
        " the block changed where it is set"
    )
