"""`securebucket scan` reads every bucket once, writes nothing, and says what is wrong."""

import json

import boto3
import pytest
import yaml
from tests.cli.accounts import (
    calls_by_bucket,
    log_to,
    make_buckets,
    open_to_public,
    replicate_to,
)
from tests.cli.program import Ran, Run

from securebucket.controls import CONTROLS
from securebucket.report.audit_report import AuditReport
from securebucket_dev.s3.recorder import Recorder

MOST_OF_AN_ACCOUNT = 24
"""Calls about the account itself, with buckets in two regions."""
GETS = {control.documents()[0] for control in CONTROLS}
"""One for each document; the ACL is read where it has an effect only."""
ANY = ("--fail-on", "low")


def results(ran: Ran) -> dict[tuple[str, str], str]:
    """Give the results by bucket and check."""
    return {
        (bucket["observation"]["bucket"]["name"], each["check"]): each["result"]
        for bucket in ran.json()["buckets"]
        for each in bucket["verdicts"]
    }


def failures(ran: Ran) -> dict[str, str]:
    """Give the reasons of buckets that could not be read."""
    return {
        bucket["observation"]["bucket"]["name"]: bucket["failure"]["reason"]
        for bucket in ran.json()["buckets"]
        if "failure" in bucket
    }


def test_every_bucket_is_read_once_in_its_own_region_and_nothing_is_written(s3: Recorder, run: Run) -> None:
    make_buckets("acme-one", "acme-two")
    make_buckets("acme-three", region="eu-west-1")
    rule = {"ObjectOwnership": "ObjectWriter"}
    boto3.client("s3").put_bucket_ownership_controls(Bucket="acme-two", OwnershipControls={"Rules": [rule]})
    s3.clear()
    ran = run("scan", "-o", "json")
    assert (ran.code, ran.err) == (0, "")
    asked = dict(calls_by_bucket(s3))
    account = asked.pop("")
    assert {"GetCallerIdentity", "ListBuckets", "DescribeTrails", "ListAccessPoints"} <= set(account)
    assert len(account) <= MOST_OF_AN_ACCOUNT
    assert set(asked) == {"acme-one", "acme-two", "acme-three"}
    assert sorted(asked["acme-one"]) == sorted(asked["acme-three"]) == sorted(GETS)
    assert sorted(asked["acme-two"]) == sorted({*GETS, "GetBucketAcl"})
    assert s3.writes == ()
    assert {call.bucket: call.name.region for call in s3.calls if call.bucket} == {
        "acme-one": "us-east-1",
        "acme-two": "us-east-1",
        "acme-three": "eu-west-1",
    }
    assert all(call.expected_owner == "000000000000" for call in s3.calls if call.bucket)


def test_buckets_that_are_named_are_found_by_head_bucket(s3: Recorder, run: Run) -> None:
    make_buckets("acme-one", "acme-other")
    make_buckets("acme-two", region="eu-west-1")
    s3.clear()
    ran = run("scan", "acme-two", "acme-one", "acme-two", "-o", "json")
    assert ran.code == 0
    assert ran.json()["scope"] == "account 000000000000, buckets acme-two, acme-one"
    asked = calls_by_bucket(s3)
    assert asked[""] == ["GetCallerIdentity", *["ListAccessPoints"] * 2]
    assert set(asked) == {"", "acme-one", "acme-two"}
    assert set(asked["acme-two"]) == GETS | {"HeadBucket"}
    assert s3.writes == ()
    regions = {each["observation"]["bucket"]["region"] for each in ran.json()["buckets"]}
    assert regions == {"us-east-1", "eu-west-1"}


def test_a_hundred_buckets_are_read_side_by_side(s3: Recorder, run: Run) -> None:
    names = [f"acme-{number:03}" for number in range(100)]
    make_buckets(*names)
    s3.clear()
    ran = run("scan", "-o", "json", "--workers", "16")
    assert ran.code == 0
    assert [each["observation"]["bucket"]["name"] for each in ran.json()["buckets"]] == names
    of_buckets = [call for call in s3.calls if call.bucket]
    assert len(of_buckets) == 100 * len(GETS)
    assert len(s3.calls) - len(of_buckets) <= MOST_OF_AN_ACCOUNT
    assert s3.writes == ()
    moments = sorted([(call.started, 1) for call in of_buckets] + [(call.ended, -1) for call in of_buckets])
    at_once = most = 0
    for _, step in moments:
        at_once += step
        most = max(most, at_once)
    assert 1 < most <= 16


