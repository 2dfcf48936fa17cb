"""Makes every configuration on a server, with plain boto3, and what they name besides their bucket."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from securebucket_dev.s3.bare import client
from securebucket_dev.s3.copying_role import make_role
from securebucket_dev.scanners.configuration import (
    BLOCKED_ACCOUNT,
    HALF_BLOCKED_ACCOUNT,
    HOME,
    OPEN_ACCOUNT,
    Configuration,
)

ALL_FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
ACCOUNT_FLAGS = {BLOCKED_ACCOUNT: ALL_FLAGS, HALF_BLOCKED_ACCOUNT: ("IgnorePublicAcls", "RestrictPublicBuckets")}


@dataclass(frozen=True, slots=True)
class Fleet:
    """The configurations on one server.

    Args:
        endpoint: of the server, which takes the access key id for the account.
        configurations: what is there.
    """

    endpoint: str
    configurations: tuple[Configuration, ...]

    @property
    def accounts(self) -> tuple[str, ...]:
        """Whose buckets they are."""
        return tuple(sorted({each.account for each in self.configurations}))

    def of(self, account: str) -> tuple[Configuration, ...]:
        """Give the configurations of one account."""
        return tuple(each for each in self.configurations if each.account == account)


def make_fleet(endpoint: str, configurations: Iterable[Configuration]) -> Fleet:
    """Make all buckets; a call that the server refuses is an error."""
    fleet = Fleet(endpoint, tuple(configurations))
    names = _surroundings(fleet)
    for each in fleet.configurations:
        _create(endpoint, each.account, each.region, each.bucket, **each.creation)
    for each in fleet.configurations:
        s3 = _s3(endpoint, each.account, each.region)
        filling = {**names, "bucket": each.bucket, "owner": _owner(endpoint, each.account)}
        for step in each.steps:
            getattr(s3, step.operation)(Bucket=each.bucket, **step.filled(filling))
    # Last: an account that blocks public policies would refuse the ones above.
    for account, flags in ACCOUNT_FLAGS.items():
        block = {flag: flag in flags for flag in ALL_FLAGS}
        s3control = client(endpoint, "s3control", account=account)
        s3control.put_public_access_block(AccountId=account, PublicAccessBlockConfiguration=block)
    return fleet


def _surroundings(fleet: Fleet) -> dict[str, str]:
    """Make the key, the queue, the topic and the role of copies, and name the buckets that others refer to."""
    make_role(client(fleet.endpoint, "iam", account=OPEN_ACCOUNT), "replication")
    ask = {service: client(fleet.endpoint, service, account=OPEN_ACCOUNT) for service in ("kms", "sqs", "sns")}
    queue = ask["sqs"].create_queue(QueueName="events")["QueueUrl"]
    attributes = ask["sqs"].get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    return {
        **{each.name: each.bucket for each in fleet.configurations},
        "key": ask["kms"].create_key()["KeyMetadata"]["Arn"],
        "queue": attributes["QueueArn"],
        "topic": ask["sns"].create_topic(Name="events")["TopicArn"],
    }


def _create(endpoint: str, account: str, region: str, bucket: str, **more: object) -> None:
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    _s3(endpoint, account, region).create_bucket(Bucket=bucket, **place, **more)


@cache
def _s3(endpoint: str, account: str, region: str) -> Any:
    return client(endpoint, region=region, account=account)


@cache
def _owner(endpoint: str, account: str) -> str:
    """Give the account's canonical id, which its ACLs have to name."""
    return str(_s3(endpoint, account, HOME).list_buckets()["Owner"]["ID"])
