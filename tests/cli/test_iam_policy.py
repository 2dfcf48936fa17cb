"""`securebucket iam-policy` grants what the operator calls, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.accounts import encrypt_with_key, make_buckets, open_to_public
from tests.cli.manifests import Folder, bucket
from tests.cli.program import Run
from tests.laws.register import RIGHTS, UNTRIED

from securebucket.controls import CONTROLS
from securebucket.model.call import Call
from securebucket_dev.s3.recorder import Recorder

EXAMPLES = Path(__file__).parents[2] / "examples"

READ = {
    "s3:ListBucket",
    *(action for operation, action in RIGHTS.items() if operation.startswith(("get_", "list_"))),
    *(action for control in UNTRIED for action in control.permissions.read),
}
LOOK_AT_ACCOUNT = {
    "s3:GetAccessPoint",
    "s3:GetAccessPointPolicy",
    "s3:GetAccountPublicAccessBlock",
    "s3:ListAccessPoints",
}
LOOK_AT_KEYS = {"kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus"}
LOOK_AT_ROLES = {"iam:GetRole", "iam:SimulatePrincipalPolicy"}
LOOK_AROUND = {*LOOK_AT_ACCOUNT, *LOOK_AT_KEYS, *LOOK_AT_ROLES, "s3:GetBucketRequestPayment"}
CHECK_ACCOUNT = {
    "access-analyzer:ListAnalyzers",
    "cloudtrail:DescribeTrails",
    "cloudtrail:GetEventSelectors",
    "cloudtrail:GetTrailStatus",
    "cloudwatch:DescribeAlarmsForMetric",
    "guardduty:GetDetector",
    "guardduty:ListDetectors",
    "logs:DescribeMetricFilters",
    "macie2:GetAutomatedDiscoveryConfiguration",
    "macie2:GetMacieSession",
    "s3:GetBucketLogging",
    "s3:ListAllMyBuckets",
    "s3:ListMultiRegionAccessPoints",
    "s3express:GetLifecycleConfiguration",
    "s3express:ListAllMyDirectoryBuckets",
}
MAKE_TABLES = {
    "s3tables:CreateNamespace",
    "s3tables:CreateTable",
    "s3tables:CreateTableBucket",
    "s3tables:GetTable",
    "s3tables:PutTableBucketPolicy",
    "s3tables:PutTableEncryption",
    "s3tables:PutTablePolicy",
}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-permissions.html"""
WRITE = {
    *("s3:CreateBucket", "s3:TagResource", "iam:PassRole"),
    *MAKE_TABLES,
    *("s3:ListBucketVersions", "s3:ListBucketMultipartUploads"),
    *(action for operation, action in RIGHTS.items() if not operation.startswith(("get_", "list_"))),
    *(action for control in UNTRIED for action in control.permissions.write),
}
"""A control without a subject is told by the law of the registry: here its own word is taken."""

ACTIONS = {
    **{Call(operation).api: action for operation, action in RIGHTS.items()},
    **{control.documents()[0]: control.permissions.read[0] for control in UNTRIED},
    "HeadBucket": "s3:ListBucket",
    "ListBuckets": "s3:ListAllMyBuckets",
    "ListObjectVersions": "s3:ListBucketVersions",
    "ListMultipartUploads": "s3:ListBucketMultipartUploads",
    "GetRole": "iam:GetRole",
    "SimulatePrincipalPolicy": "iam:SimulatePrincipalPolicy",
    **{each.partition(":")[2]: each for each in LOOK_AT_KEYS},
}
"""By the API's name of the operation; where none is named, the action is called like it."""

NO_ACTION = {"GetCallerIdentity"}
"""https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: nobody can be denied this."""

SERVICES = {
    "s3",
    "s3express",
    "s3tables",
    "kms",
    "iam",
    "access-analyzer",
    "cloudtrail",
    "cloudwatch",
    "guardduty",
    "logs",
    "macie2",
}
ACCOUNT_SIDS = {"SecureBucketLookAtAccount", "SecureBucketCheckAccount"}
LONGEST = 6144
"""Characters of a managed policy without white space (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html)."""


SERVICE_PREFIXES = {"s3control": "s3", "accessanalyzer": "access-analyzer", "monitoring": "cloudwatch"}
"""Where IAM calls a service otherwise."""


