"""Typed grants as statements: resources by the level of the actions, prefixes, conditions, names."""

from typing import Any

import pytest
from pydantic import ValidationError
from tests.controls.builders import context

from securebucket.policy.actions import Level, level_of
from securebucket.policy.statements import own_statements

ARN = "arn:aws:s3:::acme-invoices"

LEVELS = {
    "s3:GetObject": Level.OBJECT,
    "s3:getobjecttagging": Level.OBJECT,
    "s3:PutObject*": Level.OBJECT,
    "s3:RestoreObject": Level.OBJECT,
    "s3:GetObjectAnnotation": Level.OBJECT,
    "s3:ListObjectAnnotations": Level.OBJECT,
    "s3:AbortMultipartUpload": Level.OBJECT,
    "s3:ListMultipartUploadParts": Level.OBJECT,
    "s3:BypassGovernanceRetention": Level.OBJECT,
    "s3:ReplicateDelete": Level.OBJECT,
    "s3:ReplicateTags": Level.OBJECT,
    "s3:InitiateReplication": Level.OBJECT,
    "s3:ObjectOwnerOverrideToBucketOwner": Level.OBJECT,
    "s3:ListBucket": Level.BUCKET,
    "s3:ListBucketMultipartUploads": Level.BUCKET,
    "s3:GetBucketObjectLockConfiguration": Level.BUCKET,
    "s3:GetLifecycleConfiguration": Level.BUCKET,
    "s3:GetEncryptionConfiguration": Level.BUCKET,
    "s3:GetBucket*": Level.BUCKET,
    "s3:*": Level.BOTH,
    "s3:Get*": Level.BOTH,
    "s3:List?ucket": Level.BOTH,
}


@pytest.mark.parametrize(("action", "level"), LEVELS.items())
def test_actions_have_levels(action: str, level: Level) -> None:
    assert level_of(action) is level


def granted(**grant: Any) -> list[dict[str, Any]]:
    usual = {"principals": ["444455556666"], "sid": "G"}
    wanted = context({"policy": {"requireTls": False, "allow": [usual | grant]}})
    return list(own_statements(wanted.bucket, wanted.spec))


def scopes(**grant: Any) -> dict[str, tuple[Any, Any, Any]]:
    return {each["Sid"]: (each["Action"], each["Resource"], each.get("Condition")) for each in granted(**grant)}


LIST_LOGS = {"StringLike": {"s3:prefix": "logs/*"}}
SCOPES = {
    "object action": (
        {"actions": ["s3:GetObject"]},
        {"SecureBucketG": ("s3:GetObject", f"{ARN}/*", None)},
    ),
    "bucket action": (
        {"actions": ["s3:ListBucket"]},
        {"SecureBucketG": ("s3:ListBucket", ARN, None)},
    ),
    "both": (
        {"actions": ["s3:ListBucket", "s3:GetObject"]},
        {"SecureBucketG": (["s3:ListBucket", "s3:GetObject"], [ARN, f"{ARN}/*"], None)},
    ),
    "wildcard": (
        {"actions": ["s3:*"]},
        {"SecureBucketG": ("s3:*", [ARN, f"{ARN}/*"], None)},
    ),
    "object action under a prefix": (
        {"actions": ["s3:GetObject"], "prefix": "logs/"},
        {"SecureBucketG": ("s3:GetObject", f"{ARN}/logs/*", None)},
    ),
    "listing under a prefix": (
        {"actions": ["s3:GetObject", "s3:ListBucket"], "prefix": "logs/"},
        {
            "SecureBucketG": ("s3:GetObject", f"{ARN}/logs/*", None),
            "SecureBucketGList": (["s3:ListBucket"], ARN, LIST_LOGS),
        },
    ),
    "wildcard under a prefix lists there and reads no configuration": (
        {"actions": ["s3:*"], "prefix": "logs/"},
        {
            "SecureBucketG": ("s3:*", f"{ARN}/logs/*", None),
            "SecureBucketGList": (["s3:ListBucket", "s3:ListBucketVersions"], ARN, LIST_LOGS),
        },
    ),
    "bucket wildcard under a prefix is listing only": (
        {"actions": ["s3:ListBucket*"], "prefix": "logs/"},
        {"SecureBucketGList": (["s3:ListBucket", "s3:ListBucketVersions"], ARN, LIST_LOGS)},
    ),
    "bucket action without s3:prefix, named in full, under a prefix": (
        {"actions": ["s3:GetBucketLocation", "s3:GetObject"], "prefix": "logs/"},
        {
            "SecureBucketG": ("s3:GetObject", f"{ARN}/logs/*", None),
            "SecureBucketGBucket": ("s3:GetBucketLocation", ARN, None),
        },
    ),
    "wildcards in a prefix are taken as they are": (
        {"actions": ["s3:GetObject", "s3:listbucket"], "prefix": "a*?$/"},
        {
            "SecureBucketG": ("s3:GetObject", f"{ARN}/a${{*}}${{?}}${{$}}/*", None),
            "SecureBucketGList": (["s3:ListBucket"], ARN, {"StringLike": {"s3:prefix": "a${*}${?}${$}/*"}}),
        },
    ),
    "conditions": (
        {"actions": ["s3:GetObject"], "conditions": {"StringEquals": {"aws:SourceVpc": ["vpc-1"]}}},
        {"SecureBucketG": ("s3:GetObject", f"{ARN}/*", {"StringEquals": {"aws:SourceVpc": "vpc-1"}})},
    ),
    "conditions on the prefix join ours": (
        {
            "actions": ["s3:ListBucket"],
            "prefix": "logs/",
            "conditions": {"StringLike": {"S3:prefix": ["*/2026/*", "*/2027/*"]}},
        },
        {
            "SecureBucketGList": (
                ["s3:ListBucket"],
                ARN,
                {
                    "StringLike": {"S3:prefix": ["*/2026/*", "*/2027/*"]},
                    "StringLikeIfExists": {"s3:prefix": "logs/*"},
                },
            )
        },
    ),
}


