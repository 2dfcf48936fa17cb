"""The statements that let access logs in, and what keeps them out."""

from typing import Any

import pytest
from tests.controls.builders import ACCOUNT, bucket

from securebucket.model.demand import LogDemand
from securebucket.policy.canonical import canonical_statement
from securebucket.policy.document import keyed
from securebucket.policy.log_delivery import account_delivery, delivery_to, source_deliveries

TARGET = "acme-invoices"
ARN = f"arn:aws:s3:::{TARGET}"
DEMAND = LogDemand("acme-orders", ACCOUNT, "orders/")
LETS_IN = account_delivery(bucket(), "Logs")


def told(*statements: dict[str, Any], demand: LogDemand = DEMAND) -> tuple[bool, tuple[str, ...]]:
    canonical = {key: canonical_statement(each) for key, each in keyed(statements).items()}
    found = delivery_to(TARGET, "aws", demand, canonical)
    return found.allowed, found.denied_by


def test_many_sources_share_one_statement() -> None:
    """Single ones would fill a policy at 58."""
    demands = [LogDemand(f"acme-{number:03}", "", f"{number:03}/") for number in range(150)]
    (statement,) = source_deliveries(bucket(), demands)
    assert len(statement["Condition"]["ArnLike"]["aws:SourceArn"]) == 150
    assert len(str(statement)) < 20 * 1024
    assert all(told(statement, demand=LogDemand(each.source, ACCOUNT, each.prefix)) == (True, ()) for each in demands)


def test_sources_of_two_accounts_have_a_statement_each() -> None:
    first, second = source_deliveries(bucket(), [DEMAND, LogDemand("theirs", "444455556666", "")])
    assert [each["Condition"]["StringEquals"]["aws:SourceAccount"] for each in (first, second)] == [
        ACCOUNT,
        "444455556666",
    ]
    assert told(first)[0]
    assert not told(first, demand=LogDemand("theirs", "444455556666", ""))[0]


@pytest.mark.parametrize(
    "other",
    [
        LogDemand("acme-others", ACCOUNT, "orders/"),
        LogDemand("acme-orders", ACCOUNT, "elsewhere/"),
        LogDemand("acme-orders", ACCOUNT, ""),
        LogDemand("acme-orders", "444455556666", "orders/"),
    ],
    ids=["another source", "another prefix", "no prefix", "another account"],
)
def test_a_source_is_let_in_as_it_asked_and_no_further(other: LogDemand) -> None:
    (statement,) = source_deliveries(bucket(), [DEMAND])
    assert told(statement) == (True, ())
    assert told(statement, demand=other) == (False, ())


def test_a_prefix_is_no_pattern() -> None:
    demand = LogDemand("acme-orders", ACCOUNT, "a*/")
    (statement,) = source_deliveries(bucket(), [demand])
    assert statement["Resource"] == f"{ARN}/a${{*}}/*"
    assert told(statement, demand=demand) == (True, ())


def deny(condition: dict[str, Any], **elements: Any) -> dict[str, Any]:
    return {
        "Sid": "Denies",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"{ARN}/*",
        **({"Condition": condition} if condition else {}),
        **elements,
    }