def actions_of(document: dict[str, Any]) -> set[str]:
    return {action for statement in document["Statement"] for action in statement["Action"]}


def resources_of(document: dict[str, Any], action: str) -> set[str]:
    return {each["Resource"] for each in document["Statement"] if action in each["Action"]}


def test_enforcing_needs_exactly_these(run: Run) -> None:
    assert actions_of(run("iam-policy").json()) == READ | LOOK_AROUND | CHECK_ACCOUNT | WRITE


def test_observing_needs_exactly_these(run: Run) -> None:
    assert actions_of(run("iam-policy", "--purpose", "observe").json()) == READ | LOOK_AROUND | CHECK_ACCOUNT


def test_the_reads_of_the_account_have_a_statement_of_their_own(run: Run) -> None:
    document = run("iam-policy").json()
    (statement,) = [each for each in document["Statement"] if each["Sid"] == "SecureBucketCheckAccount"]
    assert set(statement["Action"]) == CHECK_ACCOUNT
    assert all(action.partition(":")[2].startswith(("Get", "List", "Describe")) for action in statement["Action"])


def test_the_reads_of_the_account_can_be_left_out(run: Run) -> None:
    assert actions_of(run("iam-policy", "--no-account-checks").json()) == READ | LOOK_AROUND | WRITE


def test_scanning_needs_exactly_these_and_what_a_scan_calls_is_granted(s3: Recorder, run: Run) -> None:
    granted = actions_of(run("iam-policy", "--purpose", "scan").json())
    assert granted == READ | LOOK_AT_ACCOUNT | LOOK_AT_KEYS | LOOK_AT_ROLES | {"s3:ListAllMyBuckets"} | CHECK_ACCOUNT
    make_buckets("acme-one")
    open_to_public("acme-one")
    encrypt_with_key("acme-one")
    s3.clear()
    run("scan")
    run("scan", "acme-one")
    called = {(call.service, call.operation) for call in s3.calls} - {("sts", "GetCallerIdentity")}
    assert {("s3control", "GetPublicAccessBlock"), ("kms", "GetKeyRotationStatus")} <= called
    # The recorder has no names for the services that LocalStack does not serve; the account's own laws have them.
    needed = {action_of(service, name) for service, name in called if name != "Unknown"}
    assert needed <= granted


def action_of(service: str, operation: str) -> str:
    if (service, operation) == ("s3control", "GetPublicAccessBlock"):
        return "s3:GetAccountPublicAccessBlock"
    prefix = SERVICE_PREFIXES.get(service, service)
    return ACTIONS.get(operation, f"{prefix}:{operation}") if prefix == "s3" else f"{prefix}:{operation}"


def test_deleting_buckets_is_asked_for(run: Run) -> None:
    assert actions_of(run("iam-policy", "--delete").json()) == READ | LOOK_AROUND | CHECK_ACCOUNT | WRITE | {
        "s3:DeleteBucket"
    }


def test_what_the_examples_call_is_granted(s3: Recorder, run: Run, folder: Folder) -> None:
    granted = actions_of(run("iam-policy").json())
    file = folder.write(bucket("acme-adopted", adoption="Adopt"))
    run("apply", "-f", str(EXAMPLES), "-f", file)
    called = {call.operation for call in s3.calls} - NO_ACTION
    assert len(called) > 20
    assert {ACTIONS.get(each, f"s3:{each}") for each in called} <= granted


@pytest.mark.parametrize("arguments", [(), ("--purpose", "observe"), ("--delete",), ("--bucket", "acme-*")])
def test_the_document_is_a_policy(arguments: tuple[str, ...], run: Run) -> None:
    document = run("iam-policy", *arguments).json()
    assert document["Version"] == "2012-10-17"
    sids = [each["Sid"] for each in document["Statement"]]
    assert len(sids) == len(set(sids))
    for statement in document["Statement"]:
        assert statement["Sid"].isalnum()
        assert statement["Effect"] == "Allow"
        assert statement["Action"]
        assert all(action.partition(":")[0] in SERVICES for action in statement["Action"])
        assert all("*" not in action for action in statement["Action"])
        assert statement["Resource"].startswith("arn:aws:") or statement["Sid"] in ACCOUNT_SIDS
    assert len(json.dumps(document, separators=(",", ":"))) < LONGEST


