"""Access logging, as the laws try it."""

from tests.laws.subject import GONE, Document, Limit, Subject, Tampering
from tests.laws.surroundings import make_log_target
from tests.laws.things import LOG_DELIVERY, OTHER_ID, REGION

TARGET = "BucketLoggingStatus.LoggingEnabled"
FORMAT = f"{TARGET}.TargetObjectKeyFormat"
NO_FORMAT = Limit("loses TargetObjectKeyFormat")

SUBJECT = Subject(
    specs=(
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
    readings=(
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
    document=Document(
        get="get_bucket_logging",
        put="put_bucket_logging",
        member="BucketLoggingStatus",
    ),
    rights={
        "get_bucket_logging": "s3:GetBucketLogging",
        "put_bucket_logging": "s3:PutBucketLogging",
    },
    tamperings=(
        Tampering(
            "logged elsewhere",
            ("targetBucket",),
            {f"{TARGET}.TargetBucket": lambda stage: make_log_target(stage, REGION)},
            1,
        ),
        Tampering("prefix", ("targetPrefix",), {f"{TARGET}.TargetPrefix": "hidden/"}, 1),
        Tampering(
            "date source",
            ("partitionDateSource",),
            {f"{FORMAT}.PartitionedPrefix.PartitionDateSource": "EventTime"},
            1,
        ),
        Tampering("key format", ("targetObjectKeyFormat", "partitionDateSource"), {FORMAT: {"SimplePrefix": {}}}, 1),
        Tampering(
            "partitions",
            ("targetObjectKeyFormat", "partitionDateSource"),
            {FORMAT: {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}}},
            3,
        ),
        Tampering("grant's permission", ("targetGrants",), {f"{TARGET}.TargetGrants[0].Permission": "FULL_CONTROL"}, 1),
        Tampering(
            "grantees",
            ("targetGrants",),
            {
                f"{TARGET}.TargetGrants": [
                    {"Grantee": {"Type": "CanonicalUser", "ID": OTHER_ID[::-1]}, "Permission": "READ"},
                    {"Grantee": {"Type": "Group", "URI": LOG_DELIVERY}, "Permission": "WRITE"},
                ]
            },
            1,
        ),
        Tampering("no grants", ("targetGrants",), {f"{TARGET}.TargetGrants": GONE}, 1),
        Tampering("off", ("targetBucket", "targetObjectKeyFormat"), {"BucketLoggingStatus.LoggingEnabled": GONE}, 3),
    ),
    resolved=("targetBucketRef", "targetBucketRef.name", "targetBucketRef.namespace"),
    limits={"moto": {1: NO_FORMAT, 2: NO_FORMAT}},
    unseen={"moto": {"partitions": "it loses TargetObjectKeyFormat"}},
)
