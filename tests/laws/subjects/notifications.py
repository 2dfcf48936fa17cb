"""Event notifications, as the laws try it."""

from typing import Any

from tests.laws.stage import Stage
from tests.laws.subject import GONE, Document, Foreign, Limit, Subject, Tampering
from tests.laws.surroundings import make_queue, make_topic
from tests.laws.things import REGION

NOTIFIED = "NotificationConfiguration"


def skip_validation(parameters: dict[str, Any]) -> dict[str, Any]:
    """Spare the targets the test message."""
    return {**parameters, "SkipDestinationValidation": True}


def target_edits(kind: str, entry: str) -> tuple[Tampering, ...]:
    """Change everything that a notification target has, `kind` and `entry` as in the sample."""
    member = f"{kind.capitalize()}Configurations" if kind != "lambda" else "LambdaFunctionConfigurations"
    listed = {"topic": "topics", "queue": "queues", "lambda": "lambdaFunctions"}[kind]
    path, named = f"{NOTIFIED}.{member}[{entry}]", f"targets[{listed}/{entry}]"
    arn = {
        "topic": ("TopicArn", lambda stage: make_topic(stage, REGION)),
        "queue": ("QueueArn", lambda stage: make_queue(stage, REGION)),
        "lambda": ("LambdaFunctionArn", "arn:aws:lambda:eu-central-1:444455556666:function:theirs"),
    }[kind]
    rules = f"{path}.Filter.Key.FilterRules"
    renamed = (named, f"targets[{listed}/other]")
    return (
        Tampering(f"{kind} redirected", (named,), {f"{path}.{arn[0]}": arn[1]}, 0),
        Tampering(f"{kind} told of more", (named,), {f"{path}.Events": ["s3:ObjectTagging:*"]}, 0),
        Tampering(f"{kind} renamed", renamed, {f"{path}.Id": "other"}, 0),
        Tampering(f"{kind} filter value", (named,), {f"{rules}[0].Value": "x"}, 0),
        Tampering(f"{kind} filter name", (named,), {rules: [{"Name": "Suffix", "Value": "x"}]}, 0),
        Tampering(f"{kind} taken out", (named,), {path: GONE}, 0),
    )


def a_queue_of_theirs(stage: Stage, region: str = "us-east-1") -> dict[str, Any]:
    """Write a target that tells a queue of every new object."""
    return {"Id": "theirs", "QueueArn": make_queue(stage, region), "Events": ["s3:ObjectCreated:*"]}


SUBJECT = Subject(
    specs=(
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
    readings=(
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
    document=Document(
        get="get_bucket_notification_configuration",
        put="put_bucket_notification_configuration",
        member="NotificationConfiguration",
        before_put=skip_validation,
    ),
    rights={
        "get_bucket_notification_configuration": "s3:GetBucketNotification",
        "put_bucket_notification_configuration": "s3:PutBucketNotification",
    },
    tamperings=(
        *target_edits("topic", "topic"),
        *target_edits("queue", "queue"),
        *target_edits("lambda", "function"),
        Tampering("EventBridge off", ("eventBridge",), {f"{NOTIFIED}.EventBridgeConfiguration": GONE}, 0),
        Tampering("EventBridge on", ("eventBridge",), {f"{NOTIFIED}.EventBridgeConfiguration": {}}, 1),
        Tampering(
            "a way out",
            ("targets[queues/theirs]",),
            {f"{NOTIFIED}.QueueConfigurations": lambda stage: [a_queue_of_theirs(stage, REGION)]},
        ),
    ),
    untampered={"SkipDestinationValidation": "it is told with the write and not kept"},
    foreign=Foreign(
        path=f"{NOTIFIED}.QueueConfigurations",
        entry=lambda stage, _: a_queue_of_theirs(stage),
        name="queues/theirs",
        frame={NOTIFIED: {"QueueConfigurations": []}},
        ours=lambda stage: {"queues": [{"id": "ours", "arn": make_queue(stage), "events": ["s3:ObjectRemoved:*"]}]},
    ),
    limits={"moto": {0: Limit("loses EventBridgeConfiguration")}},
    unseen={"moto": {"EventBridge on": "it loses EventBridgeConfiguration"}},
)
