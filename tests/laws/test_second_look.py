"""The law of the two looks, on a real server: a bucket is created after two 404s, and never after one.

Between the looks the object goes back into the queue. Whatever happens meanwhile, the two have to be of one process, of
one object and one bucket, far enough apart, and with no other answer between them.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from tests.laws.stage import Stage
from tests.laws.tenant import Tenant

from securebucket.api.spec import Mode
from securebucket.controls import CONTROLS
from securebucket.engine.engine import Engine
from securebucket.engine.memory import Pace
from securebucket.engine.outcome import Outcome
from securebucket.model.bucket import ObjectKey
from securebucket_dev.s3.fault import ALWAYS


@dataclass
class Scene:
    """An object that wants a new bucket, and a clock that goes as the test says."""

    stage: Stage
    spec: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    uid: str = "uid-1"
    leading: bool = True

    def __post_init__(self) -> None:
        self.tenant = Tenant(self.stage, self.spec)
        self.restart()

    def restart(self) -> None:
        """End the process, and start another one."""
        self.engine = Engine(self.stage.aws, may_write=lambda: self.leading, pace=Pace(), clock=lambda: self.seconds)

    def look(self, **options: Any) -> Outcome:
        """Make one pass, and no more."""
        return self.engine.run(self.tenant.request(uid=self.uid, **options))

    @property
    def calls(self) -> list[str]:
        """What was asked of the bucket so far, from the first look on."""
        return [call.operation for call in self.stage.recorder.calls if call.bucket == self.tenant.bucket]

    @property
    def created(self) -> int:
        """How often it was created."""
        return self.calls.count("CreateBucket")


@pytest.fixture
def scene(localstack_stage: Stage) -> Scene:
    return Scene(localstack_stage)


def test_the_first_look_costs_one_call_and_asks_for_another(scene: Scene) -> None:
    outcome = scene.look()
    assert (outcome.look_again, outcome.missing, outcome.failure) == (1.0, True, None)
    assert scene.calls == ["HeadBucket"]


def test_the_second_creates(scene: Scene) -> None:
    scene.look()
    scene.seconds = 1.0
    outcome = scene.look()
    assert (outcome.look_again, outcome.created) == (None, True)
    assert scene.calls[:3] == ["HeadBucket", "HeadBucket", "CreateBucket"]
    assert {each.state for each in outcome.controls} == {"InSync"}


def test_a_new_bucket_takes_as_many_calls_as_before(scene: Scene) -> None:
    scene.look()
    scene.seconds = 1.0
    scene.look()
    assert len(scene.calls) == len(CONTROLS) + 11


def test_a_look_that_comes_too_early_waits_for_the_rest(scene: Scene) -> None:
    scene.look()
    scene.seconds = 0.4
    assert scene.look().look_again == pytest.approx(0.6)
    scene.seconds = 1.0
    assert scene.look().created


def test_who_is_late_creates_too(scene: Scene) -> None:
    scene.look()
    scene.seconds = 600.0
    assert scene.look().created


def test_a_bucket_that_somebody_makes_meanwhile_is_found(scene: Scene) -> None:
    scene.look()
    scene.stage.plain().create_bucket(Bucket=scene.tenant.bucket)
    scene.seconds = 1.0
    outcome = scene.look()
    assert outcome.failure is not None
    assert (outcome.failure.reason, scene.created) == ("AdoptionRequired", 0)


def test_a_bucket_that_another_replica_of_ours_makes_meanwhile_is_ours(scene: Scene) -> None:
    scene.look()
    Tenant(scene.stage, scene.tenant.spec).run()
    scene.seconds = 1.0
    outcome = scene.look()
    assert (outcome.failure, outcome.created, scene.created) == (None, False, 1)


def restart(scene: Scene) -> None:
    scene.restart()


def recreate(scene: Scene) -> None:
    scene.uid = "uid-2"


def rename(scene: Scene) -> None:
    scene.tenant.declare({"bucketName": scene.stage.fresh_name()})


def lose_the_lease(scene: Scene) -> None:
    scene.leading = False
    assert scene.look().look_again is None
    scene.leading = True


def pause(scene: Scene) -> None:
    assert scene.look(read_only=True).look_again is None


def observe(scene: Scene) -> None:
    declared = scene.tenant.request().spec
    assert scene.look(spec=declared.model_copy(update={"mode": Mode.OBSERVE})).failure is not None


def fail(scene: Scene) -> None:
    scene.stage.recorder.fail("HeadBucket", 403, "AccessDenied")
    assert scene.look().failure is not None


def conflict(scene: Scene) -> None:
    """Somebody makes the bucket, and takes it away."""
    scene.stage.plain().create_bucket(Bucket=scene.tenant.bucket)
    assert scene.look().failure is not None
    scene.stage.plain().delete_bucket(Bucket=scene.tenant.bucket)


def forget(scene: Scene) -> None:
    scene.engine.forget(scene.tenant.key)


@pytest.mark.parametrize(
    "meanwhile", [restart, recreate, rename, lose_the_lease, pause, observe, fail, conflict, forget]
)
def test_what_comes_between_two_looks_voids_the_first(scene: Scene, meanwhile: Callable[[Scene], None]) -> None:
    scene.look()
    scene.seconds = 5.0
    meanwhile(scene)
    outcome = scene.look()
    assert (outcome.look_again, scene.created) == (1.0, 0)
    scene.seconds = 6.0
    assert scene.look().created


def test_without_the_lease_nothing_is_created(scene: Scene) -> None:
    scene.look()
    scene.seconds, scene.leading = 1.0, False
    outcome = scene.look()
    assert (outcome.look_again, outcome.missing, scene.created) == (None, True, 0)


def test_a_look_of_one_object_counts_for_no_other(scene: Scene) -> None:
    """Also not where both name one bucket: the younger one would else create on a single look of its own."""
    scene.look()
    scene.seconds = 1.0
    other = replace(scene.tenant.request(uid="uid-9"), key=ObjectKey("payments", "other"))
    assert scene.engine.run(other).look_again == 1.0
    assert scene.created == 0


def test_a_bucket_that_is_to_go_is_not_created_by_its_deletion(scene: Scene) -> None:
    scene.tenant.declare({"deletionPolicy": "Delete"})
    scene.look()
    scene.seconds = 1.0
    assert scene.engine.delete(scene.tenant.request(uid=scene.uid)) is None
    assert scene.created == 0


STEPS = ("early", "late", "restart", "recreate", "unled")


def play(scene: Scene, steps: tuple[str, ...]) -> Iterator[tuple[bool, bool]]:
    """Take the steps, each with a pass, and give whether it could have created, and whether it did."""
    first: tuple[int, str, float] | None = None
    process = 0
    for step in steps:
        if step == "restart":
            scene.restart()
            process += 1
        elif step == "recreate":
            scene.uid += "'"
        scene.leading = step != "unled"
        scene.seconds += 0.4 if step == "early" else 1.0
        may = first is not None and first[:2] == (process, scene.uid) and scene.seconds - first[2] >= 1.0
        before = scene.created
        scene.look()
        if scene.leading and (first is None or first[:2] != (process, scene.uid)):
            first = (process, scene.uid, scene.seconds)
        elif not scene.leading:
            first = None
        yield may and scene.leading, scene.created > before
        if scene.created:
            return


def test_no_order_of_events_creates_on_one_look(localstack_stage: Stage) -> None:
    """Every order of three: passes too early and late, restarts, new objects of the name, a Lease that is not held.

    That it is asked for is what counts: refused, it ends the pass, which saves the twenty calls that make it safe.
    """
    localstack_stage.recorder.fail("CreateBucket", 403, "AccessDenied", times=ALWAYS)
    over: set[tuple[str, ...]] = set()
    for steps in itertools.product(STEPS, repeat=3):
        if any(steps[:count] in over for count in range(4)):
            continue  # the same until the bucket was there
        for count, (could, did) in enumerate(play(Scene(localstack_stage), (*steps, "late")), 1):
            assert could == did, steps
            if did:
                over.add(steps[:count])
    assert len(over) > len(STEPS)
