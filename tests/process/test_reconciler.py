"""One pass against a real API, with an engine that has no AWS."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from tests.kube.scripted_api import Answer, ScriptedApi
from tests.process.engines import FakeEngine, drifted, failing, missing_so_far
from tests.process.reconciler_world import reasons, writes

from securebucket.crd.definitions import UNSEEN
from securebucket.dispatch.requeue import OVERTAKEN, Gone, Requeue
from securebucket.dispatch.work_queue import Priority
from securebucket.kube.client import Client
from securebucket.kube.transport import Transport

# The ordinary pass


def test_a_pass_asks_the_engine_for_what_the_object_says(world, admin):
    key = admin.create_bucket(spec={"bucketName": "acme"}, annotations={"securebucket.io/approve": "hash"})
    assert world.reconcile(key) == Requeue(3600.0, Priority.SWEEP)
    (request,) = world.engine.requests
    assert (request.key, request.bucket_name, request.generation, request.approved) == (key, "acme", 1, "hash")
    assert (request.owner, request.read_only) == ("cluster-1/payments/invoices", False)
    assert request.siblings == {"payments/invoices"}
    assert request.siblings_known


def test_its_outcome_becomes_the_status(world, admin):
    key = admin.create_bucket()
    world.reconcile(key)
    written = admin.get_bucket(key)["status"]
    assert written["observedGeneration"] == 1
    assert written["bucket"]["name"] == "invoices"
    assert admin.condition(key, "Ready")["status"] == "True"


def test_the_next_pass_begins_with_that_status(world, admin):
    key = admin.create_bucket()
    world.reconcile(key)
    world.reconcile(key)
    assert world.engine.requests[1].status.bucket.name == "invoices"


def test_a_pass_that_changes_nothing_writes_nothing(world, admin, api):
    key = admin.create_bucket()
    world.reconcile(key)
    api.requests.clear()
    before = admin.get_bucket(key)
    for _ in range(3):
        world.reconcile(key)
    assert writes(api) == []
    assert admin.get_bucket(key) == before


def test_its_own_status_write_asks_for_no_pass(world, admin):
    key = admin.create_bucket()
    world.reconcile(key)
    world.comparison.run()
    assert world.due() is None


def test_a_change_is_told_by_status_and_events(world, admin, api):
    key = admin.create_bucket()
    world.reconcile(key)
    api.requests.clear()
    world.engine.end = drifted
    world.reconcile(key)
    assert admin.get_bucket(key)["status"]["drift"]["count"] == 1
    assert "VersioningCorrected" in reasons(admin)
    assert sorted(writes(api)) == [("PATCH", "status"), ("POST", "events")]


def test_the_same_event_is_posted_once(world, admin):
    key = admin.create_bucket()
    world.engine.end = failing("AccessDenied", retry=False)
    for _ in range(5):
        world.reconcile(key)
    assert reasons(admin) == ["AccessDenied"]


def test_a_status_field_that_is_over_is_removed(world, admin):
    key = admin.create_bucket()
    world.engine.end = failing("AccessDenied", retry=False)
    world.reconcile(key)
    assert admin.condition(key, "Stalled")["reason"] == "AccessDenied"
    admin.patch_status(key, {"plan": {"hash": "old", "steps": []}})
    world.engine.end = FakeEngine().end
    world.reconcile(key)
    assert admin.condition(key, "Stalled") == {}
    assert "plan" not in admin.get_bucket(key)["status"]


def test_metrics_get_every_outcome(world, admin):
    key = admin.create_bucket()
    world.reconcile(key)
    assert [seen for seen, _ in world.observer.seen] == [key]


def test_a_pass_that_wants_a_second_look_tells_nobody(world, admin, api):
    """A user must not see a flicker: neither a status nor an Event says that there is no bucket yet."""
    key = admin.create_bucket()
    world.comparison.run()
    api.requests.clear()
    world.engine.end = missing_so_far
    assert world.reconcile(key) == Requeue(1.0, Priority.SPEC_CHANGE)
    assert writes(api) == []
    assert world.observer.seen == []
    world.engine.end = FakeEngine().end
    world.reconcile(key)
    assert admin.condition(key, "Ready")["status"] == "True"


def test_a_second_look_leaves_what_the_object_says_as_it_is(world, admin):
    key = admin.create_bucket()
    world.engine.end = failing("AccessDenied", retry=False)
    world.reconcile(key)
    before = admin.get_bucket(key)
    world.engine.end = missing_so_far
    world.reconcile(key)
    assert admin.get_bucket(key) == before


def test_an_object_that_is_gone_is_cleared_up(world, admin):
    key = admin.create_bucket()
    world.reconcile(key)
    admin.delete_bucket(key)
    assert world.reconciler.reconcile(key) == Gone()
    assert world.engine.forgotten == [key]
    assert world.observer.lost == [key]
    assert world.index.get(key) is None


def test_a_request_to_look_now_is_echoed_and_forgives(world, admin):
    key = admin.create_bucket()
    world.reconcile(key)
    assert world.engine.forgiven == []
    admin.annotate(key, reconcile_at="2026-01-01")
    for _ in range(2):
        world.reconcile(key)
    assert admin.get_bucket(key)["status"]["lastHandledReconcileAt"] == "2026-01-01"
    assert world.engine.forgiven == [key]


# Exceptions


def test_a_pass_is_told_of_the_exceptions_that_are_about_its_bucket(world, admin):
    admin.create_namespace("other")
    key = admin.create_bucket(spec={"bucketName": "acme"}, labels={"tier": "scratch"})
    admin.create_exception("by-name", bucketName="acme")
    admin.create_exception("by-label", selector={"matchLabels": {"tier": "scratch"}})
    admin.create_exception("by-object", bucketName="invoices")
    admin.create_exception("theirs", "other", bucketName="acme")
    admin.create_exception("over", bucketName="acme", ends_in=-60)
    world.reconcile(key)
    (request,) = world.engine.requests
    assert {each.name for each in request.exceptions} == {"payments/by-name", "payments/by-label", "payments/over"}


def test_the_labels_are_those_of_the_fresh_object(world, admin):
    """The watch may not have told of them yet."""
    key = admin.create_bucket(labels={"tier": "scratch"})
    admin.create_exception(selector={"matchLabels": {"tier": "scratch"}})
    world.comparison.run()
    admin.patch_bucket(key, {"metadata": {"labels": {"tier": None}}})
    world.reconciler.reconcile(key)
    assert world.engine.requests[-1].exceptions == ()


# When somebody else is faster


def test_a_status_about_an_old_object_is_dropped_and_the_pass_repeated(world, admin):
    key = admin.create_bucket()

    def change_meanwhile(request):
        admin.patch_bucket(key, {"spec": {"interval": "5m"}})
        return drifted(request)

    world.engine.end = change_meanwhile
    assert world.reconcile(key) == OVERTAKEN
    assert admin.get_bucket(key)["status"] == UNSEEN
    assert "VersioningCorrected" in reasons(admin)  # it was corrected, whatever the object says now


def test_an_object_that_goes_during_the_pass_is_looked_at_again(world, admin):
    key = admin.create_bucket()

    def delete_meanwhile(request):
        admin.delete_bucket(key)
        return drifted(request)

    world.engine.end = delete_meanwhile
    assert world.reconcile(key) == OVERTAKEN
    assert world.reconciler.reconcile(key) == Gone()


def test_a_status_of_a_later_generation_is_not_overwritten(world, admin):
    key = admin.create_bucket()
    admin.patch_status(key, {"observedGeneration": 7})
    world.reconcile(key)
    assert admin.get_bucket(key)["status"] == {"observedGeneration": 7}


def test_who_may_not_write_tells_nothing(world, admin, api):
    key = admin.create_bucket(spec={"deletionPolicy": "Delete"})
    world.permission[0] = False
    world.reconcile(key)
    assert writes(api) == []
    assert len(world.observer.seen) == 1


# Objects that cannot be worked on


def test_an_invalid_spec_is_told_before_any_call_to_aws(world, admin, api):
    key = admin.create_bucket()
    api_body = admin.get_bucket(key)
    broken = {**api_body, "spec": {"mode": "Enforcee", "encryption": {"sseAlgorithm": "rot13"}}}
    ending = replace(world.reconciler, client=Reading(world.reconciler.client, broken)).reconcile(key)
    assert ending.priority is Priority.RETRY
    assert world.engine.requests == []
    stalled = admin.condition(key, "Stalled")
    assert stalled["reason"] == "InvalidSpec"
    assert "spec.encryption.sseAlgorithm" in stalled["message"]
    assert "aws:kms" in stalled["message"]


def test_an_object_that_was_stored_before_a_rule_came_is_worked_on(world, admin):
    """The plan refuses the one control; see tests/controls/test_refusals.py."""
    key = admin.create_bucket()
    stored = {**admin.get_bucket(key), "spec": {"tags": {"tagSet": {"r&d": "yes"}}}}
    replace(world.reconciler, client=Reading(world.reconciler.client, stored)).reconcile(key)
    (request,) = world.engine.requests
    assert request.spec.tags.tag_set == {"r&d": "yes"}


@dataclass
class Reading:
    """Reads a body that the API's schema does not let in; the schema of an older release may have."""

    cluster: Client
    body: dict[str, Any]

    def get_bucket(self, _key):
        return self.body

    def patch_status(self, key, version, patch):
        return self.cluster.patch_status(key, version, patch)


