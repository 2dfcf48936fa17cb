"""What one bucket of the files asks of another is done by that one's own pass, in whatever order they come."""

import json
from typing import Any

import boto3
import pytest
from tests.cli.manifests import Folder, bucket, profile
from tests.cli.program import Run

from securebucket_dev.s3.recorder import Recorder

SOURCE, TARGET = "acme-invoices", "acme-logs"
REFERENCE = {"targetBucketRef": {"name": TARGET}, "targetPrefix": "invoices/"}


def statements(name: str = TARGET) -> dict[str, dict[str, Any]]:
    policy = json.loads(boto3.client("s3").get_bucket_policy(Bucket=name)["Policy"])
    return {each["Sid"]: each for each in policy["Statement"]}


def deliveries() -> list[dict[str, Any]]:
    return [each for sid, each in statements().items() if sid.startswith("SecureBucketLogDelivery")]


def of_platform(body: dict[str, Any]) -> dict[str, Any]:
    return body | {"metadata": body["metadata"] | {"namespace": "platform"}}


@pytest.mark.parametrize("target_first", [True, False])
def test_any_bucket_takes_the_logs_of_those_that_name_it(
    target_first: bool, s3: Recorder, run: Run, folder: Folder
) -> None:
    objects = [bucket(TARGET), bucket(SOURCE, logging=REFERENCE)]
    file = folder.write(*(objects if target_first else objects[::-1]))
    ran = run("apply", "-f", file)
    assert (ran.code, ran.err) == (0, "")
    (statement,) = deliveries()
    assert statement["Resource"] == f"arn:aws:s3:::{TARGET}/invoices/*"
    assert statement["Condition"]["ArnLike"]["aws:SourceArn"] == f"arn:aws:s3:::{SOURCE}"
    assert boto3.client("s3").get_bucket_logging(Bucket=SOURCE)["LoggingEnabled"]["TargetBucket"] == TARGET
    assert run("plan", "-f", file).code == 0


def test_a_plan_of_both_is_not_held_up_by_what_the_other_will_do(s3: Recorder, run: Run, folder: Folder) -> None:
    run("apply", "-f", folder.write(bucket(TARGET), bucket(SOURCE)))
    ran = run("plan", "-f", folder.write(bucket(TARGET), bucket(SOURCE, logging=REFERENCE)))
    assert (ran.code, ran.err) == (2, "")
    assert "LogTargetClosed" not in ran.out


def test_when_the_last_source_goes_the_statement_goes_and_nothing_else(s3: Recorder, run: Run, folder: Folder) -> None:
    own = {"policy": {"allow": [{"sid": "Readers", "principals": ["111122223333"], "actions": ["s3:GetObject"]}]}}
    run("apply", "-f", folder.write(bucket(TARGET, **own), bucket(SOURCE, logging=REFERENCE)))
    before = statements()
    ran = run("apply", "-f", folder.write(bucket(TARGET, **own), bucket(SOURCE, logging={"enabled": False})))
    assert ran.code == 0
    assert before.keys() - statements().keys() == {each for each in before if "LogDelivery" in each}
    assert statements().keys() < before.keys()


def test_another_namespace_is_let_in_where_the_profile_of_the_target_admits_it(
    s3: Recorder, run: Run, folder: Folder
) -> None:
    source = bucket(SOURCE, logging=REFERENCE | {"targetBucketRef": {"name": TARGET, "namespace": "platform"}})
    target = of_platform(bucket(TARGET, profile="logs"))
    closed = run("apply", "-f", folder.write(profile("logs"), target, source))
    assert closed.code == 1
    assert "LogTargetClosed" in closed.out + closed.err
    assert deliveries() == []
    admits = profile("logs", admittedSources=[{"namespaces": ["pay*"], "prefixes": ["invoices/"]}])
    opened = run("apply", "-f", folder.write(admits, target, source))
    assert opened.code == 0
    assert len(deliveries()) == 1


def test_a_log_target_takes_its_whole_account_until_it_says_otherwise(s3: Recorder, run: Run, folder: Folder) -> None:
    source = bucket(SOURCE, logging=REFERENCE)
    run("apply", "-f", folder.write(bucket(TARGET, role="LogTarget"), source))
    (whole,) = deliveries()
    assert "ArnLike" not in whole["Condition"]
    narrow = bucket(TARGET, role="LogTarget", policy={"logDelivery": "Sources"})
    assert run("apply", "-f", folder.write(narrow, source)).code == 0
    (single,) = deliveries()
    assert single["Condition"]["ArnLike"] == {"aws:SourceArn": f"arn:aws:s3:::{SOURCE}"}


def test_a_reference_to_nobody_stops_nothing_else(s3: Recorder, run: Run, folder: Folder) -> None:
    ran = run("apply", "-f", folder.write(bucket(SOURCE, logging=REFERENCE)))
    assert ran.code == 1
    assert "LogTargetNotFound" in ran.out + ran.err
    assert boto3.client("s3").get_bucket_versioning(Bucket=SOURCE)["Status"] == "Enabled"


def test_a_target_of_somebody_else_is_told_the_statement_that_it_needs(s3: Recorder, run: Run, folder: Folder) -> None:
    client = boto3.client("s3")
    client.create_bucket(Bucket=TARGET, ObjectOwnership="BucketOwnerEnforced")
    file = folder.write(bucket(SOURCE, logging={"targetBucket": TARGET, "targetPrefix": "invoices/"}))
    ran = run("apply", "-f", file)
    assert ran.code == 1
    told = ran.out + ran.err
    start = told.index('{"Action"')
    statement, _ = json.JSONDecoder().raw_decode(told[start:])
    client.put_bucket_policy(Bucket=TARGET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    assert run("apply", "-f", file).code == 0
