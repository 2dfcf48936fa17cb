from types import SimpleNamespace
from typing import Any

import pytest
from tests.controls.builders import ACCOUNT, context

from securebucket.controls.replication_destinations import queries, refusal
from securebucket.model.control import Context
from securebucket.model.failure import Failure
from securebucket.model.surroundings import BucketQuery, KmsKey, KmsKeyQuery, OtherBucket, Query

OTHER_ACCOUNT = "444455556666"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"
FOREIGN_KEY = f"arn:aws:kms:eu-west-1:{OTHER_ACCOUNT}:key/1"
COPY, KEY_QUERY = BucketQuery("copy", ACCOUNT), KmsKeyQuery(KEY, "eu-west-1")


def other(**facts: Any) -> OtherBucket:
    usual: dict[str, Any] = {
        "name": "copy",
        "region": "eu-west-1",
        "object_lock": False,
        "versioning": "Enabled",
    }
    return OtherBucket(**usual | facts)


def key(**facts: Any) -> KmsKey:
    usual: dict[str, Any] = {"arn": KEY, "state": "Enabled", "symmetric": True}
    return KmsKey(**usual | facts)


def asked(
    facts: dict[Query[Any], Any] | None = None, observed: dict[str, Any] | None = None, **destination: Any
) -> Context:
    rule = {"id": "a", "destination": {"bucket": "arn:aws:s3:::copy", **destination}}
    role = f"arn:aws:iam::{ACCOUNT}:role/replication"
    return context({"replication": {"role": role, "rules": [rule]}}, observed, facts)


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        pytest.param({}, (COPY,), id="a bucket of ours"),
        pytest.param({"account": ACCOUNT}, (COPY,), id="a bucket of ours, said so"),
        pytest.param({"account": OTHER_ACCOUNT}, (), id="a bucket of another account cannot be read"),
        pytest.param({"replicaKmsKeyId": KEY}, (COPY, KEY_QUERY), id="our key, in its own region"),
        pytest.param({"replicaKmsKeyId": FOREIGN_KEY}, (COPY,), id="a key of another account cannot be read"),
    ],
)
def test_what_is_ours_is_looked_at(destination: dict[str, Any], expected: tuple[Query[Any], ...]) -> None:
    wanted = asked(**destination)
    (rule,) = wanted.spec.replication.rules
    assert queries(wanted, rule) == expected


LOCKED = {"objectLock": SimpleNamespace(enabled=True)}
NO_BUCKET = Failure("BucketMissing", "there is no bucket copy in this account.", True, "404", "HeadBucket")
DENIED = Failure("AccessDenied", "HeadBucket was denied.", code="403", operation="HeadBucket")
THROTTLED = Failure("Throttled", "HeadBucket was throttled.", retry=True)
NO_KEY = Failure("KmsKeyNotFound", "there is no such KMS key.", code="NotFoundException")


@pytest.mark.parametrize(
    ("bucket_fact", "key_fact", "observed", "reason", "retry"),
    [
        pytest.param(other(), key(), {}, "", False, id="all is well"),
        pytest.param(other(), None, {}, "", False, id="the key was not asked for"),
        pytest.param(None, None, {}, "", False, id="nothing was asked for"),
        pytest.param(other(region=""), key(), {}, "", False, id="a server that tells no region"),
        pytest.param(NO_BUCKET, key(), {}, "ReplicationDestinationMissing", True, id="missing"),
        pytest.param(DENIED, key(), {}, "ReplicationDestinationUnreadable", False, id="not ours"),
        pytest.param(THROTTLED, key(), {}, "ReplicationDestinationUnreadable", True, id="not read this time"),
        pytest.param(other(versioning=""), key(), {}, "ReplicationDestinationNotVersioned", True, id="unversioned"),
        pytest.param(
            other(versioning="Suspended"), key(), {}, "ReplicationDestinationNotVersioned", True, id="suspended"
        ),
        pytest.param(other(), key(), LOCKED, "ReplicationDestinationNotLocked", True, id="without Object Lock"),
        pytest.param(other(object_lock=True), key(), LOCKED, "", False, id="both with Object Lock"),
        pytest.param(other(region="eu-west-2"), key(), {}, "ReplicaKmsKeyInOtherRegion", False, id="key elsewhere"),
        pytest.param(other(), key(state="Disabled"), {}, "ReplicaKmsKeyNotEnabled", True, id="key disabled"),
        pytest.param(other(), key(symmetric=False), {}, "ReplicaKmsKeyNotSymmetric", False, id="key not symmetric"),
        pytest.param(other(), NO_KEY, {}, "ReplicaKmsKeyUnreadable", False, id="no such key"),
    ],
)
def test_destinations_that_cannot_take_the_copies_are_refused(
    bucket_fact: Any, key_fact: Any, observed: dict[str, Any], reason: str, retry: bool
) -> None:
    facts: dict[Query[Any], Any] = {}
    if bucket_fact is not None:
        facts[COPY] = bucket_fact
    if key_fact is not None:
        facts[KEY_QUERY] = key_fact
    wanted = asked(facts, observed, replicaKmsKeyId=KEY)
    (rule,) = wanted.spec.replication.rules
    failure = refusal(wanted, rule)
    assert (failure.reason if failure else "") == reason
    assert failure is None or failure.retry is retry


def test_a_refusal_names_the_rule_and_the_destination_and_says_what_to_do() -> None:
    wanted = asked({COPY: DENIED})
    failure = refusal(wanted, wanted.spec.replication.rules[0])
    assert failure is not None
    assert "arn:aws:s3:::copy, the destination of replication rule a" in failure.message
    assert "set the rule's destination.account" in failure.message


def test_a_destination_of_another_account_is_left_to_s3() -> None:
    wanted = asked({COPY: DENIED}, account=OTHER_ACCOUNT)
    assert refusal(wanted, wanted.spec.replication.rules[0]) is None
