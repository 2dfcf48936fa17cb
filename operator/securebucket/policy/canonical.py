"""The canonical form of a statement: two statements that mean the same have equal forms.

S3 does not give a policy back as it was put: one-element lists become strings, account ids become root ARNs
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html).
Comparing text would write the same policy again and again. The form is for comparing and judging only; what is put is
always the form as written.

In canonical form every element but `Sid` and `Effect` has one shape: actions, resources, principals and condition
values are sorted lists without duplicates; actions and condition keys are in lower case, since IAM ignores their case;
`Principal: "*"` is `{"AWS": ["*"]}`; an account's root ARN is the account id.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, TypeAlias, TypeGuard

from securebucket.model.document import Json, canonical_text, jsonable

Statement: TypeAlias = Mapping[str, Any]
"""A statement in canonical form."""

UNREADABLE = "Unreadable"
"""Marks the canonical form of something that is not a statement; S3 holds none, other servers may."""

_PRINCIPALS = frozenset({"Principal", "NotPrincipal"})
_ACTIONS = frozenset({"Action", "NotAction"})
_RESOURCES = frozenset({"Resource", "NotResource"})
_ROOT = re.compile(r"arn:([a-z-]+):iam::([0-9]{12}):root")
_PARTITION = re.compile(r"arn:([a-z-]+):s3:")


def canonical_statement(statement: Any) -> dict[str, Any]:
    """Return the canonical form; what is not a statement becomes its Sid, if any, and `{"Unreadable": its text}`."""
    if not _is_statement(statement):
        sid = statement.get("Sid") if isinstance(statement, Mapping) else None
        return ({"Sid": _text(sid)} if sid else {}) | {UNREADABLE: canonical_text(jsonable(statement))}
    partition = _partition_of(statement)
    canonical: dict[str, Any] = {}
    for element, value in statement.items():
        if element in _PRINCIPALS:
            canonical[element] = _principal(value, partition)
        elif element in _ACTIONS:
            canonical[element] = sorted({text.lower() for text in texts(value)})
        elif element in _RESOURCES:
            canonical[element] = _set(value)
        elif element == "Condition":
            conditions = _conditions(value)
            if conditions:
                canonical[element] = conditions
        elif element != "Sid" or value:
            canonical[element] = _text(value)
    return canonical


def texts(value: Any) -> list[str]:
    """List the texts of a policy value, which may be one scalar or a list; booleans and numbers become their texts."""
    return [_text(item) for item in value] if isinstance(value, list | tuple) else [_text(value)]


def _is_statement(statement: Any) -> TypeGuard[Mapping[str, Any]]:
    if not isinstance(statement, Mapping):
        return False
    condition = statement.get("Condition") or {}
    return isinstance(condition, Mapping) and all(isinstance(tests, Mapping) for tests in condition.values())


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return canonical_text(jsonable(value))  # true, false; and whatever S3 would refuse anyway


def _set(value: Any) -> list[str]:
    return sorted(set(texts(value)))


def _partition_of(statement: Mapping[str, Any]) -> str | None:
    """Read the partition off the resources; None where they name none (`*`)."""
    for element in ("Resource", "NotResource"):
        for resource in texts(statement.get(element, ())):
            found = _PARTITION.match(resource)
            if found:
                return found.group(1)
    return None


def _principal(value: Any, partition: str | None) -> dict[str, Json]:
    principals: Mapping[str, Any] = value if isinstance(value, Mapping) else {"AWS": value}
    return {
        kind: sorted({_account(name, partition) if kind == "AWS" else name for name in texts(names)})
        for kind, names in principals.items()
    }


def _account(name: str, partition: str | None) -> str:
    """Shorten a root ARN to its account id. One of another partition is not an account of this one and stays."""
    found = _ROOT.fullmatch(name)
    return found.group(2) if found and partition in {None, found.group(1)} else name


def _conditions(value: Any) -> dict[str, Json]:
    conditions: dict[str, Json] = {}
    for operator, tests in (value or {}).items():
        keys = {key: _key(key) for key in tests}
        twins = Counter(keys.values())
        if tests:
            # Two spellings of one key in one operator: neither IAM nor S3 says how they combine, so both stay.
            conditions[operator] = {
                keys[key] if twins[keys[key]] == 1 else key: _set(values) for key, values in tests.items()
            }
    return conditions


def _key(key: str) -> str:
    """Fold a condition key's case; the tag key in `s3:ExistingObjectTag/<tag>` keeps its own, as object tags do."""
    name, slash, tag = key.partition("/")
    name = name.lower()
    return name + slash + (tag.lower() if name.startswith("aws:") else tag)
