"""What the laws are tried on: answers as S3 and other servers give them, odd ones, and with entries of others.

A new control needs an entry; the laws stay as they are.
"""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from tests.laws.samples import KEY, LOG_DELIVERY, OTHER_ID

ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
OWNER_ID = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"

Reading = tuple[Mapping[str, Any], Mapping[str, Any] | None]


def _acl(*grants: tuple[Mapping[str, str], str]) -> Mapping[str, Any]:
    own: tuple[Mapping[str, str], str] = ({"ID": OWNER_ID, "Type": "CanonicalUser"}, "FULL_CONTROL")
    return {
        "Owner": {"ID": OWNER_ID},
        "Grants": [{"Grantee": grantee, "Permission": permission} for grantee, permission in (own, *grants)],
    }


READINGS: Mapping[str, tuple[Reading, ...]] = {
    "publicAccessBlock": (
        ({"PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "IgnorePublicAcls": True}}, None),
    ),
    "ownership": (
        ({"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}, None),
        ({"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}}, _acl()),
        (
            {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
            _acl(
                ({"ID": OTHER_ID, "Type": "CanonicalUser", "DisplayName": "partner"}, "READ"),
                ({"URI": ALL_USERS, "Type": "Group"}, "FULL_CONTROL"),
                ({"URI": LOG_DELIVERY, "Type": "Group"}, "WRITE"),
            ),
        ),
    ),
    "encryption": (
        (
            {
                "ServerSideEncryptionConfiguration": {
                    "Rules": [
                        {
                            "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY},
                            "BucketKeyEnabled": True,
                            "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
                        }
                    ]
                }
            },
            None,
        ),
        (
            {
                "ServerSideEncryptionConfiguration": {
                    "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
                }
            },
            None,
        ),
    ),
    "versioning": (
        ({"Status": "Enabled", "MFADelete": "Disabled"}, None),
        ({"Status": "Suspended", "MFADelete": "Enabled"}, None),
    ),
    "objectLock": (
        (
            {
                "ObjectLockConfiguration": {
                    "ObjectLockEnabled": "Enabled",
                    "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1, "Years": 0}},
                }
            },
            None,
        ),
    ),
    "policy": (
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
                                "Action": "s3:PutBucketPolicy",
                                "Resource": ["arn:aws:s3:::acme-invoices"],
                            },
                        ],
                    }
                )
            },
            None,
        ),
    ),
    "logging": (
        (
            {
                "LoggingEnabled": {
                    "TargetBucket": "somebodys-logs",
                    "TargetPrefix": "",
                    "TargetObjectKeyFormat": {"PartitionedPrefix": {}},
                }
            },
            None,
        ),
    ),
    "lifecycle": (
        (
            {
                "Rules": [
                    {"Prefix": "old/", "Status": "Enabled", "Expiration": {"Days": 30}},
                    {
                        "ID": "dated",
                        "Filter": {"Prefix": ""},
                        "Status": "Enabled",
                        "Expiration": {"Date": dt.datetime(2031, 5, 1, tzinfo=dt.UTC)},
                    },
                ],
                "TransitionDefaultMinimumObjectSize": "varies_by_storage_class",
            },
            None,
        ),
    ),
    "replication": (
        (
            {
                "ReplicationConfiguration": {
                    "Role": "arn:aws:iam::111122223333:role/theirs",
                    "Rules": [
                        {
                            "ID": "theirs",
                            "Priority": 7,
                            "Filter": {},
                            "Status": "Enabled",
                            "Destination": {"Bucket": "arn:aws:s3:::elsewhere"},
                            "DeleteMarkerReplication": {"Status": "Disabled"},
                        }
                    ],
                }
            },
            None,
        ),
    ),
    "notifications": (
        (
            {
                "QueueConfigurations": [
                    {
                        "Id": "theirs",
                        "QueueArn": "arn:aws:sqs:eu-central-1:111122223333:theirs",
                        "Events": ["s3:ObjectCreated:*"],
                        "Filter": {"Key": {"FilterRules": [{"Name": "Prefix", "Value": "x/"}]}},
                    }
                ],
                "EventBridgeConfiguration": {},
            },
            None,
        ),
    ),
    "tags": (
        (
            {
                "TagSet": [
                    {"Key": "aws:cloudformation:stack-name", "Value": "invoices"},
                    {"Key": "theirs", "Value": "1"},
                    {"Key": "empty"},
                ]
            },
            None,
        ),
    ),
}
"""Answers by control, with the answer to the second read where one is made."""
