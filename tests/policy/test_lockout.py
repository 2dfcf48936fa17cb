"""Denies that would shut the operator out, and those that would not."""

from dataclasses import replace
from typing import Any

import pytest
from tests.controls.builders import bucket, context

from securebucket.controls import CONTROLS
from securebucket.model.control import rights_on_bucket
from securebucket.policy.canonical import canonical_statement
from securebucket.policy.document import ABSENT
from securebucket.policy.lockout import find_lockouts
from securebucket.policy.refusals import refuse_lockout

RIGHTS = rights_on_bucket(CONTROLS)
ARN = "arn:aws:s3:::acme-invoices"
SESSION = "arn:aws:sts::111122223333:assumed-role/securebucket/operator"
ROLE = "arn:aws:iam::111122223333:role/securebucket"
ANY_PATH = "arn:aws:iam::111122223333:role/*/securebucket"
PATHFUL = "arn:aws:iam::111122223333:role/platform/securebucket"
USER = "arn:aws:iam::111122223333:user/ops/bot"
ROOT = "arn:aws:iam::111122223333:root"


def deny(**elements: Any) -> dict[str, Any]:
    usual = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [ARN, f"{ARN}/*"]}
    return {name: value for name, value in {**usual, **elements}.items() if value is not None}


def unless(*arns: str, operator: str = "ArnNotLike") -> dict[str, Any]:
    return deny(Condition={operator: {"aws:PrincipalArn": list(arns)}})


def when(**tests: Any) -> dict[str, Any]:
    return deny(Condition=tests)


def spared(*names: str) -> dict[str, Any]:
    return deny(Principal=None, NotPrincipal={"AWS": list(names)})


LOCKS_OUT = {
    "everybody everything": deny(),
    "everybody as AWS": deny(Principal={"AWS": "*"}),
    "the account": deny(Principal={"AWS": "111122223333"}),
    "the role": deny(Principal={"AWS": ROLE}),
    "the role under a path": deny(Principal={"AWS": PATHFUL}),
    "the session": deny(Principal={"AWS": SESSION}),
    "a canonical user, who may be the account": deny(Principal={"CanonicalUser": "a" * 64}),
    "one action": deny(Action="s3:PutBucketPolicy"),
    "one action in another case": deny(Action="S3:putbucketpolicy"),
    "one write among others": deny(Action=["s3:DeleteObject", "s3:PutLifecycleConfiguration"]),
    "reads": deny(Action="s3:Get*"),
    "all but": deny(Action=None, NotAction=["s3:GetObject"]),
    "any resource": deny(Resource="*"),
    "resource with a wildcard": deny(Resource="arn:aws:s3:::acme-*"),
    "resource with a variable": deny(Resource="arn:aws:s3:::${aws:PrincipalTag/bucket}"),
    "all but some objects": deny(Resource=None, NotResource=f"{ARN}/public/*"),
    "unknown network": when(StringNotEquals={"aws:SourceVpce": "vpce-1"}),
    "unknown address": when(NotIpAddress={"aws:SourceIp": "203.0.113.0/24"}),
    "unknown private address": when(NotIpAddress={"aws:VpcSourceIp": "10.0.0.0/8"}),
    "unknown organization of the bucket": when(StringNotEquals={"aws:ResourceOrgID": "o-1234567890"}),
    "unknown age of the MFA": when(NumericGreaterThanIfExists={"aws:MultiFactorAuthAge": "3600"}),
    "unknown MFA": when(BoolIfExists={"aws:MultiFactorAuthPresent": "false"}),
    "unknown organization": when(StringNotEquals={"aws:PrincipalOrgID": "o-1234567890"}),
    "other accounts only exempt": when(StringNotEquals={"aws:PrincipalAccount": "444455556666"}),
    "people, as services are exempt": when(BoolIfExists={"aws:PrincipalIsAWSService": "false"}),
    "TLS 1.3, as the operator may have 1.2": when(NumericLessThan={"s3:TlsVersion": "1.3"}),
    "source account, which only services have": when(StringNotEquals={"aws:SourceAccount": "111122223333"}),
    "upload without a key, on everything": when(Null={"s3:x-amz-server-side-encryption-aws-kms-key-id": "true"}),
    "another role exempt": unless("arn:aws:iam::111122223333:role/admin"),
    "role of another account exempt": unless("arn:aws:iam::444455556666:role/platform/securebucket"),
    "role exempt only without a path": unless(ROLE),
    "role exempt only under a path": unless(ANY_PATH),
    "session exempt, which is never in the key": unless(SESSION),
    "wildcard over colons": unless("arn:aws:*securebucket"),
    "positive on the role": unless(ROLE, operator="ArnLike"),
    "positive on the role under a path": unless(PATHFUL, operator="ArnEquals"),
    "all but the role": spared(ROLE),
    "all but the account": spared("111122223333"),
    "all but role and account": spared(ROLE, "111122223333"),
    "all but session and account": spared(SESSION, "111122223333"),
    "all but a service": deny(Principal=None, NotPrincipal={"Service": "s3.amazonaws.com"}),
}

