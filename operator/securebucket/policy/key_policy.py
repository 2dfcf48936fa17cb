"""Does the policy of a KMS key shut somebody out for certain who has to use the key?

What may be is taken for good: an IAM policy or a grant, which are not read, may give what a key policy does not.
https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from securebucket.policy.canonical import UNREADABLE, Statement
from securebucket.policy.conditions import Known, may_hold
from securebucket.policy.document import read_policy
from securebucket.policy.wildcards import matches, widened


@dataclass(frozen=True, slots=True)
class KeyUser:
    """Somebody who has to use a key.

    Args:
        kind: `Service` or `AWS`, as a `Principal` names them.
        name: the service principal, or the ARN of a role.
        action: what it does with the key, e.g. `kms:GenerateDataKey`.
        known: what is known of its requests, by lower-case condition key.
    """

    kind: str
    name: str
    action: str
    known: Known = field(default_factory=dict, hash=False)


def shut_out(policy: str, user: KeyUser) -> str:
    """Say how a key policy shuts a user out; empty where it does not for certain.

    A Deny does where nothing narrows it. A service acts by what the key policy allows it, so that one which it never
    names is shut out too; a role may have its rights from IAM.
    """
    statements = read_policy(policy).statements
    denying = [key for key, each in statements.items() if _surely_denies(each, user)]
    if denying:
        return f"{', '.join(denying)} denies {user.name} {user.action}"
    if user.kind == "Service" and not any(_may_allow(each, user) for each in statements.values()):
        return f"nothing allows {user.name} {user.action}"
    return ""


def _surely_denies(statement: Statement, user: KeyUser) -> bool:
    if statement.get("Effect") != "Deny" or statement.get("Condition"):
        return False
    principal = statement.get("Principal", {})
    named = "*" in principal.get("AWS", ()) or user.name in principal.get(user.kind, ())
    return named and "*" in statement.get("Resource", ()) and _covers(statement, user.action.lower(), surely=True)


def _may_allow(statement: Statement, user: KeyUser) -> bool:
    if UNREADABLE in statement:
        return True
    if statement.get("Effect") != "Allow":
        return False
    principal: Mapping[str, list[str]] = statement.get("Principal", {})
    named = "*" in principal.get("AWS", ()) or user.name in principal.get(user.kind, ())
    return (
        (named or "NotPrincipal" in statement)
        and _covers(statement, user.action.lower(), surely=False)
        and may_hold(statement.get("Condition", {}), user.known)
    )


def _covers(statement: Statement, action: str, *, surely: bool) -> bool:
    """Tell whether `Action` covers an action, or `NotAction` leaves it in."""
    if "NotAction" in statement:
        return not any(matches(pattern, action) for pattern in statement["NotAction"])
    patterns = statement.get("Action", ())
    return any(matches(pattern if surely else widened(pattern), action) for pattern in patterns)
