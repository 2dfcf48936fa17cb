"""Principals: plain names as elements, dead ones, and the operator's own patterns."""

from typing import Any

import pytest
from tests.controls.builders import bucket

from securebucket.policy.principals import (
    dead_principals,
    is_dead,
    operator_arns,
    principal_arns,
    principal_element,
    without_dead,
)

DEAD = "AROAEXAMPLEEXAMPLE123"
USER = "0123456789abcdef" * 4

ELEMENTS = {
    "everybody": (("*",), "*"),
    "everybody and somebody": (("111122223333", "*"), "*"),
    "account": (("111122223333",), {"AWS": "arn:aws-cn:iam::111122223333:root"}),
    "role": (("arn:aws-cn:iam::111122223333:role/a",), {"AWS": "arn:aws-cn:iam::111122223333:role/a"}),
    "federated user": (
        ("arn:aws:sts::111122223333:federated-user/bob",),
        {"AWS": "arn:aws:sts::111122223333:federated-user/bob"},
    ),
    "two accounts": (
        ("111122223333", "444455556666"),
        {"AWS": ["arn:aws-cn:iam::111122223333:root", "arn:aws-cn:iam::444455556666:root"]},
    ),
    "service": (("logging.s3.amazonaws.com",), {"Service": "logging.s3.amazonaws.com"}),
    "service of a partition": (("ec2.amazonaws.com.cn",), {"Service": "ec2.amazonaws.com.cn"}),
    "saml": (
        ("arn:aws:iam::111122223333:saml-provider/idp",),
        {"Federated": "arn:aws:iam::111122223333:saml-provider/idp"},
    ),
    "oidc": (
        ("arn:aws:iam::111122223333:oidc-provider/id.example.com",),
        {"Federated": "arn:aws:iam::111122223333:oidc-provider/id.example.com"},
    ),
    "cognito": (("cognito-identity.amazonaws.com",), {"Federated": "cognito-identity.amazonaws.com"}),
    "web identity": (("accounts.google.com",), {"Federated": "accounts.google.com"}),
    "canonical user": ((USER,), {"CanonicalUser": USER}),
    "all kinds": (
        ("111122223333", "s3.amazonaws.com", USER),
        {"AWS": "arn:aws-cn:iam::111122223333:root", "Service": "s3.amazonaws.com", "CanonicalUser": USER},
    ),
}


@pytest.mark.parametrize(("names", "element"), ELEMENTS.values(), ids=ELEMENTS.keys())
def test_plain_names_become_an_element(names: tuple[str, ...], element: Any) -> None:
    assert principal_element(names, "aws-cn") == element


@pytest.mark.parametrize(
    ("name", "dead"),
    [
        (DEAD, True),
        ("AIDAEXAMPLEEXAMPLE123", True),
        ("arn:aws:iam::111122223333:role/AROAEXAMPLEEXAMPLE123", False),
        ("111122223333", False),
        ("*", False),
    ],
)
def test_bare_ids_of_roles_and_users_are_dead(name: str, dead: bool) -> None:
    assert is_dead(name) is dead


def test_dead_principals_are_found_in_both_elements() -> None:
    assert dead_principals({"Principal": {"AWS": [DEAD, "*"]}}) == (DEAD,)
    assert dead_principals({"NotPrincipal": {"AWS": [DEAD]}}) == (DEAD,)
    assert dead_principals({"Principal": {"Service": ["s3.amazonaws.com"]}}) == ()


WITHOUT = {
    "none dead": ({"AWS": "111122223333"}, {"AWS": "111122223333"}),
    "one of two": ({"AWS": [DEAD, "111122223333"]}, {"AWS": ["111122223333"]}),
    "all of one kind": ({"AWS": DEAD, "Service": "s3.amazonaws.com"}, {"Service": "s3.amazonaws.com"}),
    "everybody": ("*", "*"),
}


@pytest.mark.parametrize(("before", "after"), WITHOUT.values(), ids=WITHOUT.keys())
def test_dead_principals_are_left_out(before: Any, after: Any) -> None:
    assert without_dead({"Sid": "A", "Principal": before}) == {"Sid": "A", "Principal": after}


def test_statement_for_dead_principals_only_is_left_out() -> None:
    assert without_dead({"Sid": "A", "Effect": "Allow", "Principal": {"AWS": [DEAD]}}) is None


def test_not_principal_is_left_alone() -> None:
    """Emptied it would mean everybody."""
    statement = {"Sid": "A", "Effect": "Deny", "NotPrincipal": {"AWS": [DEAD]}}
    assert without_dead(statement) == statement


@pytest.mark.parametrize(
    ("caller", "patterns"),
    [
        (
            "arn:aws:sts::111122223333:assumed-role/securebucket/pod-1",
            ["arn:aws:iam::111122223333:role/securebucket", "arn:aws:iam::111122223333:role/*/securebucket"],
        ),
        ("arn:aws:iam::111122223333:user/ops/bot", ["arn:aws:iam::111122223333:user/ops/bot"]),
        ("arn:aws:iam::111122223333:root", ["arn:aws:iam::111122223333:root"]),
    ],
)
def test_operator_is_matched_whatever_its_role_path(caller: str, patterns: list[str]) -> None:
    assert operator_arns(bucket(caller_arn=caller)) == patterns


@pytest.mark.parametrize(
    ("arn", "patterns"),
    [
        ("arn:aws:iam::111122223333:role/team/admin", ["arn:aws:iam::111122223333:role/team/admin"]),
        (
            "arn:aws:sts::111122223333:assumed-role/admin/alice",
            ["arn:aws:iam::111122223333:role/admin", "arn:aws:iam::111122223333:role/*/admin"],
        ),
    ],
)
def test_session_is_matched_by_its_role(arn: str, patterns: list[str]) -> None:
    assert principal_arns(arn) == patterns
