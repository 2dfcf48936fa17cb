"""`securebucket doctor` on AWS: everything that is not well has its reason and its remedy."""

import boto3
import pytest
from tests.cli.program import CONTROL_CHARACTERS, Ran, Run, spawn, spawn_on_terminal

from securebucket.compliance.account import ACCOUNT_DOCUMENTS
from securebucket.controls import CONTROLS
from securebucket_dev.s3.recorder import Recorder

ONLY_AWS = ("doctor", "--no-kubernetes")


def found(ran: Ran) -> dict[str, tuple[str, str]]:
    """Give health and message by subject."""
    return {each["subject"]: (each["health"], each["message"]) for each in ran.json()}


@pytest.fixture
def doctor(run: Run) -> object:
    """Runs the doctor on AWS alone; gives its exit code and its findings."""

    def examine(*arguments: str) -> tuple[int, dict[str, tuple[str, str]]]:
        ran = run(*ONLY_AWS, *arguments, "-o", "json")
        assert ran.err == ""
        return ran.code, found(ran)

    return examine


def test_all_is_well(doctor, s3: Recorder) -> None:
    code, findings = doctor()
    assert code == 0
    account = [f"account {each.name}" for each in ACCOUNT_DOCUMENTS]
    assert list(findings) == ["region", "endpoint", "clock", "credentials", *account]
    assert findings["region"] == ("ok", "us-east-1")
    assert findings["endpoint"] == ("warning", f"{s3.endpoint} answers, but without TLS: use it for tests only.")
    assert findings["clock"][0] == "ok"
    assert findings["credentials"] == ("ok", "arn:aws:iam::000000000000:root in account 000000000000")
    assert s3.writes == ()


def test_every_right_to_read_is_tried(doctor, s3: Recorder) -> None:
    boto3.client("s3").create_bucket(Bucket="acme-invoices")
    s3.clear()
    code, findings = doctor("--bucket", "acme-invoices")
    assert code == 0
    for control in CONTROLS:
        assert findings[f"read {control.name}"][0] == "ok"
    assert findings["read policy"][1] == "GetBucketPolicy answers"
    assert findings["look into the bucket"] == ("ok", "whether it is empty can be seen")
    assert findings["access points"] == ("ok", "0 of them were looked into")
    assert s3.writes == ()


def test_a_missing_right_to_list_access_points_is_a_warning(doctor, s3: Recorder) -> None:
    boto3.client("s3").create_bucket(Bucket="acme-invoices")
    s3.fail("ListAccessPoints", 403, "AccessDenied", times=10)
    code, findings = doctor("--bucket", "acme-invoices", "--no-account-checks")
    health, message = findings["access points"]
    assert (code, health) == (0, "warning")
    assert "Needs s3:ListAccessPoints, s3:GetAccessPoint, s3:GetAccessPointPolicy" in message


def test_a_right_that_is_missing_is_named(doctor, s3: Recorder) -> None:
    boto3.client("s3").create_bucket(Bucket="acme-invoices")
    s3.fail("GetBucketPolicy", 403, "AccessDenied", times=10)
    code, findings = doctor("--bucket", "acme-invoices")
    assert code == 1
    health, message = findings["read policy"]
    assert health == "failed"
    assert "securebucket iam-policy" in message
    assert message.endswith("Needs s3:GetBucketPolicy.")
    assert findings["read encryption"][0] == "ok"


def test_a_missing_right_to_look_into_the_bucket_is_a_warning(doctor, s3: Recorder) -> None:
    """A role that only observes needs none."""
    boto3.client("s3").create_bucket(Bucket="acme-invoices")
    s3.fail("ListMultipartUploads", 403, "AccessDenied", times=10)
    code, findings = doctor("--bucket", "acme-invoices")
    health, message = findings["look into the bucket"]
    assert (code, health) == (0, "warning")
    assert "Needs s3:ListBucketVersions, s3:ListBucketMultipartUploads; without them, risky steps" in message


def test_the_documents_of_the_account_are_tried(doctor, s3: Recorder) -> None:
    """LocalStack runs S3 and S3 Control here."""
    _, findings = doctor()
    assert findings["account bucketList"] == ("ok", "The account's buckets: 1 answers")
    assert findings["account trails"] == ("ok", "this server has no CloudTrail; it is not asked for here")
    assert {health for subject, (health, _) in findings.items() if subject.startswith("account ")} == {"ok"}


def test_a_right_on_the_account_that_is_missing_is_a_warning(doctor, s3: Recorder) -> None:
    """Buckets are kept safe without it."""
    s3.fail("ListAccessPoints", 403, "AccessDenied", times=10)
    code, findings = doctor()
    health, message = findings["account accessPoints"]
    assert (code, health) == (0, "warning")
    assert "ListAccessPoints in us-east-1 was denied" in message
    assert message.endswith(
        "Needs s3:ListAccessPoints, s3:GetAccessPoint; or run without account checks (--no-account-checks)."
    )


def test_the_account_can_be_left_alone(doctor, s3: Recorder) -> None:
    _, findings = doctor("--no-account-checks")
    assert list(findings) == ["region", "endpoint", "clock", "credentials"]


def test_a_setting_that_the_server_does_not_know_is_a_warning(doctor, s3: Recorder) -> None:
    boto3.client("s3").create_bucket(Bucket="acme-invoices")
    s3.fail("GetBucketReplication", 501, "NotImplemented", times=10)
    code, findings = doctor("--bucket", "acme-invoices")
    assert (code, findings["read replication"][0]) == (0, "warning")


