"""An exception that is seen makes exactly the objects due that it is about, and so do labels that it selects by."""

import datetime as dt

import pytest
from tests.fleet.bodies import READY, bucket_body, exception_body

from securebucket.dispatch.backoff import Backoff
from securebucket.dispatch.work_queue import Priority, WorkQueue
from securebucket.fleet.index import Index
from securebucket.fleet.profiles import Profiles
from securebucket.fleet.record import record_of
from securebucket.process.feed import FleetFeed

SCRATCH = {"matchLabels": {"tier": "scratch"}}
EXCEPTED = {**READY, "compliance": {"excepted": 1}}


class NoProfiles:
    """Nobody asks for a profile here."""

    def get_profile(self, name):
        raise AssertionError(name)


class Fleet:
    """A feed of three buckets, with nothing due."""

    def __init__(self):
        self.queue = WorkQueue()
        self.working = True
        self.told = 0
        self.feed = FleetFeed(
            Index(),
            self.queue,
            Backoff(),
            Profiles(NoProfiles().get_profile),
            lambda: self.working,
            3600.0,
            tell_keeper=self._tell,
        )
        self.see("invoices")
        self.see("drafts", labels={"tier": "scratch"})
        self.see("invoices", "other", labels={"tier": "scratch"})
        self.due()

    def _tell(self):
        self.told += 1

    def see(self, name, namespace="payments", *, event="MODIFIED", version=1, **body):
        usual = {"status": READY}
        self.feed.see_bucket(event, bucket_body(name, namespace, version=version, **{**usual, **body}))

    def see_exception(self, event="ADDED", name="accepted", namespace="payments", **body):
        self.feed.see_exception(event, exception_body(name, namespace, **body))

    def due(self):
        """Take everything that is due, and name it."""
        names = set()
        while (item := self.queue.get(0)) is not None:
            names.add(str(item.key))
            self.queue.done(item.key)
        return names


@pytest.fixture
def fleet():
    return Fleet()


def test_a_new_one_makes_its_bucket_due(fleet):
    fleet.see_exception()
    assert fleet.due() == {"payments/invoices"}


def test_a_new_selector_makes_what_it_selects_due(fleet):
    fleet.see_exception(selector=SCRATCH)
    assert fleet.due() == {"payments/drafts"}


def test_one_for_a_bucket_that_nobody_has_makes_nothing_due(fleet):
    fleet.see_exception(bucketName="unknown")
    assert fleet.due() == set()


def test_its_status_makes_nothing_due(fleet):
    fleet.see_exception(version=1)
    fleet.due()
    fleet.see_exception("MODIFIED", version=2)
    assert fleet.due() == set()


def test_a_changed_one_makes_its_bucket_due(fleet):
    fleet.see_exception(version=1)
    fleet.due()
    fleet.see_exception("MODIFIED", version=2, generation=2, expiresAt="2029-01-01T00:00:00Z")
    assert fleet.due() == {"payments/invoices"}


@pytest.mark.parametrize("spec", [{}, {"selector": SCRATCH}], ids=["bucketName", "selector"])
def test_a_deleted_one_makes_due_what_it_was_about(fleet, spec):
    fleet.see_exception(**spec)
    before = fleet.due()
    fleet.see_exception("DELETED", version=2, **spec)
    assert fleet.due() == before != set()


def test_one_that_waits_for_a_finalizer_of_others_is_taken_back_already(fleet):
    fleet.see_exception(version=1)
    fleet.due()
    fleet.see_exception("MODIFIED", version=2, deletionTimestamp="2026-02-01T00:00:00Z")
    assert fleet.due() == {"payments/invoices"}
    assert fleet.feed.exceptions.records() == ()
    fleet.see_exception("DELETED", version=3, deletionTimestamp="2026-02-01T00:00:00Z")
    assert fleet.due() == set()


def test_a_label_that_nothing_selects_makes_nothing_due(fleet):
    fleet.see_exception(selector=SCRATCH)
    fleet.due()
    fleet.see("invoices", version=2, labels={"team": "x"})
    assert fleet.due() == set()


@pytest.mark.parametrize(
    ("name", "labels"), [("invoices", {"tier": "scratch"}), ("drafts", {"tier": "gold"})], ids=["gained", "lost"]
)
def test_a_label_that_is_selected_by_makes_its_object_due(fleet, name, labels):
    fleet.see_exception(selector=SCRATCH)
    fleet.due()
    fleet.see(name, version=2, labels=labels)
    assert fleet.due() == {f"payments/{name}"}


def test_the_keeper_is_told_of_what_can_change_a_status(fleet):
    fleet.see_exception(version=1)
    assert fleet.told == 1
    fleet.see_exception("MODIFIED", version=2)  # a status
    assert fleet.told == 1
    fleet.see("new")
    fleet.see("new", event="DELETED")
    assert fleet.told == 3
    fleet.see("elsewhere", "third")
    assert fleet.told == 3
    fleet.feed.change_profile("production")
    assert fleet.told == 4


def test_a_standby_knows_exceptions_and_does_nothing(fleet):
    fleet.working = False
    fleet.see_exception()
    assert fleet.due() == set()
    assert len(fleet.feed.exceptions.records()) == 1


# The start of work


def seeded(fleet, **body):
    fleet.see("invoices", version=2, **body)
    fleet.due()
    fleet.feed.seed()
    return "payments/invoices" in fleet.due()


def test_at_the_start_what_an_exception_still_excuses_waits_for_its_turn(fleet):
    fleet.see_exception()
    assert not seeded(fleet, status=EXCEPTED)


def test_at_the_start_what_nothing_excuses_any_more_is_due_at_once(fleet):
    """The exception was deleted while nobody worked."""
    assert seeded(fleet, status=EXCEPTED)


def test_at_the_start_what_an_ended_exception_excused_is_due_at_once(fleet):
    fleet.see_exception(expiresAt=dt.datetime.now(dt.UTC).isoformat())
    assert seeded(fleet, status=EXCEPTED)


def test_at_the_start_a_new_object_is_still_first(fleet):
    assert seeded(fleet, status={"compliance": {"excepted": 1}})
    fleet.feed.seed()
    priorities = {item.key.name: item.priority for item in iter(lambda: fleet.queue.get(0), None)}
    assert priorities["invoices"] is Priority.SPEC_CHANGE


def test_the_record_of_an_object_knows_its_labels_and_not_its_body():
    assert record_of(bucket_body(labels={"a": "b"}), 3600.0).labels == "a=b"
