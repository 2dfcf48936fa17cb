"""A new object under the name of a deleted one begins anew, also where no pass has seen that there was none between."""

import datetime as dt
from dataclasses import dataclass, replace

import pytest
from tests.process.engines import drifted, failing
from tests.process.reconciler_world import World, reasons
from tests.status.builders import judged

from securebucket.changes.change_register import ChangeRegister
from securebucket.engine.outcome import Outcome
from securebucket.fleet.index import Index
from securebucket.metrics.instruments import Instruments
from securebucket.model.bucket import ObjectKey
from securebucket.model.reported_change import ReportedChange
from securebucket.process.observers import Observers
from securebucket.reporting.audit_register import AuditRegister
from securebucket.reporting.result_register import ResultRegister

ACCOUNT = "111122223333"


@dataclass
class Watched:
    """A world whose passes are told to everything that remembers an object."""

    world: World
    instruments: Instruments
    audits: AuditRegister
    results: ResultRegister
    changes: ChangeRegister

    def look(self, key: ObjectKey) -> None:
        """Make a pass; the watch has told of nothing."""
        self.world.reconciler.reconcile(key)


@pytest.fixture
def watched(world: World) -> Watched:
    instruments, audits = Instruments(lambda: True), AuditRegister(lambda count: f"{count} objects")
    results, changes = ResultRegister(), ChangeRegister()
    observers = Observers((world.observer, instruments, audits, results, changes))
    world.reconciler = replace(world.reconciler, observer=observers)
    return Watched(world, instruments, audits, results, changes)


@pytest.fixture
def key(watched, admin):
    """The name of an object that had drifted, was deleted and made anew, and whose new bucket cannot be reached."""
    key = admin.create_bucket()
    watched.world.engine.end = seen
    watched.look(key)
    admin.delete_bucket(key)
    admin.create_bucket()
    watched.world.engine.end = failing("AccessDenied", retry=False)
    return key


def seen(request) -> Outcome:
    return replace(drifted(request), verdicts=(judged("fail"),))


def test_the_engine_forgets(watched, key):
    watched.look(key)
    assert watched.world.engine.forgotten == [key]


def test_it_is_forgotten_once(watched, key):
    for _ in range(3):
        watched.look(key)
    assert watched.world.engine.forgotten == [key]


def test_the_engine_learns_which_object_it_is(watched, key, admin):
    watched.look(key)
    first, second = watched.world.engine.requests
    assert first.uid != second.uid
    assert second.uid == admin.get_bucket(key)["metadata"]["uid"]


def test_the_failures_of_the_former_one_do_not_count(watched, admin):
    key = admin.create_bucket()
    watched.world.engine.end = failing("AccessDenied", retry=False)
    for _ in range(5):
        watched.look(key)
    admin.delete_bucket(key)
    admin.create_bucket()
    watched.look(key)
    assert watched.world.reconciler.backoff.failures(key) == 1


def test_a_failure_of_the_former_one_that_ends_late_does_not_count(watched, admin):
    """The watch tells of the new object while the last pass of the old one still runs."""
    key = admin.create_bucket()

    def replaced_meanwhile(request) -> Outcome:
        admin.delete_bucket(key)
        admin.create_bucket()
        watched.world.comparison.run()
        return failing("AccessDenied", retry=False)(request)

    watched.world.engine.end = replaced_meanwhile
    watched.look(key)
    watched.world.engine.end = failing("AccessDenied", retry=False)
    watched.look(key)
    assert watched.world.reconciler.backoff.failures(key) == 1


def test_the_metrics_show_no_drift_and_no_verdict_of_the_former_bucket(watched, key):
    before = watched.instruments.fleet.get(key)
    watched.look(key)
    after = watched.instruments.fleet.get(key)
    assert (before.verified_at > 0, len(before.verdicts)) == (True, 1)
    assert (after.verified_at, after.verdicts, after.drifted) == (0.0, (), ())


def test_the_audit_shows_no_evidence_and_no_drift_of_the_former_bucket(watched, key):
    watched.look(key)
    (audit,) = watched.audits.report().audits()
    assert audit.failure.reason == "AccessDenied"
    assert (audit.verdicts, audit.drift.events) == ((), ())


def test_a_namespace_s_report_has_no_result_of_the_former_bucket(watched, key):
    watched.results.take_news()
    watched.look(key)
    assert watched.results.take_news() == {"payments": {}}


def test_a_change_of_the_former_bucket_explains_nothing(watched, key, admin):
    now = dt.datetime.now(dt.UTC)
    watched.changes.note(key, ReportedChange("PutBucketPolicy", "invoices", ACCOUNT, now, "jane"))
    watched.look(key)
    watched.world.engine.end = seen
    watched.look(key)
    status = watched.world.engine.requests[-1].status
    assert watched.changes.changes(key, status) == {}


def test_an_event_that_was_told_of_the_former_one_is_told_again(watched, admin):
    key = admin.create_bucket()
    watched.world.engine.end = failing("AccessDenied", retry=False)
    watched.look(key)
    admin.delete_bucket(key)
    admin.create_bucket()
    watched.look(key)
    assert reasons(admin) == ["AccessDenied", "AccessDenied"]


def test_a_crash_of_the_former_one_is_not_told_to_the_new_one(watched, key, admin):
    watched.world.reconciler.tell_crash(key, ZeroDivisionError())
    assert "status" not in admin.get_bucket(key) or admin.condition(key, "Stalled") == {}


def test_our_finalizer_is_expected_on_the_object_that_gets_it_only(watched, admin):
    """The watch may have told of the new object while we still write to the old one."""
    key = admin.create_bucket()
    watched.world.comparison.run()
    index: Index = watched.world.index
    index.expect_finalizer(key, "uid-of-the-former-one", wanted=True)
    assert not index.get(key).finalizer
    index.expect_finalizer(key, admin.get_bucket(key)["metadata"]["uid"], wanted=True)
    assert index.get(key).finalizer


def test_what_is_remembered_of_an_object_goes_with_it(watched, admin):
    """A fleet that comes and goes must not fill the memory."""
    for number in range(3):
        key = admin.create_bucket(f"bucket-{number}")
        watched.look(key)
        admin.delete_bucket(key)
        watched.look(key)
    assert watched.world.reconciler._uids == {}
    assert watched.instruments.fleet.snapshot() == {}
    assert watched.audits.report().records == ()