def test_an_open_bucket_fails_and_the_account_is_asked_about_it_once(s3: Recorder, run: Run) -> None:
    make_buckets("acme-one", "acme-two", "acme-safe")
    open_to_public("acme-one")
    open_to_public("acme-two")
    s3.clear()
    ran = run("scan", "-o", "json")
    assert (ran.code, ran.err) == (2, "")
    assert results(ran)["acme-one", "public-read-prevented"] == "fail"
    assert results(ran)["acme-safe", "public-read-prevented"] == "pass"
    asked = [call for call in s3.calls if call.operation == "GetPublicAccessBlock" and call.service == "s3control"]
    assert len(asked) == 2  # once for the buckets, and once among the account's own documents


def test_roles_are_told_from_what_other_buckets_do(s3: Recorder, run: Run) -> None:
    make_buckets("acme-logs", "acme-orders")
    make_buckets("acme-copies", region="eu-west-1")
    log_to("acme-orders", "acme-logs")
    replicate_to("acme-orders", "acme-copies", "eu-west-1")
    s3.clear()
    ran = run("scan", "-o", "json")
    roles = {
        each["observation"]["bucket"]["name"]: (each["observation"]["role"], each.get("roleBecause"))
        for each in ran.json()["buckets"]
    }
    assert roles == {
        "acme-copies": ("ReplicaTarget", "it holds the copies of acme-orders, and has no replication itself"),
        "acme-logs": ("LogTarget", "acme-orders logs to it"),
        "acme-orders": ("Data", ""),
    }
    assert results(ran)["acme-logs", "access-logged"] == "notApplicable"
    assert results(ran)["acme-copies", "replicated"] == "notApplicable"
    assert results(ran)["acme-orders", "replicated-across-regions"] == "pass"
    assert s3.named("HeadBucket") == ()  # where the copies lie is known: they were scanned too
    text = run("scan").out
    assert "LogTarget      acme-logs    acme-orders logs to it" in text


def test_where_copies_lie_that_are_not_scanned_is_asked(s3: Recorder, run: Run) -> None:
    make_buckets("acme-orders")
    make_buckets("acme-copies", region="eu-west-1")
    replicate_to("acme-orders", "acme-copies", "eu-west-1")
    s3.clear()
    ran = run("scan", "--match", "acme-o*", "-o", "json")
    assert results(ran)["acme-orders", "replicated-across-regions"] == "pass"
    assert [call.bucket for call in s3.named("HeadBucket")] == ["acme-copies"]


@pytest.mark.parametrize(
    ("patterns", "names"),
    [(["acme-*"], "acme-one acme-two"), (["*-one", "other"], "acme-one other"), (["[ao]*"], "acme-one acme-two other")],
)
def test_patterns_choose_buckets(patterns: list[str], names: str, s3: Recorder, run: Run) -> None:
    make_buckets("acme-one", "acme-two", "other", "zebra")
    options = [argument for pattern in patterns for argument in ("--match", pattern)]
    ran = run("scan", *options, "-o", "json")
    assert [each["observation"]["bucket"]["name"] for each in ran.json()["buckets"]] == names.split()
    assert ran.json()["scope"] == f"account 000000000000, buckets that match {', '.join(patterns)}"


def test_an_account_without_a_bucket_is_well(s3: Recorder, run: Run) -> None:
    ran = run("scan")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert "account 000000000000, all buckets: no bucket" in lines
    assert lines[-1] == "exit 0: no failing checks of severity high or above (--fail-on high)"
    assert [line.split()[3] for line in lines if line.startswith("account 000000000000  ")] == [
        "account-public-access-blocked"
    ]


