"""What is remembered of a bucket's surroundings is no reason for a write, and nothing to a person who asks."""

from dataclasses import replace

import pytest
from tests.laws.stage import Stage
from tests.laws.tenant import Tenant
from tests.laws.test_turns import Clock

from securebucket.aws.edge import Aws


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
