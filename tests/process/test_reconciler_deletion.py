"""Finalizers and deletions, against a real API with an engine that has no AWS."""

from dataclasses import dataclass, replace

import pytest
from tests.process.reconciler_world import reasons, writes

from securebucket.dispatch.requeue import OVERTAKEN, Gone, Requeue, Rest
from securebucket.dispatch.work_queue import Priority
from securebucket.fleet.record import FINALIZER
from securebucket.kube.client import Client
from securebucket.model.api_error import ForbiddenError
from securebucket.model.failure import Failure
from securebucket.process.feed import FleetFeed


def finalizers(admin, key):
    return admin.get_bucket(key)["metadata"].get("finalizers", [])


def test_a_retained_bucket_needs_no_finalizer(world, admin):
    key = admin.create_bucket()
    world.reconcile(key)
    assert finalizers(admin, key) == []
    admin.delete_bucket(key)
    assert not admin.has_bucket(key)


def test_a_finalizer_is_there_before_the_bucket_can_be(world, admin):
    key = admin.create_bucket(spec={"deletionPolicy": "Delete"})
    seen = []
    end = world.engine.end
    world.engine.end = lambda request: seen.extend(finalizers(admin, key)) or end(request)
    assert world.reconcile(key) == Requeue(3600.0, Priority.SWEEP)
    assert seen == [FINALIZER]
    assert admin.condition(key, "Ready")["status"] == "True"


def test_our_own_finalizer_asks_for_no_pass(world, admin):
    key = admin.create_bucket(spec={"deletionPolicy": "Delete"})
    world.reconcile(key)
    world.comparison.run()
    assert world.due() is None


@dataclass
class Racing:
    """Lets the watch tell of a finalizer before the API's answer is here, as a real API server can."""

    cluster: Client
    feed: FleetFeed

    def __getattr__(self, name):
        return getattr(self.cluster, name)

    def set_finalizer(self, body, *, wanted):
        written = self.cluster.set_finalizer(body, wanted=wanted)
        self.feed.see_bucket("MODIFIED", written)
        return written


def test_our_own_finalizer_asks_for_no_pass_even_if_the_watch_is_faster(world, admin):
    key = admin.create_bucket(spec={"deletionPolicy": "Delete"})
    cluster = Racing(world.reconciler.client, world.reconciler.feed)
    world.reconciler = replace(world.reconciler, client=cluster)
    world.reconcile(key)
    assert finalizers(admin, key) == [FINALIZER]
    assert world.due() is None


def test_a_finalizer_that_somebody_took_away_asks_for_a_pass(world, admin):
    key = admin.create_bucket(spec={"deletionPolicy": "Delete"})
    world.reconcile(key)
    admin.patch_bucket(key, {"metadata": {"finalizers": None}})
    world.comparison.run()
    assert world.due() == key


def test_the_finalizer_goes_when_the_policy_does(world, admin):
    key = admin.create_bucket(spec={"deletionPolicy": "Delete"})
    world.reconcile(key)
    admin.patch_bucket(key, {"spec": {"deletionPolicy": "Retain"}})
    world.reconcile(key)
    assert finalizers(admin, key) == []


def test_a_deleted_object_goes_when_its_bucket_has_gone(world, admin):
    key = admin.create_bucket(spec={"deletionPolicy": "Delete"})
    world.reconcile(key)
    admin.delete_bucket(key)
    assert world.reconcile(key) == Rest()
    assert len(world.engine.deletions) == 1
    assert not admin.has_bucket(key)


def test_a_bucket_that_cannot_be_deleted_keeps_its_object_and_says_why(world, admin):
    key = admin.create_bucket(spec={"deletionPolicy": "Delete"})
    world.reconcile(key)
    world.engine.deletion = Failure("BucketNotEmpty", "empty it")
    admin.delete_bucket(key)
    assert world.reconcile(key).priority is Priority.RETRY
    assert admin.condition(key, "Stalled")["reason"] == "BucketNotEmpty"
    assert "BucketNotEmpty" in reasons(admin)
    world.engine.deletion = None
    world.reconcile(key)
    assert not admin.has_bucket(key)


def test_an_abandoned_object_goes_without_touching_s3(world, admin):
    key = admin.create_bucket(spec={"deletionPolicy": "Delete"})
    world.reconcile(key)
    admin.annotate(key, abandon="true")
    admin.delete_bucket(key)
    world.reconcile(key)
    assert world.engine.deletions == []
    assert not admin.has_bucket(key)


