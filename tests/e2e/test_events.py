"""Changes that CloudTrail tells of: put right within seconds while the interval is a day, and who made them is named.

The queue is deployed from the template by a server's CloudFormation; the events are put onto its bus as CloudTrail puts
them, and everything after that is the product.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.aws.event_stack import REGION, deploy, tell
from tests.aws.trail_events import detail
from tests.e2e.conftest import RunOperator
from tests.e2e.polling import until
from tests.e2e.team import Team, condition, state

from securebucket_dev.demo.operator_process import OperatorProcess
from securebucket_dev.s3.bare import ROOT, client
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.recorder import Recorder

JANE = f"arn:aws:sts::{ROOT}:assumed-role/Admin/jane@acme.example"
JANES = {"type": "AssumedRole", "arn": JANE, "accountId": ROOT, "accessKeyId": "ASIAEXAMPLE"}
MATCHED = 'securebucket_event_messages_total{result="matched"}'


@pytest.fixture(scope="module")
def queue_url(localstack: LocalStack) -> str:
    return str(deploy(localstack.endpoint, "event-queue.yaml")["QueueUrl"])


@pytest.fixture(scope="module")
def operator(run_operator: RunOperator, queue_url: str) -> Iterator[OperatorProcess]:
    """An operator that looks by itself once a day."""
    with run_operator(f"--event-queue={queue_url}", "--interval=24h") as running:
        yield running


class Trail:
    """Tells of the changes of a team's bucket as CloudTrail does.

    Args:
        team: whose bucket.
        endpoint: of the server that has the bus.
    """

    def __init__(self, team: Team, endpoint: str) -> None:
        self._team, self._endpoint = team, endpoint

    def tell(self, event: str, **other: Any) -> None:
        """Tell that Jane made a call just now."""
        bucket = self._team.bucket()
        usual = {
            "userIdentity": JANES,
            "eventTime": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "recipientAccountId": ROOT,
            "resources": [{"accountId": ROOT, "type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{bucket}"}],
        }
        tell(self._endpoint, detail(event, bucket, **(usual | other)))


@pytest.fixture
def trail(team: Team, localstack: LocalStack) -> Trail:
    return Trail(team, localstack.endpoint)


def policy_is_back(team: Team) -> bool:
    try:
        return bool(team.s3.get_bucket_policy(Bucket=team.bucket()))
    except ClientError:
        return False


def test_a_change_is_put_right_at_once_and_its_author_is_named(
    team: Team, trail: Trail, operator: OperatorProcess
) -> None:
    team.apply_ready()
    team.s3.delete_bucket_policy(Bucket=team.bucket())
    seen = operator.total("securebucket_drift_detection_seconds_count")
    trail.tell("DeleteBucketPolicy")
    body = team.until(lambda body: body["status"].get("drift"))
    assert (body["status"]["drift"]["count"], body["status"]["drift"]["lastActor"]) == (1, JANE)
    assert state(body, "policy") == "Corrected"
    assert policy_is_back(team)
    (event,) = (each for each in team.events() if each["reason"] == "PolicyCorrected")
    assert event["note"].startswith(f"policy: {JANE} changed ")
    assert operator.total("securebucket_drift_detection_seconds_count") == seen + 1
    assert operator.read_metrics()[MATCHED] >= 1
    assert not any(JANE in sample for sample in operator.read_metrics())


def test_a_change_without_a_difference_is_looked_at_and_nothing_is_written(
    team: Team, trail: Trail, operator: OperatorProcess, recorder: Recorder
) -> None:
    before = team.apply_ready()
    recorder.clear()
    trail.tell("PutBucketTagging")
    until(lambda: any(call.bucket == team.bucket() for call in recorder.calls))
    until(lambda: operator.total("securebucket_queue_depth") + operator.total("securebucket_workers_busy") == 0)
    assert team.read()["metadata"]["resourceVersion"] == before["metadata"]["resourceVersion"]
    assert [call for call in recorder.writes if call.bucket == team.bucket()] == []


def test_an_event_names_nobody_for_what_it_did_not_change(team: Team, trail: Trail) -> None:
    team.apply_ready()
    team.s3.put_bucket_versioning(Bucket=team.bucket(), VersioningConfiguration={"Status": "Suspended"})
    trail.tell("PutBucketTagging")
    body = team.until(lambda body: body["status"].get("drift"))
    assert "lastActor" not in body["status"]["drift"]


def test_what_is_no_event_is_counted_and_gone(
    operator: OperatorProcess, queue_url: str, localstack: LocalStack, team: Team, trail: Trail
) -> None:
    before = operator.read_metrics()
    sqs = client(localstack.endpoint, "sqs", REGION)
    sqs.send_message(QueueUrl=queue_url, MessageBody="hello")
    trail.tell("PutBucketPolicy")  # the team has no bucket

    def counted(result: str) -> bool:
        name = f'securebucket_event_messages_total{{result="{result}"}}'
        return operator.read_metrics().get(name, 0.0) == before.get(name, 0.0) + 1

    until(lambda: counted("malformed") and counted("unmatched"))
    asked = {"QueueUrl": queue_url, "AttributeNames": ["All"]}

    def left() -> int:
        found = sqs.get_queue_attributes(**asked)["Attributes"]
        return int(found["ApproximateNumberOfMessages"]) + int(found["ApproximateNumberOfMessagesNotVisible"])

    until(lambda: left() == 0)


def test_whoever_fights_the_operator_is_named(team: Team, trail: Trail) -> None:
    team.apply_ready()
    for times in range(1, 6):
        team.s3.put_bucket_tagging(Bucket=team.bucket(), Tagging={"TagSet": [{"Key": "times", "Value": str(times)}]})
        trail.tell("PutBucketTagging")
        team.until(lambda body, times=times: body["status"].get("drift", {}).get("count") == times)
    team.s3.put_bucket_tagging(Bucket=team.bucket(), Tagging={"TagSet": [{"Key": "times", "Value": "6"}]})
    trail.tell("PutBucketTagging")
    contended = condition(team.until(lambda body: condition(body, "Contended")), "Contended")
    assert f"tags: changed back again and again by {JANE}" in contended["message"]


def test_only_the_leader_reads_the_queue(operator: OperatorProcess, run_operator: RunOperator, queue_url: str) -> None:
    def reads(replica: OperatorProcess) -> float:
        return replica.total("securebucket_event_queue_last_read_timestamp_seconds")

    until(lambda: reads(operator))
    with run_operator(f"--event-queue={queue_url}") as standby:
        assert standby.total("securebucket_leader") == 0
        assert reads(standby) == 0
        assert not any('service="sqs"' in sample for sample in standby.read_metrics())
