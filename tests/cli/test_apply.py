"""`securebucket apply` makes the buckets what the files say, without a cluster."""

import boto3
import pytest
from tests.cli.manifests import Folder, bucket
from tests.cli.program import Run

from securebucket_dev.s3.recorder import Recorder

NAME = "acme-invoices"
EXPIRY = {"rules": [{"id": "drafts", "filter": {"prefix": "drafts/"}, "expiration": {"days": 30}}]}


def hash_of(run: Run, *arguments: str) -> str:
    """Give the hash of the plan of the only object, or what it waits for after `apply`."""
    (document,) = run(*arguments, "-o", "json").json()
    return str(document["status"]["plan"]["hash"])


def test_a_bare_object_becomes_a_safe_bucket(s3: Recorder, run: Run, folder: Folder) -> None:
    ran = run("apply", "-f", folder.write(bucket()))
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "payments/acme-invoices (bucket acme-invoices): created"
    assert "  policy              InSync  PutBucketPolicy" in lines
    assert boto3.client("s3").get_bucket_versioning(Bucket=NAME)["Status"] == "Enabled"


def test_a_second_run_writes_nothing(s3: Recorder, run: Run, folder: Folder) -> None:
    file = folder.write(bucket())
    run("apply", "-f", file)
    s3.clear()
    ran = run("apply", "-f", file)
    assert ran.code == 0
    assert ran.out.splitlines()[0] == "payments/acme-invoices (bucket acme-invoices): as declared"
    assert s3.writes == ()


@pytest.mark.parametrize("target_first", [True, False])
def test_source_and_log_target_of_one_file_need_no_order(
    target_first: bool, s3: Recorder, run: Run, folder: Folder
) -> None:
    target = bucket("acme-logs", role="LogTarget")
    source = bucket(logging={"targetBucket": "acme-logs", "targetPrefix": "invoices/"})
    file = folder.write(*([target, source] if target_first else [source, target]))
    ran = run("apply", "-f", file)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[-1] == "2 buckets: 2 changed"
    enabled = boto3.client("s3").get_bucket_logging(Bucket=NAME)["LoggingEnabled"]
    assert enabled["TargetBucket"] == "acme-logs"
    assert run("plan", "-f", file).code == 0


def test_mode_plan_waits_and_shows_for_what(s3: Recorder, run: Run, folder: Folder) -> None:
    ran = run("apply", "-f", folder.write(bucket(mode="Plan")))
    assert ran.code == 2
    lines = ran.out.splitlines()
    assert lines[0] == "payments/acme-invoices (bucket acme-invoices): waits for approval"
    assert "  bucket  CreateBucket" in lines
    assert lines[-1].startswith("  this waits for approval: add --approve ")
    assert s3.writes == ()


def test_mode_plan_does_exactly_what_was_approved(s3: Recorder, run: Run, folder: Folder) -> None:
    file = folder.write(bucket(mode="Plan"))
    approved = hash_of(run, "plan", "-f", file)
    ran = run("apply", "-f", file, "--approve", approved)
    assert (ran.code, ran.err) == (0, "")
    assert run("plan", "-f", file).code == 0
    changed = folder.write(bucket(mode="Plan", tags={"tagSet": {"team": "payments"}}))
    s3.clear()
    ran = run("apply", "-f", changed, "--approve", approved)
    assert ran.code == 2
    (line,) = ran.errors
    assert line.startswith(f"warning: no plan has the hash {approved}: ")
    assert s3.writes == ()


def test_the_hash_of_plan_approves_everything_that_plan_showed(s3: Recorder, run: Run, folder: Folder) -> None:
    """One step without a risk and one with: `plan` shows both under one hash, and `apply` takes that."""
    run("apply", "-f", folder.write(bucket()))
    file = folder.write(bucket(lifecycle=EXPIRY, tags={"tagSet": {"team": "payments"}}))
    ran = run("apply", "-f", file, "--approve", hash_of(run, "plan", "-f", file))
    assert (ran.code, ran.err) == (0, "")
    assert run("plan", "-f", file).code == 0


def test_without_approval_only_what_has_no_risk_is_done(s3: Recorder, run: Run, folder: Folder) -> None:
    run("apply", "-f", folder.write(bucket()))
    file = folder.write(bucket(lifecycle=EXPIRY, tags={"tagSet": {"team": "payments"}}))
    ran = run("apply", "-f", file)
    assert ran.code == 2
    lines = ran.out.splitlines()
    assert "  tags                InSync  PutBucketTagging" in lines
    assert "  lifecycle           Pending" in lines
    assert [line for line in lines if line.startswith("    rules[drafts]")]
    assert "annotate" not in ran.out
    left = hash_of(run, "apply", "-f", file)
    ran = run("apply", "-f", file, "--approve", left)
    assert (ran.code, ran.err) == (0, "")
    assert "PutBucketLifecycleConfiguration" in ran.out


