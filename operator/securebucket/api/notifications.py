"""Who is told when objects change."""

from typing import Annotated

from pydantic import Field

from securebucket.api.base import ApiModel, AwsName, Foreign

Event = Annotated[str, Field(min_length=4, max_length=64, pattern=r"^s3:[A-Za-z]+(:[A-Za-z*]+)?$")]


class KeyFilter(ApiModel):
    """Which keys a notification is for. Empty: all."""

    prefix: str = Field("", max_length=1024, description="Keys that start with this. Default: any.")
    suffix: str = Field("", max_length=1024, description="Keys that end with this. Default: any.")


class Target(ApiModel):
    """A destination of event notifications. Its own policy must let S3 send to it."""

    id: Annotated[str, AwsName("Id")] = Field(
        min_length=1, max_length=255, description="Name of the entry, unique in the bucket."
    )
    arn: str = Field(
        min_length=10,
        max_length=2048,
        description="ARN of the SNS topic, SQS queue or Lambda function (not FIFO).",
    )
    events: tuple[Event, ...] = Field(
        min_length=1, max_length=50, description="Events to send, e.g. s3:ObjectCreated:*."
    )
    filter: KeyFilter = Field(KeyFilter(), description="Which keys it is for. Default: all.")


class Notifications(ApiModel):
    """Event notifications (PutBucketNotificationConfiguration)."""

    event_bridge: bool | None = Field(
        None, description="Send all events to Amazon EventBridge. Default: left as it is."
    )
    topics: tuple[Target, ...] = Field((), max_length=50, description="SNS topics. Default: none.")
    queues: tuple[Target, ...] = Field((), max_length=50, description="SQS queues. Default: none.")
    lambda_functions: tuple[Target, ...] = Field((), max_length=50, description="Lambda functions. Default: none.")
    skip_destination_validation: bool = Field(
        False, description="Do not let S3 test the destinations when it stores them. Default: false."
    )
    foreign: Foreign | None = Field(
        None,
        description="Targets that are not declared here: Keep or Remove. Default: Remove on a bucket that the operator created, Keep on an adopted one.",
    )
