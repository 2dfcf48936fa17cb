"""Laws of what a spec names, on a real server: a key or a log target that cannot be used is told and never set."""

import pytest
from tests.laws.stage import Stage
from tests.laws.surroundings import make_key, make_log_target
from tests.laws.tenant import Pass, Tenant

from securebucket_dev.s3.fault import ALWAYS


def others(made: Pass, control: str) -> set[str]:
    """Give the states of all controls but one."""
    return {state for name, state in made.states.items() if name != control}


def told(tenant: Tenant, condition: str) -> str:
    return next(each.message for each in tenant.status.conditions if each.type == condition)


def kms(stage: Stage, condition: str) -> str:
    region = "eu-west-1" if condition == "elsewhere" else "us-east-1"
    client = stage.plain("kms", region)
    if condition == "missing":
        return f"arn:aws:kms:us-east-1:{stage.account}:key/00000000-0000-0000-0000-000000000000"
    if condition == "asymmetric":
        return str(client.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"])
    key = make_key(stage, region)
    if condition == "disabled":
        client.disable_key(KeyId=key)
    if condition == "going":
        client.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    return key


KEYS = {
    "missing": ("KmsKeyNotFound", "correct spec.encryption.kmsMasterKeyId"),
    "disabled": ("KmsKeyNotEnabled", "enable the key"),
    "going": ("KmsKeyNotEnabled", "enable the key"),
    "elsewhere": ("KmsKeyInOtherRegion", "name a key of that region"),
    "asymmetric": ("KmsKeyNotSymmetric", "SYMMETRIC_DEFAULT"),
}


@pytest.mark.parametrize("condition", KEYS)
def test_a_key_that_cannot_be_used_is_never_set(localstack_stage: Stage, condition: str) -> None:
    """S3 takes it without a look, and then every upload fails."""
    reason, remedy = KEYS[condition]
    key = kms(localstack_stage, condition)
    tenant = Tenant(localstack_stage, {"encryption": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}})
    made = tenant.run()
    assert (made.control("encryption").state, made.control("encryption").reason) == ("Failed", reason)
    assert "PutBucketEncryption" not in made.writes
    assert remedy in told(tenant, "Ready")
    assert tenant.condition("Stalled") == f"True {reason}"
    assert others(made, "encryption") == {"InSync"}
    assert tenant.run().writes == ()


def test_a_key_that_may_not_be_looked_at(localstack_stage: Stage) -> None:
    key = make_key(localstack_stage, "us-east-1")
    localstack_stage.recorder.fail("DescribeKey", 400, "AccessDeniedException", times=ALWAYS)
    tenant = Tenant(localstack_stage, {"encryption": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}})
    made = tenant.run()
    assert made.control("encryption").reason == "AccessDenied"
    assert "PutBucketEncryption" not in made.writes
    localstack_stage.recorder.heal()
    assert set(tenant.run().states.values()) == {"InSync"}


def log_target(stage: Stage, condition: str) -> str:
    if condition == "missing":
        return stage.fresh_name("logs")
    name = make_log_target(stage, "eu-west-1" if condition == "elsewhere" else "us-east-1")
    s3 = stage.plain()
    if condition == "kms":
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
        s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    if condition == "locked":
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        s3.put_object_lock_configuration(Bucket=name, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})
    if condition == "paid":
        s3.put_bucket_request_payment(Bucket=name, RequestPaymentConfiguration={"Payer": "Requester"})
    return name


TARGETS = {
    "missing": ("LogTargetMissing", "Reconciling", "Make it a SecureBucket with role LogTarget"),
    "elsewhere": ("LogTargetInOtherRegion", "Stalled", "name a log target of us-east-1"),
    "kms": ("LogTargetEncryptedWithKms", "Stalled", "set its default encryption to AES256"),
    "locked": ("LogTargetObjectLock", "Stalled", "name another log target"),
    "paid": ("LogTargetRequesterPays", "Stalled", "turn it off"),
}


@pytest.mark.parametrize("condition", TARGETS)
def test_a_log_target_that_gets_no_logs_is_never_set(localstack_stage: Stage, condition: str) -> None:
    reason, state, remedy = TARGETS[condition]
    target = log_target(localstack_stage, condition)
    tenant = Tenant(localstack_stage, {"logging": {"targetBucket": target}})
    made = tenant.run()
    assert (made.control("logging").state, made.control("logging").reason) == ("Failed", reason)
    assert "PutBucketLogging" not in made.writes
    assert remedy in told(tenant, "Ready")
    assert tenant.condition(state) == f"True {reason}"
    assert others(made, "logging") == {"InSync"}


def test_a_source_and_its_log_target_converge_in_either_order(localstack_stage: Stage) -> None:
    """Not on moto, which fails (500) at any statement with the principal "*" in the policy of a log target."""
    target = Tenant(localstack_stage, {"role": "LogTarget"}, name="logs")
    source = Tenant(localstack_stage, {"logging": {"targetBucket": target.bucket}})
    assert source.run().control("logging").reason == "LogTargetMissing"
    target.settle()
    source.settle()
    assert source.status.controls[6].name == "logging"
    assert source.status.controls[6].state in {"InSync", "Corrected"}