def test_a_missing_profile_is_passed_on(world, admin):
    key = admin.create_bucket(spec={"profile": "production"})
    world.reconcile(key)
    assert world.engine.requests[0].profile_missing == "production"


def test_a_profile_is_passed_on(world, admin):
    admin.create_profile("production", region="eu-west-1")
    key = admin.create_bucket(spec={"profile": "production"})
    world.reconcile(key)
    assert world.engine.requests[0].profile.spec.region == "eu-west-1"
    assert world.engine.requests[0].profile_missing == ""


def test_the_operators_profile_is_for_objects_that_name_none(make_world, admin):
    admin.create_profile("standard", region="eu-west-1")
    world = make_world(default_profile="standard")
    key = admin.create_bucket()
    world.reconcile(key)
    assert world.engine.requests[0].profile.name == "standard"


def test_an_older_claim_is_passed_on(world, admin):
    old = admin.create_bucket("old", spec={"bucketName": "shared"}, creationTimestamp="2026-01-01T00:00:00Z")
    young = admin.create_bucket("young", spec={"bucketName": "shared"})
    elder, younger = sorted((old, young), key=lambda key: _seniority(admin, key))
    world.reconcile(younger)
    world.reconcile(elder)
    assert world.engine.requests[0].older_claim.key == elder
    assert world.engine.requests[1].older_claim is None
    assert world.engine.requests[1].newer_claims == {str(younger)}


