"""A queue of events on a server with SQS: a bounded wait, deletion, and every error with its remedy."""

import json
from collections.abc import Iterator

import pytest
from tests.aws.trail_events import message

from securebucket.aws.account import Identity
from securebucket.aws.cloud_trail_event import read_event
from securebucket.aws.diagnosis import diagnose_event_queue
from securebucket.aws.edge import Aws
from securebucket.aws.event_queue import EventQueue, binding_of, place_of
from securebucket.aws.sessions import Binding
from securebucket.model.diagnosis import Health
from securebucket.model.event_message import Message, QueuePlace, Unusable
from securebucket.model.failure import Failure
from securebucket.model.reported_change import ReportedChange
from securebucket_dev.s3.bare import client
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.recorder import Recorder

REGION = "eu-west-1"


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "000000000000")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", REGION)


@pytest.fixture
def url(localstack: LocalStack) -> str:
    """An empty queue."""
    return str(client(localstack.endpoint, "sqs", REGION).create_queue(QueueName="events")["QueueUrl"])


@pytest.fixture
def aws() -> Iterator[Aws]:
    made = Aws(lambda *_: None)
    yield made
    made.close()


def queue(aws: Aws, url: str) -> EventQueue:
    return EventQueue(aws.sessions, place_of(url), wait=1)


def send(url: str, *texts: str) -> None:
    sqs = client(url.partition("/queue/")[0], "sqs", REGION)
    for text in texts:
        sqs.send_message(QueueUrl=url, MessageBody=text)


def received(events: EventQueue) -> tuple[Message, ...]:
    found = events.receive()
    assert isinstance(found, tuple), found
    return found


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://sqs.eu-west-1.amazonaws.com/111122223333/events", ("eu-west-1", "111122223333", "events")),
        ("https://sqs-fips.us-gov-west-1.amazonaws.com/111122223333/e", ("us-gov-west-1", "111122223333", "e")),
        ("https://sqs.cn-north-1.amazonaws.com.cn/111122223333/e", ("cn-north-1", "111122223333", "e")),
        ("https://vpce-0a-1b.sqs.eu-west-1.vpce.amazonaws.com/111122223333/e", ("eu-west-1", "111122223333", "e")),
        ("http://127.0.0.1:4566/queue/eu-west-1/000000000000/e", ("", "000000000000", "e")),
    ],
)
def test_a_queue_is_told_by_its_url(url: str, place: tuple[str, str, str]) -> None:
    assert place_of(url) == QueuePlace(url, *place)


@pytest.mark.parametrize(
    ("url", "binding"),
    [
        ("https://sqs.eu-west-1.amazonaws.com/111122223333/e", Binding(region="eu-west-1")),
        ("https://sqs.cn-north-1.amazonaws.com.cn/111122223333/e", Binding(region="cn-north-1")),
        (
            "https://vpce-0a-1b.sqs.eu-west-1.vpce.amazonaws.com/111122223333/e",
            Binding(region="eu-west-1", endpoint="https://vpce-0a-1b.sqs.eu-west-1.vpce.amazonaws.com"),
        ),
        ("http://127.0.0.1:4566/queue/r/000000000000/e", Binding(endpoint="http://127.0.0.1:4566")),
        (
            "https://sqs.eu-west-1.amazonaws.com.example/111122223333/e",
            Binding(region="eu-west-1", endpoint="https://sqs.eu-west-1.amazonaws.com.example"),
        ),
    ],
)
def test_it_is_read_as_the_operator_itself_where_the_url_says(url: str, binding: Binding) -> None:
    assert binding_of(place_of(url)) == binding


@pytest.mark.parametrize(
    "url", ["events", "arn:aws:sqs:eu-west-1:111122223333:events", "https://sqs.example/events", ""]
)
def test_what_is_no_url_of_a_queue_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"is not the URL of a queue; write e\.g\. https://sqs"):
        place_of(url)


def test_messages_are_read_and_gone_once_they_are_deleted(aws: Aws, url: str) -> None:
    send(url, message(), "hello")
    events = queue(aws, url)
    found = [*received(events)]
    if len(found) < 2:  # SQS gives a part of what is there
        found += received(events)
    contents = {type(each.content) for each in found}
    assert contents == {ReportedChange, Unusable}
    assert events.delete(found) is None
    sqs = client(url.partition("/queue/")[0], "sqs", REGION)
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert counts["ApproximateNumberOfMessages"] == counts["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_a_poll_waits_for_a_bounded_time_and_brings_nothing(aws: Aws, url: str) -> None:
    assert received(queue(aws, url)) == ()


def test_a_queue_that_is_not_there_is_told(aws: Aws, url: str) -> None:
    events = queue(aws, f"{url}-of-another-name")
    for failure in (events.receive(), events.attributes()):
        assert isinstance(failure, Failure)
        assert failure.reason == "QueueMissing"
        assert "correct --event-queue" in failure.message


def test_a_server_that_is_not_there_is_told(aws: Aws) -> None:
    failure = queue(aws, "http://127.0.0.1:9/queue/eu-west-1/000000000000/events").attributes()
    assert isinstance(failure, Failure)
    assert failure.reason == "EndpointUnreachable"


def test_a_right_that_is_missing_is_told_with_its_remedy(aws: Aws, url: str, recorder: Recorder) -> None:
    behind = url.replace(url.partition("/queue/")[0], recorder.endpoint)
    recorder.fail("ReceiveMessage", 403, "AccessDenied", times=3)
    failure = queue(aws, behind).receive()
    assert isinstance(failure, Failure)
    assert failure.reason == "AccessDenied"
    assert "securebucket iam-policy --event-queue ARN" in failure.message


def test_a_receipt_that_is_none_is_told(aws: Aws, url: str) -> None:
    failure = queue(aws, url).delete((Message("no receipt", Unusable.MALFORMED),))
    assert isinstance(failure, Failure)


def test_the_doctor_sees_a_queue_that_is_well(aws: Aws, url: str) -> None:
    send(url, message())
    (found,) = diagnose_event_queue(queue(aws, url))
    assert (found.subject, found.health) == ("event queue events", Health.OK)
    assert found.message == f"{url} answers; 1 messages wait"


def test_the_doctor_names_a_queue_that_cannot_be_read(aws: Aws, url: str) -> None:
    (found,) = diagnose_event_queue(queue(aws, f"{url}-of-another-name"))
    assert found.health is Health.FAILED
    assert "QueueMissing" in found.message


def test_the_doctor_warns_of_a_queue_that_anybody_may_send_to(aws: Aws, url: str) -> None:
    statement = {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs = client(url.partition("/queue/")[0], "sqs", REGION)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    _, found = diagnose_event_queue(queue(aws, url))
    assert found.health is Health.WARNING
    assert "statement Open" in found.message


def test_a_call_is_ours_by_identity_and_name_together(aws: Aws, localstack: LocalStack) -> None:
    """Anybody can take our name, and a person may share our identity."""
    binding = Binding(region=REGION, endpoint=localstack.endpoint)
    change = read_change(message())
    assert not aws.made(change)
    identity = aws.identify(binding)
    assert isinstance(identity, Identity)
    agent = "[securebucket-operator/0.1.0 boto3/1.44.4]"
    us = {"type": "Root", "arn": identity.arn}
    assert aws.made(read_change(message(userIdentity=us, userAgent=agent)))
    assert not aws.made(read_change(message(userIdentity=us)))
    assert not aws.made(read_change(message(userAgent=agent)))


def read_change(text: str) -> ReportedChange:
    found = read_event(text)
    assert isinstance(found, ReportedChange)
    return found
