"""The law of fights, on a real server: whoever changes a setting back each time is seen, told, counted, and then left.

The rival here is the most ordinary one (Terraform, a landing zone, a remediation): it puts the same old value back.
"""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from tests.laws.stage import Stage
from tests.laws.tenant import START, Pass, Tenant

from securebucket.api.status import SecureBucketStatus
from securebucket.engine.memory import Pace
from securebucket.model.reported_change import ReportedChange
from securebucket.status import events
from securebucket_dev.s3.fault import ALWAYS

CONTROL = "publicAccessBlock"
WRITE = "PutPublicAccessBlock"
INTERVAL = 60.0
JANE = "arn:aws:sts::111122223333:assumed-role/terraform/ci"


@dataclass
class Duel:
    """An object that is in sync, its rival, and a clock.

    Args:
        tenant: the object.
        told: whether a queue of events tells of what the rival does.
        seconds: of the clock.
    """

    tenant: Tenant
    told: bool = False
    seconds: float = 0.0
    writes: int = 0
    told_drifts: int = 0
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tenant.engine.clock = lambda: self.seconds
        self.look()
        assert self.tenant.condition("Ready") == "True Verified"
        self.writes, self.said = 0, []

    def look(self, after: float = INTERVAL) -> Pass:
        """Make the next pass, so many seconds later."""
        self.seconds += after
        now = START + dt.timedelta(seconds=self.seconds)
        before: SecureBucketStatus = self.tenant.status
        spoilt = self.is_spoilt()
        change = ReportedChange("DeleteBucketPublicAccessBlock", self.tenant.bucket, "", now, JANE)
        made = self.tenant.run(now=now, uid="uid-1", changes={CONTROL: change} if self.told and spoilt else {})
        self.writes += made.writes.count(WRITE)
        self.told_drifts += sum(
            each.reason.startswith("PublicAccessBlock") for each in events.build(before, made.outcome)
        )
        self.said.append(made.control(CONTROL).reason or made.control(CONTROL).state.value)
        return made

    def is_spoilt(self) -> bool:
        s3 = self.tenant.stage.plain()
        try:
            s3.get_public_access_block(Bucket=self.tenant.bucket)
        except s3.exceptions.ClientError:
            return True
        return False

    def fight(self, passes: int, every: float = 0.0) -> None:
        """Let the rival put the old value back before each of some passes, each when it is due if not `every`."""
        wait = INTERVAL
        for _ in range(passes):
            self.undo()
            wait = self.look(every or wait).outcome.retry_after or INTERVAL

    def undo(self) -> None:
        """Put the rival's value back: nothing."""
        self.tenant.stage.plain().delete_public_access_block(Bucket=self.tenant.bucket)

    @property
    def count(self) -> int:
        """How many drifts the status tells of."""
        return self.tenant.status.drift.count if self.tenant.status.drift else 0


@pytest.fixture(params=[False, True], ids=["without events", "with events"])
def duel(request: pytest.FixtureRequest, localstack_stage: Stage) -> Duel:
    """A duel, with and without the queue of events."""
    return Duel(Tenant(localstack_stage, pace=Pace(confirmation=0)), told=request.param)


def test_a_fight_ends_after_five_reverts_and_each_is_told_and_counted(duel: Duel) -> None:
    duel.fight(16)
    assert duel.writes == 5
    assert (duel.count, duel.told_drifts) == (6, 6), "five that were put right, and the one that was not"
    first = duel.said.index("Contended")
    assert set(duel.said[first:]) == {"Contended"}, "nothing else is said of it while it lasts"
    assert duel.tenant.condition("Contended") == "True ChangedBackRepeatedly"
    assert duel.tenant.condition("Ready") == "False Contended"
    text = next(each.message for each in duel.tenant.status.conditions if each.type == "Contended")
    assert (JANE in text) is duel.told


def test_an_old_value_is_taken_for_a_late_one_once(duel: Duel) -> None:
    duel.fight(3)
    assert duel.said == (["Corrected"] * 3 if duel.told else ["Corrected", "Settling", "Corrected"])


def test_then_there_is_one_try_in_an_hour(duel: Duel) -> None:
    duel.fight(16)
    duel.writes, duel.said = 0, []
    duel.fight(18, every=600.0)
    assert (duel.writes, duel.said.count("Corrected"), duel.said.count("Contended")) == (3, 3, 15)


def test_a_person_who_asks_gets_one_try(duel: Duel) -> None:
    duel.fight(16)
    for _ in range(2):
        duel.tenant.engine.forgive(duel.tenant.key)
        duel.writes = 0
        duel.fight(5)
        assert (duel.writes, duel.said[-1]) == (1, "Contended")


def test_a_try_that_holds_ends_the_fight(duel: Duel) -> None:
    duel.fight(16)
    duel.look(3600.0)
    assert duel.said[-1] == "Corrected"
    assert (duel.tenant.condition("Contended"), duel.tenant.condition("Ready")) == ("", "True Verified")
    duel.look(3601.0)
    duel.writes = 0
    duel.fight(16)
    assert duel.writes == 5


