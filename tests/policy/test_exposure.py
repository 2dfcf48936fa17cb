"""Whom a policy lets in."""

from typing import Any

import pytest

from securebucket.policy.canonical import canonical_statement
from securebucket.policy.exposure import (
    admin_statements,
    foreign_statements,
    public_statements,
    unconfined_services,
    unrestricted_statements,
)

ARN = "arn:aws:s3:::acme"
ROLE = "arn:aws:iam::444455556666:role/reader"


def statement(principal: Any = "*", condition: dict[str, Any] | None = None, **elements: Any) -> dict[str, Any]:
    usual = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": f"{ARN}/*"}
    return canonical_statement({**usual, **({"Condition": condition} if condition else {}), **elements})


def only(**tests: Any) -> dict[str, Any]:
    """Give an Allow for everybody under conditions."""
    return statement("*", tests)


PUBLIC = {
    "everybody": statement("*"),
    "everybody as AWS": statement({"AWS": "*"}),
    "everybody beside an account": statement({"AWS": ["111122223333", "*"]}),
    "everybody but one": canonical_statement(
        {"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": f"{ARN}/*"}
    ),
    "any service": statement({"Service": "*"}),
    "no principal at all": canonical_statement({"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{ARN}/*"}),
    "what is no statement": canonical_statement("nonsense"),
    "wildcard of VPCs": only(StringLike={"aws:SourceVpc": "vpc-*"}),
    "one of two values is a wildcard": only(StringLike={"aws:SourceVpc": ["vpc-1", "vpc-*"]}),
    "variable": only(StringEquals={"aws:SourceVpc": "${aws:PrincipalTag/vpc}"}),
    "wildcard of organizations": only(StringLike={"aws:PrincipalOrgID": "o-*"}),
    "key that may be absent": only(StringEqualsIfExists={"aws:SourceVpc": "vpc-1"}),
    "all of none": only(**{"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-1234567890/*"}}),
    "negated": only(StringNotEquals={"aws:SourceVpc": "vpc-1"}),
    "everywhere": only(IpAddress={"aws:SourceIp": "0.0.0.0/0"}),
    "half the internet": only(IpAddress={"aws:SourceIp": "0.0.0.0/1"}),
    "just broader than /8": only(IpAddress={"aws:SourceIp": "54.0.0.0/7"}),
    "just broader than IPv6 /32": only(IpAddress={"aws:SourceIp": "2001:db8::/31"}),
    "one broad range of two": only(IpAddress={"aws:SourceIp": ["203.0.113.0/24", "::/0"]}),
    "address that is none": only(IpAddress={"aws:SourceIp": "everywhere"}),
    "referer is anybody's word": only(StringLike={"aws:Referer": "https://example.com/*"}),
    "user agent is anybody's word": only(StringEquals={"aws:UserAgent": "secret"}),
    "HTTPS": only(Bool={"aws:SecureTransport": "true"}),
    "user name without an account": only(StringEquals={"aws:username": "andrew"}),
    "wildcard user id": only(StringLike={"aws:userid": "AROAEXAMPLE:*"}),
    "role with a wildcard before the account": only(StringLike={"aws:PrincipalArn": "arn:aws:iam:*:444455556666:*"}),
    "role of any account": only(ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/reader"}),
    "wildcard source without account": only(ArnLike={"aws:SourceArn": "arn:aws:s3:::logs-*"}),
    "access points of any account": only(ArnLike={"s3:DataAccessPointArn": "arn:aws:s3:eu-west-1:*:accesspoint/*"}),
    "no values": only(StringEquals={"aws:SourceVpc": []}),
    "source with a wildcard in an account": only(
        ArnLike={"aws:SourceArn": "arn:aws:cloudtrail:*:111122223333:trail/*"}
    ),
    "two spellings, one of them a wildcard": only(StringLike={"aws:SourceVpc": "vpc-*", "aws:sourcevpc": "vpc-1"}),
}

NOT_PUBLIC = {
    "account": statement({"AWS": "111122223333"}),
    "role of another account": statement({"AWS": ROLE}),
    "service without condition": statement({"Service": "cloudtrail.amazonaws.com"}),
    "service with source account": statement(
        {"Service": "logging.s3.amazonaws.com"}, {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    ),
    "canonical user": statement({"CanonicalUser": "a" * 64}),
    "deleted role": statement({"AWS": "AROAEXAMPLEEXAMPLE12"}),
    "deny to everybody": statement("*", Effect="Deny"),
    "VPC": only(StringEquals={"aws:SourceVpc": "vpc-91237329"}),
    "VPC by StringLike without wildcard": only(StringLike={"aws:SourceVpc": "vpc-91237329"}),
    "endpoints": only(StringEquals={"aws:SourceVpce": ["vpce-1", "vpce-2"]}),
    "organization": only(StringEquals={"aws:PrincipalOrgID": "o-1234567890"}),
    "organization in any case": only(StringEqualsIgnoreCase={"AWS:principalorgid": "o-1234567890"}),
    "paths in an organization": only(**{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1234567890/*"}}),
    "addresses": only(IpAddress={"aws:SourceIp": ["203.0.113.0/24", "198.51.100.7", "2001:db8::/32"]}),
    "a whole /8": only(IpAddress={"aws:SourceIp": "54.0.0.0/8"}),
    "private range": only(IpAddress={"aws:SourceIp": "10.0.0.0/8"}),
    "source account": only(StringEquals={"aws:SourceAccount": "111122223333"}),
    "source bucket": only(ArnLike={"aws:SourceArn": "arn:aws:s3:::logs"}),
    "roles of one account": only(ArnLike={"aws:PrincipalArn": "arn:aws:iam::444455556666:role/app-*"}),
    "access points of one account": only(
        ArnLike={"s3:DataAccessPointArn": "arn:aws:s3:eu-west-1:444455556666:accesspoint/*"}
    ),
    "access points by account": only(StringEquals={"s3:DataAccessPointAccount": "444455556666"}),
    "user id": only(StringEquals={"aws:userid": "AIDAEXAMPLE"}),
    "two spellings": only(StringEquals={"aws:SourceVpc": "vpc-2", "aws:sourcevpc": "vpc-1"}),
    "one restricting condition of two": only(
        StringEquals={"aws:SourceVpc": "vpc-1"}, StringLike={"aws:Referer": "https://*"}
    ),
}


@pytest.mark.parametrize("each", PUBLIC.values(), ids=PUBLIC.keys())
def test_is_public(each: dict[str, Any]) -> None:
    assert public_statements({"A": each}) == ["A"]


@pytest.mark.parametrize("each", NOT_PUBLIC.values(), ids=NOT_PUBLIC.keys())
def test_is_not_public(each: dict[str, Any]) -> None:
    assert public_statements({"A": each}) == []


def test_unrestricted_means_everybody_without_any_condition() -> None:
    found = unrestricted_statements(
        {
            "open": statement("*"),
            "https": only(Bool={"aws:SecureTransport": "true"}),
            "role": statement({"AWS": ROLE}),
            "deny": statement("*", Effect="Deny"),
        }
    )
    assert found == ["open"]


def admin(principal: Any = "444455556666", action: Any = "s3:PutBucketPolicy", **elements: Any) -> dict[str, Any]:
    return statement({"AWS": principal} if isinstance(principal, str) else principal, Action=action, **elements)


SHARED = {
    "policy": admin(action="s3:PutBucketPolicy"),
    "delete policy": admin(action="s3:DeleteBucketPolicy"),
    "ACL": admin(action="s3:PutBucketAcl"),
    "object ACL": admin(action="s3:PutObjectAcl"),
    "encryption": admin(action="s3:PutEncryptionConfiguration"),
    "all": admin(action="s3:*"),
    "all of all services": admin(action="*"),
    "wildcard": admin(action="s3:PutBucket*"),
    "in any case": admin(action="S3:putbucketACL"),
    "all but": canonical_statement(
        {"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "NotAction": "s3:GetObject", "Resource": ARN}
    ),
    "everybody": admin("*"),
    "everybody but": canonical_statement(
        {"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "s3:*", "Resource": ARN}
    ),
    "role": admin(ROLE),
    "canonical user": admin({"CanonicalUser": "a" * 64}),
    "web identity": admin({"Federated": "accounts.google.com"}),
    "identity provider of another account": admin({"Federated": "arn:aws:iam::444455556666:saml-provider/x"}),
    "under a condition, which does not count": admin(
        condition={"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}
    ),
    "own account beside another": admin({"AWS": ["111122223333", "444455556666"]}),
    "what is no statement": canonical_statement("nonsense"),
}
NOT_SHARED = {
    "own account": admin("111122223333", "s3:*"),
    "own role": admin("arn:aws:iam::111122223333:role/admin", "s3:*"),
    "own identity provider": admin({"Federated": "arn:aws:iam::111122223333:saml-provider/x"}, "s3:*"),
    "service": admin({"Service": "s3.amazonaws.com"}, "s3:*"),
    "deleted role": admin("AROAEXAMPLEEXAMPLE12", "s3:*"),
    "data only": admin(action=["s3:GetObject", "s3:PutObject", "s3:GetBucketAcl"]),
    "deny": admin(action="s3:*", Effect="Deny"),
    "all but these": canonical_statement(
        {"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "NotAction": "s3:*", "Resource": ARN}
    ),
}


@pytest.mark.parametrize("each", SHARED.values(), ids=SHARED.keys())
def test_administration_is_shared(each: dict[str, Any]) -> None:
    assert admin_statements({"A": each}, "111122223333") == ["A"]


@pytest.mark.parametrize("each", NOT_SHARED.values(), ids=NOT_SHARED.keys())
def test_administration_is_not_shared(each: dict[str, Any]) -> None:
    assert admin_statements({"A": each}, "111122223333") == []


def foreign(principal: Any = "444455556666", condition: dict[str, Any] | None = None) -> dict[str, Any]:
    return statement({"AWS": principal} if isinstance(principal, str) else principal, condition)


FOREIGN = {
    "account": foreign(),
    "role": foreign(ROLE),
    "canonical user": foreign({"CanonicalUser": "a" * 64}),
    "origin access identity": foreign("arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"),
    "everybody": foreign("*"),
    "a wildcard pins nobody": foreign(condition={"StringLike": {"aws:PrincipalOrgID": "o-*"}}),
    "account by condition": foreign("*", {"StringEquals": {"aws:PrincipalAccount": "444455556666"}}),
    "own account and another by condition": foreign(
        "*", {"StringEquals": {"aws:PrincipalAccount": ["111122223333", "444455556666"]}}
    ),
    "roles by condition": foreign("*", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/*"}}),
    "source by condition": foreign("*", {"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:444455556666:trail/*"}}),
    "access points by condition": foreign("*", {"StringEquals": {"s3:DataAccessPointAccount": "444455556666"}}),
    "itself by condition": foreign(condition={"ArnEquals": {"aws:PrincipalArn": ROLE}}),
}
NOT_FOREIGN = {
    "own account": foreign("111122223333"),
    "trusted account": foreign("777788889999"),
    "trusted role": foreign("arn:aws:iam::777788889999:role/reader"),
    "deleted role": foreign("AROAEXAMPLEEXAMPLE12"),
    "service": foreign({"Service": "cloudtrail.amazonaws.com"}),
    "organization": foreign(condition={"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}),
    "endpoint": foreign(condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}),
    "own account by condition": foreign("*", {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}),
    "trusted account by condition": foreign("*", {"StringEquals": {"aws:SourceAccount": "777788889999"}}),
    "own sources by condition": foreign(
        "*", {"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:111122223333:trail/*"}}
    ),
    "one bucket by condition": foreign("*", {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::logs"}}),
}


@pytest.mark.parametrize("each", FOREIGN.values(), ids=FOREIGN.keys())
def test_another_account_is_let_in(each: dict[str, Any]) -> None:
    assert foreign_statements({"A": each}, {"111122223333", "777788889999"}) == ["A"]


@pytest.mark.parametrize("each", NOT_FOREIGN.values(), ids=NOT_FOREIGN.keys())
def test_no_account_is_let_in_that_is_not_trusted(each: dict[str, Any]) -> None:
    assert foreign_statements({"A": each}, {"111122223333", "777788889999"}) == []


SERVICE = {"Service": "cloudtrail.amazonaws.com"}
UNCONFINED = {
    "no condition": statement(SERVICE),
    "other condition": statement(SERVICE, {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}),
    "any source": statement(SERVICE, {"ArnLike": {"aws:SourceArn": "*"}}),
    "sources of any account": statement(SERVICE, {"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:*:trail/t"}}),
    "buckets by name": statement(SERVICE, {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::logs-*"}}),
    "service by condition": only(StringEquals={"aws:PrincipalServiceName": "cloudtrail.amazonaws.com"}),
}
CONFINED = {
    "source account": statement(SERVICE, {"StringEquals": {"AWS:SourceAccount": ["111122223333"]}}),
    "source": statement(SERVICE, {"ArnEquals": {"aws:SourceArn": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/t"}}),
    "sources of one account": statement(
        SERVICE, {"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:111122223333:trail/*"}}
    ),
    "organization": statement(SERVICE, {"StringEquals": {"aws:SourceOrgID": "o-1234567890"}}),
    "no service": statement({"AWS": ROLE}),
    "deny": statement(SERVICE, Effect="Deny"),
}


@pytest.mark.parametrize("each", UNCONFINED.values(), ids=UNCONFINED.keys())
def test_service_is_let_in_on_anybodys_behalf(each: dict[str, Any]) -> None:
    assert unconfined_services({"A": each}) == ["A"]


@pytest.mark.parametrize("each", CONFINED.values(), ids=CONFINED.keys())
def test_service_is_confined(each: dict[str, Any]) -> None:
    assert unconfined_services({"A": each}) == []


OWN, TRUSTED, STRANGER = "111122223333", "222233334444", "444455556666"

FOREIGN = {
    "another account": statement({"AWS": STRANGER}),
    "one of several": statement({"AWS": [OWN, STRANGER]}),
    "everybody": statement("*"),
    "everybody, of another account": only(StringEquals={"aws:PrincipalAccount": STRANGER}),
    "everybody, of two accounts": only(StringEquals={"aws:PrincipalAccount": [OWN, STRANGER]}),
    "everybody, as a role of another account": only(ArnLike={"aws:PrincipalArn": ROLE}),
    "another account, by itself": statement({"AWS": STRANGER}, {"StringEquals": {"aws:PrincipalAccount": STRANGER}}),
    "another account's services": only(StringEquals={"aws:SourceAccount": STRANGER}),
    "wildcard of organizations": statement({"AWS": STRANGER}, {"StringLike": {"aws:PrincipalOrgID": "o-*"}}),
}

NOT_FOREIGN = {
    "the account itself": statement({"AWS": OWN}),
    "a trusted account": statement({"AWS": f"arn:aws:iam::{TRUSTED}:root"}),
    "everybody, of the account itself": only(StringEquals={"aws:PrincipalAccount": OWN}),
    "everybody, of trusted accounts": only(StringEquals={"aws:PrincipalAccount": [OWN, TRUSTED]}),
    "everybody, as a role of a trusted account": only(ArnLike={"aws:PrincipalArn": f"arn:aws:iam::{TRUSTED}:role/*"}),
    "another account, in an organization": statement(
        {"AWS": STRANGER}, {"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}
    ),
    "another account, in an organization and named": only(
        StringEquals={"aws:PrincipalOrgID": "o-1234567890", "aws:PrincipalAccount": STRANGER}
    ),
    "everybody, for a bucket": only(ArnLike={"aws:SourceArn": "arn:aws:s3:::acme-logs"}),
    "refusal": statement({"AWS": STRANGER}, Effect="Deny"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_lets_an_account_in_that_is_not_trusted(name: str) -> None:
    assert foreign_statements({"s": FOREIGN[name]}, {OWN, TRUSTED}) == ["s"]


@pytest.mark.parametrize("name", NOT_FOREIGN)
def test_lets_no_account_in_that_is_not_trusted(name: str) -> None:
    assert foreign_statements({"s": NOT_FOREIGN[name]}, {OWN, TRUSTED}) == []