def test_what_cannot_be_undone_is_approved_together_with_the_bucket(s3: Recorder, run: Run, folder: Folder) -> None:
    file = folder.write(bucket(objectLock={"enabled": True}))
    ran = run("apply", "-f", file, "--approve", hash_of(run, "plan", "-f", file))
    assert (ran.code, ran.err) == (0, "")
    lock = boto3.client("s3").get_object_lock_configuration(Bucket=NAME)["ObjectLockConfiguration"]
    assert lock["ObjectLockEnabled"] == "Enabled"


def test_what_cannot_be_undone_waits_without_approval(s3: Recorder, run: Run, folder: Folder) -> None:
    ran = run("apply", "-f", folder.write(bucket(objectLock={"enabled": True})))
    assert ran.code == 2
    assert "  objectLock          Pending" in ran.out.splitlines()
    assert not s3.named("PutObjectLockConfiguration")


def test_a_bucket_of_others_is_left_alone(s3: Recorder, run: Run, folder: Folder) -> None:
    boto3.client("s3").create_bucket(Bucket=NAME)
    s3.clear()
    ran = run("apply", "-f", folder.write(bucket()))
    assert ran.code == 1
    (line,) = ran.errors
    assert "AdoptionRequired" in line
    assert "set spec.adoption: Adopt" in line
    assert s3.writes == ()
    assert run("apply", "-f", folder.write(bucket(adoption="Adopt"))).code == 0


def test_one_bucket_that_fails_does_not_stop_the_others(s3: Recorder, run: Run, folder: Folder) -> None:
    boto3.client("s3").create_bucket(Bucket=NAME)
    ran = run("apply", "-f", folder.write(bucket(), bucket("acme-uploads")))
    assert ran.code == 1
    assert "payments/acme-uploads (bucket acme-uploads): created" in ran.out
    assert ran.out.splitlines()[-1] == "2 buckets: 1 failed, 1 changed"


def test_a_right_that_is_missing_is_named_with_what_to_do(s3: Recorder, run: Run, folder: Folder) -> None:
    s3.fail("PutBucketEncryption", 403, "AccessDenied", times=100)
    ran = run("apply", "-f", folder.write(bucket()))
    assert ran.code == 1
    (line,) = ran.errors
    assert line.startswith("error: payments/acme-invoices (bucket acme-invoices): encryption: AccessDenied: ")
    assert "securebucket iam-policy" in line
    assert "  encryption          Failed" in ran.out.splitlines()


def test_what_cannot_be_read_is_an_error_and_not_written_over(s3: Recorder, run: Run, folder: Folder) -> None:
    file = folder.write(bucket())
    run("apply", "-f", file)
    s3.clear()
    s3.fail("GetBucketPolicy", 403, "AccessDenied", times=100)
    ran = run("apply", "-f", file)
    assert ran.code == 1
    assert "policy: AccessDenied: GetBucketPolicy was denied" in ran.err
    assert s3.writes == ()


def test_observed_differences_are_told_and_left(s3: Recorder, run: Run, folder: Folder) -> None:
    boto3.client("s3").create_bucket(Bucket=NAME)
    s3.clear()
    ran = run("apply", "-f", folder.write(bucket(mode="Observe", adoption="Adopt")))
    assert ran.code == 0
    assert "  versioning          Drifted" in ran.out.splitlines()
    assert '    status: none → "Enabled"' in ran.out.splitlines()
    assert s3.writes == ()


def test_programs_learn_what_was_called(s3: Recorder, run: Run, folder: Folder) -> None:
    (document,) = run("apply", "-f", folder.write(bucket()), "-o", "json").json()
    assert (document["result"], document["created"]) == ("Changed", True)
    assert document["calls"]["versioning"] == ["PutBucketVersioning"]
    assert {each["state"] for each in document["status"]["controls"]} == {"InSync"}


def test_the_cluster_id_is_in_the_owner_tag(s3: Recorder, run: Run, folder: Folder) -> None:
    run("apply", "-f", folder.write(bucket()), "--cluster-id", "prod-1")
    tags = boto3.client("s3").get_bucket_tagging(Bucket=NAME)["TagSet"]
    assert {"Key": "securebucket.io/owner", "Value": "prod-1/payments/acme-invoices"} in tags