LETS_IN = {
    "an Allow": deny(Effect="Allow"),
    "another account": deny(Principal={"AWS": "444455556666"}),
    "another role": deny(Principal={"AWS": "arn:aws:iam::111122223333:role/app"}),
    "a role of the same name elsewhere": deny(Principal={"AWS": "arn:aws:iam::444455556666:role/securebucket"}),
    "a deleted role": deny(Principal={"AWS": "AROAEXAMPLEEXAMPLE12"}),
    "a service": deny(Principal={"Service": "s3.amazonaws.com"}),
    "objects": deny(Resource=f"{ARN}/*"),
    "another bucket": deny(Resource="arn:aws:s3:::other"),
    "all but the bucket": deny(Resource=None, NotResource=[ARN, f"{ARN}/*"]),
    "uploads": deny(Action="s3:PutObject"),
    "deletes": deny(Action=["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:DeleteBucket"]),
    "plain HTTP": when(Bool={"aws:SecureTransport": "false"}),
    "TLS below 1.2": when(NumericLessThan={"s3:TlsVersion": "1.2"}),
    "calls through services": when(Bool={"aws:ViaAWSService": "true"}),
    "services": when(Bool={"aws:PrincipalIsAWSService": "true"}),
    "services that act for strangers": when(
        StringNotEqualsIfExists={"aws:SourceOrgID": "o-1234567890"},
        Null={"aws:SourceAccount": "false"},
        Bool={"aws:PrincipalIsAWSService": "true"},
    ),
    "uploads with another key": when(StringEquals={"s3:x-amz-server-side-encryption": "AES256"}),
    "listing of a folder": deny(Action="s3:ListBucket", Condition={"StringLike": {"s3:prefix": "secret/*"}}),
    "own account exempt": when(StringNotEquals={"aws:PrincipalAccount": ["444455556666", "111122223333"]}),
    "role exempt with and without a path": unless(ROLE, ANY_PATH),
    "role exempt under the path that it has": unless(PATHFUL),
    "all roles of the account exempt": unless("arn:aws:iam::111122223333:role/*"),
    "the whole account exempt": unless("arn:aws:iam::111122223333:*"),
    "exempt as text": unless(ROLE, ANY_PATH, operator="StringNotLike"),
    "unknown network, but exempt": when(
        StringNotEquals={"aws:SourceVpce": "vpce-1"}, ArnNotLike={"aws:PrincipalArn": [ROLE, ANY_PATH]}
    ),
    "all but account, role and session": spared("111122223333", ROLE, SESSION),
    "all but account, role under its path and session": spared("111122223333", PATHFUL, SESSION),
    "all but everybody": spared("*"),
}


def found(statement: dict[str, Any], caller: str = SESSION) -> list[str]:
    return [
        each.key for each in find_lockouts({"A": canonical_statement(statement)}, bucket(caller_arn=caller), RIGHTS)
    ]


@pytest.mark.parametrize("statement", LOCKS_OUT.values(), ids=LOCKS_OUT.keys())
def test_locks_the_operator_out(statement: dict[str, Any]) -> None:
    assert found(statement) == ["A"]


@pytest.mark.parametrize("statement", LETS_IN.values(), ids=LETS_IN.keys())
def test_lets_the_operator_in(statement: dict[str, Any]) -> None:
    assert found(statement) == []


CALLERS = {
    "user exempt": (USER, unless(USER), False),
    "another user exempt": (USER, unless("arn:aws:iam::111122223333:user/bot"), True),
    "all but user and account": (USER, spared(USER, "111122223333"), False),
    "all but the user": (USER, spared(USER), True),
    "root exempt": (ROOT, unless(ROOT), False),
    "all but the account, for root": (ROOT, spared("111122223333"), False),
    "all but another account, for root": (ROOT, spared("444455556666"), True),
    "nobody known": ("", unless(ROLE, ANY_PATH), True),
}


@pytest.mark.parametrize(("caller", "statement", "out"), CALLERS.values(), ids=CALLERS.keys())
def test_other_kinds_of_callers(caller: str, statement: dict[str, Any], out: bool) -> None:
    assert bool(found(statement, caller)) is out


def test_the_actions_are_told() -> None:
    statement = canonical_statement(deny(Action=["s3:PutBucket*", "s3:DeleteBucketPolicy"]))
    (lock_out,) = find_lockouts({"A": statement}, bucket(), RIGHTS)
    assert lock_out.actions[:2] == ("s3:PutBucketPolicy", "s3:DeleteBucketPolicy")
    assert "s3:GetBucketPolicy" not in lock_out.actions


@pytest.mark.parametrize("control", CONTROLS, ids=lambda control: control.name)
def test_every_action_of_every_control_is_guarded(control: Any) -> None:
    for action in (*control.permissions.read, *control.permissions.write):
        statement = canonical_statement(deny(Action=action))
        refusal = refuse_lockout(context(), ABSENT, replace(ABSENT, statements={"A": statement}))
        assert refusal is not None
        assert action in refusal.message
