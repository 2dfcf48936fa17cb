"""Principals: how a plain name becomes one, which ones are dead, and how the operator itself is named.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

import re
from collections.abc import Mapping
from typing import Any

from securebucket.model.bucket import Bucket
from securebucket.policy.canonical import Statement, texts

_CANONICAL_USER = re.compile(r"[0-9a-f]{64}")
_DEAD = re.compile(r"A(ID|RO)A[A-Z0-9]{9,}")
_PROVIDER = re.compile(r":(saml|oidc)-provider/")
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")
_COGNITO = "cognito-identity.amazonaws.com"
"""An identity provider, though it is named like a service."""

PRINCIPAL_ARN = "aws:PrincipalArn"


def principal_element(names: tuple[str, ...], partition: str) -> Any:
    """Write plain names as a `Principal` element, ARNs of accounts in the bucket's own partition.

    Args:
        names: account ids, ARNs, services, federations, canonical user ids, or `*`.
        partition: `aws`, `aws-cn`, ….
    """
    if "*" in names:
        return "*"
    kinds: dict[str, list[str]] = {}
    for name in names:
        kind = _kind_of(name)
        written = f"arn:{partition}:iam::{name}:root" if is_account(name) else name
        kinds.setdefault(kind, []).append(written)
    return {kind: values[0] if len(values) == 1 else values for kind, values in kinds.items()}


def _kind_of(name: str) -> str:
    if _CANONICAL_USER.fullmatch(name):
        return "CanonicalUser"
    if _PROVIDER.search(name):
        return "Federated"
    if name.startswith("arn:") or is_account(name) or _DEAD.fullmatch(name):
        return "AWS"
    return "Service" if _SERVICE.fullmatch(name) and name != _COGNITO else "Federated"


def is_account(text: str) -> bool:
    """Tell whether a text is an account id: twelve digits, and no other script's."""
    return len(text) == 12 and text.isascii() and text.isdecimal()


def is_dead(name: str) -> bool:
    """Tell whether a principal is the bare id that S3 shows instead of a deleted role or user.

    Such ids are never used again, so they grant nobody anything; S3 refuses to take them back with `MalformedPolicy`.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    """
    return _DEAD.fullmatch(name) is not None


def dead_principals(statement: Statement) -> tuple[str, ...]:
    """List the dead principals of a canonical statement."""
    elements = (statement.get("Principal", {}), statement.get("NotPrincipal", {}))
    return tuple(name for element in elements for name in element.get("AWS", ()) if is_dead(name))


def without_dead(statement: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return a written statement without its dead principals; None when it was for nobody else.

    Nobody loses or gains anything by it. A `NotPrincipal` is left alone: emptied, it would mean everybody.
    """
    principal = statement.get("Principal")
    if not isinstance(principal, Mapping) or "AWS" not in principal:
        return statement
    names = texts(principal["AWS"])
    living = [name for name in names if not is_dead(name)]
    if len(living) == len(names):
        return statement
    rest = {kind: value for kind, value in principal.items() if kind != "AWS"}
    kept = rest | ({"AWS": living} if living else {})
    return {**statement, "Principal": kept} if kept else None


def operator_arns(bucket: Bucket) -> list[str]:
    """List the patterns of `aws:PrincipalArn` that match the operator.

    A role's path is in `aws:PrincipalArn` but not in the session ARN that GetCallerIdentity gives. With only
    `role/name`, a role made under a path would be shut out; `role/*/name` matches it whatever the path is.
    """
    arn = bucket.caller_role_arn
    head, is_role, name = arn.partition(":role/")
    return [arn, f"{head}:role/*/{name}"] if is_role else [arn]


def principal_arns(arn: str) -> list[str]:
    """List the patterns of `aws:PrincipalArn` that match an ARN; that key never holds a session's, but its role's."""
    head, is_session, rest = arn.partition(":assumed-role/")
    if not is_session:
        return [arn]
    role = rest.split("/", 1)[0]
    base = head.replace(":sts:", ":iam:", 1)
    return [f"{base}:role/{role}", f"{base}:role/*/{role}"]
