"""The canonical form: what means the same is equal, what does not is different."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy.strategies import BUCKET, PATIENT, STATEMENTS

from securebucket.policy.canonical import UNREADABLE, canonical_statement, texts
from securebucket.policy.document import read_policy

BASE: dict[str, Any] = {
    "Sid": "Reports",
    "Effect": "Allow",
    "Principal": {"AWS": ["arn:aws:iam::111122223333:root", "arn:aws:iam::444455556666:role/reader"]},
    "Action": ["s3:GetObject", "s3:ListBucket"],
    "Resource": [BUCKET, f"{BUCKET}/*"],
    "Condition": {
        "Bool": {"aws:SecureTransport": "true"},
        "StringEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]},
    },
}


def changed(**elements: Any) -> dict[str, Any]:
    return {name: value for name, value in {**BASE, **elements}.items() if value is not None}


SAME = {
    "one action is a list of one": ({"Action": "s3:GetObject"}, {"Action": ["s3:GetObject"]}),
    "one resource is a list of one": ({"Resource": BUCKET}, {"Resource": [BUCKET]}),
    "one principal is a list of one": ({"Principal": {"AWS": "*"}}, {"Principal": {"AWS": ["*"]}}),
    "one value is a list of one": (
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": ["false"]}}},
    ),
    "order of actions": ({"Action": ["s3:A", "s3:B"]}, {"Action": ["s3:B", "s3:A"]}),
    "order of resources": ({"Resource": [BUCKET, f"{BUCKET}/*"]}, {"Resource": [f"{BUCKET}/*", BUCKET]}),
    "duplicates": ({"Action": ["s3:A", "s3:A", "s3:a"]}, {"Action": ["s3:A"]}),
    "case of actions": ({"Action": "s3:getobject"}, {"Action": "s3:GetObject"}),
    "case of NotAction": (
        {"Action": None, "NotAction": "S3:GETOBJECT"},
        {"Action": None, "NotAction": "s3:GetObject"},
    ),
    "case of condition keys": (
        {"Condition": {"Bool": {"AWS:securetransport": "false"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
    ),
    "case of a tag condition key": (
        {"Condition": {"StringEquals": {"aws:ResourceTag/Team": "a"}}},
        {"Condition": {"StringEquals": {"aws:resourcetag/team": "a"}}},
    ),
    "boolean": (
        {"Condition": {"Bool": {"aws:SecureTransport": False}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
    ),
    "number": (
        {"Condition": {"NumericLessThan": {"s3:TlsVersion": 1.2}}},
        {"Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}},
    ),
    "whole number": (
        {"Condition": {"NumericLessThan": {"s3:max-keys": 10}}},
        {"Condition": {"NumericLessThan": {"s3:max-keys": "10"}}},
    ),
    "account id is its root": (
        {"Principal": {"AWS": "111122223333"}},
        {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
    ),
    "account id is its root in the bucket's partition": (
        {"Principal": {"AWS": "111122223333"}, "Resource": "arn:aws-cn:s3:::acme"},
        {"Principal": {"AWS": "arn:aws-cn:iam::111122223333:root"}, "Resource": "arn:aws-cn:s3:::acme"},
    ),
    "account id is its root where no resource names a partition": (
        {"Principal": {"AWS": "111122223333"}, "Resource": "*"},
        {"Principal": {"AWS": "arn:aws-us-gov:iam::111122223333:root"}, "Resource": "*"},
    ),
    "everybody": ({"Principal": "*"}, {"Principal": {"AWS": "*"}}),
    "nobody exempt": (
        {"Principal": None, "NotPrincipal": {"AWS": "111122223333"}},
        {"Principal": None, "NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:root"]}},
    ),
    "empty Sid": ({"Sid": ""}, {"Sid": None}),
    "empty Condition": ({"Condition": {}}, {"Condition": None}),
    "operator without keys": ({"Condition": {"StringEquals": {}}}, {"Condition": None}),
}

DIFFERENT = {
    "effect": ({"Effect": "Allow"}, {"Effect": "Deny"}),
    "case of effect": ({"Effect": "Deny"}, {"Effect": "deny"}),
    "sid": ({"Sid": "Reports"}, {"Sid": "reports"}),
    "action": ({"Action": "s3:GetObject"}, {"Action": "s3:GetObjectAcl"}),
    "action and NotAction": ({"Action": "s3:GetObject"}, {"Action": None, "NotAction": "s3:GetObject"}),
    "wildcard action": ({"Action": "s3:*"}, {"Action": "*"}),
    "principal and NotPrincipal": (
        {"Principal": {"AWS": "111122223333"}},
        {"Principal": None, "NotPrincipal": {"AWS": "111122223333"}},
    ),
    "kind of principal": ({"Principal": {"AWS": "x"}}, {"Principal": {"Service": "x"}}),
    "account and one of its roles": (
        {"Principal": {"AWS": "111122223333"}},
        {"Principal": {"AWS": "arn:aws:iam::111122223333:role/root"}},
    ),
    "root of another partition": (
        {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
        {"Principal": {"AWS": "arn:aws-cn:iam::111122223333:root"}},
    ),
    "case of a role": (
        {"Principal": {"AWS": "arn:aws:iam::111122223333:role/App"}},
        {"Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}},
    ),
    "role and its dead id": (
        {"Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}},
        {"Principal": {"AWS": "AROAEXAMPLEEXAMPLE12"}},
    ),
    "canonical user and OAI": (
        {"Principal": {"CanonicalUser": "a" * 64}},
        {"Principal": {"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}},
    ),
    "resource": ({"Resource": BUCKET}, {"Resource": f"{BUCKET}/*"}),
    "case of a key": ({"Resource": f"{BUCKET}/A"}, {"Resource": f"{BUCKET}/a"}),
    "condition operator": (
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Condition": {"BoolIfExists": {"aws:SecureTransport": "false"}}},
    ),
    "case of a condition operator": (
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Condition": {"bool": {"aws:SecureTransport": "false"}}},
    ),
    "condition value": (
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
    ),
    "case of a condition value": (
        {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "Blue"}}},
        {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "blue"}}},
    ),
    "case of an object tag's key": (
        {"Condition": {"StringEquals": {"s3:ExistingObjectTag/Team": "a"}}},
        {"Condition": {"StringEquals": {"s3:ExistingObjectTag/team": "a"}}},
    ),
    "one more condition": (
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false"}}},
    ),
    "no condition": ({"Condition": {"Bool": {"aws:SecureTransport": "false"}}}, {"Condition": None}),
    "no values and no condition": ({"Condition": {"StringEquals": {"aws:SourceVpc": []}}}, {"Condition": None}),
    "number written otherwise": (
        {"Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}},
        {"Condition": {"NumericLessThan": {"s3:TlsVersion": "1.20"}}},
    ),
    "one key in two spellings": (
        {"Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1", "aws:sourcevpc": "vpc-2"}}},
        {"Condition": {"StringEquals": {"aws:SourceVpc": ["vpc-1", "vpc-2"]}}},
    ),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME.keys())
def test_the_same_meaning_has_the_same_form(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert canonical_statement(changed(**one)) == canonical_statement(changed(**other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_another_meaning_has_another_form(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert canonical_statement(changed(**one)) != canonical_statement(changed(**other))


@pytest.mark.parametrize("odd", ["text", None, ["list"], {"Condition": "x"}, {"Condition": {"Bool": "x"}}])
def test_what_is_no_statement_is_kept_as_its_text(odd: Any) -> None:
    assert set(canonical_statement(odd)) == {UNREADABLE}


def shuffled(value: Any, draw: Any) -> Any:
    """Write a value otherwise: in another order, members doubled, scalars as lists, numbers as texts."""
    if isinstance(value, dict):
        return {key: shuffled(value[key], draw) for key in draw(st.permutations(list(value)))}
    if isinstance(value, list):
        members = [*value, *draw(st.lists(st.sampled_from(value), max_size=2))]
        members = [shuffled(member, draw) for member in draw(st.permutations(members))]
        flat = [item for member in members for item in (member if isinstance(member, list) else [member])]
        return flat[0] if len(set(map(str, flat))) == 1 and draw(st.booleans()) else flat
    if isinstance(value, bool | int) and draw(st.booleans()):
        return json.dumps(value)
    return value


@PATIENT
@given(statement=STATEMENTS, data=st.data())
def test_order_number_and_notation_do_not_matter(statement: dict[str, Any], data: st.DataObject) -> None:
    assert canonical_statement(shuffled(statement, data.draw)) == canonical_statement(statement)


@PATIENT
@given(statement=STATEMENTS)
def test_the_form_of_a_form_is_itself(statement: dict[str, Any]) -> None:
    form = canonical_statement(statement)
    assert canonical_statement(form) == form


@PATIENT
@given(statements=st.lists(STATEMENTS, max_size=4), data=st.data())
def test_the_order_of_statements_does_not_matter(statements: list[dict[str, Any]], data: st.DataObject) -> None:
    other = [shuffled(statement, data.draw) for statement in data.draw(st.permutations(statements))]
    one, two = ({"Version": "2012-10-17", "Statement": each} for each in (statements, other))
    assert read_policy(json.dumps(one)) == read_policy(json.dumps(two))


def test_a_whole_number_has_no_fraction() -> None:
    assert texts([10.0, 111122223333.0, 1e21, 1.5, 7]) == ["10", "111122223333", "1000000000000000000000", "1.5", "7"]
