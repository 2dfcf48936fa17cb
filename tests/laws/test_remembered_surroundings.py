"""What is remembered of a bucket's surroundings is no reason for a write, and nothing to a person who asks."""

from dataclasses import replace

import pytest
from tests.laws.stage import Stage
from tests.laws.tenant import Pass, Tenant
from tests.laws.test_turns import Clock

from securebucket.aws.edge import Aws
from securebucket.model.surroundings import MINUTES
from securebucket.model.verdict import Result, Verdict


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stage(localstack_stage: Stage, clock: Clock) -> Stage:
    """A stage of which nobody else has asked anything."""
    return replace(localstack_stage, aws=Aws(lambda *_: None, clock=clock))


def test_a_key_that_has_died_meanwhile_is_not_set_for_the_next_bucket(stage: Stage, clock: Clock) -> None:
    kms = stage.plain("kms")
    key = str(kms.create_key()["KeyMetadata"]["Arn"])
    encrypted = {"encryption": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}}
    Tenant(stage, encrypted).settle()
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    clock.seconds += 90
    made = Tenant(stage, encrypted, name="orders").run()
    assert "PutBucketEncryption" not in made.writes
    assert made.control("encryption").reason == "KmsKeyNotEnabled"


def test_a_person_who_asks_is_told_what_is_so_now(stage: Stage, clock: Clock) -> None:
    tenant = Tenant(stage)
    tenant.settle()
    clock.seconds += 30
    assert tenant.run().outcome.oldest == 30
    tenant.engine.forgive(tenant.key)
    assert tenant.run().outcome.oldest == 0
    assert tenant.run().outcome.oldest == 0
    clock.seconds += 30
    assert tenant.run().outcome.oldest == 30


def test_a_key_that_dies_in_use_fails_the_check_and_changes_nothing_else(stage: Stage, clock: Clock) -> None:
    kms = stage.plain("kms")
    key = str(kms.create_key()["KeyMetadata"]["Arn"])
    tenant = Tenant(stage, {"encryption": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}})
    tenant.settle()
    assert verdict_of(tenant.run(), "kms-keys-healthy").result is Result.PASS
    day = kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)["DeletionDate"].date()
    clock.seconds += MINUTES
    made = tenant.run()
    found = verdict_of(made, "kms-keys-healthy")
    assert found.result is Result.FAIL
    assert f"{key}: it is to be deleted, on {day.isoformat()}" in found.because
    assert made.control("encryption").state == "InSync"
    assert made.writes == ()


def test_one_key_of_many_buckets_is_asked_about_once(stage: Stage) -> None:
    key = str(stage.plain("kms").create_key()["KeyMetadata"]["Arn"])
    encrypted = {"encryption": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}}
    tenants = [Tenant(stage, encrypted, name=name) for name in ("invoices", "orders", "ledger")]
    for tenant in tenants:
        tenant.settle()
    first = len(stage.recorder.named("DescribeKey"))
    passes = [tenant.run() for tenant in tenants for _ in range(3)]
    assert all(verdict_of(made, "kms-keys-healthy").result is Result.PASS for made in passes)
    assert len(stage.recorder.named("DescribeKey")) == first
    assert len(stage.recorder.named("GetKeyRotationStatus")) == 1


def verdict_of(made: Pass, check: str) -> Verdict:
    (found,) = (each.verdict for each in made.outcome.verdicts if each.check.id == check)
    return found
