"""The law of crashes, on real servers: stopped after any write, a new process converges, with the same one bucket."""

from typing import Any

import pytest
from tests.laws.register import SUBJECTS
from tests.laws.stage import Stage
from tests.laws.surroundings import localised
from tests.laws.tenant import EVERY_RISK, Tenant

MOST_WRITES = 20


class Stopping:
    """Permits so many writes, and then none: as if the process were killed there."""

    def __init__(self, writes: int) -> None:
        self.left = writes

    def __call__(self) -> bool:
        self.left -= 1
        return self.left >= 0


def stop_after(tenant: Tenant, writes: int) -> bool:
    """Make a pass that stops after so many writes; tells whether that was before its end."""
    stopping = Stopping(writes)
    tenant.engine.may_write = stopping
    made = tenant.run()
    assert len(made.writes) <= writes
    return stopping.left < 0


def crash_everywhere(stage: Stage, make_spec: Any, **options: Any) -> int:
    """Crash after 0, 1, 2, … writes, each time on a bucket of its own; gives the number of writes of a whole pass."""
    for writes in range(MOST_WRITES):
        tenant = Tenant(stage, make_spec(), {"permit": EVERY_RISK}, **options)
        forgotten = tenant.status
        stopped = stop_after(tenant, writes)
        owned = stage.plain().list_buckets(Prefix=tenant.bucket)["Buckets"]
        if owned and stage.name == "localstack":
            tags = stage.plain().get_bucket_tagging(Bucket=tenant.bucket)["TagSet"]
            assert {"Key": "securebucket.io/owner", "Value": tenant.owner} in tags, "a bucket that nobody owns"
        if stage.name == "localstack":
            tenant.status = forgotten  # the process died before it could write the status
        tenant.restart()
        tenant.settle()
        assert (tenant.run().writes, tenant.condition("Ready")) == ((), "True Verified")
        assert [call.status for call in stage.recorder.named("CreateBucket") if call.bucket == tenant.bucket] == [200]
        if not stopped:
            return writes
    raise AssertionError("the pass never ends")


def test_a_new_bucket(stage: Stage) -> None:
    assert crash_everywhere(stage, dict) >= 5


@pytest.mark.parametrize("control", ["policy", "notifications"])
def test_a_bucket_with_much_declared(localstack_stage: Stage, control: str) -> None:
    assert crash_everywhere(localstack_stage, lambda: localised(localstack_stage, SUBJECTS[control].specs[0])) >= 5
