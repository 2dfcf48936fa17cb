"""What YAML made of an account is never put, and stops no other document: not even of what 0.1.0 has taken."""

from dataclasses import replace
from typing import Any

import pytest
from tests.laws.stage import Stage
from tests.laws.tenant import Tenant

from securebucket.api.status import ControlState


def with_account(account: object, bucket: str = "acme-untold") -> dict[str, Any]:
    statement = {
        "Sid": "Trail",
        "Effect": "Allow",
        "Principal": {"Service": "cloudtrail.amazonaws.com"},
        "Action": "s3:GetBucketAcl",
        "Resource": f"arn:aws:s3:::{bucket}",
        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
    }
    return {"bucketName": bucket, "policy": {"statements": [statement]}}


@pytest.fixture
def stage(localstack_stage: Stage) -> Stage:
    return localstack_stage


def test_a_new_bucket_gets_everything_but_the_policy(stage: Stage) -> None:
    tenant = Tenant(stage, with_account(1402433619, stage.fresh_name()))
    made = tenant.run()
    assert made.control("policy").state is ControlState.FAILED
    assert made.control("policy").reason == "InvalidSpec"
    assert "Condition.StringEquals[aws:SourceAccount]: must be text" in made.control("policy").message
    assert "PutBucketPolicy" not in made.writes
    assert {"PutBucketEncryption", "PutBucketVersioning", "PutBucketLifecycleConfiguration"} <= set(made.writes)
    assert made.control("encryption").state is ControlState.IN_SYNC


def test_a_policy_that_is_there_stays_after_an_upgrade(stage: Stage) -> None:
    """0.1.0 took the number, which happened to be the account."""
    bucket = stage.fresh_name()
    tenant = Tenant(stage, with_account("111122223333", bucket))
    tenant.settle()
    after = replace(tenant, spec={**tenant.spec, **with_account(111122223333, bucket)}).run()
    assert after.writes == ()
    assert after.control("policy").state is ControlState.IN_SYNC
