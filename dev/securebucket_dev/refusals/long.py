"""Rules about numbers and lengths, whose documents nobody writes down."""

from typing import Any

from securebucket_dev.refusals.refused import Body, Refused

ACCOUNT = "111122223333"
QUEUE = f"arn:aws:sqs:eu-central-1:{ACCOUNT}:q"
EXPIRE: Body = {"id": "expire", "expiration": {"days": 90}}
PARTNER: Body = {"grantee": {"type": "CanonicalUser", "id": "abc"}, "permission": "READ"}
COPY: Body = {"id": "copy", "destination": {"bucket": "arn:aws:s3:::acme-copy"}}
COPIES: Body = {"role": f"arn:aws:iam::{ACCOUNT}:role/copier", "rules": [COPY]}
INVENTORY: Body = {
    "id": "daily",
    "destination": {"bucket": "acme-reports", "format": "CSV"},
    "includedObjectVersions": "All",
    "schedule": {"frequency": "Daily"},
}
ORIGINS = [f"https://{number}.{'a' * 480}.example" for number in range(100)]


def _acl(*block: Body) -> Body:
    return {"ownership": {"objectOwnership": "ObjectWriter", "grants": list(block), "foreign": "Keep"}}


def _website(key: str) -> Body:
    route = {"condition": {"keyPrefixEquals": key}, "redirect": {"replaceKeyWith": key, "hostName": "a" * 255}}
    return {"website": {"indexDocument": {"suffix": "index.html"}, "routingRules": [route] * 50}}


def _grants(number: int) -> Body:
    long = {"principals": [ACCOUNT], "actions": ["s3:GetObject"], "prefix": "a" * 1000}
    return {"policy": {"allow": [{"sid": f"Long{each}", **long} for each in range(number)]}}


def _without_others(control: str, block: Body) -> Body:
    return {control: {**block, "foreign": "Remove"}}


def _with_others(
    control: str, field: str, reason: str, page: str, rule: str, block: Body, *found: dict[str, Any]
) -> Refused:
    """Write a rule about a number that is only come to with the entries of others."""
    return Refused(
        rule=f"more than {rule}, with those of others",
        field=f"{control}.{field}" if field else control,
        page=page,
        refused={control: {**block, "foreign": "Keep"}},
        taken=_without_others(control, block),
        reason=reason,
        found={control: found},
    )


