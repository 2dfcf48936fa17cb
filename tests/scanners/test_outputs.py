"""What the scanners write is read whole, or not at all."""

import json
from pathlib import Path

import pytest

from securebucket.model.verdict import Result
from securebucket_dev.process import ServerError
from securebucket_dev.scanners import custodian, prowler
from securebucket_dev.scanners.program import run_program, settings

ACCOUNT = "111122223333"


def findings(*found: tuple[str, str, str]) -> str:
    return json.dumps(
        {
            "checks": ["s3_bucket_kms_encryption", "s3_access_point_public_access_block"],
            "findings": [dict(zip(("check", "resource", "status"), each, strict=True)) for each in found],
        }
    )


def test_prowler_answers_for_each_bucket() -> None:
    text = findings(
        ("s3_bucket_kms_encryption", "one", "PASS"),
        ("s3_bucket_kms_encryption", "two", "FAIL"),
        ("s3_bucket_kms_encryption", "three", "MANUAL"),
    )
    found = prowler.read_findings(text, ACCOUNT, ["one", "two", "three"])
    assert {bucket: results["s3_bucket_kms_encryption"] for bucket, results in found.items()} == {
        "one": Result.PASS,
        "two": Result.FAIL,
        "three": Result.UNKNOWN,
    }


def test_an_answer_for_the_account_counts_for_its_buckets() -> None:
    found = prowler.read_findings(findings(("s3_bucket_kms_encryption", ACCOUNT, "PASS")), ACCOUNT, ["one", "two"])
    assert [each["s3_bucket_kms_encryption"] for each in found.values()] == [Result.PASS, Result.PASS]


def test_a_bucket_that_prowler_says_nothing_about_is_an_error() -> None:
    with pytest.raises(ServerError, match="nothing about two in s3_bucket_kms_encryption"):
        prowler.read_findings(findings(("s3_bucket_kms_encryption", "one", "PASS")), ACCOUNT, ["one", "two"])


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """The folder of two policies, and of one that matches both buckets."""
    for policy, buckets in (("no-tags", ["one"]), ("not-locked", []), ("every-bucket", ["one", "two"])):
        (tmp_path / policy).mkdir()
        (tmp_path / policy / "resources.json").write_text(json.dumps([{"Name": name} for name in buckets]))
    return tmp_path


def test_what_custodian_matches_fails(output: Path) -> None:
    assert custodian.read_matches(output, {"one", "two"}) == {
        "one": {"no-tags": Result.FAIL, "not-locked": Result.PASS},
        "two": {"no-tags": Result.PASS, "not-locked": Result.PASS},
    }


@pytest.mark.parametrize("buckets", [{"one"}, {"one", "two", "three"}])
def test_other_buckets_than_expected_are_an_error(output: Path, buckets: set[str]) -> None:
    with pytest.raises(ServerError, match="has not looked at the buckets that it should"):
        custodian.read_matches(output, buckets)


def test_a_scanner_sees_no_setting_of_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    given = settings("http://127.0.0.1:1", ACCOUNT, "us-east-1", tmp_path)
    run_program("env", ["env"], given, tmp_path / "log")
    seen = (tmp_path / "log").read_text()
    assert "AWS_PROFILE" not in seen
    assert "AWS_ENDPOINT_URL=http://127.0.0.1:1" in seen
    assert f"HOME={tmp_path}" in seen


def test_a_scanner_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match=r"(?s)Scanner failed with code 3\. .*no credentials"):
        run_program("Scanner", ["sh", "-c", "echo no credentials; exit 3"], {}, tmp_path / "log")
