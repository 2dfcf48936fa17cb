"""The keys that buckets name: one answer a key for all of them, and no write rests on a refusal that is remembered."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.loaders import create_loader

from securebucket.aws.sessions import Binding, Sessions
from securebucket.aws.surroundings import Surroundings
from securebucket.model.failure import Failure
from securebucket.model.kms_keys import KeyInUse, KeyInUseQuery
from securebucket.model.surroundings import MINUTES, KmsKey, KmsKeyQuery
from securebucket_dev.s3.bare import client
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.recorder import Recorder

ACCOUNT = "111122223333"
REGION = "eu-west-1"
LOADER = create_loader()
ALWAYS = 1000


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def recorder(localstack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCOUNT)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with Recorder(localstack.endpoint) as proxy:
        yield proxy


@pytest.fixture
def kms(localstack: LocalStack) -> Any:
    return client(localstack.endpoint, "kms", REGION, ACCOUNT)


@pytest.fixture
def key(kms: Any) -> str:
    return str(kms.create_key()["KeyMetadata"]["Arn"])


@pytest.fixture
def around(clock: Clock) -> Surroundings:
    return Surroundings(Sessions(lambda _: None, _loader=LOADER), clock)


@pytest.fixture
def binding(recorder: Recorder) -> Binding:
    return Binding(REGION, endpoint=recorder.endpoint)


def look(around: Surroundings, binding: Binding, name: str, *, policy: bool = False) -> KeyInUse | Failure:
    found: KeyInUse | Failure = around.look(binding, KeyInUseQuery(name, "", ACCOUNT, policy=policy)).observation
    return found


def test_a_key_of_the_account_is_told_with_its_rotation_and_its_policy(
    around: Surroundings, binding: Binding, kms: Any, key: str
) -> None:
    kms.enable_key_rotation(KeyId=key)
    found = look(around, binding, key, policy=True)
    assert isinstance(found, KeyInUse)
    assert (found.key, found.rotates) == (KmsKey(key, "Enabled", symmetric=True), True)
    assert isinstance(found.policy, str)
    assert json.loads(found.policy)["Statement"]


def test_a_key_that_is_to_be_deleted_is_told_with_the_day_and_not_asked_whether_it_rotates(
    around: Surroundings, binding: Binding, kms: Any, key: str, recorder: Recorder
) -> None:
    day = kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)["DeletionDate"].date()
    found = look(around, binding, key)
    assert isinstance(found, KeyInUse)
    assert (found.key.state, found.key.deleted_on, found.rotates) == ("PendingDeletion", day.isoformat(), None)
    assert recorder.named("GetKeyRotationStatus") == ()


def test_an_imported_key_is_not_asked_whether_it_rotates(
    around: Surroundings, binding: Binding, kms: Any, recorder: Recorder
) -> None:
    key = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["Arn"]
    found = look(around, binding, key)
    assert isinstance(found, KeyInUse)
    assert (found.key.origin, found.rotates) == ("EXTERNAL", None)
    assert recorder.named("GetKeyRotationStatus") == ()


def test_the_policy_of_another_accounts_key_is_not_asked_for(
    around: Surroundings, binding: Binding, key: str, recorder: Recorder
) -> None:
    around.look(binding, KeyInUseQuery(key, "", "444455556666", policy=True))
    assert recorder.named("GetKeyPolicy") == ()


def test_a_thousand_buckets_of_one_key_ask_once_in_its_time(
    around: Surroundings, binding: Binding, key: str, recorder: Recorder, clock: Clock
) -> None:
    for clock.now in range(0, int(MINUTES), 60):
        for _ in range(100):
            look(around, binding, key, policy=True)
            around.look(binding, KmsKeyQuery(key, REGION))
    assert [call.operation for call in recorder.calls] == ["DescribeKey", "GetKeyRotationStatus", "GetKeyPolicy"]
    clock.now = MINUTES
    look(around, binding, key)
    assert len(recorder.named("DescribeKey")) == 2


def test_buckets_that_ask_at_the_same_moment_ask_once(
    around: Surroundings, binding: Binding, key: str, recorder: Recorder
) -> None:
    with ThreadPoolExecutor(16) as passes:
        found = list(passes.map(lambda _: look(around, binding, key), range(16)))
    assert all(isinstance(each, KeyInUse) for each in found)
    assert len(recorder.named("DescribeKey")) == 1


@pytest.mark.parametrize("denied", ["DescribeKey", "GetKeyRotationStatus", "GetKeyPolicy"])
def test_a_missing_right_is_met_once_and_not_by_each_bucket(
    around: Surroundings, binding: Binding, key: str, recorder: Recorder, denied: str
) -> None:
    recorder.fail(denied, 400, "AccessDeniedException", times=ALWAYS)
    for _ in range(10):
        look(around, binding, key, policy=True)
    assert len(recorder.named(denied)) == 1


def test_a_key_that_comes_to_be_is_seen_at_once_by_what_would_write_it(
    around: Surroundings, binding: Binding, kms: Any, key: str
) -> None:
    name = "alias/coming"
    asked = KeyInUseQuery(name, REGION, ACCOUNT)
    assert isinstance(around.look(binding, asked).observation, Failure)
    kms.create_alias(AliasName=name, TargetKeyId=key)
    assert isinstance(around.look(binding, asked).observation, Failure)
    assert isinstance(around.look(binding, KmsKeyQuery(name, REGION)).observation, KmsKey)
    assert isinstance(around.look(binding, asked).observation, KeyInUse)
