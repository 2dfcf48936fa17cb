"""What is wrong around the program is said with its reason and what to do, and nothing is written."""

import boto3
import pytest
from tests.cli.manifests import Folder, bucket
from tests.cli.program import Run

from securebucket_dev.s3.recorder import Recorder

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def complaint(run: Run, folder: Folder) -> object:
    """Plans a bare object, and gives the one line that says why that failed."""

    def plan(**spec: object) -> str:
        ran = run("plan", "-f", folder.write(bucket(**spec)))
        assert (ran.code, ran.out) == (1, "")
        (line,) = ran.errors
        return str(line.removeprefix("error: payments/acme-invoices (bucket acme-invoices): "))

    return plan


def test_credentials_that_are_missing(complaint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    line = complaint()
    assert line.startswith("CredentialsMissing: ")
    assert "set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in line


def test_an_aws_profile_that_is_missing(complaint, s3: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    line = complaint()
    assert "nobody" in line
    assert "correct AWS_PROFILE" in line


def test_credentials_that_have_expired(complaint, s3: Recorder) -> None:
    s3.fail("GetCallerIdentity", 403, "ExpiredToken", times=10)
    line = complaint()
    assert line.startswith("CredentialsExpired: ")
    assert "renew them" in line


def test_a_region_that_is_missing(complaint, s3: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    line = complaint()
    assert line.startswith("RegionMissing: ")
    assert "AWS_REGION" in line


def test_a_bucket_in_another_region(complaint, s3: Recorder) -> None:
    boto3.client("s3").create_bucket(
        Bucket="acme-invoices", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    line = complaint(region="us-east-1")
    assert line.startswith("WrongRegion: ")
    assert "spec.region: eu-west-1" in line


def test_an_endpoint_that_is_down(complaint, credentials: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", NOBODY)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    line = complaint()
    assert line.startswith("EndpointUnreachable: ")
    assert NOBODY in line
    assert "check the endpoint" in line


def test_an_endpoint_that_is_no_url(complaint, credentials: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "s3.example.com")
    line = complaint()
    assert line.startswith("EndpointInvalid: ")
    assert "s3.example.com" in line
    assert "AWS_ENDPOINT_URL" in line


def test_a_bucket_of_another_account(complaint, s3: Recorder) -> None:
    boto3.client("s3").create_bucket(Bucket="acme-invoices")
    s3.enforce_expected_owner("111122223333")
    s3.clear()
    line = complaint()
    assert line.startswith("BucketForbidden: ")
    assert "Choose another bucketName" in line
    assert s3.writes == ()
