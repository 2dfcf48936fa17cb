"""Objects that the API takes: between them, they have every field."""

from tests.api.accepted_lists import ACCEPTED_LISTS
from tests.api.accepted_services import ACCEPTED_SERVICES
from tests.api.accepted_transfer import ACCEPTED_TRANSFERS
from tests.api.bodies import (
    ACCEPTANCE,
    ACCOUNT,
    COPY,
    KEY,
    LOGS,
    ROLE,
    STATEMENT,
    Body,
    bucket_exception,
    bucket_profile,
    by_labels,
    secure_bucket,
)


def target(service: str, resource: str, *events: str) -> Body:
    """Write a notification's target with all its fields."""
    return {
        "id": service,
        "arn": f"arn:aws:{service}:eu-west-1:{ACCOUNT}:{resource}",
        "events": list(events),
        "filter": {"prefix": "in/", "suffix": ".csv"},
    }


ACCEPTED: dict[str, Body] = {
    "no spec at all": secure_bucket(None),
    "an empty spec": secure_bucket({}),
    "only a bucket name": secure_bucket({"bucketName": "acme-payments-invoices"}),
    "an object name that is no bucket name, with a bucket name": secure_bucket(
        {"bucketName": "acme-invoices"}, name="in"
    ),
    "a bucket name with dots": secure_bucket({"bucketName": "logs.acme.example"}),
    "a bucket name with an account-regional suffix": secure_bucket(
        {"bucketName": f"acme-{ACCOUNT}-eu-west-1-an", "region": "eu-west-1"}
    ),
    "everything about itself": secure_bucket(
        {
            "region": "us-gov-west-1",
            "profile": "production",
            "role": "Data",
            "mode": "Plan",
            "interval": "1h30m",
            "adoption": "Adopt",
            "deletionPolicy": "Delete",
            "unmanaged": ["tags", "lifecycle"],
        }
    ),
    "a log target": secure_bucket({"role": "LogTarget", "encryption": {"sseAlgorithm": "AES256"}}),
    "a replica target": secure_bucket({"role": "ReplicaTarget", "replication": {"rules": []}}),
    "every control opted out of": secure_bucket(
        {
            "publicAccessBlock": {
                "blockPublicAcls": False,
                "ignorePublicAcls": False,
                "blockPublicPolicy": False,
                "restrictPublicBuckets": False,
            },
            "ownership": {"objectOwnership": "ObjectWriter"},
            "encryption": {"blockedEncryptionTypes": ["NONE"]},
            "versioning": {"status": "Suspended"},
            "policy": {"requireTls": False},
            "logging": {"enabled": False},
            "lifecycle": {"abortIncompleteMultipartUploadDays": 0},
        }
    ),
    "KMS with a bucket key": secure_bucket(
        {"encryption": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY, "bucketKeyEnabled": True}}
    ),
    "a bucket key turned off where there is none": secure_bucket({"encryption": {"bucketKeyEnabled": False}}),
    "Object Lock with retention": secure_bucket(
        {"objectLock": {"enabled": True, "defaultRetention": {"mode": "COMPLIANCE", "years": 7}}}
    ),
    "Object Lock with an event hold": secure_bucket(
        {
            "objectLock": {
                "enabled": True,
                "defaultRetention": {"mode": "GOVERNANCE", "days": 1, "defaultEventHold": {"days": 30}},
            }
        }
    ),
    "Object Lock with an event hold of years": secure_bucket(
        {"objectLock": {"enabled": True, "defaultRetention": {"mode": "GOVERNANCE", "defaultEventHold": {"years": 1}}}}
    ),
    "logging with everything": secure_bucket(
        {
            "logging": {
                **LOGS,
                "enabled": True,
                "targetPrefix": "invoices/",
                "targetObjectKeyFormat": {"partitionedPrefix": {"partitionDateSource": "DeliveryTime"}},
                "targetGrants": [
                    {"grantee": {"type": "CanonicalUser", "id": "abc"}, "permission": "READ"},
                    {
                        "grantee": {"type": "Group", "uri": "http://acs.amazonaws.com/groups/s3/LogDelivery"},
                        "permission": "WRITE",
                    },
                ],
            }
        }
    ),
    "logging to an object": secure_bucket({"logging": {"targetBucketRef": {"name": "logs", "namespace": "platform"}}}),
    "a log target of those that name it": secure_bucket({"role": "LogTarget", "policy": {"logDelivery": "Sources"}}),
    "logging with plain keys": secure_bucket({"logging": LOGS | {"targetObjectKeyFormat": {"simplePrefix": {}}}}),
    "a policy with everything": secure_bucket(
        {
            "policy": {
                "minTlsVersion": "1.3",
                "requireEncryption": "aws:kms",
                "requireKmsKey": KEY,
                "allowedVpcEndpoints": ["vpce-0123456789abcdef0"],
                "allowedVpcs": ["vpc-0a"],
                "allowedOrganizations": ["o-exampleorgid"],
                "allowedAccounts": [ACCOUNT],
                "allowedCidrs": ["203.0.113.0/24", "2001:db8::/32"],
                "exemptPrincipals": ["arn:aws:iam::111122223333:role/break-glass"],
                "denyDelete": True,
                "requireMfaForDelete": True,
                "allow": [
                    {
                        "sid": "Reports",
                        "principals": [ACCOUNT, "logging.s3.amazonaws.com"],
                        "actions": ["s3:GetObject", "s3:List*"],
                        "prefix": "reports/",
                        "conditions": {"StringEquals": {"aws:PrincipalTag/team": ["payments"]}},
                    }
                ],
                "statements": [
                    STATEMENT,
                    {
                        "Sid": "Two",
                        "Effect": "Deny",
                        "NotPrincipal": {"AWS": [ROLE]},
                        "NotAction": ["s3:Get*"],
                        "NotResource": "arn:aws:s3:::x/public/*",
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                ],
                "foreign": "Remove",
            }
        }
    ),
    "lifecycle with everything": secure_bucket(
        {
            "lifecycle": {
                "transitionDefaultMinimumObjectSize": "varies_by_storage_class",
                "rules": [
                    {
                        "id": "move-then-expire",
                        "filter": {
                            "prefix": "a/",
                            "tags": {"tier": "cold"},
                            "objectSizeGreaterThan": 1,
                            "objectSizeLessThan": 2,
                        },
                        "transitions": [{"days": 30, "storageClass": "STANDARD_IA"}],
                        "expiration": {"days": 31},
                        "noncurrentVersionTransitions": [
                            {"noncurrentDays": 30, "newerNoncurrentVersions": 2, "storageClass": "GLACIER"}
                        ],
                        "noncurrentVersionExpiration": {"noncurrentDays": 90, "newerNoncurrentVersions": 1},
                    },
                    {
                        "id": "date",
                        "status": "Disabled",
                        "transitions": [{"date": "2029-12-31", "storageClass": "GLACIER"}],
                        "expiration": {"date": "2030-12-31"},
                    },
                    {"id": "markers", "expiration": {"expiredObjectDeleteMarker": True}},
                    {"id": "uploads", "abortIncompleteMultipartUpload": {"daysAfterInitiation": 3}},
                ],
                "foreign": "Keep",
            }
        }
    ),
    "replication with everything": secure_bucket(
        {
            "versioning": {"status": "Enabled"},
            "replication": {
                "role": ROLE,
                "foreign": "Keep",
                "rules": [
                    COPY | {"filter": {"tags": {"copy": "yes"}}, "existingObjectReplication": "Disabled"},
                    COPY
                    | {
                        "id": "but-some",
                        "priority": 7,
                        "filter": {
                            "not": {
                                "prefixes": ["tmp/", "b/"],
                                "tags": [{"key": "copy", "value": "no"}, {"key": "copy", "value": "never"}],
                            }
                        },
                        "destination": {"bucket": "arn:aws:s3:::acme-other", "useSourceMultiRegionKey": "Enabled"},
                        "sseKmsEncryptedObjects": "Enabled",
                    },
                    {
                        "id": "all",
                        "priority": 1,
                        "status": "Enabled",
                        "filter": {"prefix": "a/"},
                        "destination": {
                            "bucket": "arn:aws:s3:::acme-other",
                            "account": "444455556666",
                            "ownerOverride": "Destination",
                            "storageClass": "GLACIER_IR",
                            "replicaKmsKeyId": KEY,
                            "replicationTime": True,
                            "metrics": True,
                        },
                        "deleteMarkerReplication": "Enabled",
                        "sseKmsEncryptedObjects": "Enabled",
                        "replicaModifications": "Enabled",
                    },
                ],
            },
        }
    ),
    "notifications with everything": secure_bucket(
        {
            "notifications": {
                "eventBridge": True,
                "skipDestinationValidation": True,
                "topics": [target("sns", "uploads", "s3:ObjectCreated:*", "s3:ReducedRedundancyLostObject")],
                "queues": [target("sqs", "uploads", "s3:ObjectRemoved:*")],
                "lambdaFunctions": [target("lambda", "function:uploads", "s3:ObjectRestore:Completed")],
                "foreign": "Remove",
            }
        }
    ),
    "cors with everything": secure_bucket(
        {
            "cors": {
                "rules": [
                    {
                        "id": "app",
                        "allowedOrigins": ["https://*.acme.example", "https://acme.example"],
                        "allowedMethods": ["GET", "PUT", "POST", "DELETE", "HEAD"],
                        "allowedHeaders": ["x-amz-*", "content-type"],
                        "exposeHeaders": ["ETag"],
                        "maxAgeSeconds": 3600,
                    },
                    {"allowedOrigins": ["*"], "allowedMethods": ["HEAD"]},
                    {"allowedOrigins": ["*"], "allowedMethods": ["GET"], "allowedHeaders": ["*"]},
                ]
            }
        }
    ),
    **ACCEPTED_LISTS,
    **ACCEPTED_SERVICES,
    "no cors, said so": secure_bucket({"cors": {}}),
    "as many cors rules as S3 takes": secure_bucket(
        {"cors": {"rules": [{"id": f"r{n}", "allowedOrigins": ["*"], "allowedMethods": ["GET"]} for n in range(100)]}}
    ),
    "an ACL with grants": secure_bucket(
        {
            "ownership": {
                "objectOwnership": "BucketOwnerPreferred",
                "grants": [
                    {"grantee": {"type": "CanonicalUser", "id": "abc"}, "permission": permission}
                    for permission in ("FULL_CONTROL", "READ", "WRITE", "READ_ACP", "WRITE_ACP")
                ]
                + [
                    {
                        "grantee": {"type": "Group", "uri": "http://acs.amazonaws.com/groups/s3/LogDelivery"},
                        "permission": "WRITE",
                    }
                ],
                "foreign": "Keep",
            }
        }
    ),
    "no grants, said so, where there are no ACLs": secure_bucket({"ownership": {"grants": [], "foreign": "Remove"}}),
    **ACCEPTED_TRANSFERS,
    "tags": secure_bucket({"tags": {"tagSet": {"team": "payments", "empty": ""}, "foreign": "Remove"}}),
    "the smallest profile": bucket_profile({"namespaces": ["*"]}),
    "a profile with everything": bucket_profile(
        {
            "namespaces": ["payments", "team-*"],
            "bucketNames": ["acme-*"],
            "accountId": ACCOUNT,
            "region": "eu-west-1",
            "assumeRole": {"arn": ROLE, "externalId": "a-b/c:d"},
            "endpoint": {"url": "https://s3.example.com:8443", "pathStyle": False},
            "mode": "Observe",
            "interval": "90s",
            "fullReadInterval": "12h",
            "replicationMetrics": {"interval": "5m"},
            "permit": ["lockout", "data-loss"],
            "complianceSeverity": "medium",
            "trustedAccounts": [ACCOUNT],
            "admittedSources": [{"namespaces": ["team-*"], "prefixes": ["team-"]}],
            "maxExceptionDays": 90,
            "defaults": {"encryption": {"sseAlgorithm": "aws:kms"}, "tags": {"tagSet": {"owner": "platform"}}},
            "floor": {
                "blockPublicAccess": True,
                "bucketOwnerEnforced": True,
                "sseAlgorithm": "AES256",
                "blockSseC": True,
                "versioning": True,
                "objectLock": False,
                "requireTls": True,
                "minTlsVersion": "1.2",
                "logging": True,
                "managed": True,
            },
        }
    ),
    "an exception for one bucket": bucket_exception(ACCEPTANCE),
    "an exception until a time elsewhere": bucket_exception(
        ACCEPTANCE | {"expiresAt": "2030-03-31T12:00:00.5+02:00", "approver": "Müller, Sicherheit"}
    ),
    "an exception that is over": bucket_exception(ACCEPTANCE | {"expiresAt": "2020-01-01T00:00:00Z"}),
    "an exception for what has labels": bucket_exception(
        by_labels(
            {
                "matchLabels": {"team": "payments", "empty": ""},
                "matchExpressions": [
                    {"key": "app.kubernetes.io/part-of", "operator": "In", "values": ["erp", "shop"]},
                    {"key": "tier", "operator": "NotIn", "values": ["gold"]},
                    {"key": "owner", "operator": "Exists"},
                    {"key": "frozen", "operator": "DoesNotExist"},
                ],
            }
        )
    ),
}
