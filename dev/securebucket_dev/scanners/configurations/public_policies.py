"""Policies that let the public in, or would but for a condition."""

from collections.abc import Mapping
from typing import Any

from securebucket_dev.scanners.configuration import OPEN_ACCOUNT, OTHER_ACCOUNT, Configuration, Step
from securebucket_dev.scanners.configurations.steps import (
    BOTH_ARNS,
    BUCKET_ARN,
    OBJECTS_ARN,
    UNBLOCKED,
    allow,
    blocked,
    deny,
    policy,
)

READING = allow("*")


def _public(name: str, says: str, *statements: Any, after: tuple[Step, ...] = ()) -> Configuration:
    return Configuration(f"public-{name}", says, (UNBLOCKED, policy(*statements), *after))


def _conditioned(name: str, says: str, condition: Mapping[str, Any]) -> Configuration:
    statement = allow("*", ["s3:GetObject", "s3:PutObject"], Condition=condition)
    return Configuration(f"condition-{name}", says, (UNBLOCKED, policy(statement)))


PUBLIC_POLICIES = (
    _public("read", "Everybody may read.", READING),
    _public("list", "Everybody may list.", allow("*", "s3:ListBucket", BUCKET_ARN)),
    _public("write", "Everybody may write.", allow("*", "s3:PutObject")),
    _public("delete", "Everybody may delete.", allow("*", ["s3:DeleteObject", "s3:DeleteObjectVersion"])),
    _public("everything", "Everybody may do everything.", allow("*", "s3:*", BOTH_ARNS)),
    _public("any-action", 'Everybody may do "*".', allow("*", "*", BOTH_ARNS)),
    _public("put-wildcard", "Everybody may do what begins with Put.", allow("*", "s3:Put*", BOTH_ARNS)),
    _public("put-lower-case", "Everybody may write, spelled in lower case.", allow("*", "s3:putobject")),
    _public("put-acl", "Everybody may change the ACLs of objects.", allow("*", "s3:PutObjectAcl")),
    _public("put-policy", "Everybody may change the policy.", allow("*", "s3:PutBucketPolicy", BUCKET_ARN)),
    _public(
        "not-action",
        "Everybody may do everything but delete the bucket.",
        {"Effect": "Allow", "Principal": "*", "NotAction": "s3:DeleteBucket", "Resource": BOTH_ARNS},
    ),
    _public("aws-star", 'Everybody may read, as {"AWS": "*"}.', allow({"AWS": "*"})),
    _public("aws-list", "Everybody may read, as a list of one.", allow({"AWS": ["*"]})),
    _public(
        "among-others",
        "Everybody may read, named after an account of its own.",
        allow({"AWS": [f"arn:aws:iam::{OPEN_ACCOUNT}:root", "*"]}),
    ),
    _public(
        "not-principal",
        "Everybody but one account may read.",
        {
            "Effect": "Allow",
            "NotPrincipal": {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"},
            "Action": "s3:GetObject",
            "Resource": OBJECTS_ARN,
        },
    ),
    _public(
        "but-denied",
        "Everybody may read, and everybody is refused to.",
        READING,
        deny(None, Action="s3:GetObject", Resource=OBJECTS_ARN),
    ),
    _public(
        "read-restricted",
        "Everybody may read, and RestrictPublicBuckets is on.",
        READING,
        after=(blocked(["RestrictPublicBuckets"]),),
    ),
    _public(
        "write-restricted",
        "Everybody may write, and RestrictPublicBuckets is on.",
        allow("*", "s3:PutObject"),
        after=(blocked(["RestrictPublicBuckets"]),),
    ),
    _public(
        "read-ineffective",
        "Everybody may read, and what is public is ignored and restricted.",
        READING,
        after=(blocked(["IgnorePublicAcls", "RestrictPublicBuckets"]),),
    ),
    _public(
        "read-no-more",
        "Everybody may read, and BlockPublicPolicy came later.",
        READING,
        after=(blocked(["BlockPublicPolicy"]),),
    ),
    _conditioned("network", "From one network.", {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),
    _conditioned("private-network", "From a private network.", {"IpAddress": {"aws:SourceIp": "10.1.0.0/16"}}),
    _conditioned("any-network", "From everywhere.", {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}),
    _conditioned("half-the-networks", "From half of all addresses.", {"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}),
    _conditioned(
        "not-a-network", "From everywhere but one network.", {"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    ),
    _conditioned(
        "endpoint", "Through one VPC endpoint.", {"StringEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}}
    ),
    _conditioned("vpc", "From one VPC.", {"StringEquals": {"aws:SourceVpc": "vpc-0123456789abcdef0"}}),
    _conditioned("any-vpc", "From any VPC.", {"StringLike": {"aws:SourceVpc": "vpc-*"}}),
    _conditioned("organization", "From one organization.", {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}),
    _conditioned("any-organization", "From any organization.", {"StringLike": {"aws:PrincipalOrgID": "o-*"}}),
    _conditioned(
        "organization-if-exists",
        "From one organization, or from where no organization is known.",
        {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-exampleorgid"}},
    ),
    _conditioned(
        "organization-for-all",
        "From one organization, or from none, with ForAllValues.",
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}},
    ),
    _conditioned("own-account", "From the account itself.", {"StringEquals": {"aws:PrincipalAccount": OPEN_ACCOUNT}}),
    _conditioned("other-account", "From another account.", {"StringEquals": {"aws:PrincipalAccount": OTHER_ACCOUNT}}),
    _conditioned(
        "not-an-account", "From all accounts but one.", {"StringNotEquals": {"aws:PrincipalAccount": OTHER_ACCOUNT}}
    ),
    _conditioned(
        "role-of-own",
        "From a role of the account.",
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OPEN_ACCOUNT}:role/reader-*"}},
    ),
    _conditioned(
        "role-of-any",
        "From a role of that name in any account.",
        {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/reader"}},
    ),
    _conditioned("user-agent", "From programs that say who they are.", {"StringLike": {"aws:UserAgent": "acme/*"}}),
    _conditioned("referer", "From links on a page.", {"StringLike": {"aws:Referer": "https://www.example.com/*"}}),
    _conditioned("secure", "With TLS.", {"Bool": {"aws:SecureTransport": "true"}}),
    _conditioned("object-tag", "Objects with a tag.", {"StringEquals": {"s3:ExistingObjectTag/public": "yes"}}),
    _conditioned(
        "resource-account",
        "In a bucket of this account, which it is.",
        {"StringEquals": {"aws:ResourceAccount": OPEN_ACCOUNT}},
    ),
)
