"""Each server starts, answers on the loopback only, forgets on demand, and is gone afterwards."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from securebucket_dev.process import ServerError
from securebucket_dev.s3 import bare
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.loopback import LoopbackServer
from securebucket_dev.s3.moto import MotoServer

SERVERS = [LocalStack, MotoServer]
DEV = Path(bare.__file__).parents[2]

HOLD = """
import sys
from securebucket_dev.s3.{module} import {server}
with {server}() as server:
    print(server.pid, flush=True)
    sys.stdin.read()
"""


def wait_until_gone(pid: int, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("server", SERVERS)
def test_it_serves_s3_until_its_end(server: type[LoopbackServer]) -> None:
    with server() as running:
        s3 = bare.client(running.endpoint)
        s3.create_bucket(Bucket="started")
        assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["started"]
        port = int(running.endpoint.rpartition(":")[2])
    assert not psutil.pid_exists(running.pid)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 5)


@pytest.mark.parametrize("server", SERVERS)
def test_it_listens_on_the_loopback_and_nowhere_else(server: type[LoopbackServer]) -> None:
    with server() as running:
        bare.client(running.endpoint).list_buckets()
        opened = [each for each in psutil.Process(running.pid).net_connections() if each.status == "LISTEN"]
    assert [f"http://{each.laddr.ip}:{each.laddr.port}" for each in opened] == [running.endpoint]


@pytest.mark.parametrize("server", SERVERS)
def test_two_at_once_know_nothing_of_each_other(server: type[LoopbackServer]) -> None:
    with server() as one, server() as other:
        bare.client(one.endpoint).create_bucket(Bucket="mine")
        assert bare.client(other.endpoint).list_buckets()["Buckets"] == []


@pytest.mark.parametrize(("module", "server"), [("localstack", "LocalStack"), ("moto", "MotoServer")])
def test_it_ends_when_its_parent_is_killed(module: str, server: str, tmp_path: Path) -> None:
    """Nobody is left to end it by its pid then."""
    program = HOLD.format(module=module, server=server)
    holder = subprocess.Popen(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(DEV), "TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        pid = int(holder.stdout.readline())
        assert psutil.pid_exists(pid)
        holder.send_signal(signal.SIGKILL)
    assert wait_until_gone(pid)


def use(service: str, client: Any) -> None:
    match service:
        case "s3":
            client.create_bucket(Bucket="used")
            client.put_object(Bucket="used", Key="k", Body=b"x" * 2_000_000)
        case "sqs":
            client.create_queue(QueueName="used")
        case "sns":
            client.create_topic(Name="used")
        case "kms":
            client.create_key()
        case "iam":
            client.create_role(RoleName="used", AssumeRolePolicyDocument="{}")
        case "events":
            client.put_rule(Name="used", EventPattern='{"source":["aws.s3"]}')


LISTS = {
    "s3": ("list_buckets", "Buckets"),
    "sqs": ("list_queues", "QueueUrls"),
    "sns": ("list_topics", "Topics"),
    "kms": ("list_keys", "Keys"),
    "iam": ("list_roles", "Roles"),
    "events": ("list_rules", "Rules"),
}


@pytest.mark.parametrize("service", LISTS)
def test_localstack_forgets_every_service(service: str, localstack: LocalStack) -> None:
    client = bare.client(localstack.endpoint, service)
    listing, member = LISTS[service]
    use(service, client)
    assert len(getattr(client, listing)().get(member, [])) == 1
    localstack.reset()
    assert getattr(client, listing)().get(member, []) == []
    use(service, client)


def test_moto_forgets_its_buckets(moto_server: MotoServer) -> None:
    client = bare.client(moto_server.endpoint)
    use("s3", client)
    moto_server.reset()
    assert client.list_buckets()["Buckets"] == []


def test_localstack_takes_a_key_of_12_digits_for_the_account(localstack: LocalStack) -> None:
    for account in ("111111111111", "222222222222"):
        who = bare.client(localstack.endpoint, "sts", account=account).get_caller_identity()
        assert who["Account"] == account


def test_localstack_sends_object_events_to_eventbridge_and_on_to_a_queue(localstack: LocalStack) -> None:
    """What the operator's drift queue listens to."""
    s3, sqs, events = (bare.client(localstack.endpoint, name) for name in ("s3", "sqs", "events"))
    queue = sqs.create_queue(QueueName="drift")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="s3", EventPattern='{"source":["aws.s3"]}')
    events.put_targets(Rule="s3", Targets=[{"Id": "queue", "Arn": arn}])
    s3.create_bucket(Bucket="events")
    on: dict[str, Any] = {"EventBridgeConfiguration": {}}
    s3.put_bucket_notification_configuration(Bucket="events", NotificationConfiguration=on)
    s3.put_object(Bucket="events", Key="k", Body=b"x")
    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"]
    assert "Object Created" in message["Body"]


def test_localstack_takes_events_like_cloudtrails(localstack: LocalStack) -> None:
    """It makes none itself when a configuration is changed; tests put them on the bus."""
    sqs, events = (bare.client(localstack.endpoint, name) for name in ("sqs", "events"))
    queue = sqs.create_queue(QueueName="trail")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name="trail", EventPattern='{"detail-type":["AWS API Call via CloudTrail"]}')
    events.put_targets(Rule="trail", Targets=[{"Id": "queue", "Arn": arn}])
    entry = {
        "Source": "aws.s3",
        "DetailType": "AWS API Call via CloudTrail",
        "Detail": '{"eventName":"PutBucketPolicy"}',
    }
    assert events.put_events(Entries=[entry])["FailedEntryCount"] == 0
    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"]
    assert "PutBucketPolicy" in message["Body"]


def test_a_reset_of_a_server_that_is_gone_says_so() -> None:
    with MotoServer() as running:
        pass
    with pytest.raises(ServerError, match="Has the server ended"):
        running.reset()
