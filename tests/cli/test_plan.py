"""`securebucket plan` says what would change, and changes nothing."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from tests.cli.manifests import Folder, bucket, exception, profile
from tests.cli.program import CONTROL_CHARACTERS, Run, spawn, spawn_on_terminal

from securebucket_dev.s3.recorder import Recorder

EXAMPLES = Path(__file__).parents[2] / "examples"
RISKY = {"versioning": {"status": "Suspended"}, "tags": {"tagSet": {"team": "payments"}}}


def test_a_bucket_that_is_not_there_would_be_created(s3: Recorder, run: Run, folder: Folder) -> None:
    ran = run("plan", "-f", folder.write(bucket()))
    assert ran.code == 2
    assert ran.err == ""
    assert ran.out.splitlines()[:2] == [
        "payments/acme-invoices (bucket acme-invoices): would be created",
        "  bucket  CreateBucket",
    ]
    for call in ("PutPublicAccessBlock", "PutBucketPolicy", "PutBucketEncryption", "PutBucketVersioning"):
        assert call in ran.out
    assert "risk" not in ran.out
    assert "approve" not in ran.out


EXPIRY = {"rules": [{"id": "drafts", "expiration": {"days": 30}}]}


def test_a_new_bucket_has_nothing_to_lose(s3: Recorder, run: Run, folder: Folder) -> None:
    """A rule that deletes is a risk to data, and there is none yet: `apply` does not wait, so `plan` says nothing."""
    file = folder.write(bucket(lifecycle=EXPIRY))
    ran = run("plan", "-f", file)
    assert "rules[drafts]" in ran.out
    assert "risk" not in ran.out
    assert run("apply", "-f", file).code == 0


@pytest.mark.parametrize("mode", ["Enforce", "Plan", "Observe"])
@pytest.mark.parametrize("state", ["missing", "as declared", "different", "of others"])
def test_nothing_is_ever_written(state: str, mode: str, s3: Recorder, run: Run, folder: Folder) -> None:
    if state in {"as declared", "different"}:
        assert run("apply", "-f", folder.write(bucket())).code == 0
    if state == "of others":
        boto3.client("s3").create_bucket(Bucket="acme-invoices")
    spec = RISKY if state == "different" else {}
    s3.clear()
    run("plan", "-f", folder.write(bucket(mode=mode, **spec)))
    assert s3.reads
    assert [call.operation for call in s3.writes] == []
    assert {call.operation for call in s3.others} <= {"GetCallerIdentity", "DescribeKey"}


def test_after_apply_there_is_nothing_to_plan(s3: Recorder, run: Run) -> None:
    files = ("-f", str(EXAMPLES / "access-logs.yaml"), "-f", str(EXAMPLES / "profile.yaml"))
    assert run("apply", *files).code == 0
    ran = run("plan", *files)
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "3 buckets: 3 as declared"


def test_what_differs_is_told_field_by_field(s3: Recorder, run: Run, folder: Folder) -> None:
    run("apply", "-f", folder.write(bucket()))
    ran = run("plan", "-f", folder.write(bucket(**RISKY)))
    assert ran.code == 2
    lines = ran.out.splitlines()
    assert "  versioning  PutBucketVersioning  risk: data-loss" in lines
    assert '    status: "Enabled" → "Suspended"' in lines
    assert '    tags[team]: none → "payments"' in lines
    assert lines[-1].startswith("  the part that has a risk waits for approval: add --approve ")


def test_an_entry_in_which_nothing_is_set_is_told_too(s3: Recorder, run: Run, folder: Folder) -> None:
    ran = run("plan", "-f", folder.write(bucket(metrics={"configurations": [{"id": "everything"}]})))
    assert "    configurations[everything]: + {}" in ran.out.splitlines()


def test_a_long_value_is_written_in_full(s3: Recorder, run: Run, folder: Folder) -> None:
    """A policy of which the end is missing could hide whom it lets in."""
    run("apply", "-f", folder.write(bucket()))
    grant = {"principals": ["444455556666"], "actions": ["s3:GetObject", "s3:GetObjectVersion"], "prefix": "shared/"}
    ran = run("plan", "-f", folder.write(bucket(policy={"allow": [grant]})))
    (added,) = [line for line in ran.out.splitlines() if line.strip().startswith("+ ")]
    statement = json.loads(added.strip().removeprefix("+ "))
    assert statement["Effect"] == "Allow"
    assert "444455556666" in json.dumps(statement["Principal"])
    assert statement["Resource"] == ["arn:aws:s3:::acme-invoices/shared/*"]


def test_what_others_wrote_and_what_stays_is_named(s3: Recorder, run: Run, folder: Folder) -> None:
    run("apply", "-f", folder.write(bucket()))
    client = boto3.client("s3")
    tags = client.get_bucket_tagging(Bucket="acme-invoices")["TagSet"]
    client.put_bucket_tagging(Bucket="acme-invoices", Tagging={"TagSet": [*tags, {"Key": "cost", "Value": "7"}]})
    ran = run("plan", "-f", folder.write(bucket()))
    assert ran.code == 0
    assert "  tags keeps entries of others: cost" in ran.out


def test_a_bucket_that_is_only_observed_would_not_change(s3: Recorder, run: Run, folder: Folder) -> None:
    run("apply", "-f", folder.write(bucket()))
    ran = run("plan", "-f", folder.write(bucket(mode="Observe", **RISKY)))
    assert ran.code == 0
    assert "differs (mode Observe leaves it so)" in ran.out
    assert '    status: "Enabled" → "Suspended"' in ran.out
    assert "approve" not in ran.out


def test_unmanaged_controls_are_no_part_of_a_new_bucket(s3: Recorder, run: Run, folder: Folder) -> None:
    ran = run("plan", "-f", folder.write(bucket(unmanaged=["lifecycle"])))
    assert "PutBucketPolicy" in ran.out
    assert "PutBucketLifecycleConfiguration" not in ran.out


@pytest.mark.parametrize("output", ["json", "yaml"])
def test_programs_get_the_same_as_a_document(output: str, s3: Recorder, run: Run, folder: Folder) -> None:
    file = folder.write(bucket())
    ran = run("plan", "-f", file, "-o", output)
    assert (ran.code, ran.err) == (2, "")
    (document,) = ran.json() if output == "json" else ran.yaml()
    assert {key: document[key] for key in ("namespace", "name", "bucket", "mode", "result")} == {
        "namespace": "payments",
        "name": "acme-invoices",
        "bucket": "acme-invoices",
        "mode": "Enforce",
        "result": "WouldChange",
    }
    assert document["status"]["plan"]["steps"][0]["call"] == "CreateBucket"
    assert "paused" not in ran.out
    run("apply", "-f", file)
    ran = run("plan", "-f", file, "-o", output)
    (document,) = yaml.safe_load(ran.out)
    assert (ran.code, document["result"]) == (0, "AsDeclared")
    assert "plan" not in document["status"]


def test_a_failure_is_in_the_document_and_on_standard_error(s3: Recorder, run: Run, folder: Folder) -> None:
    boto3.client("s3").create_bucket(Bucket="acme-invoices")
    ran = run("plan", "-f", folder.write(bucket()), "-o", "json")
    assert ran.code == 1
    (document,) = ran.json()
    assert (document["result"], document["failure"]["reason"]) == ("Failed", "AdoptionRequired")
    (line,) = ran.errors
    assert "spec.adoption: Adopt" in line


def test_the_first_object_of_two_has_the_bucket(s3: Recorder, run: Run, folder: Folder) -> None:
    second = bucket("copy", bucketName="acme-invoices")
    ran = run("plan", "-f", folder.write(bucket(), second))
    assert ran.code == 1
    (line,) = ran.errors
    assert line.startswith("error: payments/copy (bucket acme-invoices): Conflict: ")
    assert "payments/acme-invoices" in line


@pytest.mark.parametrize("swapped", [False, True])
def test_a_profile_may_stand_in_the_same_file(swapped: bool, s3: Recorder, run: Run, folder: Folder) -> None:
    documents = [profile("strict", defaults={"tags": {"tagSet": {"tier": "gold"}}}), bucket(profile="strict")]
    ran = run("plan", "-f", folder.write(*(reversed(documents) if swapped else documents)))
    assert ran.code == 2
    assert 'tags[tier]: none → "gold"' in ran.out


def test_a_profile_may_stand_in_another_file(s3: Recorder, run: Run, folder: Folder) -> None:
    files = (folder.write(bucket(profile="strict")), folder.write(profile("strict"), name="profile.yaml"))
    assert run("plan", "-f", files[0], "-f", files[1]).code == 2


def test_a_profile_that_is_not_there_is_asked_for(s3: Recorder, run: Run, folder: Folder) -> None:
    ran = run("plan", "-f", folder.write(bucket(profile="strict")))
    assert ran.code == 1
    (line,) = ran.errors
    assert line.startswith("error: payments/acme-invoices (bucket acme-invoices): ProfileNotFound: ")
    assert line.endswith("create it, or correct spec.profile. Add its file with -f.")
    assert s3.calls == ()


def test_a_spec_below_the_floor_is_refused_by_its_field(s3: Recorder, run: Run, folder: Folder) -> None:
    floor = profile("strict", floor={"versioning": True})
    ran = run("plan", "-f", folder.write(floor, bucket(profile="strict", versioning={"status": "Suspended"})))
    assert ran.code == 1
    assert "spec.versioning" in ran.err
    assert s3.writes == ()


@pytest.mark.parametrize(
    ("document", "excepted"),
    [
        (exception(), 1),
        (exception(selector={"matchLabels": {"tier": "scratch"}}), 1),
        (exception(selector={"matchLabels": {"tier": "gold"}}), 0),
        (exception(bucketName="acme-other"), 0),
        (exception(namespace="orders"), 0),
        (exception(days=-1), 0),
        (exception(days=400), 0),
    ],
    ids=["its bucket", "its labels", "other labels", "another bucket", "another namespace", "over", "too long"],
)
def test_exceptions_of_the_files_count(
    document: dict[str, Any], excepted: int, s3: Recorder, run: Run, folder: Folder
) -> None:
    body = bucket()
    body["metadata"]["labels"] = {"tier": "scratch"}
    file = folder.write(body, document)
    assert run("apply", "-f", file).code == 0
    (planned,) = run("plan", "-f", file, "-o", "json").json()
    compliance = planned["status"]["compliance"]
    assert compliance["excepted"] == excepted
    assert ("access-logged" in {each["check"] for each in compliance["failing"]}) is not bool(excepted)


def test_standard_input_is_read(s3: Recorder, run: Run) -> None:
    ran = run("plan", "-f", "-", stdin=yaml.safe_dump(bucket()))
    assert ran.code == 2
    assert "would be created" in ran.out


def test_a_folder_is_read(s3: Recorder, run: Run, folder: Folder) -> None:
    folder.write(bucket("acme-one"), name="many/one.yaml")
    folder.write(bucket("acme-two"), name="many/two.yml")
    folder.write_text("no YAML: [", name="many/notes.txt")
    ran = run("plan", "-f", str(folder.path / "many"))
    assert ran.out.splitlines()[-1] == "2 buckets: 2 would change"


def test_what_kubectl_gets_is_read(s3: Recorder, run: Run) -> None:
    """`kubectl get sb -o yaml | securebucket plan -f -`."""
    stored = bucket()
    stored["metadata"] |= {"uid": "7", "resourceVersion": "42", "generation": 3, "managedFields": []}
    stored["status"] = {"observedGeneration": 3, "conditions": []}
    listed: dict[str, Any] = {"apiVersion": "v1", "kind": "List", "items": [stored, bucket("acme-two")]}
    ran = run("plan", "-f", "-", stdin=yaml.safe_dump(listed))
    assert ran.out.splitlines()[-1] == "2 buckets: 2 would change"


def test_a_pipe_gets_plain_lines(s3: Recorder, folder: Folder) -> None:
    ran = spawn("plan", "-f", folder.write(bucket()))
    assert (ran.code, ran.err) == (2, "")
    assert not CONTROL_CHARACTERS.search(ran.out)
    assert "…" not in ran.out
    assert all(line == line.rstrip() for line in ran.out.splitlines())


def test_a_terminal_of_80_columns_shows_everything(s3: Recorder, folder: Folder) -> None:
    ran = spawn_on_terminal("plan", "-f", folder.write(bucket()), columns=80)
    assert ran.code == 2
    assert '"Principal":{"AWS":["*"]},"Resource":["arn:aws:s3:::acme-invoices"' in ran.out
    assert "…" not in ran.out


def test_what_apply_would_do_in_a_new_bucket_is_not_said_to_wait(s3: Recorder, run: Run, folder: Folder) -> None:
    """The bucket is there, and its first pass was interrupted; it is empty, so nobody is asked."""
    s3.fail("PutBucketLifecycleConfiguration", 403, "AccessDenied", times=1)
    file = folder.write(bucket(lifecycle=EXPIRY))
    assert run("apply", "-f", file).code == 1
    planned = run("plan", "-f", file)
    assert "risk: data-loss" in planned.out
    assert "waits for approval" not in planned.out
    assert run("apply", "-f", file).code == 0


def test_what_is_in_the_bucket_by_now_waits_in_the_plan_too(s3: Recorder, run: Run, folder: Folder) -> None:
    s3.fail("PutBucketLifecycleConfiguration", 403, "AccessDenied", times=1)
    file = folder.write(bucket(lifecycle=EXPIRY))
    run("apply", "-f", file)
    boto3.client("s3").put_object(Bucket="acme-invoices", Key="a")
    assert "the part that has a risk waits for approval" in run("plan", "-f", file).out
    assert run("apply", "-f", file).code == 2


CLOUDFRONT = "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0"


@pytest.mark.parametrize("command", ["plan", "apply"])
@pytest.mark.parametrize("mode", ["Enforce", "Plan", "Observe"])
def test_a_service_that_would_lose_the_acl_is_named_before_anybody_approves(
    mode: str, command: str, s3: Recorder, run: Run, folder: Folder
) -> None:
    client = boto3.client("s3")
    client.create_bucket(Bucket="acme-invoices", ObjectOwnership="BucketOwnerPreferred")
    owner = client.get_bucket_acl(Bucket="acme-invoices")["Owner"]
    grants = [
        {"Grantee": {"Type": "CanonicalUser", "ID": each}, "Permission": "FULL_CONTROL"}
        for each in (owner["ID"], CLOUDFRONT)
    ]
    client.put_bucket_acl(Bucket="acme-invoices", AccessControlPolicy={"Owner": owner, "Grants": grants})
    file = folder.write(bucket(mode=mode, adoption="Adopt"))
    ran = run(command, "-f", file)
    assert "before it is made: CloudFront (standard logging (legacy)" in ran.out
    told = json.loads(run("plan", "-f", file, "-o", "json").out)[0]["status"]["controls"]
    (ownership,) = [each for each in told if each["name"] == "ownership"]
    assert "CloudFront" in ownership["message"]
    assert client.get_bucket_ownership_controls(Bucket="acme-invoices")["OwnershipControls"]["Rules"] == [
        {"ObjectOwnership": "BucketOwnerPreferred"}
    ]
