"""Whether S3 can deliver a bucket's access logs to a target: S3 sees a part of it at the PUT, and the rest never.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
"""

import json

from securebucket.model.bucket import Bucket
from securebucket.model.demand import LogDemand
from securebucket.model.failure import Failure
from securebucket.model.log_target import LogTarget
from securebucket.policy.document import read_policy
from securebucket.policy.log_delivery import Delivery, delivery_to, source_deliveries

FIELD = "spec.logging.targetBucket"
CLOSED = "LogTargetClosed"
"""The reason where the target's policy has nothing for the log service."""


def unfit(bucket: Bucket, target: LogTarget, prefix: str, *, grants: bool) -> Failure | None:
    """Say why S3 would not deliver logs; None where nothing speaks against it.

    Args:
        bucket: whose logs.
        target: where they go.
        prefix: what their keys begin with.
        grants: whether the log objects are to get grants of their own.
    """
    return _unfit_setting(bucket, target, grants=grants) or _closed(bucket, target, prefix)


def _unfit_setting(bucket: Bucket, target: LogTarget, *, grants: bool) -> Failure | None:
    if target.region and bucket.region and target.region != bucket.region:
        return Failure(
            "LogTargetInOtherRegion",
            f"{FIELD} {target.name} lies in {target.region}, the bucket in {bucket.region}; name a log target of"
            f" {bucket.region}.",
        )
    if target.sse_algorithm.startswith("aws:kms"):
        return Failure(
            "LogTargetEncryptedWithKms",
            f"{FIELD} {target.name} encrypts with {target.sse_algorithm}, and S3 delivers access logs to SSE-S3 only;"
            " set its default encryption to AES256, or name another log target.",
        )
    if target.object_lock:
        return Failure(
            "LogTargetObjectLock",
            f"{FIELD} {target.name} has Object Lock, and S3 delivers no access logs there; name another log target.",
        )
    if target.requester_pays:
        return Failure(
            "LogTargetRequesterPays",
            f"{FIELD} {target.name} has Requester Pays, and S3 delivers no access logs there; turn it off, or name"
            " another log target.",
        )
    if grants and target.acls_off:
        return Failure(
            "LogTargetWithoutAcls",
            f"spec.logging.targetGrants: {target.name} has ACLs turned off (BucketOwnerEnforced), and S3 takes no"
            " grants on logs there; leave targetGrants out, and let readers in by its policy.",
        )
    return None


def doubt(bucket: Bucket, target: LogTarget, prefix: str) -> str:
    """Say why nobody can tell whether S3 delivers logs; empty where that is known."""
    if isinstance(target.policy, Failure):
        return target.policy.message
    delivery = _delivery(bucket, target, prefix)
    if delivery.doubted_by:
        return (
            f"its policy may refuse them by {', '.join(delivery.doubted_by)}, on conditions that cannot be judged here"
        )
    if not delivery.allowed and isinstance(target.group_writes, Failure):
        return target.group_writes.message
    return ""


def _delivery(bucket: Bucket, target: LogTarget, prefix: str) -> Delivery:
    statements = read_policy(target.policy).statements if isinstance(target.policy, str) and target.policy else {}
    demand = LogDemand(bucket.name, bucket.account_id, prefix)
    return delivery_to(target.name, bucket.partition, demand, statements)


def _closed(bucket: Bucket, target: LogTarget, prefix: str) -> Failure | None:
    """Say what of its policy keeps the log service out; a policy that could not be read says nothing."""
    if isinstance(target.policy, Failure):
        return None
    delivery = _delivery(bucket, target, prefix)
    if delivery.denied_by:
        return Failure(
            "LogTargetDenies",
            f"{FIELD} {target.name}: its policy refuses the logs by {', '.join(delivery.denied_by)}; except AWS"
            " services from it (aws:PrincipalIsAWSService), or logging.s3.amazonaws.com, or name another log target.",
            retry=True,
        )
    if delivery.allowed or target.group_writes:  # or nobody knows whether the group may write
        return None
    demand = LogDemand(bucket.name, bucket.account_id, prefix)
    (statement,) = source_deliveries(Bucket(target.name, "", bucket.account_id, bucket.partition), [demand])
    return Failure(
        CLOSED,
        f"{FIELD} {target.name}: its policy does not let S3 deliver the logs. Where it is a SecureBucket, its own pass"
        " lets them in, once its profile admits this namespace (spec.admittedSources); any other needs this statement:"
        f" {json.dumps(statement, sort_keys=True)}",
        retry=True,  # the target's own pass comes after this one, and makes it so
    )