def _seniority(admin, key):
    metadata = admin.get_bucket(key)["metadata"]
    return (metadata["creationTimestamp"], metadata["uid"])


def test_a_scoped_operator_does_not_know_all_siblings(make_world, admin):
    world = make_world("payments")
    world.reconcile(admin.create_bucket())
    assert world.engine.requests[0].siblings == frozenset()
    assert not world.engine.requests[0].siblings_known


# Pause


def test_a_paused_object_is_only_looked_at(world, admin):
    key = admin.create_bucket(annotations={"securebucket.io/paused": "true"})
    world.reconcile(key)
    assert world.engine.requests[0].read_only


def test_a_pause_with_an_end_is_followed_by_a_pass(world, admin):
    key = admin.create_bucket(annotations={"securebucket.io/paused": "2999-01-01T00:00:00Z"})
    assert world.reconcile(key).after == 3600.0


def test_an_unreadable_pause_pauses_and_says_so(world, admin):
    key = admin.create_bucket(annotations={"securebucket.io/paused": "yes"})
    world.reconcile(key)
    assert world.engine.requests[0].read_only
    assert "InvalidAnnotation" in reasons(admin)


# Crashes and outages


def test_a_crash_is_told_to_its_object(world, admin):
    key = admin.create_bucket()
    world.reconciler.tell_crash(key, ZeroDivisionError("division by zero"))
    stalled = admin.condition(key, "Stalled")
    assert stalled["reason"] == "InternalError"
    assert "ZeroDivisionError: division by zero" in stalled["message"]


def test_a_crash_of_an_object_that_is_gone_is_told_to_nobody(world, admin, api):
    key = admin.create_bucket()
    admin.delete_bucket(key)
    world.reconciler.tell_crash(key, ZeroDivisionError())
    assert (writes(api), world.observer.seen) == ([], [])


def test_an_outage_of_the_api_is_waited_out(world, admin):
    key = admin.create_bucket()
    with ScriptedApi(Answer(503)) as down:
        cluster = Client(Transport(down.connection(), sleep=lambda _: None))
        ending = replace(world.reconciler, client=cluster).reconcile(key)
    assert ending == Requeue(3.0, Priority.RETRY)
    assert world.engine.requests == []


@pytest.mark.parametrize(("asked", "after"), [("2", 3.0), ("30", 30.0), ("7200", 600.0)])
def test_a_busy_api_has_the_object_back_as_late_as_it_asks(world, admin, asked, after):
    """No worker waits for it; and nobody can ask for hours."""
    key, pauses = admin.create_bucket(), []
    with ScriptedApi(Answer(429, headers={"Retry-After": asked})) as busy:
        cluster = Client(Transport(busy.connection(), sleep=pauses.append))
        ending = replace(world.reconciler, client=cluster).reconcile(key)
    assert (ending, pauses) == (Requeue(after, Priority.RETRY), [])
