"""What a statement's actions do: read, write, both, or nothing with S3."""

from typing import Any

import pytest

from securebucket.policy.actions import Access, accesses_of
from securebucket.policy.canonical import canonical_statement

READ, WRITE = frozenset({Access.READ}), frozenset({Access.WRITE})
BOTH, NOTHING = READ | WRITE, frozenset[Access]()

ACTIONS: dict[str, frozenset[Access]] = {
    "s3:GetObject": READ,
    "s3:ListBucket": READ,
    "s3:DescribeJob": READ,
    "s3:GetObjectAnnotation": READ,
    "s3:ListObjectAnnotations": READ,
    "s3:PutObjectAnnotation": WRITE,
    "s3:DeleteObjectAnnotation": WRITE,
    "S3:GETOBJECT": READ,
    "s3:Get*": READ,
    "s3:G*": READ,
    "s3:Li?tBucket": READ,
    "s3:Des*": READ,
    "s3:PutObject": WRITE,
    "s3:DeleteObject": WRITE,
    "s3:ReplicateObject": WRITE,
    "s3:BypassGovernanceRetention": WRITE,
    "s3:P*": WRITE,
    "s3:Getaway": READ,
    "s3:De*": BOTH,
    "s3:*": BOTH,
    "s3:*Object": BOTH,
    "s3:?etObject": BOTH,
    "*": BOTH,
    "*:*": BOTH,
    "s?:*": BOTH,
    "s3*": BOTH,
    "ec2:RunInstances": NOTHING,
    "s3-object-lambda:GetObject": NOTHING,
    "s3express:CreateSession": NOTHING,
    "s3": NOTHING,
}


@pytest.mark.parametrize(("action", "expected"), ACTIONS.items(), ids=ACTIONS.keys())
def test_an_action_is_told_by_its_name(action: str, expected: frozenset[Access]) -> None:
    assert accesses_of(canonical_statement({"Effect": "Allow", "Action": action})) == expected


NOT_ACTIONS: dict[str, tuple[Any, frozenset[Access]]] = {
    "one reading action": ("s3:GetObject", BOTH),
    "one kind of reading": ("s3:Get*", BOTH),
    "everything that reads": (["s3:Get*", "s3:List*", "s3:Describe*"], WRITE),
    "everything of S3": ("s3:*", NOTHING),
    "everything": ("*", NOTHING),
    "another service": ("ec2:*", BOTH),
    "everything that writes, as far as it is named": (["s3:Put*", "s3:Delete*"], BOTH),
    "names of nine characters": (["s3:?????????"], BOTH),
}


@pytest.mark.parametrize(("actions", "expected"), NOT_ACTIONS.values(), ids=NOT_ACTIONS.keys())
def test_what_is_left_of_all_but_some_actions(actions: Any, expected: frozenset[Access]) -> None:
    assert accesses_of(canonical_statement({"Effect": "Allow", "NotAction": actions})) == expected


def test_several_actions_are_joined() -> None:
    statement = canonical_statement({"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "ec2:RunInstances"]})
    assert accesses_of(statement) == BOTH


def test_what_cannot_be_read_may_be_anything() -> None:
    assert accesses_of(canonical_statement("nonsense")) == BOTH
