"""Configurations of lifecycle, replication, logging, notifications and tags."""

from typing import Any

from securebucket_dev.scanners.configuration import AWAY, OPEN_ACCOUNT, Configuration, Step
from securebucket_dev.scanners.configurations.steps import BUCKET_ARN, VERSIONED, Statement, allow, policy

ROLE = f"arn:aws:iam::{OPEN_ACCOUNT}:role/replication"
EXPIRY = {"Filter": {"Prefix": ""}, "Expiration": {"Days": 365}}
NO_UPLOADS = {"Filter": {"Prefix": ""}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}


def _lifecycle(name: str, says: str, *rules: Any, before: tuple[Step, ...] = ()) -> Configuration:
    named = [{"ID": f"rule-{number}", "Status": "Enabled", **rule} for number, rule in enumerate(rules)]
    put = Step("put_bucket_lifecycle_configuration", {"LifecycleConfiguration": {"Rules": named}})
    return Configuration(f"lifecycle-{name}", says, (*before, put))


LIFECYCLE = (
    _lifecycle("expiry", "Objects expire.", EXPIRY),
    _lifecycle("disabled", "A rule is there, and disabled.", {**EXPIRY, "Status": "Disabled"}),
    _lifecycle("one-of-two", "One rule is disabled, another enabled.", {**EXPIRY, "Status": "Disabled"}, NO_UPLOADS),
    _lifecycle("uploads", "Unfinished uploads are removed.", NO_UPLOADS),
    _lifecycle(
        "uploads-disabled", "A rule about unfinished uploads is disabled.", {**NO_UPLOADS, "Status": "Disabled"}
    ),
    _lifecycle(
        "uploads-of-prefix",
        "Unfinished uploads of some objects are removed.",
        {**NO_UPLOADS, "Filter": {"Prefix": "tmp/"}},
    ),
    _lifecycle(
        "versions",
        "Old versions are kept, and expire.",
        {"Filter": {"Prefix": ""}, "NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
        before=(VERSIONED,),
    ),
    _lifecycle(
        "versions-disabled",
        "Old versions are kept, and the rule about them is disabled.",
        {"Filter": {"Prefix": ""}, "NoncurrentVersionExpiration": {"NoncurrentDays": 30}, "Status": "Disabled"},
        before=(VERSIONED,),
    ),
)


def _replicated(name: str, says: str, *rules: Any) -> Configuration:
    written = [
        {
            "ID": f"rule-{number}",
            "Priority": number,
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "DeleteMarkerReplication": {"Status": "Disabled"},
            **rule,
        }
        for number, rule in enumerate(rules, 1)
    ]
    put = Step("put_bucket_replication", {"ReplicationConfiguration": {"Role": ROLE, "Rules": written}})
    return Configuration(f"replication-{name}", says, (VERSIONED, put))


ABROAD = {"Destination": {"Bucket": "arn:aws:s3:::{copy-abroad}"}}
NEARBY = {"Destination": {"Bucket": "arn:aws:s3:::{copy-nearby}"}}

NO_OLD_COPIES = Step(
    "put_bucket_lifecycle_configuration",
    {
        "LifecycleConfiguration": {
            "Rules": [
                {
                    "ID": "old",
                    "Status": "Enabled",
                    "Filter": {"Prefix": ""},
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
                }
            ]
        }
    },
)

REPLICATION = (
    # First: the server refuses a rule whose destination keeps no versions.
    Configuration("copy-abroad", "Where copies go, in another region.", (VERSIONED,), region=AWAY),
    Configuration("copy-nearby", "Where copies go, in the same region.", (VERSIONED, NO_OLD_COPIES)),
    _replicated("abroad", "Objects are copied to another region.", ABROAD),
    _replicated("nearby", "Objects are copied within the region.", NEARBY),
    _replicated("disabled", "The rule that copies to another region is disabled.", {**ABROAD, "Status": "Disabled"}),
    _replicated("both", "Objects are copied within the region, and to another.", NEARBY, ABROAD),
)


def _logged(name: str, says: str, target: str) -> Configuration:
    logging = {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": "log/"}}
    return Configuration(f"logging-{name}", says, (Step("put_bucket_logging", {"BucketLoggingStatus": logging}),))


_DELIVERY: Statement = allow({"Service": "logging.s3.amazonaws.com"}, "s3:PutObject", f"{BUCKET_ARN}/log/*")

LOGGING = (
    Configuration("logs", "Where logs go.", (policy(_DELIVERY),)),
    _logged("elsewhere", "Access is logged to another bucket.", "{logs}"),
    _logged("itself", "Access is logged to the bucket itself.", "{bucket}"),
)


def _notified(name: str, says: str, **targets: Any) -> Configuration:
    put = Step("put_bucket_notification_configuration", {"NotificationConfiguration": targets})
    return Configuration(f"notifications-{name}", says, (put,))


_QUEUE = {"Id": "queue", "QueueArn": "{queue}", "Events": ["s3:ObjectCreated:*"]}
_TOPIC = {"Id": "topic", "TopicArn": "{topic}", "Events": ["s3:ObjectRemoved:*"]}

NOTIFICATIONS = (
    _notified("queue", "Events go to a queue.", QueueConfigurations=[_QUEUE]),
    _notified("topic", "Events go to a topic.", TopicConfigurations=[_TOPIC]),
    _notified("event-bridge", "Events go to EventBridge alone.", EventBridgeConfiguration={}),
    _notified(
        "queue-and-event-bridge",
        "Events go to a queue and to EventBridge.",
        QueueConfigurations=[_QUEUE],
        EventBridgeConfiguration={},
    ),
)


def _tagged(name: str, says: str, **tags: str) -> Configuration:
    tag_set = [{"Key": key, "Value": value} for key, value in tags.items()]
    return Configuration(f"tags-{name}", says, (Step("put_bucket_tagging", {"Tagging": {"TagSet": tag_set}}),))


TAGS = (
    _tagged("some", "The bucket has tags.", team="payments", data="internal"),
    _tagged("empty-value", "The bucket has one tag, without a value.", team=""),
    Configuration(
        "tags-removed",
        "The bucket's tags were removed.",
        (
            Step("put_bucket_tagging", {"Tagging": {"TagSet": [{"Key": "a", "Value": "b"}]}}),
            Step("delete_bucket_tagging"),
        ),
    ),
)
