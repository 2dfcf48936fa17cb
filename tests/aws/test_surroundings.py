"""Answers about keys and other buckets: from a real server, remembered only where that is safe."""

import json
from collections.abc import Iterator

import pytest
from botocore.loaders import create_loader

from securebucket.aws.sessions import Binding, Sessions, keep_host
from securebucket.aws.surroundings import Surroundings
from securebucket.model.acl import LOG_DELIVERY_GROUP
from securebucket.model.failure import Failure
from securebucket.model.log_target import LogTarget, LogTargetQuery
from securebucket.model.public_access_block import PublicAccessBlock
from securebucket.model.surroundings import (
    DAY,
    MINUTES,
    AccountBlockQuery,
    BucketQuery,
    KmsKey,
    KmsKeyQuery,
    OtherBucket,
    S3Key,
    S3KeyQuery,
)
from securebucket_dev.s3.bare import client
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.recorder import Recorder

ACCOUNT = "111122223333"
LOADER = create_loader()
"""One for all tests: reading the service models again would cost each of them 0.1 s."""


@pytest.fixture
def recorder(localstack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCOUNT)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    with Recorder(localstack.endpoint) as proxy:
        yield proxy


@pytest.fixture
def binding(recorder: Recorder) -> Binding:
    return Binding(region="us-east-1", endpoint=recorder.endpoint)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def around(clock: Clock) -> Surroundings:
    return Surroundings(Sessions(lambda _: None, _loader=LOADER), clock)


def test_a_key_is_told_by_any_of_its_names(around: Surroundings, binding: Binding, localstack: LocalStack) -> None:
    kms = client(localstack.endpoint, "kms", "eu-west-1", ACCOUNT)
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/invoices", TargetKeyId=key["KeyId"])
    expected = KmsKey(key["Arn"], "Enabled", symmetric=True)
    for name in (key["Arn"], key["KeyId"], "alias/invoices"):
        assert around.look(binding, KmsKeyQuery(name, "eu-west-1")).observation == expected


def test_a_key_is_asked_in_its_own_region(around: Surroundings, binding: Binding, localstack: LocalStack) -> None:
    """An ARN says where the key is, whatever the bucket's region."""
    key = client(localstack.endpoint, "kms", "eu-west-1", ACCOUNT).create_key()["KeyMetadata"]["Arn"]
    assert isinstance(around.look(binding, KmsKeyQuery(key, "us-east-1")).observation, KmsKey)


def test_a_key_is_remembered_for_minutes(
    around: Surroundings, binding: Binding, localstack: LocalStack, recorder: Recorder, clock: Clock
) -> None:
    key = client(localstack.endpoint, "kms", "us-east-1", ACCOUNT).create_key()["KeyMetadata"]["Arn"]
    query = KmsKeyQuery(key, "us-east-1")
    for clock.now in (0.0, MINUTES - 1):
        around.look(binding, query)
    assert len(recorder.named("DescribeKey")) == 1
    clock.now = MINUTES + 1
    around.look(binding, query)
    assert len(recorder.named("DescribeKey")) == 2


def test_what_is_remembered_says_how_old_it_is_and_is_asked_anew_where_that_is_too_old(
    around: Surroundings, binding: Binding, localstack: LocalStack, recorder: Recorder, clock: Clock
) -> None:
    key = client(localstack.endpoint, "kms", "us-east-1", ACCOUNT).create_key()["KeyMetadata"]["Arn"]
    query = KmsKeyQuery(key, "us-east-1")
    around.look(binding, query)
    clock.now = 90.0
    assert list(around.look(binding, query).ages.values()) == [90.0]
    assert around.look(binding, query, at_most=60.0).ages == {}
    assert len(recorder.named("DescribeKey")) == 2


def test_a_key_that_is_missing_is_asked_for_again(around: Surroundings, binding: Binding, recorder: Recorder) -> None:
    query = KmsKeyQuery("alias/coming", "us-east-1")
    for _ in range(2):
        found = around.look(binding, query).observation
        assert isinstance(found, Failure)
        assert found.reason == "KmsKeyNotFound"
    assert len(recorder.named("DescribeKey")) == 2