def test_a_pause_does_not_hold_up_a_deletion(world, admin):
    key = admin.create_bucket(spec={"deletionPolicy": "Delete"}, annotations={"securebucket.io/paused": "true"})
    world.reconcile(key)
    admin.delete_bucket(key)
    world.reconcile(key)
    assert not world.engine.deletions[0].read_only
    assert not admin.has_bucket(key)


def test_an_object_that_waits_for_others_is_left_alone(world, admin):
    key = admin.create_bucket(finalizers=["example.com/other"])
    world.reconcile(key)
    admin.delete_bucket(key)
    assert world.reconcile(key) == Rest()
    assert len(world.engine.requests) == 1


def test_nothing_is_deleted_by_who_may_not_write(world, admin):
    key = admin.create_bucket(spec={"deletionPolicy": "Delete"})
    world.reconcile(key)
    admin.delete_bucket(key)
    world.permission[0] = False
    assert world.reconcile(key) == OVERTAKEN
    assert world.engine.deletions == []
    assert finalizers(admin, key) == [FINALIZER]


def test_the_next_claim_is_due_when_the_older_object_has_gone(world, admin):
    old = admin.create_bucket("old", spec={"bucketName": "shared"})
    young = admin.create_bucket("young", spec={"bucketName": "shared"})
    world.reconcile(young)
    admin.delete_bucket(old)
    world.reconciler.reconcile(old)
    assert world.due() == young


@dataclass
class Forbidding:
    """May not touch a finalizer, as where the chart's `rbac.finalizers` is false."""

    cluster: Client

    def __getattr__(self, name):
        return getattr(self.cluster, name)

    def set_finalizer(self, *_args, **_options):
        raise ForbiddenError(403, "Forbidden", "cannot patch resource", "patch securebuckets")


def test_an_object_that_needs_a_finalizer_which_may_not_be_set_is_told(world, admin):
    key = admin.create_bucket(spec={"deletionPolicy": "Delete"})
    world.reconciler = replace(world.reconciler, client=Forbidding(world.reconciler.client))
    assert world.reconcile(key).priority is Priority.RETRY
    assert world.engine.requests == []
    stalled = admin.condition(key, "Stalled")
    assert stalled["reason"] == "FinalizerForbidden"
    assert "leave deletionPolicy out" in stalled["message"]
    assert world.due() is None
    admin.patch_bucket(key, {"spec": {"deletionPolicy": "Retain"}})
    world.reconcile(key)
    assert admin.condition(key, "Ready")["status"] == "True"


# An operator that only observes


@pytest.fixture
def observing(world):
    world.reconciler = replace(world.reconciler, observe_only=True)
    return world


def test_who_only_observes_puts_no_finalizer_on_an_object(observing, admin, api):
    key = admin.create_bucket(spec={"deletionPolicy": "Delete"})
    assert observing.reconcile(key) == Requeue(3600.0, Priority.SWEEP)
    assert finalizers(admin, key) == []
    assert {path for _, path in writes(api)} <= {"status", "events"}
    admin.delete_bucket(key)
    assert observing.reconcile(key) == Gone()


@pytest.mark.parametrize("annotations", [{}, {"securebucket.io/abandon": "true"}], ids=["deleted", "abandoned"])
def test_who_only_observes_leaves_an_older_finalizer_and_says_what_to_do(observing, admin, annotations):
    key = admin.create_bucket(spec={"deletionPolicy": "Delete"}, finalizers=[FINALIZER], annotations=annotations)
    observing.reconcile(key)
    admin.delete_bucket(key)
    assert observing.reconcile(key).priority is Priority.RETRY
    assert observing.engine.deletions == []
    assert finalizers(admin, key) == [FINALIZER]
    stalled = admin.condition(key, "Stalled")
    assert stalled["reason"] == "FinalizerStays"
    assert "remove securebucket.io/bucket from its metadata.finalizers" in stalled["message"]


def test_a_pass_of_who_only_observes_that_ends_early_is_one_of_mode_observe(observing, admin):
    key = admin.create_bucket(spec={"mode": "Enforce"})
    observing.reconciler.tell_crash(key, ZeroDivisionError())
    assert observing.observer.seen[-1][1].mode == "Observe"
