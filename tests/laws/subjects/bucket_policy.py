"""The bucket policy, as the laws try it."""

import json
from typing import Any

from tests.laws.stage import Stage
from tests.laws.subject import GONE, Document, Foreign, Limit, Subject, Tampering
from tests.laws.things import KEY

TLS = "Policy.Statement[SecureBucketRequireTls]"
TLS_STATEMENT = "statements[SecureBucketRequireTls]"
OTHERS = "Policy.Statement[SecureBucketOthers]"
ALONE = {"policy": {"foreign": "Remove"}}
BACKDOOR = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
    "Action": "s3:*",
    "Resource": "arn:aws:s3:::*",
}


def read_as_json(answer: dict[str, Any]) -> dict[str, Any]:
    return {"Policy": json.loads(answer["Policy"])}


def write_as_text(parameters: dict[str, Any]) -> dict[str, Any]:
    return {**parameters, "Policy": json.dumps(parameters["Policy"])}


def a_share(_: Stage, bucket: str) -> dict[str, Any]:
    """Write a statement that lets another account read a part of the bucket."""
    return {
        "Sid": "Partner",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
        "Action": ["s3:GetObject"],
        "Resource": [f"arn:aws:s3:::{bucket}/shared/*"],
    }


SERVICES = [
    {
        "cloudTrail": {
            "trails": ["arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit"],
            "organization": "o-exampleorgid",
            "prefix": "trails",
        }
    },
    {"elasticLoadBalancing": {"accounts": ["111122223333", "444455556666"], "prefix": "balancers"}},
    {"vpcFlowLogs": {"accounts": ["444455556666"], "regions": ["eu-west-1"], "prefix": "flows"}},
    {"config": {"accounts": ["444455556666"], "prefix": "config"}},
    {
        "cloudFront": {
            "distributions": ["arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE"],
            "prefix": "site",
        }
    },
    {"inventory": {"sources": ["acme-orders"], "accounts": ["444455556666"], "prefix": "reports"}},
    {
        "guardDuty": {
            "detectors": ["arn:aws:guardduty:me-south-1:111122223333:detector/12abc34d567e8fa901bc2d34e56789f0"],
            "optInRegions": True,
            "prefix": "findings",
        }
    },
]

