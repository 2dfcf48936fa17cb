"""What must be true of a replication destination before copies are sent there: S3 sees only a part of it at the PUT."""

from typing import Any

from securebucket.api.replication import Destination, ReplicationRule
from securebucket.model.control import Context
from securebucket.model.failure import Failure
from securebucket.model.surroundings import BucketQuery, KmsKey, KmsKeyQuery, OtherBucket, Query


def queries(context: Context, rule: ReplicationRule) -> tuple[Query[Any], ...]:
    """Ask about the destination and the key of copies where they are ours; those of another account we cannot read."""
    asked = (_bucket_query(context, rule.destination), _key_query(context, rule.destination))
    return tuple(query for query in asked if query is not None)


def refusal(context: Context, rule: ReplicationRule) -> Failure | None:
    """Say why a rule would be refused by S3, or taken and then copy nothing; None where nothing speaks against it."""
    return _refuse_bucket(context, rule) or _refuse_key(context, rule)


def _bucket_query(context: Context, destination: Destination) -> BucketQuery | None:
    account = context.bucket.account_id
    if destination.account not in {None, account}:
        return None
    return BucketQuery(destination.bucket.rpartition(":")[2], account)


def _key_query(context: Context, destination: Destination) -> KmsKeyQuery | None:
    """Ask in the key's own region, which is the destination's and not the bucket's."""
    key = destination.replica_kms_key_id
    if key is None:
        return None
    _, _, _, region, account, _ = key.split(":", 5)
    return KmsKeyQuery(key, region) if account == context.bucket.account_id else None


def _refuse_bucket(context: Context, rule: ReplicationRule) -> Failure | None:
    if rule.destination.bucket == context.bucket.arn:
        return Failure(
            "ReplicationDestinationIsItself",
            f"{rule.destination.bucket}, the destination of replication rule {rule.id}, is the bucket itself, which S3"
            " refuses; name another bucket.",
        )
    query = _bucket_query(context, rule.destination)
    fact = None if query is None else context.facts.get(query)
    where = f"{rule.destination.bucket}, the destination of replication rule {rule.id},"
    if isinstance(fact, Failure):
        return _unreadable(context, where, fact)
    if not isinstance(fact, OtherBucket):
        return None
    if fact.versioning != "Enabled":
        return Failure(
            "ReplicationDestinationNotVersioned",
            f"{where} has no versioning ({fact.versioning or 'never enabled, or not readable'}); enable it there, e.g."
            " make it a SecureBucket with role ReplicaTarget.",
            retry=True,
        )
    if _is_locked(context) and not fact.object_lock:
        return Failure(
            "ReplicationDestinationNotLocked",
            f"{where} has no Object Lock, so S3 would copy nothing out of this bucket, which has it; enable Object Lock"
            " there, or name another destination.",
            retry=True,
        )
    return None


def _unreadable(context: Context, where: str, failure: Failure) -> Failure:
    if failure.reason == "BucketMissing":
        reason = "ReplicationDestinationMissing"
        message = f"{where} does not exist in account {context.bucket.account_id}; create it, or name another one."
    else:
        # A bucket of somebody else's that has the expected name must never get our objects.
        reason = "ReplicationDestinationUnreadable"
        hint = "" if failure.retry else " If another account owns it, set the rule's destination.account."
        message = f"{where} could not be read: {failure.message}{hint}"
    return Failure(reason, message, failure.retry, failure.code, failure.operation)


def _refuse_key(context: Context, rule: ReplicationRule) -> Failure | None:
    query, bucket_query = _key_query(context, rule.destination), _bucket_query(context, rule.destination)
    if query is None:
        return None
    key = context.facts.get(query)
    destination = None if bucket_query is None else context.facts.get(bucket_query)
    what = f"replicaKmsKeyId of replication rule {rule.id}"
    if isinstance(destination, OtherBucket) and destination.region not in {"", query.region}:
        return Failure(
            "ReplicaKmsKeyInOtherRegion",
            f"{what} is a key of {query.region}, but the destination is in {destination.region}; name a key of there.",
        )
    if isinstance(key, Failure):
        return Failure(
            "ReplicaKmsKeyUnreadable",
            f"{what} could not be read: {key.message}",
            key.retry,
            key.code,
            key.operation,
        )
    if not isinstance(key, KmsKey):
        return None
    if key.state != "Enabled":
        return Failure(
            "ReplicaKmsKeyNotEnabled",
            f"{what} is a key in state {key.state}; enable the key, or name another one.",
            retry=True,
        )
    if not key.symmetric:
        return Failure(
            "ReplicaKmsKeyNotSymmetric",
            f"{what} is not a symmetric encryption key; S3 takes no other, name one of type SYMMETRIC_DEFAULT.",
        )
    return None


def _is_locked(context: Context) -> bool:
    """Tell whether the bucket has Object Lock, or is to get it in this pass."""
    return bool(context.spec.object_lock.enabled or getattr(context.observed.get("objectLock"), "enabled", False))
