"""In a raw statement, what YAML made of an account, an ARN, a date or a tag is not put as if it had been written."""

from typing import Any

import pytest
from tests.api.bodies import secure_bucket

from securebucket.api.objects import parse_secure_bucket
from securebucket.api.statement_texts import untold_texts

PATH = "spec.policy.statements[0]"
QUOTE = "put what is meant in quotes"


def told(**elements: Any) -> list[str]:
    usual = {"Sid": "One", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    statement = {name: value for name, value in (usual | elements).items() if value is not None}
    spec = parse_secure_bucket(secure_bucket({"policy": {"statements": [statement]}})).spec
    return [str(each) for each in untold_texts(spec.policy, "spec", "policy")]


def test_a_principal_that_yaml_read_as_an_octal_number() -> None:
    assert told(Principal={"AWS": 1402433619}) == [
        f"{PATH}.Principal.AWS: must be text, and was read as 1402433619; {QUOTE}"
    ]


REFUSED = {
    "Principal": (111122223333, ""),
    "a principal in a list": ({"AWS": ["111122223333", 12345]}, ".AWS[1]"),
    "a canonical user of digits": ({"CanonicalUser": 10**63}, ".CanonicalUser"),
    "a service that is no word": ({"Service": True}, ".Service"),
    "nobody in a list": ({"AWS": [None]}, ".AWS[0]"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("element", ["Principal", "NotPrincipal"])
def test_who_it_is_for_is_text(name: str, element: str) -> None:
    value, place = REFUSED[name]
    others = {"Principal": None} if element != "Principal" else {}
    (line,) = told(**{**others, element: value})
    assert line.startswith(f"{PATH}.{element}{place}: must be text")


@pytest.mark.parametrize(
    ("element", "instead"),
    [("Action", None), ("NotAction", "Action"), ("Resource", None), ("NotResource", "Resource")],
)
def test_what_it_is_about_is_text(element: str, instead: str | None) -> None:
    others = {instead: None} if instead else {}
    (line,) = told(**{**others, element: ["s3:GetObject", 1.5]})
    assert line.startswith(f"{PATH}.{element}[1]: must be text, and was read as 1.5")


OPERATORS = (
    "StringEquals",
    "StringNotEqualsIgnoreCase",
    "StringLikeIfExists",
    "ForAnyValue:StringEquals",
    "forallvalues:stringlikeifexists",
    "ArnLike",
    "ArnNotEqualsIfExists",
    "DateGreaterThan",
    "DateLessThanIfExists",
    "IpAddress",
    "NotIpAddress",
    "BinaryEquals",
    "SomethingNew",
)


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("value", [1402433619, 1.5, True, [None], ["a", 1]])
def test_a_condition_on_texts_takes_texts_only(operator: str, value: Any) -> None:
    (line,) = told(Condition={operator: {"aws:SourceAccount": value}})
    assert line.startswith(f"{PATH}.Condition")
    assert "aws:SourceAccount" in line
    assert QUOTE in line


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("NumericLessThan", True),
        ("NumericEquals", [False]),
        ("Bool", 1),
        ("BoolIfExists", 0.0),
        ("Null", 0),
    ],
)
def test_a_value_of_another_type_than_the_operators(operator: str, value: Any) -> None:
    (line,) = told(Condition={operator: {"s3:max-keys": value}})
    assert line.startswith(f"{PATH}.Condition.{operator}[s3:max-keys]")


@pytest.mark.parametrize(
    "condition",
    [
        {"NumericLessThan": {"s3:max-keys": 10}},
        {"NumericLessThanEqualsIfExists": {"s3:signatureAge": [600000, 1.5]}},
        {"ForAllValues:NumericEquals": {"s3:max-keys": 10.0}},
        {"Bool": {"aws:SecureTransport": False}},
        {"BoolIfExists": {"aws:MultiFactorAuthPresent": [True]}},
        {"Null": {"s3:x-amz-server-side-encryption": True}},
        {"StringEquals": {"aws:SourceAccount": "012345670123", "aws:PrincipalTag/cost": ["0815"]}},
        {"DateLessThan": {"aws:CurrentTime": "2031-01-01T00:00:00Z"}},
        "no mapping",
        {"StringEquals": "no mapping"},
    ],
)
def test_what_means_the_same_however_it_is_written_is_taken(condition: Any) -> None:
    """What is no condition at all is refused elsewhere, by its own words."""
    assert told(Condition=condition) == []
