"""What `doctor` finds of AWS: each thing with its health and, where it is not well, what to do."""

from collections.abc import Iterator

import pytest

from securebucket.aws.diagnosis import diagnose
from securebucket.aws.edge import Aws
from securebucket.aws.sessions import Binding
from securebucket.compliance.account import ACCOUNT_DOCUMENTS
from securebucket.controls import CONTROLS
from securebucket.model.diagnosis import Diagnosis, Health
from securebucket_dev.s3.bare import client
from securebucket_dev.s3.fault import ALWAYS
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.recorder import Recorder

ACCOUNT = "111122223333"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCOUNT)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@pytest.fixture
def recorder(localstack: LocalStack) -> Iterator[Recorder]:
    client(localstack.endpoint, account=ACCOUNT).create_bucket(Bucket="acme-invoices")
    with Recorder(localstack.endpoint) as proxy:
        yield proxy


def found(binding: Binding, bucket: str = "") -> dict[str, Diagnosis]:
    return {each.subject: each for each in diagnose(Aws(lambda *_: None), binding, bucket)}


def test_a_healthy_place(recorder: Recorder) -> None:
    seen = found(Binding(region="us-east-1", endpoint=recorder.endpoint), "acme-invoices")
    account = [f"account {each.name}" for each in ACCOUNT_DOCUMENTS]
    reads = [f"read {each.name}" for each in CONTROLS]
    assert list(seen) == [
        "region",
        "endpoint",
        "clock",
        "credentials",
        *account,
        *reads,
        "look into the bucket",
        "access points",
    ]
    assert {subject for subject, each in seen.items() if each.health is not Health.OK} == {"endpoint"}
    assert "without TLS" in seen["endpoint"].message


def test_a_right_that_is_missing_is_named(recorder: Recorder) -> None:
    recorder.fail("GetBucketLogging", 403, "AccessDenied", times=ALWAYS)
    seen = found(Binding(region="us-east-1", endpoint=recorder.endpoint), "acme-invoices")
    assert seen["read logging"].health is Health.FAILED
    assert "s3:GetBucketLogging" in seen["read logging"].message


def test_a_bucket_that_may_not_be_seen(recorder: Recorder) -> None:
    recorder.fail("HeadBucket", 403, "AccessDenied")
    seen = found(Binding(region="us-east-1", endpoint=recorder.endpoint), "acme-invoices")
    assert seen["bucket acme-invoices"].health is Health.FAILED


def test_a_server_without_sts_is_a_warning(recorder: Recorder) -> None:
    recorder.fail("GetCallerIdentity", 405, "MethodNotAllowed", times=ALWAYS)
    seen = found(Binding(region="us-east-1", endpoint=recorder.endpoint))
    assert (seen["credentials"].health, "accountId" in seen["credentials"].message) == (Health.WARNING, True)


@pytest.mark.parametrize(
    ("variables", "binding", "subject", "words"),
    [
        ({}, Binding(endpoint="http://127.0.0.1:9"), "region", "AWS_REGION"),
        ({"AWS_PROFILE": "nope"}, Binding(), "credentials", "AWS_PROFILE"),
        ({}, Binding(region="us-east-1", endpoint="http://127.0.0.1:9"), "endpoint", "check the endpoint"),
        ({}, Binding(region="us-east-1", endpoint="http://"), "endpoint", "endpoint.url"),
    ],
)
def test_what_is_missing_is_told_and_never_a_traceback(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], binding: Binding, subject: str, words: str
) -> None:
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    seen = found(binding)
    assert (seen[subject].health, words in seen[subject].message) == (Health.FAILED, True)


def test_without_credentials(monkeypatch: pytest.MonkeyPatch, recorder: Recorder) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    seen = found(Binding(region="us-east-1", endpoint=recorder.endpoint))
    assert "CredentialsMissing" in seen["credentials"].message
