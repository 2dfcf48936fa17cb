"""The recorded objects are what the operator really leaves: each state is played, and compared with its file.

`RECORD=1 pytest tests/e2e/test_recorded_objects.py` writes the files anew.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from tests.e2e.api import GROUP, Api, Body
from tests.e2e.conftest import RunOperator
from tests.e2e.kubectl import Kubectl
from tests.e2e.recorded import BUCKETS, EXCEPTIONS, file_of, written
from tests.e2e.team import Team, condition, is_current

from securebucket_dev.s3.fault import ALWAYS
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.recorder import Recorder

CLOSED = ("blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets")
OPEN = {"publicAccessBlock": dict.fromkeys(CLOSED, False)}


@dataclass(frozen=True, slots=True)
class Stage:
    """A team whose objects are brought into their states."""

    team: Team
    recorder: Recorder

    def make(self, name: str, annotations: dict[str, str] | None = None, **spec: object) -> None:
        """Make an object, without the annotation that kubectl would leave."""
        body = self.team.document(name, **spec)
        if annotations:
            body["metadata"]["annotations"] = annotations
        self.team.api.do("POST", f"{GROUP}/namespaces/{self.team.namespace}/securebuckets", body)

    def make_ready(self, name: str, **spec: object) -> None:
        """Make an object, and wait until it is Ready."""
        self.make(name, **spec)
        self.team.until_ready(name)

    def until(self, name: str, kind: str, reason: str) -> Body:
        """Wait until a condition of the present generation has a reason, and give the object."""
        return self.team.until(lambda body: is_current(body) and condition(body, kind).get("reason") == reason, name)

    def grant(self, name: str, bucket: str, ends_in: float = 30 * 86400.0) -> None:
        """Make a BucketException for a bucket, by its object's name."""
        body = self.team.exception(name, ends_in=ends_in, bucketName=self.team.bucket(bucket))
        self.team.api.do("POST", f"{GROUP}/namespaces/{self.team.namespace}/bucketexceptions", body)


def play_buckets(stage: Stage) -> dict[str, Body]:
    """Bring SecureBuckets into the states that they have while an operator runs."""
    team, s3, seen = stage.team, stage.team.s3, {}
    stage.recorder.fail("*", 503, "SlowDown", bucket=team.bucket("throttled"), times=ALWAYS)
    stage.recorder.fail("HeadBucket", 403, "AccessDenied", bucket=team.bucket("denied"), times=ALWAYS)
    for name in ("observed-drift", "adoption-required"):
        s3.create_bucket(Bucket=team.bucket(name))
    stage.make_ready("ready")
    stage.make("failing-checks", **OPEN)
    stage.make("observed-drift", mode="Observe")
    stage.make("profile-missing", profile="nobodys")
    for name in ("throttled", "denied", "adoption-required"):
        stage.make(name)
    stage.make("plan-pending", mode="Plan")
    stage.make("paused-missing", {"securebucket.io/paused": "true"})
    stage.make("conflict", bucketName=team.bucket("ready"))
    for name in ("approval-pending", "paused", "paused-drifted", "settling", "changed"):
        stage.make_ready(name)
    stage.make_ready("deleting", deletionPolicy="Delete")
    team.patch({"spec": {"versioning": {"status": "Suspended"}}}, "approval-pending")
    for name in ("paused", "paused-drifted"):
        team.annotate(name, paused="true")
    s3.delete_public_access_block(Bucket=team.bucket("paused-drifted"))
    for name in ("paused", "paused-drifted"):
        team.annotate(name, reconcile_at="2026-01-01")
    s3.put_object(Bucket=team.bucket("deleting"), Key="a")
    team.delete("deleting")
    seen["deleting"] = team.until(lambda body: condition(body, "Ready").get("status") == "False", "deleting")
    for interval in ("50m", "51m"):  # right after it was put back, what is read may be older than that
        s3.delete_public_access_block(Bucket=team.bucket("settling"))
        team.patch({"spec": {"interval": interval}}, "settling")
        team.until(is_current, "settling")
    seen["settling"] = stage.until("settling", "Reconciling", "Settling")  # five seconds later it counts as drift
    awaited = {
        "failing-checks": ("Compliant", "ChecksFail"),
        "observed-drift": ("InSync", "Differs"),
        "profile-missing": ("Ready", "ProfileNotFound"),
        "throttled": ("Ready", "Throttled"),
        "denied": ("Stalled", "BucketForbidden"),
        "adoption-required": ("Stalled", "AdoptionRequired"),
        "plan-pending": ("Ready", "ApprovalRequired"),
        "paused-missing": ("Ready", "Paused"),
        "conflict": ("Stalled", "Conflict"),
        "approval-pending": ("Ready", "ApprovalRequired"),
        "paused": ("Ready", "Verified"),
        "paused-drifted": ("Ready", "Differs"),
        "ready": ("Ready", "Verified"),
    }
    for name, (kind, reason) in awaited.items():
        seen[name] = stage.until(name, kind, reason)
    return seen


def play_exceptions(stage: Stage) -> dict[str, Body]:
    """Bring BucketExceptions into their states."""
    stage.grant("in-force", "failing-checks")
    stage.grant("ending-soon", "failing-checks", ends_in=3 * 86400.0)
    stage.grant("expired", "failing-checks", ends_in=2)
    stage.grant("no-such-bucket", "nobodys")
    awaited = {
        "in-force": ("Active", "InForce"),
        "ending-soon": ("ExpiringSoon", "WithinSevenDays"),
        "expired": ("Active", "Expired"),
        "no-such-bucket": ("Active", "NoSuchBucket"),
    }
    for name, (kind, reason) in awaited.items():
        stage.team.until_exception(kind, reason, name)
    path = f"{GROUP}/namespaces/{stage.team.namespace}/bucketexceptions"
    return {name: stage.team.api.do("GET", f"{path}/{name}") for name in awaited}


def play_without_operator(stage: Stage) -> dict[str, Body]:
    """Bring SecureBuckets into the states that they have before an operator has looked at them."""
    stage.make("unseen")
    stage.team.patch({"spec": {"versioning": {"status": "Suspended"}}}, "changed")
    return {name: stage.team.read(name) for name in ("unseen", "changed")}


@pytest.fixture(scope="module")
def played(
    definitions: None,
    run_operator: RunOperator,
    api: Api,
    kubectl: Kubectl,
    localstack: LocalStack,
    lasting_recorder: Recorder,
) -> Iterator[dict[tuple[str, str], str]]:
    """What became of every object, by kind and state."""
    team = Team(api, kubectl, localstack.endpoint, "payments")
    stage = Stage(team, lasting_recorder)
    with run_operator():
        buckets, exceptions = play_buckets(stage), play_exceptions(stage)
    buckets |= play_without_operator(stage)
    lasting_recorder.heal()
    yield {
        (kind, state): written(body)
        for kind, objects in (("SecureBucket", buckets), ("BucketException", exceptions))
        for state, body in objects.items()
    }
    team.leave()
    localstack.reset()


@pytest.mark.parametrize(
    ("kind", "state"),
    [*(("SecureBucket", each) for each in BUCKETS), *(("BucketException", each) for each in EXCEPTIONS)],
)
def test_an_object_is_as_it_was_recorded(played: dict[tuple[str, str], str], kind: str, state: str) -> None:
    file = file_of(kind, state)
    if os.environ.get("RECORD"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(played[kind, state])
    assert file.read_text() == played[kind, state], "if that is meant, write it anew with RECORD=1"
