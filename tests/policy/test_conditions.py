"""Conditions, judged with what is known of a request."""

from typing import Any

import pytest

from securebucket.policy.canonical import canonical_statement
from securebucket.policy.conditions import may_hold

KNOWN = {
    "aws:principalarn": ("arn:aws:iam::111122223333:role/op",),
    "aws:securetransport": ("true",),
    "s3:tlsversion": ("1.2", "1.3"),
    "s3:prefix": (),
    "aws:principaltype": ("AssumedRole",),
    "aws:sourceip": ("203.0.113.7",),
}

MAY = {
    "no condition": {},
    "unknown key": {"StringEquals": {"aws:SourceVpc": "vpc-1"}},
    "unknown key, negated": {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}},
    "unknown operator": {"StringSounds": {"aws:PrincipalType": "x"}},
    "equal": {"StringEquals": {"aws:PrincipalType": ["User", "AssumedRole"]}},
    "equal in another case": {"StringEqualsIgnoreCase": {"aws:PrincipalType": "assumedrole"}},
    "not equal": {"StringNotEquals": {"aws:PrincipalType": "User"}},
    "like": {"StringLike": {"aws:PrincipalType": "Assumed*"}},
    "not like": {"StringNotLike": {"aws:PrincipalType": "U?er"}},
    "ARN like": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}},
    "ARN equals takes wildcards too": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/o?"}},
    "ARN not like": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/other"}},
    "ARN like a part of one": {"ArnLike": {"aws:PrincipalArn": "*"}},
    "ARN not like a part of one": {"ArnNotLike": {"aws:PrincipalArn": ["*", "arn:aws:*"]}},
    "a wildcard never reaches over a colon": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:*role/op"}},
    "bool in another case": {"Bool": {"aws:SecureTransport": "TRUE"}},
    "one of the possible versions": {"NumericLessThan": {"s3:TlsVersion": "1.3"}},
    "one of the possible versions, negated": {"NumericNotEquals": {"s3:TlsVersion": "1.2"}},
    "an address in": {"IpAddress": {"aws:SourceIp": ["2001:db8::/32", "203.0.113.0/24"]}},
    "an address in a range with host bits": {"IpAddress": {"aws:SourceIp": "203.0.113.1/24"}},
    "an address not in": {"NotIpAddress": {"aws:SourceIp": ["198.51.100.0/24", "2001:db8::/32"]}},
    "no range": {"IpAddress": {"aws:SourceIp": "everywhere"}},
    "no number": {"NumericLessThan": {"s3:TlsVersion": "old"}},
    "variable": {"StringEquals": {"aws:PrincipalType": "${aws:PrincipalTag/type}"}},
    "variable, negated": {"StringNotEquals": {"aws:PrincipalType": "${aws:PrincipalTag/type}"}},
    "absent and negated": {"StringNotLike": {"s3:prefix": "a*"}},
    "absent and an address not in": {"NotIpAddress": {"s3:prefix": "10.0.0.0/8"}},
    "absent and IfExists": {"StringEqualsIfExists": {"s3:prefix": "a"}},
    "absent and all of none": {"ForAllValues:StringEquals": {"s3:prefix": "a"}},
    "absent and Null": {"Null": {"s3:prefix": "true"}},
    "present and not Null": {"Null": {"aws:SecureTransport": "false"}},
    "all may": {"Bool": {"aws:SecureTransport": "true"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}},
}

CANNOT = {
    "equal": {"StringEquals": {"aws:PrincipalType": "User"}},
    "equal in another case": {"StringEquals": {"aws:PrincipalType": "assumedrole"}},
    "not equal": {"StringNotEquals": {"aws:PrincipalType": ["User", "AssumedRole"]}},
    "not equal if exists": {"StringNotEqualsIfExists": {"aws:PrincipalType": "AssumedRole"}},
    "like": {"StringLike": {"aws:PrincipalType": "Assumed?"}},
    "ARN like": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:user/*"}},
    "ARN not like": {"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::1:role/x", "arn:aws:iam::111122223333:role/*"]}},
    "bool": {"Bool": {"aws:SecureTransport": "false"}},
    "bool if exists": {"BoolIfExists": {"aws:SecureTransport": "false"}},
    "number": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
    "number at most": {"NumericLessThanEquals": {"s3:TlsVersion": "1.1"}},
    "number at least": {"NumericGreaterThanEquals": {"s3:TlsVersion": "1.4"}},
    "number more": {"NumericGreaterThan": {"s3:TlsVersion": "1.3"}},
    "an address in": {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}},
    "an address not in": {"NotIpAddress": {"aws:SourceIp": ["198.51.100.0/24", "203.0.113.7"]}},
    "absent and an address in": {"IpAddress": {"s3:prefix": "10.0.0.0/8"}},
    "absent": {"StringLike": {"s3:prefix": "*"}},
    "absent and any of": {"ForAnyValue:StringLike": {"s3:prefix": "*"}},
    "absent and not Null": {"Null": {"s3:prefix": "false"}},
    "present and Null": {"Null": {"aws:SecureTransport": "true"}},
    "one cannot": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}},
    "one of two keys cannot": {"StringEquals": {"aws:PrincipalType": "User", "aws:SourceVpc": "vpc-1"}},
}


def judged(condition: dict[str, Any]) -> bool:
    return may_hold(canonical_statement({"Condition": condition}).get("Condition", {}), KNOWN)


@pytest.mark.parametrize("condition", MAY.values(), ids=MAY.keys())
def test_condition_may_hold(condition: dict[str, Any]) -> None:
    assert judged(condition)


@pytest.mark.parametrize("condition", CANNOT.values(), ids=CANNOT.keys())
def test_condition_cannot_hold(condition: dict[str, Any]) -> None:
    assert not judged(condition)
