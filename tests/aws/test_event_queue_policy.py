"""Whom the policy of a queue of events lets send."""

import json
from typing import Any

import pytest

from securebucket.aws.event_queue import open_senders

RULE = "arn:aws:events:eu-west-1:111122223333:rule/securebucket"
FOR_THE_RULE = {
    "Sid": "Rule",
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": "sqs:SendMessage",
    "Resource": "*",
    "Condition": {"ArnEquals": {"aws:SourceArn": RULE}},
}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="none"),
        pytest.param(policy(), id="empty"),
        pytest.param(policy(FOR_THE_RULE), id="the rule alone"),
        pytest.param(json.dumps({"Statement": FOR_THE_RULE}), id="one statement that is no list"),
        pytest.param(policy(FOR_THE_RULE | {"Effect": "Deny", "Principal": "*", "Action": "sqs:*"}), id="a denial"),
        pytest.param(policy(FOR_THE_RULE | {"Principal": "*", "Action": "sqs:ReceiveMessage"}), id="another right"),
    ],
)
def test_only_rules_that_are_named_may_send(text: str) -> None:
    assert open_senders(text) == ()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"Principal": "*"}, id="everybody"),
        pytest.param({"Principal": {"AWS": "*"}}, id="every principal"),
        pytest.param({"Principal": {"AWS": "arn:aws:iam::444455556666:root"}}, id="another account"),
        pytest.param({"Principal": {"Service": ["events.amazonaws.com", "sns.amazonaws.com"]}}, id="another service"),
        pytest.param({"Principal": {"Service": "events.amazonaws.com", "AWS": "*"}}, id="the service and everybody"),
        pytest.param({"Condition": {}}, id="the rules of every account"),
        pytest.param({"Condition": {"ArnLike": {"aws:SourceArn": "*"}}}, id="a source that is any"),
        pytest.param({"Condition": {"StringNotEquals": {"aws:SourceArn": RULE}}}, id="every source but one"),
        pytest.param({"Principal": "*", "Action": ["sqs:ReceiveMessage", "SQS:*"]}, id="every right"),
        pytest.param({"Principal": "*", "Action": "sqs:Send*"}, id="a pattern of rights"),
        pytest.param({"Principal": "*", "Action": "SQS:S?ndMessage"}, id="a pattern with a gap"),
        pytest.param(
            {"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:events:*:*:rule/*"}}}, id="rules of any account"
        ),
    ],
)
def test_others_who_may_send_are_named(change: dict[str, Any]) -> None:
    assert open_senders(policy(FOR_THE_RULE | change)) == ("statement Rule",)


def test_what_allows_all_but_a_right_is_named_by_its_place() -> None:
    allowed = {"Effect": "Allow", "Principal": "*", "NotAction": "sqs:DeleteQueue"}
    assert open_senders(policy(FOR_THE_RULE, allowed)) == ("statement 2",)


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"Statement": ["text"]}', "[" * 100_000])
def test_what_cannot_be_read_is_told(text: str) -> None:
    assert open_senders(text) == ("a policy that cannot be read",)
