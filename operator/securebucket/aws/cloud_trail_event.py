"""From the text of a message to the change that it tells of. Nothing in it is trusted: anybody may have written it.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

import re
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from securebucket.controls.event_names import NAMES, OF_ACCOUNTS
from securebucket.model.event_message import Unusable
from securebucket.model.json_text import read_json
from securebucket.model.reported_change import ReportedChange

SOURCE, DETAIL_TYPE = "aws.s3", "AWS API Call via CloudTrail"
OWN_AGENT = "securebucket-operator/"
PRINCIPAL = re.compile(r"[\w+=,.@:/-]{1,512}", re.ASCII)
"""What an ARN with the name of a session may have in it (https://docs.aws.amazon.com/STS/latest/APIReference/): it goes
into a status, and what is there is read by people and by their browsers."""
BUCKET_ARN = re.compile(r"arn:aws[\w-]*:s3:::([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])", re.ASCII)

AccountId = Annotated[str, Field(pattern="^[0-9]{12}$")]
BucketName = Annotated[str, Field(pattern=r"^[a-z0-9][a-zA-Z0-9._-]{1,253}[a-zA-Z0-9]$")]


class Part(BaseModel):
    """A part of an event. What else AWS writes there is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel)


class UserIdentity(Part):
    """Who made a call; access key and context of the session are not even read.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
    """

    arn: str | None = None
    invoked_by: str | None = None
    account_id: str | None = None


class Resource(Part):
    """Something that a call was about."""

    arn: str = Field("", alias="ARN")
    account_id: AccountId | None = None


class Detail(Part):
    """CloudTrail's record of one call."""

    event_source: str
    event_name: str
    event_time: AwareDatetime
    recipient_account_id: AccountId
    user_identity: UserIdentity
    user_agent: str | None = None
    error_code: str | None = None
    request_parameters: dict[str, Any] | None = None
    resources: tuple[Resource, ...] | None = None


class Envelope(Part):
    """What EventBridge wraps an event in."""

    source: str
    detail_type: str = Field(alias="detail-type")
    detail: dict[str, Any]


class Named(Part):
    """A bucket's name as the request gave it."""

    bucket_name: BucketName


def read_event(text: str) -> ReportedChange | Unusable:
    """Read one message; says why not, where it tells of no change of a bucket's or an account's configuration."""
    try:
        envelope = Envelope.model_validate(read_json(text))
        if (envelope.source, envelope.detail_type) != (SOURCE, DETAIL_TYPE):
            return Unusable.IGNORED
        detail = Detail.model_validate(envelope.detail)
        if detail.event_source != "s3.amazonaws.com" or detail.event_name not in NAMES or detail.error_code:
            return Unusable.IGNORED
        return _change(detail)
    except ValueError:  # pydantic's error is one too
        return Unusable.MALFORMED


def _change(detail: Detail) -> ReportedChange | Unusable:
    bucket, account_id = "", detail.recipient_account_id
    if detail.event_name not in OF_ACCOUNTS:
        bucket, owner = _bucket(detail)
        account_id = owner or account_id
        if not bucket:
            return Unusable.IGNORED  # TagResource is an operation on access points and others too
    return ReportedChange(
        event=detail.event_name,
        bucket=bucket,
        account_id=account_id,
        at=detail.event_time,
        actor=actor_of(detail.user_identity),
        own_agent=(detail.user_agent or "").lstrip("[").startswith(OWN_AGENT),
    )


def _bucket(detail: Detail) -> tuple[str, str]:
    """Give the bucket's name and its owner's account; the caller's own account where the event does not say."""
    asked = detail.request_parameters or {}
    found = {
        match[1]: each.account_id or ""
        for each in detail.resources or ()
        if (match := BUCKET_ARN.fullmatch(each.arn)) is not None
    }
    if "bucketName" in asked:
        name = Named.model_validate(asked).bucket_name
        return name, found.get(name, "")
    tagged = BUCKET_ARN.fullmatch(str(asked.get("resourceArn", "")))
    if tagged is not None:
        return tagged[1], found.get(tagged[1], "")
    return next(iter(found.items()), ("", ""))


def actor_of(identity: UserIdentity) -> str:
    """Name who made a call: an ARN, an AWS service, or an account; empty where none is told, or none that is one."""
    told = identity.arn or identity.invoked_by or identity.account_id or ""
    return told if PRINCIPAL.fullmatch(told) else ""