SUBJECT = Subject(
    specs=(
        {
            "policy": {
                "requireTls": True,
                "minTlsVersion": "1.2",
                "requireEncryption": "aws:kms",
                "requireKmsKey": KEY,
                "allowedVpcEndpoints": ["vpce-0123456789abcdef0"],
                "allowedVpcs": ["vpc-0123456789abcdef0"],
                "allowedOrganizations": ["o-exampleorgid"],
                "allowedAccounts": ["444455556666"],
                "allowedCidrs": ["203.0.113.0/24", "2001:db8::/32"],
                "exemptPrincipals": ["arn:aws:iam::111122223333:role/admin"],
                "denyDelete": True,
                "requireMfaForDelete": True,
                "allow": [
                    {
                        "sid": "Reports",
                        "principals": ["444455556666"],
                        "actions": ["s3:GetObject"],
                        "prefix": "reports/",
                        "conditions": {"StringEquals": {"aws:PrincipalOrgID": ["o-exampleorgid"]}},
                    },
                    {"principals": ["logging.s3.amazonaws.com"], "actions": ["s3:PutObject"]},
                ],
                "statements": [
                    {
                        "Sid": "List",
                        "Effect": "Allow",
                        "Principal": {"AWS": "arn:aws:iam::444455556666:role/reader"},
                        "Action": "s3:ListBucket",
                        "Resource": "arn:aws:s3:::acme-invoices",
                        "Condition": {"StringLike": {"s3:prefix": ["reports/*"]}},
                    },
                    {
                        "Sid": "Others",
                        "Effect": "Deny",
                        "NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:root"]},
                        "NotAction": ["s3:GetObject"],
                        "NotResource": ["arn:aws:s3:::acme-invoices/public/*"],
                    },
                ],
                "foreign": "Remove",
            }
        },
        {"policy": {"requireTls": False}},
        {
            "policy": {
                "requireConditionalWrites": "IfNoneMatch",
                "requireRecentMfa": {"maxAge": "1h", "prefix": "taxes/"},
                "requireResourceOrganization": "o-exampleorgid",
                "allowedVpcs": ["vpc-0123456789abcdef0"],
                "allowedVpcSourceCidrs": ["10.1.0.0/16", "fd00:1::/32"],
                "allowedSourceOrganizations": ["o-exampleorgid"],
                "allowedSourceAccounts": ["444455556666"],
            }
        },
        {"policy": {"allowServices": SERVICES}},
        {"role": "LogTarget", "policy": {"logDelivery": "Sources"}},
    ),
    readings=(
        (
            {
                "Policy": json.dumps(
                    {
                        "Version": "2012-10-17",
                        "Statement": {
                            "Sid": "AWSLogs",
                            "Effect": "Allow",
                            "Principal": {"Service": "logging.s3.amazonaws.com"},
                            "Action": "s3:PutObject",
                            "Resource": "arn:aws:s3:::acme-invoices/*",
                        },
                    }
                )
            },
            None,
        ),
        (
            {
                "Policy": json.dumps(
                    {
                        "Version": "2008-10-17",
                        "Id": "theirs",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Principal": "*",
                                "Action": ["s3:GetObject"],
                                "Resource": "arn:aws:s3:::acme-invoices/*",
                            },
                            {
                                "Sid": "Partner",
                                "Effect": "Allow",
                                "Principal": {"AWS": "444455556666"},
                                "Action": ["s3:PutBucketPolicy", "s3:TagResource"],
                                "Resource": ["arn:aws:s3:::acme-invoices"],
                            },
                        ],
                    }
                )
            },
            None,
        ),
    ),
    document=Document(
        get="get_bucket_policy",
        put="put_bucket_policy",
        delete="delete_bucket_policy",
        absent="NoSuchBucketPolicy",
        after_read=read_as_json,
        before_put=write_as_text,
    ),
    rights={
        "get_bucket_policy": "s3:GetBucketPolicy",
        "put_bucket_policy": "s3:PutBucketPolicy",
        "delete_bucket_policy": "s3:DeleteBucketPolicy",
    },
    tamperings=(
        Tampering("Effect", (TLS_STATEMENT,), {f"{TLS}.Effect": "Allow"}),
        Tampering("Principal", (TLS_STATEMENT,), {f"{TLS}.Principal": {"AWS": "arn:aws:iam::444455556666:root"}}),
        Tampering("Action", (TLS_STATEMENT,), {f"{TLS}.Action": "s3:GetObject"}),
        Tampering("Resource", (TLS_STATEMENT,), {f"{TLS}.Resource": "arn:aws:s3:::elsewhere/*"}),
        Tampering("Condition", (TLS_STATEMENT,), {f"{TLS}.Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
        Tampering("no Condition", (TLS_STATEMENT,), {f"{TLS}.Condition": GONE}),
        Tampering("Sid", (TLS_STATEMENT, "statements[Harmless]"), {f"{TLS}.Sid": "Harmless"}, spec=ALONE),
        Tampering(
            "every statement replaced",
            (TLS_STATEMENT, "statements[Theirs]"),
            {"Policy.Statement": [{"Sid": "Theirs", **BACKDOOR}]},
            spec=ALONE,
        ),
        Tampering(
            "statement in our name",
            ("statements[SecureBucketBackdoor]",),
            {"Policy.Statement[+]": {"Sid": "SecureBucketBackdoor", **BACKDOOR}},
        ),
        Tampering("statement", ("statements[Theirs]",), {"Policy.Statement[+]": {"Sid": "Theirs", **BACKDOOR}}, 0),
        Tampering("NotAction", ("statements[SecureBucketOthers]",), {f"{OTHERS}.NotAction": "s3:*"}, 0),
        Tampering(
            "NotPrincipal",
            ("statements[SecureBucketOthers]",),
            {f"{OTHERS}.NotPrincipal": {"AWS": "arn:aws:iam::444455556666:root"}},
            0,
        ),
        Tampering(
            "NotResource",
            ("statements[SecureBucketOthers]",),
            {f"{OTHERS}.NotResource": "arn:aws:s3:::acme-*/*"},
            0,
        ),
        Tampering(
            "grant widened",
            ("statements[SecureBucketReports]",),
            {"Policy.Statement[SecureBucketReports].Action": "s3:*"},
            0,
        ),
        Tampering("deleted", ("version", TLS_STATEMENT), deletes=True),
    ),
    foreign=Foreign(
        path="Policy.Statement",
        entry=a_share,
        name="Partner",
        frame={"Policy": {"Version": "2012-10-17", "Statement": []}},
        ours=lambda _: {"minTlsVersion": "1.2"},
        stays=True,
    ),
    written_at_first="PutBucketPolicy",
    limits={"moto": {0: Limit("calls its caller what no NotPrincipal can spare", "Failed")}},
)