LONG = (
    _with_others(
        "lifecycle",
        "rules",
        "TooManyEntries",
        "API/API_PutBucketLifecycleConfiguration.html",
        "1,000 lifecycle rules",
        {"rules": [EXPIRE]},
        {
            "Rules": [
                {
                    "ID": f"theirs{each}",
                    "Status": "Enabled",
                    "Filter": {"Prefix": f"{each}/"},
                    "Expiration": {"Days": 9},
                }
                for each in range(1000)
            ]
        },
    ),
    _with_others(
        "replication",
        "rules",
        "TooManyEntries",
        "API/API_PutBucketReplication.html",
        "1,000 replication rules",
        COPIES,
        {
            "ReplicationConfiguration": {
                "Role": COPIES["role"],
                "Rules": [
                    {
                        "ID": f"theirs{each}",
                        "Status": "Enabled",
                        "Priority": each + 1,
                        "Filter": {"Prefix": f"{each}/"},
                        "DeleteMarkerReplication": {"Status": "Disabled"},
                        "Destination": {"Bucket": "arn:aws:s3:::acme-theirs"},
                    }
                    for each in range(1000)
                ],
            }
        },
    ),
    _with_others(
        "notifications",
        "",
        "TooManyEntries",
        "https://docs.aws.amazon.com/general/latest/gr/s3.html",
        "100 notifications",
        {"queues": [{"id": "ours", "arn": QUEUE, "events": ["s3:ObjectRemoved:*"]}]},
        {
            "QueueConfigurations": [
                {
                    "Id": f"theirs{each}",
                    "QueueArn": QUEUE,
                    "Events": ["s3:ObjectCreated:*"],
                    "Filter": {"Key": {"FilterRules": [{"Name": "Prefix", "Value": f"{each:03}/"}]}},
                }
                for each in range(100)
            ]
        },
    ),
    _with_others(
        "inventory",
        "configurations",
        "TooManyEntries",
        "API/API_PutBucketInventoryConfiguration.html",
        "1,000 inventories",
        {"configurations": [INVENTORY]},
        {
            "IsTruncated": False,
            "InventoryConfigurationList": [
                {
                    "Id": f"theirs{each}",
                    "IsEnabled": False,
                    "IncludedObjectVersions": "All",
                    "Schedule": {"Frequency": "Daily"},
                    "Destination": {"S3BucketDestination": {"Bucket": "arn:aws:s3:::acme-reports", "Format": "CSV"}},
                }
                for each in range(1000)
            ],
        },
    ),
    _with_others(
        "tags",
        "tagSet",
        "TooManyTags",
        "userguide/CostAllocTagging.html",
        "50 tags",
        {"tagSet": {"a": "", "b": ""}},
        {"TagSet": [{"Key": f"theirs{each}", "Value": ""} for each in range(47)]},
    ),
    _with_others(
        "ownership",
        "grants",
        "TooManyGrants",
        "userguide/acl-overview.html",
        "100 grants in an ACL",
        {"objectOwnership": "ObjectWriter", "grants": [PARTNER]},
        {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
        {
            "Owner": {"ID": "owner"},
            "Grants": [
                {"Grantee": {"Type": "CanonicalUser", "ID": f"theirs{each}"}, "Permission": "READ"}
                for each in range(99)
            ],
        },
    ),
    Refused(
        rule="more than 100 grants in an ACL, the owner's own among them",
        field="ownership.grants",
        says="99",
        server="Too many",
        page="userguide/acl-overview.html",
        refused=_acl(*[PARTNER] * 100),
        taken=_acl(PARTNER),
    ),
    Refused(
        rule="more than 100 CORS rules",
        field="cors.rules",
        says="100",
        server="Too many",
        page="API/API_PutBucketCors.html",
        refused={"cors": {"rules": [{"allowedOrigins": ["*"], "allowedMethods": ["GET"]}] * 101}},
        taken={"cors": {"rules": [{"allowedOrigins": ["*"], "allowedMethods": ["GET"]}] * 100}},
    ),
    Refused(
        rule="CORS rules of more than 64 KiB",
        field="cors.rules",
        reason="DocumentTooLarge",
        page="API/API_PutBucketCors.html",
        refused={"cors": {"rules": [{"allowedOrigins": ORIGINS, "allowedMethods": ["GET"]}] * 2}},
        taken={"cors": {"rules": [{"allowedOrigins": ORIGINS, "allowedMethods": ["GET"]}]}},
    ),
    Refused(
        rule="a website of more than 128 KiB",
        field="website.routingRules",
        reason="DocumentTooLarge",
        page="API/API_PutBucketWebsite.html",
        refused=_website("é" * 1024),
        taken=_website("e" * 1024),
    ),
    Refused(
        rule="more than 1,000 request metrics",
        field="metrics.configurations",
        says="1000",
        server="Too many",
        page="API/API_PutBucketMetricsConfiguration.html",
        refused={"metrics": {"configurations": [{"id": f"m{each}"} for each in range(1001)]}},
        taken={"metrics": {"configurations": [{"id": f"m{each}"} for each in range(1000)]}},
    ),
    Refused(
        rule="a policy of more than 20 KiB",
        field="policy",
        reason="PolicyTooLarge",
        page="userguide/bucket-policies.html",
        refused=_grants(20),
        taken=_grants(10),
    ),
)
"""The website that is taken has 115 KiB, the one that is refused 217."""