@pytest.fixture
def managed(localstack: LocalStack) -> str:
    """Give the ARN of the key that AWS manages for S3, which is made by asking."""
    kms = client(localstack.endpoint, "kms", "us-east-1", ACCOUNT)
    return str(kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"])


def test_the_key_that_aws_manages_for_s3_is_told_by_its_arn_and_its_id(
    around: Surroundings, binding: Binding, managed: str
) -> None:
    for name in (managed, managed.rpartition("/")[2]):
        assert around.look(binding, S3KeyQuery(name, "us-east-1")).observation == S3Key(managed=True)


def test_a_key_that_aws_manages_for_another_service_is_not_the_one_of_s3(
    around: Surroundings, binding: Binding, localstack: LocalStack, managed: str
) -> None:
    kms = client(localstack.endpoint, "kms", "us-east-1", ACCOUNT)
    of_disks = kms.describe_key(KeyId="alias/aws/ebs")["KeyMetadata"]["Arn"]
    assert around.look(binding, S3KeyQuery(of_disks, "us-east-1")).observation == S3Key(managed=False)


def test_the_key_that_aws_manages_for_s3_elsewhere_is_not_the_one_of_this_region(
    around: Surroundings, binding: Binding, localstack: LocalStack, managed: str
) -> None:
    elsewhere = client(localstack.endpoint, "kms", "eu-west-1", ACCOUNT).describe_key(KeyId="alias/aws/s3")
    query = S3KeyQuery(elsewhere["KeyMetadata"]["Arn"], "us-east-1")
    assert around.look(binding, query).observation == S3Key(managed=False)


def test_nobody_asks_for_the_key_of_s3_because_of_a_key_of_ones_own(
    around: Surroundings, binding: Binding, localstack: LocalStack, recorder: Recorder
) -> None:
    """The question would make that key, and a look writes nothing."""
    kms = client(localstack.endpoint, "kms", "us-east-1", ACCOUNT)
    key = kms.create_key()["KeyMetadata"]["Arn"]
    assert around.look(binding, S3KeyQuery(key, "us-east-1")).observation == S3Key(managed=False)
    assert len(recorder.named("DescribeKey")) == 1
    assert [each["AliasName"] for each in kms.list_aliases()["Aliases"]] == []


def test_whose_key_it_is_never_changes_and_is_remembered_for_a_day(
    around: Surroundings, binding: Binding, recorder: Recorder, clock: Clock, managed: str
) -> None:
    for clock.now in (0.0, DAY - 1):
        around.look(binding, S3KeyQuery(managed, "us-east-1"))
    assert len(recorder.named("DescribeKey")) == 2


def test_a_bucket_is_told_with_what_matters(around: Surroundings, binding: Binding, localstack: LocalStack) -> None:
    s3 = client(localstack.endpoint, "s3", "eu-west-1", ACCOUNT)
    place = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    s3.create_bucket(Bucket="acme-copy", ObjectLockEnabledForBucket=True, **place)
    assert around.look(binding, BucketQuery("acme-copy", ACCOUNT)).observation == OtherBucket(
        "acme-copy", "eu-west-1", object_lock=True, versioning="Enabled"
    )


def test_a_log_target_is_told_with_what_matters(around: Surroundings, binding: Binding, localstack: LocalStack) -> None:
    s3 = client(localstack.endpoint, "s3", "eu-west-1", ACCOUNT)
    place = {"CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}
    s3.create_bucket(
        Bucket="acme-logs", ObjectLockEnabledForBucket=True, ObjectOwnership="BucketOwnerPreferred", **place
    )
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    s3.put_bucket_encryption(Bucket="acme-logs", ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_bucket_request_payment(Bucket="acme-logs", RequestPaymentConfiguration={"Payer": "Requester"})
    text = json.dumps({"Version": "2012-10-17", "Statement": []})
    s3.put_bucket_policy(Bucket="acme-logs", Policy=text)
    group = {"Type": "Group", "URI": LOG_DELIVERY_GROUP}
    acl = s3.get_bucket_acl(Bucket="acme-logs")
    grants = [*acl["Grants"], {"Grantee": group, "Permission": "WRITE"}]
    s3.put_bucket_acl(Bucket="acme-logs", AccessControlPolicy={"Owner": acl["Owner"], "Grants": grants})
    assert around.look(binding, LogTargetQuery("acme-logs", ACCOUNT)).observation == LogTarget(
        "acme-logs",
        "eu-west-1",
        "aws:kms",
        object_lock=True,
        requester_pays=True,
        acls_off=False,
        group_writes=True,
        policy=text,
    )


def test_a_log_target_is_asked_for_once_for_all_that_log_to_it(
    around: Surroundings, binding: Binding, localstack: LocalStack, recorder: Recorder
) -> None:
    client(localstack.endpoint, account=ACCOUNT).create_bucket(Bucket="acme-logs")
    for _ in range(3):
        around.look(binding, LogTargetQuery("acme-logs", ACCOUNT))
    assert len(recorder.named("HeadBucket")) == len(recorder.named("GetBucketPolicy")) == 1
    assert {call.expected_owner for call in recorder.calls} == {ACCOUNT}


def test_what_may_not_be_read_of_a_log_target_is_told_where_it_decides(
    around: Surroundings, binding: Binding, localstack: LocalStack, recorder: Recorder
) -> None:
    client(localstack.endpoint, account=ACCOUNT).create_bucket(Bucket="acme-logs")
    recorder.fail("Get*", 403, "AccessDenied", times=9)
    found = around.look(binding, LogTargetQuery("acme-logs", ACCOUNT)).observation
    assert isinstance(found, LogTarget)
    assert isinstance(found.policy, Failure)
    assert isinstance(found.group_writes, Failure)
    assert (found.region, found.sse_algorithm, found.object_lock) == ("us-east-1", "", False)


def test_a_bucket_is_asked_for_every_time(
    around: Surroundings, binding: Binding, localstack: LocalStack, recorder: Recorder
) -> None:
    client(localstack.endpoint, account=ACCOUNT).create_bucket(Bucket="acme-logs")
    for _ in range(2):
        around.look(binding, BucketQuery("acme-logs", ACCOUNT))
    assert len(recorder.named("HeadBucket")) == 2
    assert {call.expected_owner for call in recorder.calls} == {ACCOUNT}


def test_what_may_not_be_read_of_a_bucket_is_left_empty(
    around: Surroundings, binding: Binding, localstack: LocalStack, recorder: Recorder
) -> None:
    client(localstack.endpoint, account=ACCOUNT).create_bucket(Bucket="acme-logs")
    recorder.fail("Get*", 403, "AccessDenied", times=9)
    assert around.look(binding, BucketQuery("acme-logs", ACCOUNT)).observation == OtherBucket(
        "acme-logs", "us-east-1", object_lock=False, versioning=""
    )


@pytest.mark.parametrize(
    ("status", "reason", "retry"),
    [(404, "BucketMissing", True), (403, "AccessDenied", False), (503, "Throttled", True)],
)
def test_a_bucket_that_cannot_be_found_says_why(
    around: Surroundings, binding: Binding, recorder: Recorder, status: int, reason: str, *, retry: bool
) -> None:
    recorder.fail("HeadBucket", status, "x", times=9)
    found = around.look(binding, BucketQuery("acme-logs", ACCOUNT)).observation
    assert isinstance(found, Failure)
    assert (found.reason, found.retry) == (reason, retry)


def test_the_account_is_asked_at_the_endpoint_as_it_was_given(
    around: Surroundings, binding: Binding, localstack: LocalStack
) -> None:
    """Botocore would put the account's id in front of the host name, which only AWS has."""
    control = client(localstack.endpoint, "s3control", "us-east-1", ACCOUNT)
    control.meta.events.register("before-sign.s3-control", keep_host(localstack.endpoint))
    control.put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration={"IgnorePublicAcls": True})
    assert around.look(binding, AccountBlockQuery(ACCOUNT)).observation == PublicAccessBlock(ignore_public_acls=True)