def test_odd_names_are_read(s3: Recorder, run: Run) -> None:
    names = ("a.dot.ted", "000", "x" * 63, "xn-", "acme--x")
    odd = [name for name in names if not name.endswith("-")]
    make_buckets(*odd)
    ran = run("scan", "-o", "json")
    assert ran.code == 0
    assert {each["observation"]["bucket"]["name"] for each in ran.json()["buckets"]} == set(odd)


@pytest.mark.parametrize("operation", ["GetBucketPolicy", "GetBucketEncryption"])
def test_a_document_that_is_denied_is_unknown_and_the_scan_is_not_well(operation: str, s3: Recorder, run: Run) -> None:
    make_buckets("acme-one", "acme-two")
    s3.fail(operation, 403, "AccessDenied", bucket="acme-one", times=10)
    ran = run("scan", "-o", "json", *ANY)
    assert ran.code == 1
    unknown = {check for (bucket, check), result in results(ran).items() if (bucket, result) == ("acme-one", "unknown")}
    wanted = {"GetBucketPolicy": "tls-required", "GetBucketEncryption": "encrypted-by-default"}
    assert wanted[operation] in unknown
    assert "unknown" not in {result for (bucket, _), result in results(ran).items() if bucket == "acme-two"}
    assert "could not be read (--ignore-unreadable accepts that)" in ran.err
    ran = run("scan", *ANY)
    (line,) = [each for each in ran.out.splitlines() if each.startswith("acme-one") and "  unknown  " in each]
    assert f"{operation} was denied" in line
    assert run("scan", *ANY, "--ignore-unreadable").code == 2


def test_a_bucket_of_which_nothing_can_be_read_does_not_stop_the_others(s3: Recorder, run: Run) -> None:
    make_buckets("acme-one", "acme-two")
    s3.fail("*", 403, "AccessDenied", bucket="acme-one", times=50)
    ran = run("scan", "-o", "json")
    assert ran.code == 1
    assert failures(ran) == {"acme-one": "AccessDenied"}
    assert results(ran)["acme-two", "public-access-blocked"] == "pass"
    first, last = ran.errors
    assert first.startswith("error: 1 bucket not read: acme-one: AccessDenied: every read was denied.")
    assert "--purpose scan" in first
    assert last.startswith("error: 1 bucket could not be read (--ignore-unreadable accepts that)")
    assert run("scan", "--ignore-unreadable").code == 0


def test_a_bucket_of_another_account(s3: Recorder, run: Run) -> None:
    make_buckets("acme-one", "acme-theirs")
    s3.enforce_expected_owner("111122223333", bucket="acme-theirs")
    s3.clear()
    ran = run("scan", "acme-one", "acme-theirs", "-o", "json")
    assert ran.code == 1
    assert failures(ran) == {"acme-theirs": "BucketForbidden"}
    assert "belongs to another account" in ran.errors[0]
    assert "--role-arn" in ran.errors[0]
    assert set(calls_by_bucket(s3)["acme-theirs"]) == {"HeadBucket", "GetBucketLocation"}


def test_a_bucket_that_is_not_there(s3: Recorder, run: Run) -> None:
    ran = run("scan", "acme-nowhere")
    assert ran.code == 1
    assert ran.errors[0] == (
        "error: 1 bucket not read: acme-nowhere: BucketMissing: there is no such bucket; correct its name, or it was"
        " deleted just now."
    )


def test_a_bucket_that_goes_away_meanwhile(s3: Recorder, run: Run) -> None:
    make_buckets("acme-one", "acme-two")
    s3.fail("*", 404, "NoSuchBucket", bucket="acme-one", times=50)
    assert failures(run("scan", "-o", "json")) == {"acme-one": "BucketMissing"}


