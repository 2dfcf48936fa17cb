"""What is wrong with a statement of ours, so that S3 would refuse the whole policy as `MalformedPolicy`.

Raw statements may hold anything, and the API server cannot look into them. What S3 has taken already is not looked at.
"""

import datetime as dt
import ipaddress
from collections.abc import Callable, Iterator, Mapping

from securebucket.policy.actions import Level, is_wildcard, level_of
from securebucket.policy.canonical import Statement

ELEMENTS = ("AWS", "Service", "Federated", "CanonicalUser")
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html"""
NAMES = ("*", "arn:", "AIDA", "AROA")
"""What names of the kind AWS begin with, but for an account's id; ids of deleted users and roles are told elsewhere."""
SETS = ("forallvalues:", "foranyvalue:")

Test = Callable[[str], bool]


def faults(statement: Statement, arn: str) -> Iterator[str]:
    """Give what S3 refuses in a canonical statement, each with what to write instead.

    Args:
        statement: one of ours.
        arn: the bucket's.
    """
    yield from _principals(statement)
    yield from _actions(statement)
    yield from _resources(statement, arn)
    yield from _conditions(statement)


def _principals(statement: Statement) -> Iterator[str]:
    for element in ("Principal", "NotPrincipal"):
        given = statement.get(element) or {}
        if not isinstance(given, Mapping):
            continue
        for kind, names in given.items():
            if kind not in ELEMENTS:
                yield f"{element} has {kind}, which is none of {', '.join(ELEMENTS)}; name who is meant by one of them"
            elif kind == "AWS":
                for name in names:
                    if not name.startswith(NAMES) and not name.isdigit():
                        yield f"{element} has {name}, which names nobody; write an account id, or a role's ARN"
                    elif "*" in name and name != "*":
                        yield (
                            f"{element} has {name}, and S3 takes no * in a part of a principal; name the account, and"
                            " the rest by a condition on aws:PrincipalArn"
                        )


def _actions(statement: Statement) -> Iterator[str]:
    for element in ("Action", "NotAction"):
        for action in statement.get(element) or ():
            if action != "*" and not action.startswith("s3:"):
                yield f"{element} has {action}, which is no action of S3; write e.g. s3:GetObject"


def _resources(statement: Statement, arn: str) -> Iterator[str]:
    """Find resources that are not of the bucket, and actions that apply to none of them.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html
    """
    for element in ("Resource", "NotResource"):
        for resource in statement.get(element) or ():
            if not resource.startswith(arn) or resource[len(arn) : len(arn) + 1] not in {"", "/", "*", "?"}:
                yield f"{element} has {resource}, which is not of this bucket; write {arn}, or {arn}/* for its objects"
                return
    resources = statement.get("Resource") or ()
    if not resources:
        return
    on_objects = any("/" in each.removeprefix(arn) or each[len(arn) :] for each in resources)
    on_bucket = any("/" not in each.removeprefix(arn) for each in resources)
    for action in statement.get("Action") or ():
        if is_wildcard(action):
            continue
        level = level_of(action)
        if (level is Level.OBJECT and not on_objects) or (level is Level.BUCKET and not on_bucket):
            missing = f"{arn}/*" if level is Level.OBJECT else arn
            yield f"Action {action} applies to none of its resources; add {missing} to Resource"


def _conditions(statement: Statement) -> Iterator[str]:
    """Find operators that IAM does not have, and values that are not of their operator's type.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    for operator, tests in (statement.get("Condition") or {}).items():
        fits = _test_of(operator)
        if fits is None:
            yield f"Condition has {operator}, which is no operator of IAM; write e.g. StringEquals"
            continue
        for key, values in tests.items():
            if not values:
                yield f"Condition {operator} of {key} has no value; give one, or take the key out"
            wrong = next((value for value in values if "${" not in value and not fits(value)), None)
            if wrong is not None:
                yield f"Condition {operator} of {key} has {wrong}, which is not of the type of {operator}; correct it"


def _test_of(operator: str) -> Test | None:
    """Give what values of an operator look like; None where there is no such operator."""
    name = operator.lower()
    for each in SETS:
        name = name.removeprefix(each)
    if name == "nullifexists":
        return None  # Null is the one operator that takes no IfExists
    return OPERATORS.get(name) or OPERATORS.get(name.removesuffix("ifexists"))


def _is_anything(_: str) -> bool:
    return True


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_moment(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return text.isdigit()
    return True


def _is_truth(text: str) -> bool:
    return text.lower() in {"true", "false"}


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


COMPARISONS = ("equals", "notequals", "lessthan", "lessthanequals", "greaterthan", "greaterthanequals")
OPERATORS: Mapping[str, Test] = {
    **dict.fromkeys(
        (
            *("stringequals", "stringnotequals", "stringequalsignorecase", "stringnotequalsignorecase"),
            *("stringlike", "stringnotlike", "binaryequals", "arnequals", "arnnotequals", "arnlike", "arnnotlike"),
        ),
        _is_anything,
    ),
    **{f"numeric{each}": _is_number for each in COMPARISONS},
    **{f"date{each}": _is_moment for each in COMPARISONS},
    "bool": _is_truth,
    "null": _is_truth,
    "ipaddress": _is_network,
    "notipaddress": _is_network,
}
"""Operators of IAM in lower case, each with what its values look like."""