def test_only_the_named_buckets_are_written(run: Run) -> None:
    document = run("iam-policy", "--bucket", "acme-*").json()
    for action in WRITE - {"iam:PassRole"} - MAKE_TABLES:
        assert resources_of(document, action) == {"arn:aws:s3:::acme-*"}
    for action in MAKE_TABLES:
        assert resources_of(document, action) == {"arn:aws:s3tables:*:*:bucket/aws-s3*"}


def test_roles_go_to_s3_only(run: Run) -> None:
    """Who may pass any role to any service can become any role."""
    (statement,) = [each for each in run("iam-policy").json()["Statement"] if "iam:PassRole" in each["Action"]]
    services = ["metadata.s3.amazonaws.com", "s3.amazonaws.com"]
    assert statement["Condition"] == {"StringEquals": {"iam:PassedToService": services}}


QUEUES = [f"arn:aws:sqs:{region}:111122223333:securebucket-events" for region in ("eu-west-1", "us-east-1")]


@pytest.mark.parametrize("purpose", ["enforce", "observe"])
def test_queues_of_events_are_read_and_nothing_else_is(purpose: str, run: Run) -> None:
    named = [part for queue in reversed(QUEUES) for part in ("--event-queue", queue)]
    document = run("iam-policy", "--purpose", purpose, *named).json()
    (statement,) = [each for each in document["Statement"] if each["Sid"] == "SecureBucketReadEvents"]
    assert statement["Action"] == ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
    assert statement["Resource"] == QUEUES
    without = run("iam-policy", "--purpose", purpose).json()
    assert [each for each in document["Statement"] if each != statement] == without["Statement"]


@pytest.mark.parametrize("purpose", ["enforce", "observe"])
def test_cloudwatch_is_asked_only_where_that_is_wanted(purpose: str, run: Run) -> None:
    document = run("iam-policy", "--purpose", purpose, "--replication-metrics").json()
    (statement,) = [each for each in document["Statement"] if each["Sid"] == "SecureBucketMeasureReplication"]
    assert statement["Action"] == ["cloudwatch:GetMetricData"]
    without = run("iam-policy", "--purpose", purpose).json()
    assert [each for each in document["Statement"] if each != statement] == without["Statement"]


def test_a_queue_is_named_by_its_arn(run: Run) -> None:
    ran = run("iam-policy", "--event-queue", "https://sqs.eu-west-1.amazonaws.com/111122223333/securebucket-events")
    assert ran.code == 1
    (line,) = ran.errors
    assert "is not the ARN of a queue; write e.g. arn:aws:sqs:eu-west-1:111122223333:securebucket-events" in line


def test_a_partition_is_one_of_aws(run: Run) -> None:
    assert run("iam-policy", "--partition", "aws-cn").json()["Statement"]
    ran = run("iam-policy", "--partition", "aws-moon")
    assert ran.code == 1
    (line,) = ran.errors
    assert "unknown partition aws-moon; choose one of aws, aws-cn, aws-us-gov" in line


def test_one_control_brings_its_own_writes_only(run: Run) -> None:
    document = run("iam-policy", "--control", "policy").json()
    (statement,) = [each for each in document["Statement"] if each["Sid"] == "SecureBucketCorrect"]
    assert statement["Action"] == ["s3:DeleteBucketPolicy", "s3:PutBucketPolicy"]
    assert actions_of(document) >= READ


def test_other_partitions_have_their_own_arns(run: Run) -> None:
    document = run("iam-policy", "--partition", "aws-cn").json()
    assert all(each["Resource"].startswith(("arn:aws-cn:", "*")) for each in document["Statement"])


def test_yaml_says_the_same(run: Run) -> None:
    assert run("iam-policy", "-o", "yaml").yaml() == run("iam-policy").json()


def test_a_control_that_is_not_there_is_told_which_there_are(run: Run) -> None:
    ran = run("iam-policy", "--control", "encrypton")
    assert ran.code == 1
    (line,) = ran.errors
    assert "--control" in line
    assert ", ".join(sorted(control.name for control in CONTROLS)) in line
