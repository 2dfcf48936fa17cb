"""Two replicas, one Lease: who leads, who writes, and who follows when the leader goes.

Each replica has a name, a user of its own for the API server and a recorder of its own before S3, so that everything
that either does is seen apart.
"""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from tests.e2e.audit import Audit, Request
from tests.e2e.conftest import RunOperator
from tests.e2e.polling import SECONDS, until
from tests.e2e.team import Team, state

from securebucket_dev.demo.operator_process import OperatorProcess
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.recorder import Recorder

LONGEST_FAILOVER = 20.0
LONGEST_HANDOVER = 5.0
SLACK = 10.0
"""Seconds for a busy machine; the promised times are measured on an idle one."""


@dataclass(frozen=True, slots=True)
class Replica:
    """One of the two.

    Args:
        name: begins its identity in the Lease.
        user: as whom it comes to the API server.
        recorder: what it asks of S3.
        running: its process.
    """

    name: str
    user: str
    recorder: Recorder
    running: OperatorProcess

    def writes(self, audit: Audit, mark: int) -> list[Request]:
        """What it wrote to Kubernetes, elections left out."""
        return audit.since(mark, lambda each: each.user == self.user and each.is_write and not each.is_election)


class Pair:
    """Two replicas that stand for the same Lease."""

    def __init__(self, team: Team, first: Replica, second: Replica) -> None:
        self._team = team
        self._replicas = (first, second)

    def holder(self) -> str:
        """Name the replica that the Lease names; empty when it names none."""
        path = f"/apis/coordination.k8s.io/v1/namespaces/{self._team.namespace}/leases/pair"
        identity = self._team.api.ask("GET", path).body.get("spec", {}).get("holderIdentity", "")
        return str(identity).partition("_")[0]

    def roles(self) -> tuple[Replica, Replica]:
        """Give the leader and the standby."""
        name = until(self.holder)
        leader, standby = sorted(self._replicas, key=lambda each: each.name != name)
        assert leader.name == name
        return leader, standby


@pytest.fixture
def pair(team: Team, run_operator: RunOperator, localstack: LocalStack) -> Iterator[Pair]:
    with ExitStack() as stack:

        def start(name: str, user: str) -> Replica:
            recorder = stack.enter_context(Recorder(localstack.endpoint))
            arguments = (f"--lease-namespace={team.namespace}", "--lease-name=pair")
            options = {"user": user, "endpoint": recorder.endpoint, "environment": {"POD_NAME": name}}
            return Replica(name, user, recorder, stack.enter_context(run_operator(*arguments, **options)))

        yield Pair(team, start("first", "operator"), start("second", "rival"))


def test_only_the_leader_works(pair: Pair, team: Team, audit: Audit) -> None:
    leader, standby = pair.roles()
    mark = audit.mark()
    team.apply_ready()
    until(lambda: leader.writes(audit, mark))
    assert standby.writes(audit, mark) == []
    assert standby.recorder.calls == ()
    assert leader.recorder.writes


def test_only_the_leader_exports_objects(pair: Pair, team: Team) -> None:
    """Two replicas would double every sum."""
    leader, standby = pair.roles()
    team.apply_ready()
    sample = f'securebucket_ready{{name="invoices",namespace="{team.namespace}"}}'
    until(lambda: leader.running.read_metrics().get(sample) == 1)
    assert not [each for each in standby.running.read_metrics() if team.namespace in each]
    assert standby.running.total("securebucket_build_info") == 1


def test_the_standby_takes_over_when_the_leader_is_killed(pair: Pair, team: Team) -> None:
    leader, standby = pair.roles()
    team.apply_ready()
    leader.running.process.signal(signal.SIGKILL)
    killed = time.monotonic()
    team.apply(tags={"tagSet": {"said": "to-nobody"}})
    until(lambda: pair.holder() == standby.name, LONGEST_FAILOVER + SLACK)
    assert time.monotonic() - killed < LONGEST_FAILOVER + SLACK
    team.until_ready()
    assert team.bucket_tags()["said"] == "to-nobody"


def test_the_leader_hands_over_when_it_is_told_to_end(pair: Pair, team: Team) -> None:
    leader, standby = pair.roles()
    leader.running.process.signal(signal.SIGTERM)
    assert leader.running.process.await_end(LONGEST_HANDOVER + SLACK) == 0
    until(lambda: pair.holder() == standby.name, LONGEST_HANDOVER)
    team.apply_ready()
    assert standby.recorder.writes


def test_a_leader_that_slept_past_its_lease_ends_without_writing(pair: Pair, team: Team, audit: Audit) -> None:
    """It is stopped in a pass that is about to correct something, and awakes when somebody else leads."""
    leader, standby = pair.roles()
    team.apply_ready()
    team.s3.delete_public_access_block(Bucket=team.bucket())
    held = leader.recorder.delay("GetBucketTagging", 3, bucket=team.bucket())
    team.annotate(reconcile_at="now")
    until(lambda: held.used)
    leader.running.process.pause()
    team.until(lambda body: state(body, "publicAccessBlock") == "Corrected", seconds=LONGEST_FAILOVER + SLACK)
    assert pair.holder() == standby.name
    mark, written = audit.mark(), len(leader.recorder.writes)
    leader.running.process.resume()
    assert leader.running.process.await_end(SECONDS) == 1
    assert leader.writes(audit, mark) == []
    assert len(leader.recorder.writes) == written
    log = [json.loads(line) for line in leader.running.log.read_text().splitlines()]
    assert any("the Lease is lost" in line["message"] for line in log)
