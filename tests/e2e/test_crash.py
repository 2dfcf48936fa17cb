"""The operator is killed in the middle of a pass, at every kind of step, and the next one finishes the work.

One operator, one SIGKILL: each object is held at a step of its own when it comes. The request in flight still reaches
S3, as it would. The successor waits for the Lease of the dead, as in a cluster.
"""

import signal
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from tests.e2e.api import Api
from tests.e2e.conftest import RunOperator
from tests.e2e.kubectl import Kubectl
from tests.e2e.polling import SECONDS, until
from tests.e2e.team import Team, condition

from securebucket_dev.s3.fault import Fault
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.recorder import Recorder

HOLD = 14.0
"""Seconds, below the operator's read timeout; `heal` ends it before."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where a pass is when its operator is killed.

    Args:
        name: of the object.
        held: the request that is in flight then.
        passed: how many such requests go by before.
        exists: whether there is a bucket then.
    """

    name: str
    held: str
    passed: int = 0
    exists: bool = True

    def hold(self, recorder: Recorder, bucket: str) -> Fault:
        for _ in range(self.passed):
            recorder.delay(self.held, 0, bucket=bucket)
        return recorder.delay(self.held, HOLD, bucket=bucket)


CREATIONS = (
    Step("before-creation", "HeadBucket", passed=1, exists=False),
    Step("in-creation", "CreateBucket", exists=False),
    Step("after-creation", "GetPublicAccessBlock"),
    Step("in-the-first-write", "PutBucketPolicy"),
    Step("between-two-writes", "GetBucketPolicy", passed=1),
    Step("in-the-last-write", "PutBucketLifecycleConfiguration"),
    Step("before-the-status", "GetBucketLifecycleConfiguration", passed=1),
)
DELETION = Step("in-deletion", "DeleteBucket")
NEVER_MADE = Step("never-made", "HeadBucket", exists=False)


@pytest.fixture(scope="module")
def survivors(
    run_operator: RunOperator, lasting_recorder: Recorder, api: Api, kubectl: Kubectl, localstack: LocalStack
) -> Iterator[Team]:
    """A team whose operator was killed in every pass at once, and runs again."""
    recorder = lasting_recorder
    team = Team(api, kubectl, localstack.endpoint)
    with run_operator() as first:
        team.apply_ready(DELETION.name, deletionPolicy="Delete")
        held = [step.hold(recorder, team.bucket(step.name)) for step in (*CREATIONS, DELETION, NEVER_MADE)]
        team.delete(DELETION.name)
        for step in CREATIONS:
            team.apply(step.name)
        team.apply(NEVER_MADE.name, deletionPolicy="Delete")
        until(lambda: all(fault.used for fault in held), told=lambda: held)
        first.process.signal(signal.SIGKILL)
        first.process.await_end(SECONDS)
    there = {step.name for step in (*CREATIONS, DELETION, NEVER_MADE) if team.bucket(step.name) in team.buckets()}
    assert there == {step.name for step in (*CREATIONS, DELETION, NEVER_MADE) if step.exists}
    answered = len(recorder.calls) + len(held)
    recorder.heal()
    until(lambda: len(recorder.calls) >= answered)
    team.delete(NEVER_MADE.name)
    with run_operator():
        yield team
    team.leave()


@pytest.mark.parametrize("step", CREATIONS, ids=lambda step: step.name)
def test_the_next_operator_finishes(survivors: Team, step: Step) -> None:
    body = survivors.until_ready(step.name)
    assert condition(body, "InSync")["status"] == "True"
    assert body["status"]["bucket"]["createdByOperator"] is True
    tags = survivors.bucket_tags(step.name)
    assert tags["securebucket.io/owner"].endswith(f"/{survivors.namespace}/{step.name}")
    assert tags["securebucket.io/origin"] == "Created"


@pytest.mark.parametrize("step", CREATIONS, ids=lambda step: step.name)
def test_no_bucket_is_made_twice(survivors: Team, step: Step, lasting_recorder: Recorder) -> None:
    survivors.until_ready(step.name)
    made = [call for call in lasting_recorder.named("CreateBucket") if call.bucket == survivors.bucket(step.name)]
    assert [call.status for call in made] == [200]


def test_a_deletion_is_finished(survivors: Team) -> None:
    survivors.until_gone(DELETION.name)
    assert survivors.bucket(DELETION.name) not in survivors.buckets()


def test_an_object_that_was_deleted_meanwhile_goes_without_a_bucket(survivors: Team) -> None:
    survivors.until_gone(NEVER_MADE.name)
    assert survivors.bucket(NEVER_MADE.name) not in survivors.buckets()


def test_nothing_else_is_left_behind(survivors: Team) -> None:
    for step in CREATIONS:
        survivors.until_ready(step.name)
    assert survivors.buckets() == sorted(survivors.bucket(step.name) for step in CREATIONS)
