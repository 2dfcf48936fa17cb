"""Reads one bucket for a scan: where it lies, and every document, each answer kept as evidence."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from securebucket.api.spec import Role
from securebucket.aws.account import Identity
from securebucket.aws.bucket_client import BucketClient, Located, Missing
from securebucket.aws.bucket_list import ListedBucket
from securebucket.aws.edge import Aws
from securebucket.aws.sessions import Binding
from securebucket.controls import CONTROLS
from securebucket.model.bucket import Bucket
from securebucket.model.failure import Failure
from securebucket.model.flow import Answers, answers_of
from securebucket.model.observation import is_unread
from securebucket.model.verdict import Subject


@dataclass(frozen=True, slots=True)
class BucketReading:
    """One bucket that was read.

    Args:
        subject: what the checks look at; its role and its surroundings are not known yet.
        answers: what it was made from.
        read_at: in UTC.
    """

    subject: Subject
    answers: Answers
    read_at: dt.datetime


def read_bucket(
    aws: Aws, binding: Binding, identity: Identity, listed: ListedBucket, now: Callable[[], dt.datetime]
) -> BucketReading | Failure:
    """Read one bucket in its own region; a failure where not a single document could be read.

    Args:
        aws: the door to AWS.
        binding: where and as whom.
        identity: whose bucket it must be.
        listed: which one; where its region is not known, HeadBucket is asked for it.
        now: the time in UTC.
    """
    region = listed.region or aws.region(binding)
    client = aws.bucket(binding, identity, listed.name, region)
    if isinstance(client, Failure):
        return replace(client, message="no region is known; give --region, or set AWS_REGION.")
    if not listed.region:
        located = client.locate()
        if not isinstance(located, Located):
            return explained(located, listed.name)
        if located.region and located.region != region:
            region = located.region
            client = aws.bucket(binding, identity, listed.name, region)
            if isinstance(client, Failure):
                return client
    return _read(client, identity, region, now)


def _read(
    client: BucketClient, identity: Identity, region: str, now: Callable[[], dt.datetime]
) -> BucketReading | Failure:
    bucket = Bucket(client.name, region, identity.account_id, identity.partition, caller_arn=identity.arn)
    readings = client.read_all(CONTROLS, bucket)
    observed = {name: each.observation for name, each in readings.items()}
    unknown = [each for each in observed.values() if is_unread(each)]
    if len(unknown) == len(observed):
        reasons = {each.reason for each in unknown}
        return explained(unknown[0], client.name) if len(reasons) == 1 else unknown[0]
    return BucketReading(Subject(bucket, Role.DATA, observed), answers_of(readings.values()), now())


def explained(problem: Failure | Missing, name: str) -> Failure:
    """Say why a bucket cannot be read to somebody who declares none, and only looks."""
    if isinstance(problem, Missing) or problem.reason == "BucketMissing":
        return Failure("BucketMissing", "there is no such bucket; correct its name, or it was deleted just now.")
    if problem.reason == "BucketForbidden":
        return replace(
            problem,
            message="HeadBucket was denied: it belongs to another account, or these credentials lack s3:ListBucket on"
            f" {name}. Grant the right, or scan with credentials of the bucket's account (--role-arn).",
        )
    if problem.reason == "AccessDenied":
        return replace(
            problem,
            message="every read was denied. Grant the rights that `securebucket iam-policy --purpose scan` prints, or"
            " find the bucket policy, SCP or RCP that denies them.",
        )
    return problem
