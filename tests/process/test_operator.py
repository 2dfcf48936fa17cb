"""The whole operator, but for AWS, against a real API over HTTP."""

import pytest
from tests.kube.polling import until
from tests.process.engines import drifted
from tests.process.running import SHORT_LEASE

from securebucket.dispatch.work_queue import Priority


def ready(admin, key):
    return lambda: admin.condition(key, "Ready").get("status") == "True"


def own_writes(api):
    """Name what the operator wrote, without the Lease, which is renewed all the time."""
    return [each.path for each in api.requests.writes() if each.user_agent != "admin" and "/leases" not in each.path]


def test_an_object_becomes_ready(start, admin):
    start()
    key = admin.create_bucket()
    until(ready(admin, key))


def test_an_object_that_was_there_becomes_ready(start, admin):
    key = admin.create_bucket()
    start()
    until(ready(admin, key))


def test_a_converged_object_costs_no_write(start, admin, api):
    running = start()
    key = admin.create_bucket()
    until(ready(admin, key))
    api.requests.clear()
    for number in range(3):
        running.vitals.queue.add(key, Priority.SWEEP)
        until(lambda number=number: running.engine.passes(key) == number + 2)
    until(lambda: running.vitals.workers_busy() == 0)
    assert own_writes(api) == []


def test_its_own_writes_make_no_pass(start, admin):
    running = start()
    key = admin.create_bucket(spec={"deletionPolicy": "Delete"})
    until(ready(admin, key))
    later = admin.create_bucket("a-moment-later")
    until(ready(admin, later))  # the watch tells in order, so it has told of our writes by now
    assert running.engine.passes(key) == 1


def test_other_peoples_labels_and_status_writes_make_no_pass(start, admin):
    running = start()
    key = admin.create_bucket()
    until(ready(admin, key))
    admin.patch_bucket(key, {"metadata": {"labels": {"team": "x"}, "annotations": {"other": "x"}}})
    admin.patch_status(key, {"lastHandledReconcileAt": "x"})
    later = admin.create_bucket("a-moment-later")
    until(ready(admin, later))
    assert running.engine.passes(key) == 1


@pytest.mark.parametrize(
    "patch",
    [
        {"spec": {"interval": "5m"}},
        {"metadata": {"annotations": {"securebucket.io/reconcile-at": "now"}}},
        {"metadata": {"annotations": {"securebucket.io/paused": "true"}}},
    ],
)
def test_a_change_makes_a_pass_at_once(start, admin, patch):
    running = start()
    key = admin.create_bucket()
    until(ready(admin, key))
    admin.patch_bucket(key, patch)
    until(lambda: running.engine.passes(key) == 2)


def test_a_deleted_object_is_cleared_up(start, admin):
    running = start()
    key = admin.create_bucket()
    until(ready(admin, key))
    admin.delete_bucket(key)
    until(lambda: key in running.observer.lost)


def test_a_changed_profile_makes_passes_of_its_users(start, admin):
    admin.create_profile("production", region="eu-west-1")
    running = start()
    key = admin.create_bucket(spec={"profile": "production"})
    until(ready(admin, key))
    admin.patch_profile("production", {"region": "eu-west-2"})
    until(lambda: running.engine.requests[-1].profile.spec.region == "eu-west-2")


def test_an_object_that_breaks_the_code_stops_only_itself(start, admin):
    running = start(workers=1)
    bad = admin.create_bucket("bad-bucket", spec={"mode": "Observe"})
    running.engine.ends[bad] = lambda request: request.no_such_thing
    good = admin.create_bucket("good-bucket")
    until(ready(admin, good))
    until(lambda: admin.condition(bad, "Stalled").get("reason") == "InternalError" or _again(admin, bad))
    assert running.operator.pulse().busy <= 1


def _again(admin, key):
    """Make another pass: the first may have come before the object was made to break."""
    admin.annotate(key, reconcile_at=str(admin.get_bucket(key)["metadata"]["resourceVersion"]))


