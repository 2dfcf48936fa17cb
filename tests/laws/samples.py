"""What the laws are tried on: specs that declare every field. A new control needs an entry, the laws do not change."""

from collections.abc import Mapping
from typing import Any

KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
COPY_KEY = "arn:aws:kms:eu-west-1:111122223333:key/5678abcd-12ab-34cd-56ef-1234567890ab"
LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"
OTHER_ID = "c1daexampleaaf850ea79cf0430f33d72579fd1611c97f7ded193374c0b163b6"

Spec = Mapping[str, Any]

SPECS: Mapping[str, tuple[Spec, ...]] = {
    "publicAccessBlock": (
        {
            "publicAccessBlock": {
                "blockPublicAcls": False,
                "ignorePublicAcls": True,
                "blockPublicPolicy": False,
                "restrictPublicBuckets": True,
            }
        },
    ),
    "ownership": (
        {"ownership": {"objectOwnership": "BucketOwnerPreferred"}},
        {"ownership": {"objectOwnership": "ObjectWriter"}},
    ),
    "encryption": (
        {
            "encryption": {
                "sseAlgorithm": "aws:kms",
                "kmsMasterKeyId": KEY,
                "bucketKeyEnabled": False,
                "blockedEncryptionTypes": ["NONE"],
            }
        },
        {"encryption": {"sseAlgorithm": "aws:kms"}},
        {"encryption": {"sseAlgorithm": "aws:kms:dsse", "kmsMasterKeyId": "alias/invoices"}},
        {"encryption": {"sseAlgorithm": "AES256"}, "role": "LogTarget"},
    ),
    "versioning": ({"versioning": {"status": "Suspended"}},),
    "objectLock": (
        {"objectLock": {"enabled": True}},
        {"objectLock": {"enabled": True, "defaultRetention": {"mode": "GOVERNANCE", "days": 30}}},
        {
            "objectLock": {
                "enabled": True,
                "defaultRetention": {"mode": "COMPLIANCE", "years": 7, "defaultEventHold": {"days": 90}},
            }
        },
        {
            "objectLock": {
                "enabled": True,
                "defaultRetention": {"mode": "GOVERNANCE", "defaultEventHold": {"years": 1}},
            }
        },
        {"objectLock": {"enabled": True, "defaultRetention": {"mode": "NONE"}}},
    ),
    "policy": (
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
    ),
    "logging": (
        {"logging": {"enabled": False}},
        {
            "logging": {
                "enabled": True,
                "targetBucket": "acme-logs",
                "targetPrefix": "invoices/",
                "targetObjectKeyFormat": {"partitionedPrefix": {"partitionDateSource": "DeliveryTime"}},
                "targetGrants": [
                    {"grantee": {"type": "CanonicalUser", "id": OTHER_ID}, "permission": "READ"},
                    {"grantee": {"type": "Group", "uri": LOG_DELIVERY}, "permission": "WRITE"},
                ],
            }
        },
        {"logging": {"targetBucket": "acme-logs", "targetObjectKeyFormat": {"partitionedPrefix": {}}}},
        {"logging": {"targetBucket": "acme-logs", "targetObjectKeyFormat": {"simplePrefix": {}}}},
    ),
    "lifecycle": (
        {
            "lifecycle": {
                "abortIncompleteMultipartUploadDays": 3,
                "transitionDefaultMinimumObjectSize": "varies_by_storage_class",
                "foreign": "Remove",
                "rules": [
                    {
                        "id": "archive",
                        "status": "Enabled",
                        "filter": {
                            "prefix": "invoices/",
                            "tags": {"class": "archive"},
                            "objectSizeGreaterThan": 1024,
                            "objectSizeLessThan": 1048576,
                        },
                        "expiration": {"days": 3650},
                        "transitions": [
                            {"days": 30, "storageClass": "STANDARD_IA"},
                            {"days": 90, "storageClass": "GLACIER"},
                        ],
                        "noncurrentVersionExpiration": {"noncurrentDays": 30, "newerNoncurrentVersions": 3},
                        "noncurrentVersionTransitions": [
                            {"noncurrentDays": 30, "newerNoncurrentVersions": 1, "storageClass": "ONEZONE_IA"}
                        ],
                    },
                    {
                        "id": "uploads",
                        "filter": {"prefix": "tmp/"},
                        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 1},
                        "expiration": {"expiredObjectDeleteMarker": True},
                    },
                    {
                        "id": "once",
                        "status": "Disabled",
                        "expiration": {"date": "2030-01-01"},
                        "transitions": [{"date": "2029-01-01", "storageClass": "DEEP_ARCHIVE"}],
                    },
                    {"id": "one tag", "filter": {"tags": {"class": "log"}}, "expiration": {"days": 400}},
                    {"id": "large", "filter": {"objectSizeGreaterThan": 1024}, "expiration": {"days": 400}},
                    {"id": "small", "filter": {"objectSizeLessThan": 1024}, "expiration": {"days": 400}},
                ],
            }
        },
        {"lifecycle": {"abortIncompleteMultipartUploadDays": 0}},
    ),
    "replication": (
        {
            "replication": {
                "role": "arn:aws:iam::111122223333:role/replication",
                "foreign": "Remove",
                "rules": [
                    {
                        "id": "all",
                        "priority": 1,
                        "status": "Enabled",
                        "destination": {
                            "bucket": "arn:aws:s3:::acme-copy",
                            "account": "444455556666",
                            "ownerOverride": "Destination",
                            "storageClass": "STANDARD_IA",
                            "replicaKmsKeyId": COPY_KEY,
                            "replicationTime": True,
                            "metrics": True,
                        },
                        "deleteMarkerReplication": "Enabled",
                        "sseKmsEncryptedObjects": "Enabled",
                        "replicaModifications": "Enabled",
                        "existingObjectReplication": "Enabled",
                    },
                    {
                        "id": "some",
                        "priority": 2,
                        "filter": {"prefix": "reports/", "tags": {"copy": "yes"}},
                        "destination": {"bucket": "arn:aws:s3:::acme-copy"},
                    },
                    {
                        "id": "tagged",
                        "priority": 3,
                        "filter": {"tags": {"copy": "twice"}},
                        "destination": {"bucket": "arn:aws:s3:::acme-copy"},
                    },
                ],
            }
        },
    ),
    "notifications": (
        {
            "notifications": {
                "eventBridge": True,
                "skipDestinationValidation": True,
                "foreign": "Remove",
                "topics": [
                    {
                        "id": "topic",
                        "arn": "arn:aws:sns:eu-central-1:111122223333:t",
                        "events": ["s3:ObjectCreated:*"],
                        "filter": {"prefix": "out/", "suffix": ".csv"},
                    }
                ],
                "queues": [
                    {
                        "id": "queue",
                        "arn": "arn:aws:sqs:eu-central-1:111122223333:q",
                        "events": ["s3:ObjectRemoved:Delete", "s3:ObjectCreated:Put"],
                        "filter": {"prefix": "in/", "suffix": ".csv"},
                    }
                ],
                "lambdaFunctions": [
                    {
                        "id": "function",
                        "arn": "arn:aws:lambda:eu-central-1:111122223333:function:f",
                        "events": ["s3:ObjectRestore:*"],
                        "filter": {"prefix": "images/", "suffix": ".jpg"},
                    }
                ],
            }
        },
        {"notifications": {"eventBridge": False}},
    ),
    "tags": (
        {"tags": {"tagSet": {"team": "payments", "empty": ""}, "foreign": "Remove"}},
        {"tags": {"tagSet": {"cost center": "42"}}},
    ),
}
"""Specs by control, as people write them. Together they name every field of the control's block."""
