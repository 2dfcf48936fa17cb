"""The door by which the text of JSON answers comes in."""

import json

import pytest
from botocore.exceptions import ClientError
from tests.aws.wire import Answer, always

from securebucket.aws.answer_form import make_plain

HALF = Answer(body=json.dumps({"Messages": [{"Body": "a\ud800", "ReceiptHandle": "r", "Attributes": {"\ud800": "b"}}]}))
FAILED = Answer(400, json.dumps({"__type": "Denied", "message": "no \ud800"}))


def test_no_half_character_gets_in() -> None:
    client = always(HALF).client("sqs")
    client.meta.events.register("after-call", make_plain)
    (message,) = client.receive_message(QueueUrl="https://sqs.us-east-1.amazonaws.com/111122223333/q")["Messages"]
    assert (message["Body"], message["Attributes"]) == ("a\ufffd", {"\ufffd": "b"})


def test_nor_with_an_error() -> None:
    client = always(FAILED).client("sqs")
    client.meta.events.register("after-call", make_plain)
    with pytest.raises(ClientError) as raised:
        client.receive_message(QueueUrl="https://sqs.us-east-1.amazonaws.com/111122223333/q")
    assert "\ufffd" in str(raised.value)
