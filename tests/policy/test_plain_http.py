"""Whether a policy refuses plain HTTP."""

from typing import Any

import pytest

from securebucket.policy.canonical import canonical_statement
from securebucket.policy.exposure import (
    refuses_plain_http,
)

ARN = "arn:aws:s3:::acme"


def tls(condition: dict[str, Any] | None = None, **elements: Any) -> dict[str, Any]:
    usual = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [ARN, f"{ARN}/*"],
        "Condition": condition or {"Bool": {"aws:SecureTransport": "false"}},
    }
    return canonical_statement({**usual, **elements})


REFUSES = {
    "plain": [tls()],
    "boolean": [tls({"Bool": {"aws:SecureTransport": False}})],
    "if exists": [tls({"BoolIfExists": {"aws:SecureTransport": "false"}})],
    "everybody as AWS": [tls(Principal={"AWS": "*"})],
    "all actions": [tls(Action="*")],
    "wildcard over bucket and objects": [tls(Resource=f"{ARN}*")],
    "everything": [tls(Resource="*")],
    "bucket and objects apart": [tls(Resource=ARN), tls(Resource=f"{ARN}/*")],
    "services exempt": [tls({"Bool": {"aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false"}})],
    "services exempt by IfExists": [
        tls({"Bool": {"aws:SecureTransport": "false"}, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}})
    ],
}
DOES_NOT_REFUSE = {
    "no policy": [],
    "allow with TLS": [tls({"Bool": {"aws:SecureTransport": "true"}}, Effect="Allow")],
    "the wrong way round": [tls({"Bool": {"aws:SecureTransport": "true"}})],
    "both ways": [tls({"Bool": {"aws:SecureTransport": ["true", "false"]}})],
    "objects only": [tls(Resource=f"{ARN}/*")],
    "bucket only": [tls(Resource=ARN)],
    "one folder": [tls(Resource=[ARN, f"{ARN}/folder/*"])],
    "short keys only": [tls(Resource=[ARN, f"{ARN}/?"])],
    "keys of nine characters only": [tls(Resource=[ARN, f"{ARN}/?????????"])],
    "actions of one character": [tls(Action="s3:?")],
    "another bucket": [tls(Resource=["arn:aws:s3:::other", "arn:aws:s3:::other/*"])],
    "reading only": [tls(Action=["s3:GetObject", "s3:ListBucket"])],
    "one account": [tls(Principal={"AWS": "111122223333"})],
    "all but one": [tls(Principal=None, NotPrincipal={"AWS": "111122223333"})],
    "all but some actions": [tls(Action=None, NotAction="s3:GetObject")],
    "narrowed by a condition": [
        tls({"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:SourceVpc": "a"}})
    ],
    "narrowed by another Bool": [
        tls({"Bool": {"aws:SecureTransport": "false", "aws:MultiFactorAuthPresent": "false"}})
    ],
    "no condition on TLS": [tls({"Bool": {"aws:PrincipalIsAWSService": "false"}})],
}


def refuses(statements: list[dict[str, Any]]) -> bool:
    return refuses_plain_http({str(index): each for index, each in enumerate(statements)}, ARN)


@pytest.mark.parametrize("statements", REFUSES.values(), ids=REFUSES.keys())
def test_plain_http_is_refused(statements: list[dict[str, Any]]) -> None:
    assert refuses(statements)


@pytest.mark.parametrize("statements", DOES_NOT_REFUSE.values(), ids=DOES_NOT_REFUSE.keys())
def test_plain_http_is_not_refused(statements: list[dict[str, Any]]) -> None:
    assert not refuses(statements)