def test_a_change_that_the_watch_missed_is_found(start, admin, api):
    running = start(comparison_interval=0.2)
    key = admin.create_bucket()
    until(ready(admin, key))
    api.mute_watches()
    admin.patch_bucket(key, {"spec": {"interval": "5m"}})
    until(lambda: admin.get_bucket(key)["status"]["observedGeneration"] == 2)
    assert running.operator.pulse().watch_quiet_for > 0


def test_some_namespaces_are_served_alone(start, admin):
    admin.create_namespace("other")
    admin.create_profile("production")
    theirs = admin.create_bucket("theirs", "other")
    running = start("payments")
    ours = admin.create_bucket("ours", "payments", spec={"profile": "production"})
    until(ready(admin, ours))
    assert running.engine.passes(theirs) == 0
    assert running.engine.requests[-1].profile.name == "production"


def test_who_only_observes_puts_no_finalizer_on_an_object(start, admin):
    start(observe_only=True)
    key = admin.create_bucket(spec={"deletionPolicy": "Delete"})
    until(ready(admin, key))
    assert "finalizers" not in admin.get_bucket(key)["metadata"]


def test_drift_is_told_as_an_event(start, admin):
    running = start()
    running.engine.end = drifted
    key = admin.create_bucket()
    until(lambda: "VersioningCorrected" in {each["reason"] for each in admin.events()})
    (event,) = [each for each in admin.events() if each["reason"] == "VersioningCorrected"]
    assert event["regarding"]["uid"] == admin.get_bucket(key)["metadata"]["uid"]


# Leaders


def test_of_two_replicas_one_works(start, admin):
    start()
    second = start(leading=False)
    until(lambda: second.operator.pulse().synced)
    key = admin.create_bucket()
    until(ready(admin, key))
    assert not second.leads()
    assert second.engine.requests == []


def test_the_standby_takes_over_at_once_from_one_that_ends(start, admin):
    first, second = start(), start(leading=False)
    until(lambda: second.operator.pulse().synced)
    assert first.stop() == 0
    assert first.closed.is_set()
    until(second.leads, timeout=10)  # the Lease would last for 15 seconds
    key = admin.create_bucket()
    until(ready(admin, key))
    assert second.engine.passes(key) == 1


def test_the_standby_takes_over_from_one_that_crashed(start, admin):
    first, second = start(lease=SHORT_LEASE), start(lease=SHORT_LEASE, leading=False)
    until(lambda: second.operator.pulse().synced)
    first.vitals.elector.stop(release=False)  # as if it did not exist any more
    until(second.leads)
    assert not first.vitals.may_write()
    key = admin.create_bucket()
    until(lambda: second.engine.passes(key) == 1)


def test_a_standby_knows_the_fleet_when_it_takes_over(start, admin, api):
    first, second = start(), start(leading=False)
    key = admin.create_bucket()
    until(ready(admin, key))
    changed = admin.create_bucket("another")
    until(ready(admin, changed))
    until(lambda: len(second.operator._index.records()) == 2)
    first.stop()
    until(second.leads)
    until(lambda: second.vitals.workers_busy() == 0)
    assert second.engine.requests == []  # both were in order: they are due within the hour


def test_a_replica_that_loses_the_lease_ends_to_be_restarted(start, admin):
    running = start()
    lease = admin.lease()
    lease["spec"]["holderIdentity"] = "somebody-else"
    _steal(admin, lease)
    assert running.wait() == 1
    assert not running.vitals.may_write()
    assert admin.lease()["spec"]["holderIdentity"] == "somebody-else"


def _steal(admin, lease):
    path = "/apis/coordination.k8s.io/v1/namespaces/default/leases/securebucket-operator"
    admin.call("PATCH", path, {"spec": lease["spec"]}, "application/merge-patch+json")


# Health


def test_a_working_operator_is_ready_and_healthy(start):
    leader, standby = start(), start(leading=False)
    until(lambda: standby.ask("/readyz")[0] == 200)
    for running in (leader, standby):
        assert running.ask("/readyz")[0] == 200
        assert running.ask("/healthz")[0] == 200
    assert leader.ask("/healthz")[1]["pulse"]["leading"]