CAUGHT = {
    "everything": deny({}),
    "no encryption header": deny({"Null": {"s3:x-amz-server-side-encryption": "true"}}),
    "another encryption header": deny({"StringNotEquals": {"s3:x-amz-server-side-encryption": "AES256"}}),
    "another key": deny({"StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "k"}}),
    "another network": deny({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}),
    "another VPC": deny({"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}),
    "another address": deny({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
    "another organization": deny({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}),
    "another account": deny({"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}}),
    "another principal": deny({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}),
    "another source account": deny({"StringNotEquals": {"aws:SourceAccount": "444455556666"}}),
    "no second factor": deny({"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}),
    "no condition on what is there": deny({"Null": {"s3:if-none-match": "true"}}),
    "services": deny({"Bool": {"aws:PrincipalIsAWSService": "true"}}),
    "a part of the keys": deny({}, Resource=f"{ARN}/orders/*"),
    "all but others": deny({}, Principal=None, NotPrincipal={"AWS": "arn:aws:iam::111122223333:role/x"}),
    "the service": deny({}, Principal={"Service": "logging.s3.amazonaws.com"}),
    "all actions but reading": deny({}, Action=None, NotAction="s3:GetObject"),
}


def stripped(statement: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in statement.items() if value is not None}


@pytest.mark.parametrize("statement", CAUGHT.values(), ids=CAUGHT)
def test_a_deny_that_catches_the_logs_is_named(statement: dict[str, Any]) -> None:
    assert told(LETS_IN, stripped(statement)) == (True, ("Denies",))


SPARED = {
    "services are excepted": deny(
        {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
    ),
    "the service is excepted": deny({}, Principal=None, NotPrincipal={"Service": "logging.s3.amazonaws.com"}),
    "plain HTTP": deny({"Bool": {"aws:SecureTransport": "false"}}),
    "old TLS": deny({"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
    "other keys": deny({}, Resource=f"{ARN}/private/*"),
    "other actions": deny({}, Action="s3:DeleteObject"),
    "people": deny({}, Principal={"AWS": "arn:aws:iam::111122223333:root"}),
    "wrong keys only where a header says so": deny(
        {"StringNotEqualsIfExists": {"s3:x-amz-server-side-encryption": "AES256"}, "Null": {"aws:SourceArn": "true"}}
    ),
}


@pytest.mark.parametrize("statement", SPARED.values(), ids=SPARED)
def test_a_deny_that_spares_the_logs_is_not_named(statement: dict[str, Any]) -> None:
    assert told(LETS_IN, stripped(statement)) == (True, ())


DOUBTED = {
    "an ACL": deny({"StringEquals": {"s3:x-amz-acl": ["public-read", "public-read-write"]}}),
    "an organization": deny(
        {"StringNotEqualsIfExists": {"aws:SourceOrgID": "o-1"}, "Bool": {"aws:PrincipalIsAWSService": "true"}}
    ),
    "an old TLS, perhaps": deny({"NumericLessThan": {"s3:TlsVersion": "1.3"}}),
    "a time": deny({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}),
    "a list of services": deny(
        {"ForAllValues:StringNotEquals": {"aws:PrincipalServiceNamesList": ["logging.s3.amazonaws.com"]}}
    ),
    "an operator in small letters": deny({"bool": {"aws:PrincipalIsAWSService": "true"}}),
}


@pytest.mark.parametrize("statement", DOUBTED.values(), ids=DOUBTED)
def test_a_deny_that_nobody_can_judge_is_a_doubt_and_no_refusal(statement: dict[str, Any]) -> None:
    canonical = {key: canonical_statement(each) for key, each in keyed([LETS_IN, statement]).items()}
    found = delivery_to(TARGET, "aws", DEMAND, canonical)
    assert (found.allowed, found.denied_by, found.doubted_by) == (True, (), ("Denies",))


@pytest.mark.parametrize(
    "statement",
    [
        LETS_IN | {"Principal": {"Service": "delivery.logs.amazonaws.com"}},
        LETS_IN | {"Action": "s3:GetObject"},
        LETS_IN | {"Resource": f"{ARN}/elsewhere/*"},
        LETS_IN | {"Condition": {"StringEquals": {"aws:SourceAccount": "444455556666"}}},
        LETS_IN | {"Condition": {"StringEquals": {"s3:x-amz-server-side-encryption": "AES256"}}},
        LETS_IN | {"Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
    ],
)
def test_what_is_allowed_to_others_or_otherwise_lets_no_logs_in(statement: dict[str, Any]) -> None:
    assert told(statement) == (False, ())


def test_a_policy_of_nothing_lets_nothing_in() -> None:
    assert told() == (False, ())
