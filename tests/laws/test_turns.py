"""The law of the documents that take turns, on a real server: few calls, and nobody can hide in them."""

from dataclasses import dataclass

import pytest
from tests.engine.builders import at
from tests.laws.register import SUBJECTS
from tests.laws.stage import Stage
from tests.laws.tenant import HURRIED, Pass, Tenant
from tests.laws.test_tampering import tamper

from securebucket.controls import CONTROLS
from securebucket.engine.engine import Engine
from securebucket.model.call import Call
from securebucket.model.reported_change import ReportedChange
from securebucket.model.surroundings import MINUTES

IN_TURN = tuple(control for control in CONTROLS if control.read_in_turn)
EVERY_PASS = tuple(control for control in CONTROLS if not control.read_in_turn)
HOUR, DAY = 3600.0, 86400.0
MOST_CALLS = 17

each_in_turn = pytest.mark.parametrize("control", [each.name for each in IN_TURN])


@dataclass
class Clock:
    """Monotonic seconds that a test moves on."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Scene:
    """An object whose bucket is as declared, and the clock of its engine."""

    tenant: Tenant
    clock: Clock

    def run(self, *, after: float = HOUR, **options: object) -> Pass:
        """Make a pass so many seconds later."""
        self.clock.seconds += after
        return self.tenant.run(**options)


@pytest.fixture
def scene(localstack_stage: Stage) -> Scene:
    clock = Clock()
    tenant = Tenant(localstack_stage, profile={"fullReadInterval": "24h", "permit": ["lockout", "data-loss"]})
    tenant.engine = Engine(localstack_stage.aws, pace=HURRIED, clock=clock)
    tenant.settle()
    return Scene(tenant, clock)


def reads_of(control: str) -> set[str]:
    found = next(each for each in CONTROLS if each.name == control)
    return {name.partition("/")[0] for name in found.documents()}


IN_TURN_READS = {read for control in IN_TURN for read in reads_of(control.name)}


def upset(scene: Scene, control: str) -> None:
    """Change a document behind the operator's back."""
    tampering = next(each for each in SUBJECTS[control].tamperings if each.sample is None and not each.spec)
    tamper(scene.tenant.stage, scene.tenant.bucket, control, tampering)


def test_a_steady_pass_reads_what_matters_and_nothing_else(scene: Scene) -> None:
    made = scene.run()
    assert set(made.s3_calls) <= {read for control in EVERY_PASS for read in reads_of(control.name)}
    assert len(made.calls) == len(made.s3_calls) <= MOST_CALLS


def test_everything_is_read_within_a_day_one_document_a_pass(scene: Scene) -> None:
    turns = [set(scene.run().s3_calls) & IN_TURN_READS for _ in range(24)]
    assert set().union(*turns) == IN_TURN_READS
    assert max(len(each) for each in turns) == 1


def test_the_first_pass_of_a_process_reads_everything(scene: Scene) -> None:
    scene.tenant.restart()
    assert set(scene.tenant.run().s3_calls) >= IN_TURN_READS


@each_in_turn
def test_who_changes_one_unheard_is_found_within_a_day(scene: Scene, control: str) -> None:
    upset(scene, control)
    passes = [scene.run() for _ in range(24)]
    found = [each for each in passes if each.control(control).drifted]
    assert [each.control(control).state for each in found] == ["Corrected"]


@each_in_turn
def test_who_is_heard_of_is_found_at_once(scene: Scene, control: str) -> None:
    upset(scene, control)
    told = ReportedChange(
        event=Call(SUBJECTS[control].document.put).api,
        bucket=scene.tenant.bucket,
        account_id=scene.tenant.stage.account,
        actor="somebody",
        at=at().wall,
    )
    made = scene.run(changes={control: told})
    assert made.control(control).state == "Corrected"
    assert len(made.outcome.controls) == len(CONTROLS)


@each_in_turn
def test_who_is_asked_about_is_found_at_once(scene: Scene, control: str) -> None:
    upset(scene, control)
    scene.tenant.engine.forgive(scene.tenant.key)
    assert scene.run().control(control).state == "Corrected"


@each_in_turn
def test_what_was_corrected_is_read_again(scene: Scene, control: str) -> None:
    upset(scene, control)
    scene.tenant.engine.forgive(scene.tenant.key)
    scene.run()
    assert set(scene.run().s3_calls) >= reads_of(control)


@each_in_turn
def test_what_is_declared_otherwise_is_read_before_it_is_written(scene: Scene, control: str) -> None:
    spec = next(each for each in SUBJECTS[control].specs if each.keys() == {control})
    scene.tenant.declare(spec)
    made = scene.run()
    put = Call(SUBJECTS[control].document.put).api
    assert put in made.writes
    assert min(made.s3_calls.index(each) for each in reads_of(control)) < made.s3_calls.index(put)
    assert made.control(control).state == "InSync"


@each_in_turn
def test_a_read_that_fails_for_a_while_leaves_the_last_one_in_force(scene: Scene, control: str) -> None:
    scene.tenant.stage.recorder.fail(*reads_of(control), 503, "SlowDown", times=1000)
    assert scene.run(after=1.5 * DAY).control(control).state == "InSync"
    assert scene.run(after=DAY).control(control).state == "Unknown"


@each_in_turn
def test_a_read_that_is_denied_is_unknown_at_once(scene: Scene, control: str) -> None:
    scene.tenant.stage.recorder.fail(*reads_of(control), 403, "AccessDenied", times=1000)
    assert scene.run(after=DAY).control(control).state == "Unknown"


def test_how_old_the_oldest_reading_is(scene: Scene) -> None:
    assert scene.run(after=HOUR).outcome.oldest == HOUR
    assert scene.run(after=5 * DAY).outcome.oldest < MINUTES  # what is remembered of the account


def test_the_evidence_says_which_answers_are_older(scene: Scene) -> None:
    evidence = scene.run(after=HOUR).outcome.evidence
    assert evidence is not None
    assert set(evidence.ages) <= set(evidence.answers)
    assert {age for name, age in evidence.ages.items() if name.partition("/")[0] in IN_TURN_READS} == {HOUR}


def test_another_bucket_under_the_name_is_read_whole(scene: Scene) -> None:
    s3, bucket = scene.tenant.stage.plain(), scene.tenant.bucket
    s3.delete_bucket(Bucket=bucket)
    s3.create_bucket(Bucket=bucket)
    scene.tenant.declare({"adoption": "Adopt"})
    assert set(scene.run().s3_calls) >= IN_TURN_READS