def test_a_bucket_that_is_not_there_is_told_once(doctor, s3: Recorder) -> None:
    code, findings = doctor("--bucket", "acme-invoices")
    assert code == 1
    assert findings["bucket acme-invoices"] == ("failed", "there is no such bucket; name one that exists.")
    assert not [subject for subject in findings if subject.startswith("read ")]


def test_a_bucket_of_others_is_told_once(doctor, s3: Recorder) -> None:
    boto3.client("s3").create_bucket(Bucket="acme-invoices")
    s3.enforce_expected_owner("111122223333")
    code, findings = doctor("--bucket", "acme-invoices")
    assert code == 1
    assert "Choose another bucketName, or grant the right." in findings["bucket acme-invoices"][1]
    assert not [subject for subject in findings if subject.startswith("read ")]


def test_credentials_that_are_missing(doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    code, findings = doctor()
    assert code == 1
    assert list(findings) == ["region", "credentials"]
    assert "set AWS_PROFILE or AWS_ACCESS_KEY_ID" in findings["credentials"][1]


def test_credentials_that_have_expired(doctor, s3: Recorder) -> None:
    for operation in ("ListBuckets", "GetCallerIdentity"):
        s3.fail(operation, 403, "ExpiredToken", times=10)
    code, findings = doctor()
    assert code == 1
    assert findings["endpoint"][0] == "warning"
    assert findings["credentials"][1].startswith("CredentialsExpired: ")
    assert "renew them" in findings["credentials"][1]


def test_an_aws_profile_that_is_missing(doctor, s3: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    code, findings = doctor()
    assert code == 1
    assert findings["credentials"][1].endswith("correct AWS_PROFILE.")


def test_a_region_that_is_missing(doctor, s3: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION")
    assert doctor() == (1, {"region": ("failed", "no region is known; set AWS_REGION, or give --region.")})
    assert doctor("--region", "eu-west-1")[0] == 0


def test_an_endpoint_that_is_down(doctor, credentials: None) -> None:
    code, findings = doctor("--endpoint", "http://127.0.0.1:9")
    assert code == 1
    assert list(findings) == ["region", "endpoint"]
    assert "no answer from http://127.0.0.1:9" in findings["endpoint"][1]
    assert "check the endpoint" in findings["endpoint"][1]


def test_an_endpoint_that_is_no_url(doctor, credentials: None) -> None:
    code, findings = doctor("--endpoint", "s3.example.com")
    assert code == 1
    assert "s3.example.com" in findings["endpoint"][1]


def test_a_role_is_assumed_first(doctor, s3: Recorder) -> None:
    boto3.client("iam", region_name="us-east-1").create_role(RoleName="hub", AssumeRolePolicyDocument="{}")
    code, findings = doctor("--role-arn", "arn:aws:iam::000000000000:role/hub", "--external-id", "fleet-7")
    assert code == 0
    assert ":assumed-role/hub/securebucket-operator in account" in findings["credentials"][1]
    (assumed,) = s3.named("AssumeRole")
    assert "ExternalId=fleet-7" in assumed.body.decode()


def test_a_role_that_refuses_us_is_told_with_what_to_look_at(doctor, s3: Recorder) -> None:
    s3.fail("AssumeRole", 403, "AccessDenied", times=10)
    code, findings = doctor("--role-arn", "arn:aws:iam::000000000000:role/hub")
    assert code == 1
    assert list(findings)[-1] == "credentials"
    assert findings["credentials"][1].startswith("RoleNotAssumed: role arn:aws:iam::000000000000:role/hub could not")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--role-arn", "hub"), "write e.g. arn:aws:iam::"), (("--external-id", "fleet-7"), "add --role-arn")],
    ids=["no ARN", "external id alone"],
)
def test_a_role_that_cannot_be_meant(run: Run, arguments: tuple[str, ...], said: str) -> None:
    ran = run(*ONLY_AWS, *arguments)
    assert ran.code == 1
    (line,) = ran.errors
    assert said in line


def test_a_pipe_gets_one_line_for_each_thing(s3: Recorder) -> None:
    ran = spawn(*ONLY_AWS)
    assert (ran.code, ran.err) == (0, "")
    assert len(ran.out.splitlines()) == 5 + len(ACCOUNT_DOCUMENTS)
    assert not CONTROL_CHARACTERS.search(ran.out)


def test_a_terminal_of_80_columns_folds_and_cuts_nothing(s3: Recorder) -> None:
    ran = spawn_on_terminal(*ONLY_AWS, columns=80)
    assert ran.code == 0
    assert max(map(len, ran.out.splitlines())) <= 80
    words = " ".join(ran.out.split())
    assert "answers, but without TLS: use it for tests only." in words
    assert "…" not in words


def test_queues_of_events_are_looked_at(doctor, s3: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    url = boto3.client("sqs", "us-east-1").create_queue(QueueName="events")["QueueUrl"]
    monkeypatch.setenv("SECUREBUCKET_EVENT_QUEUE", f"{url} {url}-2")
    code, findings = doctor()
    assert code == 1
    assert findings["event queue events"] == ("ok", f"{url} answers; 0 messages wait")
    health, message = findings["event queue events-2"]
    assert health == "failed"
    assert "correct --event-queue" in message


def test_a_queue_that_is_none_is_told(run: Run) -> None:
    ran = run(*ONLY_AWS, "--event-queue", "events")
    assert ran.code == 1
    (line,) = ran.errors
    assert "--event-queue: 'events' is not the URL of a queue" in line
    assert "SECUREBUCKET_EVENT_QUEUE" in line