def test_throttling_is_waited_for(s3: Recorder, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    make_buckets("acme-one")
    s3.fail("GetBucketPolicy", times=2)
    assert run("scan").code == 0


def test_the_region_to_begin_in_need_not_be_the_buckets(s3: Recorder, run: Run) -> None:
    make_buckets("acme-one")
    ran = run("scan", "--region", "eu-central-1", "-o", "json")
    assert ran.json()["buckets"][0]["observation"]["bucket"]["region"] == "us-east-1"


def test_the_document_is_the_whole_report_whatever_is_filtered(s3: Recorder, run: Run) -> None:
    make_buckets("acme-one")
    ran = run("scan", "-o", "json", "--check", "tagged")
    report = AuditReport.model_validate_json(ran.out)
    assert len(report.buckets[0].verdicts) + len(report.accounts[0].verdicts) == len(report.checks)
    assert report.frameworks
    assert report.buckets[0].observation.answers["GetBucketPolicy"].absent
    assert report.accounts[0].buckets == 1
    assert yaml.safe_load(run("scan", "-o", "yaml").out)["format"] == "securebucket.io/audit-report/v1"


def test_evidence_can_be_left_out(s3: Recorder, run: Run) -> None:
    make_buckets("acme-one")
    open_to_public("acme-one")
    ran = run("scan", "-o", "json", "--no-evidence")
    assert "Statement" not in ran.out
    assert results(ran)["acme-one", "public-read-prevented"] == "fail"


@pytest.mark.parametrize(
    ("options", "code", "shown"),
    [
        ([], 0, {"tagged", "tls-required"}),
        (["--fail-on", "medium"], 2, {"tagged", "tls-required"}),
        (["--fail-on", "critical"], 0, {"tagged", "tls-required"}),
        (["--fail-on", "never"], 0, {"tagged", "tls-required"}),
        (["--severity", "medium"], 2, {"tls-required"}),
        (["--severity", "high"], 0, set()),
        (["--severity", "medium", "--fail-on", "high"], 0, {"tls-required"}),
        (["--check", "tagged"], 2, {"tagged"}),
        (["--check", "tagged", "--fail-on", "high"], 0, {"tagged"}),
        (["--framework", "cis-aws-5.0.0"], 0, {"tls-required"}),
        (["--framework", "cis-aws-5.0.0", "--fail-on", "low"], 2, {"tls-required"}),
    ],
)
def test_what_counts_and_what_is_bad_enough(
    options: list[str], code: int, shown: set[str], s3: Recorder, run: Run
) -> None:
    make_buckets("acme-one")
    ran = run("scan", *options)
    assert ran.code == code
    rows = [line.split() for line in ran.out.splitlines() if line.startswith("acme-one")]
    assert {row[2] for row in rows} & {"tagged", "tls-required"} == shown
    assert ran.out.splitlines()[-1].startswith(f"exit {code}: ")


def test_a_spreadsheet_has_a_row_for_each_verdict(s3: Recorder, run: Run) -> None:
    make_buckets("acme-one", "acme-two")
    s3.fail("*", 403, "AccessDenied", bucket="acme-two", times=50)
    lines = run("scan", "-o", "csv", "--check", "tls-required").out.splitlines()
    assert lines[0].startswith("account,bucket,region,role,check,severity,result,because")
    assert lines[1].startswith("000000000000,acme-one,us-east-1,Data,tls-required,medium,fail,")
    assert lines[2].startswith('000000000000,acme-two,us-east-1,Data,,,notRead,"AccessDenied: ')
    assert len(lines) == 3


def test_trusted_accounts_may_be_let_in(s3: Recorder, run: Run) -> None:
    make_buckets("acme-one")
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::acme-one/*",
    }
    boto3.client("s3").put_bucket_policy(
        Bucket="acme-one", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    only = ("--check", "cross-account-access-restricted")
    assert run("scan", *only).code == 2
    assert run("scan", *only, "--trusted-account", "444455556666").code == 0


def test_a_role_is_assumed_first(s3: Recorder, run: Run) -> None:
    boto3.client("iam", region_name="us-east-1").create_role(RoleName="auditor", AssumeRolePolicyDocument="{}")
    role = "arn:aws:iam::000000000000:role/auditor"
    assert run("scan", "--role-arn", role, "--external-id", "acme").code == 0
    (call,) = s3.named("AssumeRole")
    assert b"ExternalId=acme" in call.body
