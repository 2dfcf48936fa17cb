"""Who is told when objects change."""

from typing import Annotated

from pydantic import Field

from securebucket.api.base import ApiModel, AwsName, Foreign
from securebucket.api.rule import Distinct, Keyed, Rule, matches

Event = Annotated[
    str,
    Field(min_length=4, max_length=64),
    matches(
        "s3:[A-Za-z]+(:[A-Za-z*]+)?", "not an event of S3; write e.g. s3:ObjectCreated:* or s3:ObjectRemoved:Delete"
    ),
]
EVENTS = (
    "s3:ReducedRedundancyLostObject",
    *(f"s3:ObjectCreated:{name}" for name in ("*", "Put", "Post", "Copy", "CompleteMultipartUpload")),
    *(f"s3:ObjectRemoved:{name}" for name in ("*", "Delete", "DeleteMarkerCreated")),
    *(f"s3:ObjectRestore:{name}" for name in ("*", "Post", "Completed", "Delete")),
    "s3:Replication:*",
    *(f"s3:Replication:Operation{name}" for name in ("FailedReplication", "NotTracked", "MissedThreshold")),
    "s3:Replication:OperationReplicatedAfterThreshold",
    *(f"s3:LifecycleExpiration:{name}" for name in ("*", "Delete", "DeleteMarkerCreated")),
    "s3:LifecycleTransition",
    "s3:IntelligentTiering",
    "s3:ObjectAcl:Put",
    *(f"s3:ObjectTagging:{name}" for name in ("*", "Put", "Delete")),
    *(f"s3:ObjectAnnotation:{name}" for name in ("*", "Put", "Delete")),
    "s3:ObjectRetention:Put",
)
"""https://docs.aws.amazon.com/AmazonS3/latest/API/API_QueueConfiguration.html"""

Arn = Annotated[
    str,
    Field(min_length=10, max_length=512),
    Rule(
        "!self.endsWith('.fifo')",
        lambda arn: not arn.endswith(".fifo"),
        "S3 cannot notify FIFO topics and queues; name a standard one, or use eventBridge",
    ),
]


def _only(service: str, field: str, python_name: str, example: str) -> Rule:
    pattern = f"arn:[a-z-]+:{service}:[a-z0-9-]+:[0-9]{{12}}:.+"
    is_one = matches(pattern, "").holds
    return Rule(
        f"!has(self.{field}) || self.{field}.all(target, target.arn.matches('^{pattern}$'))",
        lambda block: all(is_one(target.arn) for target in getattr(block, python_name)),
        f"{field} takes ARNs such as {example}; put others in the list of their kind",
        field,
    )


class KeyFilter(ApiModel):
    """Which keys a notification is for. Empty: all."""

    prefix: str = Field(
        "",
        max_length=1024,
        description="Keys that start with this, e.g. year=2026/; it is sent URL-encoded, as S3 wants it, and taken to be encoded already where it has a %3D or the like. No wildcards; write %2B for a plus sign. Default: any.",
    )
    suffix: str = Field("", max_length=1024, description="Keys that end with this; see prefix. Default: any.")


class Target(ApiModel):
    """A destination of event notifications. Its own policy must let S3 send to it."""

    invariants = (
        Rule(
            f"self.events.all(event, event in {list(EVENTS)})",
            lambda target: set(target.events) <= set(EVENTS),
            "S3 has no such event, and takes no notifications then; write e.g. s3:ObjectCreated:* or"
            " s3:ObjectRemoved:Delete",
            "events",
            since="0.2.0",
        ),
    )

    id: Annotated[str, AwsName("Id")] = Field(
        min_length=1, max_length=255, description="Name of the entry, unique in the bucket."
    )
    arn: Arn = Field(description="ARN of the SNS topic, SQS queue or Lambda function (not FIFO).")
    events: Annotated[tuple[Event, ...], Distinct()] = Field(
        min_length=1, max_length=50, description="Events to send, e.g. s3:ObjectCreated:*."
    )
    filter: KeyFilter = Field(KeyFilter(), description="Which keys it is for. Default: all.")


class Notifications(ApiModel):
    """Event notifications (PutBucketNotificationConfiguration)."""

    invariants = (
        _only("sns", "topics", "topics", "arn:aws:sns:eu-west-1:111122223333:uploads"),
        _only("sqs", "queues", "queues", "arn:aws:sqs:eu-west-1:111122223333:uploads"),
        _only(
            "lambda", "lambdaFunctions", "lambda_functions", "arn:aws:lambda:eu-west-1:111122223333:function:uploads"
        ),
    )

    event_bridge: bool | None = Field(
        None, description="Send all events to Amazon EventBridge. Default: left as it is."
    )
    topics: Annotated[tuple[Target, ...], Keyed("id")] = Field(
        (), max_length=50, description="SNS topics. Default: none."
    )
    queues: Annotated[tuple[Target, ...], Keyed("id")] = Field(
        (), max_length=50, description="SQS queues. Default: none."
    )
    lambda_functions: Annotated[tuple[Target, ...], Keyed("id")] = Field(
        (), max_length=50, description="Lambda functions. Default: none."
    )
    skip_destination_validation: bool = Field(
        False, description="Do not let S3 test the destinations when it stores them. Default: false."
    )
    foreign: Foreign | None = Field(
        None,
        description="Targets that are not declared here: Keep or Remove. Default: Remove on a bucket that the operator created, Keep on an adopted one.",
    )