@pytest.mark.parametrize(("grant", "expected"), SCOPES.values(), ids=SCOPES.keys())
def test_grants_reach_what_they_name(grant: dict[str, Any], expected: dict[str, Any]) -> None:
    found = scopes(**grant)
    lists = {sid: (_listed(action), resource, condition) for sid, (action, resource, condition) in found.items()}
    assert lists == {sid: (_listed(each[0]), *each[1:]) for sid, each in expected.items()}


def _listed(actions: Any) -> list[str]:
    return [actions] if isinstance(actions, str) else actions


def test_grants_allow_their_principals() -> None:
    (statement,) = granted(actions=["s3:GetObject"], principals=["444455556666", "s3.amazonaws.com"])
    assert statement["Effect"] == "Allow"
    assert statement["Principal"] == {"AWS": "arn:aws:iam::444455556666:root", "Service": "s3.amazonaws.com"}


def name_of(**grant: Any) -> str:
    (statement,) = granted(sid=None, **grant)
    name: str = statement["Sid"]
    return name


def test_a_grant_is_named_by_its_meaning() -> None:
    one = name_of(actions=["s3:GetObject", "s3:PutObject"])
    assert one.startswith("SecureBucketAllow")
    assert name_of(actions=["s3:PutObject", "s3:getObject"]) == one
    assert name_of(actions=["s3:PutObject", "s3:GetObject"], prefix="x") != one
    assert (
        name_of(
            actions=["s3:PutObject", "s3:GetObject"],
            principals=["arn:aws:iam::444455556666:root"],
        )
        == one
    )


@pytest.mark.parametrize(
    "name",
    ["somebody", "AROAEXAMPLEEXAMPLE12", "11112222333", "arn:aws:s3:::acme-invoices", "", "a" * 63, "S3.amazonaws.com"],
)
def test_what_names_nobody_is_no_principal(name: str) -> None:
    with pytest.raises(ValidationError, match="principals"):
        granted(actions=["s3:GetObject"], principals=[name])


@pytest.mark.parametrize(
    "name",
    [
        "*",
        "111122223333",
        "0123456789abcdef" * 4,
        "arn:aws-us-gov:iam::111122223333:role/team/app",
        "arn:aws:sts::111122223333:assumed-role/app/session",
        "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE",
        "logging.s3.amazonaws.com",
        "accounts.google.com",
    ],
)
def test_what_names_somebody_is_a_principal(name: str) -> None:
    assert granted(actions=["s3:GetObject"], principals=[name])
