"""Policies that refuse plain HTTP, or seem to."""

from typing import Any

from securebucket_dev.scanners.configuration import OPEN_ACCOUNT, Configuration
from securebucket_dev.scanners.configurations.steps import BOTH_ARNS, BUCKET_ARN, OBJECTS_ARN, allow, deny, policy

PLAIN = {"Bool": {"aws:SecureTransport": "false"}}
OLD_TLS = {"NumericLessThan": {"s3:TlsVersion": "1.2"}}


def _tls(name: str, says: str, *statements: Any) -> Configuration:
    return Configuration(f"tls-{name}", says, (policy(*statements),))


TLS = (
    _tls("plain", "Everybody is refused everything without TLS.", deny(PLAIN)),
    _tls("aws-star", 'Refused without TLS, for {"AWS": "*"}.', deny(PLAIN, Principal={"AWS": "*"})),
    _tls("any-action", 'Refused without TLS, as the action "*".', deny(PLAIN, Action="*")),
    _tls(
        "action-list", "Refused without TLS, with lists of one.", deny(PLAIN, Action=["s3:*"], Principal={"AWS": ["*"]})
    ),
    _tls("only-objects", "Refused without TLS, on the objects alone.", deny(PLAIN, Resource=OBJECTS_ARN)),
    _tls("only-bucket", "Refused without TLS, on the bucket alone.", deny(PLAIN, Resource=BUCKET_ARN)),
    _tls("only-prefix", "Refused without TLS, on some objects.", deny(PLAIN, Resource=f"{BUCKET_ARN}/secret/*")),
    _tls(
        "two-statements",
        "Refused without TLS, the bucket in one statement and the objects in another.",
        deny(PLAIN, Resource=BUCKET_ARN),
        deny(PLAIN, Resource=OBJECTS_ARN),
    ),
    _tls("any-resource", 'Refused without TLS, on the resource "*".', deny(PLAIN, Resource="*")),
    _tls(
        "boolean", "The condition's value is a JSON false, not a text.", deny({"Bool": {"aws:SecureTransport": False}})
    ),
    _tls("value-list", "The condition's value is a list of one.", deny({"Bool": {"aws:SecureTransport": ["false"]}})),
    _tls("lower-key", "The condition's key is in lower case.", deny({"Bool": {"aws:securetransport": "false"}})),
    _tls("if-exists", "The condition is BoolIfExists.", deny({"BoolIfExists": {"aws:SecureTransport": "false"}})),
    _tls(
        "services-exempt",
        "Refused without TLS, but for AWS services.",
        deny({"Bool": {"aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false"}}),
    ),
    _tls(
        "extra-condition",
        "Refused without TLS, from one network only.",
        deny({**PLAIN, "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
    ),
    _tls("version", "Only TLS below 1.2 is refused, which plain HTTP is not.", deny(OLD_TLS)),
    _tls("and-version", "Plain HTTP and TLS below 1.2 are refused, each by a statement.", deny(PLAIN), deny(OLD_TLS)),
    _tls("with-version", "Refused where both hold: no TLS, and TLS below 1.2.", deny({**PLAIN, **OLD_TLS})),
    _tls(
        "allow-secure",
        "An Allow asks for TLS, and nothing refuses plain HTTP.",
        allow(
            {"AWS": f"arn:aws:iam::{OPEN_ACCOUNT}:root"},
            "s3:*",
            BOTH_ARNS,
            Condition={"Bool": {"aws:SecureTransport": "true"}},
        ),
    ),
    _tls("reversed", "TLS is what is refused.", deny({"Bool": {"aws:SecureTransport": "true"}})),
    _tls("only-uploads", "Only uploads are refused without TLS.", deny(PLAIN, Action="s3:PutObject")),
    _tls("only-reads", "Only reads are refused without TLS.", deny(PLAIN, Action="s3:GetObject")),
    _tls(
        "one-account",
        "Only one account is refused without TLS.",
        deny(PLAIN, Principal={"AWS": f"arn:aws:iam::{OPEN_ACCOUNT}:root"}),
    ),
    _tls(
        "all-but-one",
        "Everybody but one role is refused without TLS, with NotPrincipal.",
        deny(PLAIN, Principal=None, NotPrincipal={"AWS": f"arn:aws:iam::{OPEN_ACCOUNT}:role/old"}),
    ),
    _tls(
        "not-action", "Everything but one action is refused without TLS.", deny(PLAIN, Action=None, NotAction="s3:Get*")
    ),
    _tls("unconditional", "Everybody is refused everything, always.", deny(None)),
)