def disturbed(duel: Duel, operation: str, status: int = 503, code: str = "SlowDown") -> Pass:
    """Make a pass in which a call fails, however often it is tried."""
    recorder = duel.tenant.stage.recorder
    recorder.fail(operation, status, code, bucket=duel.tenant.bucket, times=ALWAYS)
    made = duel.look()
    recorder.heal()
    return made


def test_an_outage_is_no_rival(localstack_stage: Stage) -> None:
    """One change, and then reads and writes that fail by turns: it is one drift, and is corrected when S3 is well."""
    duel = Duel(Tenant(localstack_stage, pace=Pace(confirmation=0)))
    duel.undo()
    for _ in range(6):
        disturbed(duel, WRITE)
        disturbed(duel, "GetPublicAccessBlock")
    assert (duel.count, duel.told_drifts, duel.tenant.condition("Contended")) == (1, 1, "")
    assert duel.look().control(CONTROL).state == "Corrected"
    assert duel.count == 1


@pytest.mark.parametrize("asked", [False, True], ids=["due", "asked for"])
def test_a_try_that_wrote_nothing_was_none(localstack_stage: Stage, *, asked: bool) -> None:
    duel = Duel(Tenant(localstack_stage, pace=Pace(confirmation=0)))
    duel.fight(16)
    if asked:
        duel.tenant.engine.forgive(duel.tenant.key)
    else:
        duel.seconds += 3600
    assert disturbed(duel, WRITE).control(CONTROL).reason == "Throttled"
    assert duel.look().control(CONTROL).state == "Corrected"


def test_a_change_of_two_calls_of_which_one_is_denied_is_not_taken_for_one_that_the_server_does_not_keep(
    localstack_stage: Stage,
) -> None:
    """The ACL is emptied, and ownership cannot be put: that is a missing right in each pass, and never Ready."""
    tenant = Tenant(localstack_stage)
    tenant.settle()
    tenant.stage.plain().put_bucket_ownership_controls(
        Bucket=tenant.bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    )
    tenant.stage.recorder.fail("PutBucketOwnershipControls", 403, "AccessDenied", bucket=tenant.bucket, times=ALWAYS)
    for _ in range(4):
        assert tenant.run().control("ownership").reason == "AccessDenied"
        assert tenant.condition("Ready") == "False AccessDenied"
    tenant.stage.recorder.heal()
    tenant.run()
    assert tenant.condition("Ready") == "True Verified"
    assert tenant.status.drift is not None
    assert tenant.status.drift.count == 1


@pytest.mark.parametrize("hours", [-2, 400])
def test_a_wall_clock_that_is_set_holds_nothing_up(localstack_stage: Stage, hours: int) -> None:
    duel = Duel(Tenant(localstack_stage, pace=Pace(confirmation=0)))
    duel.fight(1)
    duel.undo()
    now = START + dt.timedelta(hours=hours)
    assert duel.tenant.run(now=now, uid="uid-1").control(CONTROL).reason == "Settling"
    duel.seconds += 5
    assert duel.tenant.run(now=now, uid="uid-1").writes == (WRITE,)


# What is put back after a restart

LIMIT = {"policy": {"allowedVpcs": ["vpc-0123456789abcdef0"]}}
"""It takes an approval."""


@pytest.fixture
def limited(localstack_stage: Stage) -> Tenant:
    """An object whose risky setting was approved, is in force, and was taken away by somebody."""
    tenant = Tenant(localstack_stage)
    tenant.settle()
    tenant.declare(LIMIT)
    tenant.run()
    tenant.approve()
    tenant.settle()
    localstack_stage.plain().delete_bucket_policy(Bucket=tenant.bucket)
    return tenant


@pytest.mark.parametrize(
    ("operation", "status", "code"),
    [
        pytest.param("PutBucketPolicy", 503, "SlowDown", id="the write is throttled"),
        pytest.param("PutBucketPolicy", 403, "AccessDenied", id="the write is denied"),
        pytest.param("GetBucketPolicy", 503, "SlowDown", id="the read is throttled"),
        pytest.param("GetBucketPolicy", 403, "AccessDenied", id="the read is denied"),
    ],
)
def test_what_was_in_force_is_put_back_after_a_restart_without_another_approval(
    limited: Tenant, operation: str, status: int, code: str
) -> None:
    limited.stage.recorder.fail(operation, status, code, bucket=limited.bucket, times=3)
    limited.run()
    assert limited.open_ends() != {}
    limited.stage.recorder.heal()
    limited.restart()
    made = limited.run()
    assert (made.writes, made.control("policy").state) == (("PutBucketPolicy",), "Corrected")
    assert limited.status.drift is not None
    assert limited.status.drift.count == 1
    assert {each.in_force for each in limited.status.controls} == {None}


def test_what_was_in_force_of_another_spec_is_not(limited: Tenant) -> None:
    limited.stage.recorder.fail("PutBucketPolicy", 503, "SlowDown", bucket=limited.bucket, times=3)
    limited.run()
    limited.declare({"policy": {"allowedVpcs": ["vpc-0fedcba9876543210"]}})
    limited.restart()
    assert limited.run().control("policy").reason == "ApprovalRequired"


def test_what_never_was_in_force_waits_after_a_restart_too(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    tenant.settle()
    tenant.declare(LIMIT)
    for _ in range(2):
        tenant.restart()
        assert tenant.run().control("policy").reason == "ApprovalRequired"
