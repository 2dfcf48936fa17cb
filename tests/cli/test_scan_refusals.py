"""What a scan does not begin with, or cannot do, is said in one line with what to do; and it can be left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import boto3
import pytest
from tests.cli.accounts import calls_by_bucket, make_buckets
from tests.cli.program import SCRIPT, Run

from securebucket.compliance.framework import frameworks
from securebucket.controls import CONTROLS
from securebucket_dev.s3.recorder import Recorder

NOBODY = "http://127.0.0.1:9"
PATIENCE = 30.0


LISTENING = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
"""Starts a program that hears Ctrl-C: one that is started in the background, as tests may be, ignores it."""
USE = "use a file that `securebucket scan -o json` or `securebucket report --format json` wrote."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--framework", "cis"], "'cis' is not a known framework; did you mean cis-aws-3.0.0 or cis-aws-5.0.0 or"),
        (["--framework", "soc2"], "'soc2' is not a known framework; known are: aws-config, aws-fsbp-1.0.0, "),
        (["--check", "tls"], "'tls' is not a known check; did you mean tls-required? Known are: "),
        (["--check", "versioning-enable"], "did you mean versioning-enabled?"),
        (["--severity", "severe"], "'severe' is not one of 'critical', 'high', 'medium', 'low'"),
        (["--fail-on", "none"], "'none' is not one of 'critical', 'high', 'medium', 'low', 'never'"),
        (["s3://acme-one/logs"], "'s3://acme-one/logs' is not a bucket name; write acme-one"),
        (["arn:aws:s3:::acme-one"], "write acme-one"),
        (["acme-*"], "for patterns there is --match"),
        (["ab"], "'ab' is not a bucket name"),
        (["acme one"], "'acme one' is not a bucket name"),
        (["acme-one", "--match", "acme-*"], "name buckets or use patterns, not both"),
        (["--role-arn", "auditor"], "write e.g. arn:aws:iam::"),
        (["--external-id", "acme"], "is only sent to assume a role"),
        (["--trusted-account", "1234"], "'1234' is not an account id: write twelve digits"),
        (["--workers", "0"], "should be greater than or equal to 1"),
        (["--workers", "100"], "should be less than or equal to 99"),
        (["--from", "scan.json", "--region", "eu-west-1"], "works offline; remove --region"),
        (["--diff", "scan.json", "-o", "csv"], "choose table, json or yaml"),
        (["--diff", "scan.json"], "scan.json: there is no such file; use a file that `securebucket scan -o json`"),
        (["--from", "scan.json"], "scan.json: there is no such file"),
        (["--exceptions", "exceptions.yaml"], "exceptions.yaml: there is no such file"),
        (["-o", "html"], "'html' is not one of 'table', 'json', 'yaml', 'csv'"),
    ],
)
def test_a_wrong_call_is_told_before_anything_is_asked(
    arguments: list[str], message: str, s3: Recorder, run: Run
) -> None:
    ran = run("scan", *arguments)
    assert (ran.code, ran.out) == (1, "")
    (line,) = ran.errors
    assert message in line
    assert s3.calls == ()


def test_every_framework_that_there_is_is_named(run: Run) -> None:
    line = run("scan", "--framework", "nosuch").err
    assert all(each in line for each in frameworks())


@pytest.mark.parametrize(
    ("text", "message", "advice"),
    [
        ("", "is empty", "the command that should write it may have failed."),
        ("no", "is not JSON", USE),
        ("{}", "is not an audit report: it does not say", USE),
        ('{"format": "securebucket.io/audit-report/v9"}', "is of the format", "Use the release that wrote it."),
        ('{"format": "securebucket.io/scan-comparison/v1"}', "is not an audit report: it does not say", USE),
        ("[]", "is not an audit report", USE),
    ],
)
@pytest.mark.parametrize("option", ["--from", "--diff"])
def test_a_file_that_is_no_report(option: str, text: str, message: str, advice: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "scan.json"
    file.write_text(text)
    ran = run("scan", option, str(file))
    assert (ran.code, ran.out) == (1, "")
    (line,) = ran.errors
    assert line.startswith(f"error: {file} {message}")
    assert line.endswith(advice)


def test_credentials_that_are_missing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    ran = run("scan")
    assert (ran.code, ran.out) == (1, "")
    (line,) = ran.errors
    assert line.startswith("error: CredentialsMissing: ")
    assert "set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in line


def test_credentials_that_have_expired(s3: Recorder, run: Run) -> None:
    s3.fail("GetCallerIdentity", 403, "ExpiredToken", times=10)
    ran = run("scan")
    assert ran.code == 1
    assert ran.err.startswith("error: CredentialsExpired: ")


def test_an_aws_profile_that_is_missing(s3: Recorder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    ran = run("scan")
    assert ran.code == 1
    assert "correct AWS_PROFILE" in ran.err


def test_a_region_that_is_missing(s3: Recorder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    make_buckets("acme-one")
    monkeypatch.delenv("AWS_REGION")
    ran = run("scan")
    assert ran.code == 1
    assert ran.err.startswith("error: RegionMissing: ")
    assert run("scan", "--region", "eu-west-1").code == 0


def test_an_endpoint_that_is_down(credentials: None, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    ran = run("scan", "--endpoint", NOBODY)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error: EndpointUnreachable: ")
    assert NOBODY in ran.err


def test_an_endpoint_that_is_no_url(credentials: None, run: Run) -> None:
    ran = run("scan", "--endpoint", "s3.example.com")
    assert ran.code == 1
    assert "s3.example.com" in ran.err


def test_a_list_that_is_denied_is_no_empty_account(s3: Recorder, run: Run) -> None:
    make_buckets("acme-one")
    s3.fail("ListBuckets", 403, "AccessDenied", times=10)
    ran = run("scan")
    assert (ran.code, ran.out) == (1, "")
    assert ran.errors == [
        (
            "error: AccessDenied: ListBuckets was denied. Grant s3:ListAllMyBuckets, or name the buckets on the command"
            " line."
        )
    ]
    assert run("scan", "acme-one").code == 0


def test_patterns_that_match_nothing_are_a_slip(s3: Recorder, run: Run) -> None:
    """A gate that looks at nothing would always be open."""
    make_buckets("acme-one")
    ran = run("scan", "--match", "amce-*", "--match", "acme-two")
    assert (ran.code, ran.out) == (1, "")
    assert ran.errors == ["error: no bucket in the account matches amce-* or acme-two; correct --match."]
    assert set(calls_by_bucket(s3)) - {"acme-one"} == {""}


def test_whoever_interrupts_has_what_was_read_and_is_told_the_rest(s3: Recorder) -> None:
    make_buckets("acme-one", "acme-stuck", "acme-two")
    boto3.client("s3").delete_public_access_block(Bucket="acme-one")
    s3.delay("*", PATIENCE, bucket="acme-stuck", times=100)
    s3.clear()
    child = subprocess.Popen(
        [sys.executable, "-c", LISTENING, str(SCRIPT), "scan", "--severity", "high"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    deadline = time.monotonic() + PATIENCE
    while len([call for call in s3.calls if call.bucket in {"acme-one", "acme-two"}]) < 2 * len(CONTROLS):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)  # the last answer has left the recorder and is on its way to the program
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=PATIENCE)
    s3.heal()
    assert child.returncode == 130
    assert "acme-one  high      public-access-blocked" in out
    assert "3 buckets, 1 with failing checks, 1 not read" in out
    assert err.splitlines() == [
        "error: 1 bucket not read: acme-stuck: Interrupted: it was not looked at: the scan was interrupted.",
        "error: the scan was interrupted",
    ]
