"""Whom a policy lets in: the public, other accounts, services on anybody's behalf; and whether it refuses plain HTTP.

Everything judges canonical statements one by one. Denies never make an Allow less public here: S3 does not promise to
weigh them either.
"""

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from securebucket.policy.canonical import Statement
from securebucket.policy.principals import is_dead
from securebucket.policy.wildcards import is_fixed, matches, matches_any

Statements = Mapping[str, Statement]

RESTRICTING = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalservicename",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:userid",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)
"""Keys whose fixed values say who is let in; somebody owns each of them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
"""

NAMING_ACCOUNTS = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceowner",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)
"""Keys among them whose values name an account; an ARN of a bucket names none."""

REQUESTERS = frozenset(
    {
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
    }
)
"""Keys that say on whose behalf a service acts."""

ADMIN_ACTIONS = (
    "s3:deletebucketpolicy",
    "s3:putbucketacl",
    "s3:putbucketpolicy",
    "s3:putencryptionconfiguration",
    "s3:putobjectacl",
)
"""What other accounts must not be allowed.

https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-6
"""

_POSITIVE = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress"})
_SOME_KEY = "\ue000" * 9
"""Stands for any object's key; only a wildcard for all keys matches it."""


def public_statements(statements: Statements) -> list[str]:
    """Name the Allows that S3 counts as public, as Block Public Access does."""
    return [key for key, each in statements.items() if _allows(each) and _open(each) and not _restricted(each)]


def unrestricted_statements(statements: Statements) -> list[str]:
    """Name the Allows for everybody without any condition."""
    return [key for key, each in statements.items() if _allows(each) and _open(each) and not each.get("Condition")]


def admin_statements(statements: Statements, account: str) -> list[str]:
    """Name the Allows of administration to other accounts. Conditions do not count, as in Security Hub.

    Args:
        statements: the policy.
        account: the bucket's own.
    """
    return [
        key
        for key, each in statements.items()
        if _allows(each)
        and _lets_others_in(each, {account})
        and any(_allowed(each, action) for action in ADMIN_ACTIONS)
    ]


def foreign_statements(statements: Statements, trusted: AbstractSet[str]) -> list[str]:
    """Name the Allows that let in an account that is not trusted, unless a condition pins who may come.

    A condition that names another such account keeps it in, not out.

    Args:
        statements: the policy.
        trusted: the bucket's own account and others that may be let in.
    """
    return [
        key
        for key, each in statements.items()
        if _allows(each) and _lets_others_in(each, trusted) and not _keeps_others_out(each, trusted)
    ]


def unconfined_services(statements: Statements) -> list[str]:
    """Name the Allows to AWS services that do not say on whose behalf: the confused deputy's way in.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    return [
        key
        for key, each in statements.items()
        if _allows(each) and "Service" in each.get("Principal", {}) and not _has_fixed(each, REQUESTERS)
    ]


def refuses_plain_http(statements: Statements, bucket_arn: str) -> bool:
    """Tell whether everybody is refused everything without TLS, on the bucket and on all its objects."""
    denied = [resource for each in statements.values() if _denies_plain_http(each) for resource in each["Resource"]]
    return all(matches_any(denied, arn) for arn in (bucket_arn, f"{bucket_arn}/{_SOME_KEY}"))


def _allows(statement: Statement) -> bool:
    """Tell whether a statement may allow something; what cannot be read might."""
    return statement.get("Effect") != "Deny"


def _open(statement: Statement) -> bool:
    """Tell whether anybody may be meant. An Allow with `NotPrincipal` is for all but a few."""
    principal: Mapping[str, list[str]] = statement.get("Principal", {})
    names = [name for names in principal.values() for name in names]
    return not names or not all(is_fixed(name) for name in names)


def _restricted(statement: Statement) -> bool:
    return _has_fixed(statement, RESTRICTING)


def _has_fixed(statement: Statement, keys: Iterable[str]) -> bool:
    """Tell whether one condition pins one of the keys to values that somebody owns."""
    return any(key in keys for key, _ in _pinned(statement))


def _keeps_others_out(statement: Statement, trusted: AbstractSet[str]) -> bool:
    """Tell whether one condition pins who may come, and names no account that is not trusted."""
    return any(
        key not in NAMING_ACCOUNTS or all(_account_of(value) in {"", *trusted} for value in values)
        for key, values in _pinned(statement)
        if key in RESTRICTING
    )


def _pinned(statement: Statement) -> Iterator[tuple[str, list[str]]]:
    """Give each condition's key and values that somebody owns.

    `…IfExists` and `ForAllValues:` also hold where the key is absent, so they pin nothing; nor do negated operators.
    """
    for operator, tests in statement.get("Condition", {}).items():
        if operator.removeprefix("ForAnyValue:") in _POSITIVE:
            for key, values in tests.items():
                if values and all(_pins(key, value) for value in values):
                    yield key, values


def _pins(key: str, value: str) -> bool:
    """Tell whether a condition's value belongs to somebody: a fixed value, or a wildcard within a fixed account."""
    if key == "aws:sourceip":
        return _is_narrow(value)
    if key in {"aws:principalarn", "s3:dataaccesspointarn"}:
        parts = value.split(":", 5)
        return len(parts) == 6 and parts[4].isdigit() and "${" not in value
    if key in {"aws:principalorgpaths", "aws:sourceorgpaths"}:
        return is_fixed(value.split("/", 1)[0])
    return is_fixed(value)


def _is_narrow(cidr: str) -> bool:
    """Tell whether an address range is narrow enough for S3 to be a range of somebody's."""
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return False
    return network.prefixlen >= (8 if network.version == 4 else 32)


def _allowed(statement: Statement, action: str) -> bool:
    if "NotAction" in statement:
        return not matches_any(statement["NotAction"], action)
    return matches_any(statement.get("Action", []), action)


def _lets_others_in(statement: Statement, trusted: AbstractSet[str]) -> bool:
    if "Principal" not in statement:
        return True
    principal: Mapping[str, list[str]] = statement["Principal"]
    accounts = [_account_of(name) for name in principal.get("AWS", ()) if not is_dead(name)]
    providers = [_account_of(name) for name in principal.get("Federated", ())]
    return any(each not in trusted for each in accounts + providers) or "CanonicalUser" in principal


def _account_of(name: str) -> str:
    parts = name.split(":")
    return parts[4] if len(parts) >= 6 else name


def _denies_plain_http(statement: Statement) -> bool:
    """Tell whether a statement is the plain Deny. More conditions would narrow it, but for the services' exemption."""
    for operator, tests in statement.get("Condition", {}).items():
        if operator.removesuffix("IfExists") != "Bool":
            return False
        if any((key, values) not in _TLS_TESTS for key, values in tests.items()):
            return False
    return (
        statement.get("Effect") == "Deny"
        and "*" in statement.get("Principal", {}).get("AWS", ())
        and any(matches(action, "s3:\ue000") for action in statement.get("Action", ()))
        and "Resource" in statement
        and "aws:securetransport" in {key for tests in statement.get("Condition", {}).values() for key in tests}
    )


_TLS_TESTS = (("aws:securetransport", ["false"]), ("aws:principalisawsservice", ["false"]))
