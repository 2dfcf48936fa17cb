"""The templates of the queue of events: what AWS's own schema says of them, and what they do when they are deployed."""

import importlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from tests.aws.event_stack import FOLDER, REGION, deploy, tell
from tests.aws.trail_events import detail

from securebucket.aws.cloud_trail_event import read_event
from securebucket.aws.event_queue import open_senders
from securebucket.controls.event_names import NAMES
from securebucket.model.reported_change import ReportedChange
from securebucket_dev.generate.event_templates import LONGEST_PATTERN, pattern
from securebucket_dev.s3.bare import client
from securebucket_dev.s3.localstack import LocalStack

TEMPLATES = sorted(FOLDER.glob("*.yaml"))
every_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)


@pytest.fixture
def queue(localstack: LocalStack) -> dict[str, Any]:
    """The queue, deployed; its outputs."""
    return deploy(localstack.endpoint, "event-queue.yaml")


def messages(localstack: LocalStack, url: str, seconds: int = 2) -> Iterator[str]:
    """Give what is in the queue, until nothing comes for a while."""
    sqs = client(localstack.endpoint, "sqs", REGION)
    asked = {"QueueUrl": url, "MaxNumberOfMessages": 10, "WaitTimeSeconds": seconds}
    while found := sqs.receive_message(**asked).get("Messages", []):
        for each in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
            yield each["Body"]


def attributes(localstack: LocalStack, url: str) -> dict[str, Any]:
    asked = client(localstack.endpoint, "sqs", REGION).get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    found: dict[str, Any] = asked["Attributes"]
    return found


@every_template
def test_cloudformation_would_take_it(template: Any) -> None:
    """cfn-lint knows the schema of each resource as AWS publishes it."""
    lint_file = importlib.import_module("cfnlint.api").lint_file  # it takes seconds: collecting shall not need it
    assert [str(each) for each in lint_file(template)] == []


def test_the_pattern_names_what_the_operator_listens_to_and_fits() -> None:
    written = yaml.safe_load(pattern(0))
    assert tuple(written["detail"]["eventName"]) == NAMES
    assert len(json.dumps(written)) < LONGEST_PATTERN


def test_only_its_rules_may_send(localstack: LocalStack, queue: dict[str, Any]) -> None:
    policy = attributes(localstack, queue["QueueUrl"])["Policy"]
    assert open_senders(policy) == ()
    allowed, denied = json.loads(policy)["Statement"]
    rules = [
        rule["Arn"]
        for bus in ("default", "securebucket-events")
        for rule in client(localstack.endpoint, "events", REGION).list_rules(EventBusName=bus)["Rules"]
    ]
    assert allowed["Condition"]["ArnEquals"]["aws:SourceArn"] == rules
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_what_is_in_it_is_encrypted_and_does_not_stay_for_ever(localstack: LocalStack, queue: dict[str, Any]) -> None:
    found = attributes(localstack, queue["QueueUrl"])
    assert (found["SqsManagedSseEnabled"], found["MessageRetentionPeriod"]) == ("true", "86400")
    redrive = json.loads(found["RedrivePolicy"])
    assert redrive["maxReceiveCount"] == 5
    name = redrive["deadLetterTargetArn"].rsplit(":", 1)[1]
    dead = client(localstack.endpoint, "sqs", REGION).get_queue_url(QueueName=name)["QueueUrl"]
    assert attributes(localstack, dead)["SqsManagedSseEnabled"] == "true"


def test_changes_arrive_and_nothing_else_does(localstack: LocalStack, queue: dict[str, Any]) -> None:
    tell(
        localstack.endpoint,
        detail("PutBucketPolicy"),
        detail("GetBucketPolicy"),
        detail("DeleteBucketPolicy", errorCode="AccessDenied"),
        detail("PutBucketAcl", eventSource="s3-outposts.amazonaws.com"),
        detail("PutAccountPublicAccessBlock", requestParameters={"accountId": "111122223333"}, resources=None),
    )
    tell(localstack.endpoint, detail("PutBucketTagging"), source="acme.forged")
    found = [read_event(text) for text in messages(localstack, queue["QueueUrl"])]
    assert {each.event for each in found if isinstance(each, ReportedChange)} == {
        "PutBucketPolicy",
        "PutAccountPublicAccessBlock",
    }
    assert len(found) == 2


def test_another_region_forwards(localstack: LocalStack, queue: dict[str, Any]) -> None:
    deploy(
        localstack.endpoint,
        "event-forwarding.yaml",
        region="us-west-2",
        stack="securebucket-forwarding",
        EventBusArn=queue["EventBusArn"],
    )
    tell(localstack.endpoint, detail("PutBucketPolicy"), detail("GetBucketPolicy"), region="us-west-2")
    (found,) = (read_event(text) for text in messages(localstack, queue["QueueUrl"]))
    assert isinstance(found, ReportedChange)
    assert found.event == "PutBucketPolicy"


@pytest.mark.parametrize(
    ("parameters", "admitted"),
    [
        ({}, []),
        ({"ForwardingAccounts": "222233334444,444455556666"}, ["Accounts"]),
        ({"ForwardingOrganization": "o-a1b2c3d4e5"}, ["Organization"]),
    ],
)
def test_only_those_who_are_named_may_send_to_the_bus(
    localstack: LocalStack, parameters: dict[str, str], admitted: list[str]
) -> None:
    deploy(localstack.endpoint, "event-queue.yaml", **parameters)
    (bus,) = client(localstack.endpoint, "events", REGION).list_event_buses(NamePrefix="securebucket")["EventBuses"]
    found = json.loads(bus.get("Policy") or "{}").get("Statement", [])
    assert [each["Sid"] for each in found] == admitted
    for each in found:
        assert each["Action"] == "events:PutEvents"
        assert each["Principal"] != "*" or each["Condition"]
