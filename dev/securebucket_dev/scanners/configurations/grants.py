"""Policies that let in somebody who is named: other accounts, services, and the account itself."""

from typing import Any

from securebucket_dev.scanners.configuration import OPEN_ACCOUNT, OTHER_ACCOUNT, Configuration
from securebucket_dev.scanners.configurations.steps import BOTH_ARNS, BUCKET_ARN, OBJECTS_ARN, allow, deny, policy

OTHER_ROOT = {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"}
OTHER_ROLE = {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:role/reader"}
OWN_ROOT = {"AWS": f"arn:aws:iam::{OPEN_ACCOUNT}:root"}
LOG_SERVICE = {"Service": "logging.s3.amazonaws.com"}
OF_ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}
FROM_OWN = {"StringEquals": {"aws:SourceAccount": OPEN_ACCOUNT}}


def _grant(name: str, says: str, *statements: Any) -> Configuration:
    return Configuration(f"grant-{name}", says, (policy(*statements),))


GRANTS = (
    _grant("own-root", "The account itself may do everything.", allow(OWN_ROOT, "s3:*", BOTH_ARNS)),
    _grant("own-id", "The account itself may read, by its number.", allow({"AWS": OPEN_ACCOUNT})),
    _grant("own-role", "A role of the account may read.", allow({"AWS": f"arn:aws:iam::{OPEN_ACCOUNT}:role/reader"})),
    _grant("other-root", "Another account may read.", allow(OTHER_ROOT)),
    _grant("other-id", "Another account may read, by its number.", allow({"AWS": OTHER_ACCOUNT})),
    _grant("other-role", "A role of another account may read.", allow(OTHER_ROLE)),
    _grant("other-list", "Another account may list.", allow(OTHER_ROOT, "s3:ListBucket", BUCKET_ARN)),
    _grant(
        "other-among-own",
        "The account and another may read.",
        allow({"AWS": [*OWN_ROOT.values(), *OTHER_ROOT.values()]}),
    ),
    _grant(
        "other-with-own-number",
        "A role of another account may read, whose name holds this account's number.",
        allow({"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:role/{OPEN_ACCOUNT}-reader"}),
    ),
    _grant(
        "other-policy", "Another account may change the policy.", allow(OTHER_ROOT, "s3:PutBucketPolicy", BUCKET_ARN)
    ),
    _grant(
        "other-put-wildcard", "Another account may do what begins with Put.", allow(OTHER_ROOT, "s3:Put*", BOTH_ARNS)
    ),
    _grant("other-everything", "Another account may do everything.", allow(OTHER_ROOT, "s3:*", BOTH_ARNS)),
    _grant("other-object-acl", "Another account may change the ACLs of objects.", allow(OTHER_ROOT, "s3:PutObjectAcl")),
    _grant(
        "other-policy-lower-case",
        "Another account may change the policy, spelled in lower case.",
        allow(OTHER_ROOT, "s3:putbucketpolicy", BUCKET_ARN),
    ),
    _grant(
        "other-not-action",
        "Another account may do everything but delete.",
        {"Effect": "Allow", "Principal": OTHER_ROOT, "NotAction": "s3:Delete*", "Resource": BOTH_ARNS},
    ),
    _grant(
        "other-of-organization",
        "Another account may read, as a member of the organization.",
        allow(OTHER_ROOT, Condition=OF_ORGANIZATION),
    ),
    _grant(
        "other-policy-of-organization",
        "Another account may change the policy, as a member of the organization.",
        allow(OTHER_ROOT, "s3:PutBucketPolicy", BUCKET_ARN, Condition=OF_ORGANIZATION),
    ),
    _grant(
        "other-from-own",
        "Another account may read, on behalf of the account itself.",
        allow(OTHER_ROOT, Condition=FROM_OWN),
    ),
    _grant("other-denied", "Another account is refused everything.", deny(None, Principal=OTHER_ROOT)),
    _grant(
        "other-but-denied",
        "Another account may read, and is refused to.",
        allow(OTHER_ROOT),
        deny(None, Principal=OTHER_ROOT, Action="s3:GetObject", Resource=OBJECTS_ARN),
    ),
    _grant("service", "The log service may write, on anybody's behalf.", allow(LOG_SERVICE, "s3:PutObject")),
    _grant(
        "service-from-own",
        "The log service may write, on behalf of the account.",
        allow(LOG_SERVICE, "s3:PutObject", Condition=FROM_OWN),
    ),
    _grant(
        "service-from-bucket",
        "The log service may write, on behalf of a bucket.",
        allow(LOG_SERVICE, "s3:PutObject", Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:::acme-other"}}),
    ),
    _grant(
        "service-from-other",
        "The log service may write, on behalf of another account.",
        allow(LOG_SERVICE, "s3:PutObject", Condition={"StringEquals": {"aws:SourceAccount": OTHER_ACCOUNT}}),
    ),
    _grant(
        "cloudfront",
        "One CloudFront distribution may read.",
        allow(
            {"Service": "cloudfront.amazonaws.com"},
            Condition={"StringEquals": {"aws:SourceArn": f"arn:aws:cloudfront::{OPEN_ACCOUNT}:distribution/E1A2B3"}},
        ),
    ),
    _grant(
        "service-and-other",
        "The log service and another account may write.",
        allow({**LOG_SERVICE, **OTHER_ROOT}, "s3:PutObject", Condition=FROM_OWN),
    ),
)
