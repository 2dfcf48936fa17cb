"""Whom a policy lets in: the public, other accounts, services on anybody's behalf; and whether it refuses plain HTTP.

Everything judges canonical statements one by one. Denies never make an Allow less public here: S3 does not promise to
weigh them either.
"""

import ipaddress
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet

from securebucket.policy.canonical import Statement
from securebucket.policy.principals import is_account, is_dead
from securebucket.policy.wildcards import ANYTHING, is_fixed, matches, matches_any

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

OF_ACCESS_POINTS = frozenset({"s3:dataaccesspointaccount", "s3:dataaccesspointarn"})
"""Keys that say by which access point somebody comes: in the policy of an access point that narrows nothing.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status-access-points
"""

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

ACCOUNTS = frozenset({"aws:principalaccount", "aws:sourceaccount", "aws:sourceowner", "s3:dataaccesspointaccount"})
ARNS = frozenset({"aws:principalarn", "aws:sourcearn", "s3:dataaccesspointarn"})
"""Keys whose values name an account, as the value itself or within an ARN: who comes is then known by name."""

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

TAG_ACTIONS = ("s3:tagresource", "s3:untagresource")
"""By which a bucket's tags are changed where ABAC is on; S3 refuses PutBucketTagging then.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
"""

_POSITIVE = frozenset({"StringEquals", "StringEqualsIgnoreCase", "StringLike", "ArnEquals", "ArnLike", "IpAddress"})


def public_statements(statements: Statements, keys: AbstractSet[str] = RESTRICTING) -> list[str]:
    """Name the Allows that S3 counts as public, as Block Public Access does.

    Args:
        statements: the policy.
        keys: of conditions that say who comes.
    """
    return [
        key for key, each in statements.items() if _allows(each) and _open(each) and not _has_fixed(each, keys, _pins)
    ]


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


def tagging_statements(statements: Statements, account: str, bucket_arn: str) -> list[str]:
    """Name the Allows by which other accounts may change the bucket's tags. Conditions do not count here either.

    Args:
        statements: the policy.
        account: the bucket's own.
        bucket_arn: the bucket; objects have tags of their own.
    """
    return [
        key
        for key, each in statements.items()
        if _allows(each)
        and _lets_others_in(each, {account})
        and any(_allowed(each, action) for action in TAG_ACTIONS)
        and ("Resource" not in each or matches_any(each["Resource"], bucket_arn))
    ]


def foreign_statements(
    statements: Statements, trusted: AbstractSet[str], keys: AbstractSet[str] = RESTRICTING
) -> list[str]:
    """Name the Allows that let in an account that is not trusted, unless a condition pins who may come.

    A condition that names an account which is not trusted lets just that one in.

    Args:
        statements: the policy.
        trusted: the bucket's own account and others that may be let in.
        keys: of conditions that say who comes.
    """

    def is_known(key: str, value: str) -> bool:
        account = _account_in(key, value)
        return _confines(key, value) and (not account or account in trusted)

    return [
        key
        for key, each in statements.items()
        if _allows(each) and _lets_others_in(each, trusted) and not _has_fixed(each, keys, is_known)
    ]


def unconfined_services(statements: Statements) -> list[str]:
    """Name the Allows to AWS services that do not say on whose behalf: the confused deputy's way in.

    A source's ARN may have wildcards as long as its account is fixed, as AWS advises where the resource is not known.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    return [
        key
        for key, each in statements.items()
        if _allows(each) and _is_for_services(each) and not _has_fixed(each, REQUESTERS, _confines)
    ]


def refuses_plain_http(statements: Statements, bucket_arn: str) -> bool:
    """Tell whether everybody is refused everything without TLS, on the bucket and on all its objects."""
    denied = [resource for each in statements.values() if _denies_plain_http(each) for resource in each["Resource"]]
    return all(matches_any(denied, arn) for arn in (bucket_arn, *(f"{bucket_arn}/{key}" for key in ANYTHING)))


def _allows(statement: Statement) -> bool:
    """Tell whether a statement may allow something; what cannot be read might."""
    return statement.get("Effect") != "Deny"


def _open(statement: Statement) -> bool:
    """Tell whether anybody may be meant. An Allow with `NotPrincipal` is for all but a few."""
    principal: Mapping[str, list[str]] = statement.get("Principal", {})
    names = [name for names in principal.values() for name in names]
    return not names or not all(is_fixed(name) for name in names)


def _is_for_services(statement: Statement) -> bool:
    by_condition = _has_fixed(statement, frozenset({"aws:principalservicename"}), _pins)
    return by_condition or "Service" in statement.get("Principal", {})


def _has_fixed(statement: Statement, keys: AbstractSet[str], pins: Callable[[str, str], bool]) -> bool:
    """Tell whether one condition pins one of the keys to values that somebody owns.

    `…IfExists` and `ForAllValues:` also hold where the key is absent, so they pin nothing; nor do negated operators.
    """
    return any(
        key in keys and bool(values) and all(pins(key, value) for value in values)
        for operator, tests in statement.get("Condition", {}).items()
        if operator.removeprefix("ForAnyValue:") in _POSITIVE
        for key, values in _by_key(tests).items()
    )


def _by_key(tests: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Join the values of a key that is there in two spellings: which of them counts is not documented."""
    values: dict[str, list[str]] = {}
    for key, given in tests.items():
        values.setdefault(key.lower(), []).extend(given)
    return values


def _pins(key: str, value: str) -> bool:
    """Tell whether a condition's value belongs to somebody: a fixed value, or a wildcard within a fixed account."""
    if key == "aws:sourceip":
        return _is_narrow(value)
    if key == "aws:principalarn":  # a path may have colons, so that a wildcard before the account reaches beyond it
        return _has_fixed_account(value) and not any(each in "*?" for each in "".join(value.split(":")[:4]))
    if key == "s3:dataaccesspointarn":
        return _has_fixed_account(value)
    if key in {"aws:principalorgpaths", "aws:sourceorgpaths"}:
        return is_fixed(value.split("/", 1)[0])
    return is_fixed(value)


def _confines(key: str, value: str) -> bool:
    """Tell whether a condition's value says who comes, be it by the account that a pattern of ARNs lies in."""
    return _pins(key, value) or (key == "aws:sourcearn" and _has_fixed_account(value))


def _has_fixed_account(arn: str) -> bool:
    """Tell whether an ARN, with wildcards or without, lies within one account. An S3 bucket's names none."""
    return is_account(_account_of(arn)) and arn.count(":") >= 5 and "${" not in arn


def _account_in(key: str, value: str) -> str:
    """Return the account that a condition's value names; empty where it names none, such as an organization."""
    if key in ACCOUNTS:
        return value
    account = _account_of(value) if key in ARNS else ""
    return account if is_account(account) else ""


def _is_narrow(cidr: str) -> bool:
    """Tell whether an address range is narrow enough for S3 to be a range of somebody's."""
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return False
    return network.prefixlen >= (8 if network.version == 4 else 32)


def _allowed(statement: Statement, action: str) -> bool:
    """Tell whether an action is allowed; what cannot be read may allow anything."""
    if "Action" in statement:
        return matches_any(statement["Action"], action)
    return not matches_any(statement.get("NotAction", []), action)


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
        and any(all(matches(action, f"s3:{name}") for name in ANYTHING) for action in statement.get("Action", ()))
        and "Resource" in statement
        and "aws:securetransport" in {key for tests in statement.get("Condition", {}).values() for key in tests}
    )


_TLS_TESTS = (("aws:securetransport", ["false"]), ("aws:principalisawsservice", ["false"]))
