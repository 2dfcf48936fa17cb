"""The keeper against a real API: the status, the Events and what becomes due, over the life of an exception."""

import datetime as dt
import math
from dataclasses import dataclass, field, replace

import pytest
from tests.fleet.bodies import exception_body
from tests.kube.admin import Admin

from securebucket.crd.definitions import UNSEEN
from securebucket.dispatch.backoff import Backoff
from securebucket.dispatch.work_queue import WorkQueue
from securebucket.fleet.index import Index
from securebucket.fleet.profiles import Profiles
from securebucket.kube.client import Client
from securebucket.kube.recorder import EventRecorder
from securebucket.metrics.exception_collector import Expiry
from securebucket.model.api_error import ApiError, ForbiddenError
from securebucket.process.comparison import Comparison
from securebucket.process.exception_keeper import ExceptionKeeper
from securebucket.process.feed import FleetFeed

DAY = 86400.0


@dataclass
class World:
    """A keeper, and everything around it; `ahead` moves its clock."""

    client: Client
    admin: Admin
    queue: WorkQueue = field(default_factory=WorkQueue)
    ahead: float = 0.0
    leads: bool = True

    def __post_init__(self):
        feed = FleetFeed(Index(), self.queue, Backoff(), Profiles(self.client.get_profile), lambda: True, 3600.0)
        self.comparison = Comparison(self.client, feed)
        self.keeper = ExceptionKeeper(
            self.client, feed, EventRecorder(self.client, "pod-1"), lambda: self.leads, self.now
        )

    def now(self):
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self.ahead)

    def look(self):
        """Let the keeper look, after everything was told that happened."""
        self.comparison.run()
        self.due()
        self.keeper.look()

    def due(self):
        """Take everything that is due, and name it."""
        names = set()
        while (item := self.queue.get(0)) is not None:
            names.add(item.key.name)
            self.queue.done(item.key)
        return names

    def active(self, key):
        found = self.admin.exception_condition(key)
        return f"{found['status']} {found['reason']}"

    def reasons(self):
        return sorted(each["reason"] for each in self.admin.events())


@pytest.fixture
def world(client, admin):
    return World(client, admin)


def writes(api):
    return [each.path for each in api.requests.writes() if each.user_agent != "admin"]


def test_one_that_counts_says_so(world, admin):
    admin.create_bucket()
    key = admin.create_exception()
    world.look()
    assert world.active(key) == "True InForce"
    status = admin.get_exception(key)["status"]
    assert (status["observedGeneration"], status["buckets"]) == (1, 1)
    (event,) = admin.events()
    assert event["reason"] == "InForce"
    assert event["regarding"]["kind"] == "BucketException"
    assert event["regarding"]["uid"] == admin.get_exception(key)["metadata"]["uid"]


def test_a_look_that_finds_nothing_new_writes_nothing(world, admin, api):
    admin.create_bucket()
    admin.create_exception()
    world.look()
    api.requests.clear()
    for _ in range(3):
        world.look()
    assert writes(api) == []
    assert world.due() == set()


def test_a_restart_repeats_nothing(world, client, admin, api):
    admin.create_bucket()
    admin.create_exception(ends_in=5 * DAY)
    world.look()
    api.requests.clear()
    World(client, admin).look()
    assert writes(api) == []


def test_the_end_is_told_before_and_when_it_comes(world, admin):
    admin.create_bucket()
    key = admin.create_exception(ends_in=30 * DAY)
    world.look()
    assert admin.exception_condition(key, "ExpiringSoon") == {}
    world.ahead = 23.5 * DAY
    world.look()
    assert admin.exception_condition(key, "ExpiringSoon")["reason"] == "WithinSevenDays"
    world.ahead = 29.5 * DAY
    world.look()
    assert admin.exception_condition(key, "ExpiringSoon")["reason"] == "WithinOneDay"
    assert world.due() == set()  # nothing of that changes a verdict
    world.ahead = 30.5 * DAY
    world.look()
    assert world.active(key) == "False Expired"
    assert admin.exception_condition(key, "ExpiringSoon") == {}
    assert world.reasons() == ["Expired", "ExpiresWithinOneDay", "ExpiresWithinSevenDays", "InForce"]


def test_the_end_makes_due_what_it_was_about_and_nothing_else(world, admin):
    admin.create_bucket()
    admin.create_bucket("other")
    admin.create_exception(ends_in=DAY)
    world.look()
    world.due()
    world.ahead = 2 * DAY
    world.look()
    assert world.due() == {"invoices"}


def test_an_end_that_nobody_saw_makes_due_too(world, client, admin):
    """It came while no operator ran: the stored status says that it counted."""
    admin.create_bucket()
    admin.create_exception(ends_in=DAY)
    world.look()
    later = World(client, admin, ahead=2 * DAY)
    later.look()
    assert later.due() == {"invoices"}


def test_the_profile_says_how_long_is_too_long(world, admin):
    admin.create_profile("strict", maxExceptionDays=7)
    admin.create_bucket(spec={"profile": "strict"})
    key = admin.create_exception(ends_in=30 * DAY)
    world.look()
    assert world.active(key) == "False TooLong"
    assert "the profile allows 7 days" in admin.exception_condition(key)["message"]
    assert world.reasons() == ["TooLong"]
    admin.patch_profile("strict", {"maxExceptionDays": 60})
    world.look()
    assert world.active(key) == "True InForce"
    assert world.due() == {"invoices"}


def test_one_that_was_too_long_counts_when_it_is_shortened(world, admin):
    admin.create_bucket()
    key = admin.create_exception(ends_in=400 * DAY)
    world.look()
    assert world.active(key) == "False TooLong"
    sooner = dt.datetime.now(dt.UTC) + dt.timedelta(days=300)
    admin.patch_exception(key, {"expiresAt": sooner.isoformat()})
    world.look()
    assert world.active(key) == "True InForce"
    assert admin.get_exception(key)["status"]["observedGeneration"] == 2


def test_a_selector_counts_the_buckets_that_it_finds_now(world, admin):
    admin.create_namespace("other")
    scratch = {"tier": "scratch"}
    key = admin.create_exception(selector={"matchLabels": scratch})
    world.look()
    assert world.active(key) == "False NoSuchBucket"
    one = admin.create_bucket("one", labels=scratch)
    admin.create_bucket("two", labels=scratch)
    admin.create_bucket("three")
    admin.create_bucket("theirs", "other", labels=scratch)
    world.look()
    assert world.active(key) == "True InForce"
    assert admin.get_exception(key)["status"]["buckets"] == 2
    assert world.due() == {"one", "two"}
    admin.patch_bucket(one, {"metadata": {"labels": {"tier": None}}})
    world.look()
    assert admin.get_exception(key)["status"]["buckets"] == 1


def test_a_standby_writes_nothing(world, admin, api):
    admin.create_bucket()
    key = admin.create_exception()
    world.leads = False
    world.look()
    assert writes(api) == []
    assert admin.get_exception(key)["status"] == UNSEEN


def test_a_status_that_somebody_else_changed_is_put_right(world, admin):
    admin.create_bucket()
    key = admin.create_exception()
    world.look()
    path = f"/apis/securebucket.io/v1alpha1/namespaces/payments/bucketexceptions/{key.name}/status"
    admin.call("PATCH", path, {"status": {"buckets": 7}}, "application/merge-patch+json")
    world.look()
    assert admin.get_exception(key)["status"]["buckets"] == 1


def test_one_that_changed_meanwhile_waits_for_the_next_look(world, admin):
    admin.create_bucket()
    key, other = admin.create_exception(), admin.create_exception("other")
    world.comparison.run()
    admin.patch_exception(key, {"reason": "see the ticket SEC-123"})
    world.keeper.look()
    assert admin.get_exception(key)["status"] == UNSEEN
    assert world.active(other) == "True InForce"
    world.look()
    assert world.active(key) == "True InForce"


def test_one_that_is_gone_keeps_nobody_waiting(world, admin):
    admin.create_bucket()
    key, other = admin.create_exception(), admin.create_exception("other")
    world.comparison.run()
    admin.delete_exception(key)
    world.keeper.look()
    assert world.active(other) == "True InForce"


def test_one_that_is_made_anew_makes_its_bucket_due_again(world, admin):
    admin.create_bucket()
    key = admin.create_exception()
    for _ in range(2):
        world.comparison.run()
        world.due()
        world.keeper.look()
        assert world.due() == {"invoices"}
        admin.delete_exception(key)
        admin.create_exception()


def test_one_that_is_not_understood_says_why(world, admin):
    """Its CRD may be newer than this operator."""
    key = admin.create_exception()
    stored = admin.get_exception(key)
    newer = exception_body(check="invented-next-year", uid=stored["metadata"]["uid"])
    newer["metadata"]["resourceVersion"] = stored["metadata"]["resourceVersion"]
    world.keeper.feed.see_exception("ADDED", newer)
    world.keeper.look()
    assert world.active(key) == "False InvalidSpec"
    assert "invented-next-year" in admin.exception_condition(key)["message"]


@dataclass
class ReadOnly:
    """Lets nobody write a status."""

    attempts: int = 0

    def patch_exception_status(self, _key, _version, _patch):
        self.attempts += 1
        raise ForbiddenError(403, "Forbidden", "bucketexceptions/status is forbidden", "patch")


def test_a_status_that_may_not_be_written_costs_one_pass_and_keeps_nobody_waiting(world, admin, caplog):
    """An upgrade without its RBAC must not make a pass of every bucket every minute."""
    admin.create_bucket()
    admin.create_exception("one")
    admin.create_exception("two", check="tagged")
    world.comparison.run()
    world.due()
    statuses = ReadOnly()
    keeper = replace(world.keeper, client=statuses)
    keeper.look()
    assert world.due() == {"invoices"}
    keeper.look()
    assert world.due() == set()
    assert statuses.attempts == 4
    assert "bucketexceptions/status is forbidden" in caplog.text


def test_a_server_that_does_not_answer_ends_the_look(world, admin):
    class Silent:
        def patch_exception_status(self, _key, _version, _patch):
            raise ApiError(503, "Unavailable", "", "patch")

    admin.create_exception()
    world.comparison.run()
    with pytest.raises(ApiError):
        replace(world.keeper, client=Silent()).look()


# The clock and the metrics


def test_it_wants_to_look_when_something_turns(world, admin):
    assert world.keeper.next_look() == math.inf
    admin.create_exception(ends_in=30 * DAY)
    admin.create_exception("later", ends_in=40 * DAY)
    world.comparison.run()
    assert 22 * DAY < world.keeper.next_look() <= 23 * DAY
    world.ahead = 50 * DAY
    assert world.keeper.next_look() == math.inf


def ends(world):
    return [replace(each, at=0.0) for each in world.keeper.expiries()]


def test_metrics_have_a_series_for_each_bucket(world, admin):
    admin.create_bucket("one", labels={"tier": "scratch"})
    admin.create_bucket("two", labels={"tier": "scratch"}, spec={"bucketName": "acme-two"})
    admin.create_exception("by-name", bucketName="nobody-has-it")
    admin.create_exception("by-label", selector={"matchLabels": {"tier": "scratch"}}, check="tagged")
    world.comparison.run()
    assert sorted(ends(world), key=lambda each: each.bucket) == [
        Expiry("payments", "by-label", "acme-two", "tagged", 0.0),
        Expiry("payments", "by-name", "nobody-has-it", "tls-required", 0.0),
        Expiry("payments", "by-label", "one", "tagged", 0.0),
    ]


def test_metrics_keep_an_ended_one_until_it_is_deleted(world, admin):
    key = admin.create_exception(ends_in=-DAY)
    world.comparison.run()
    (expiry,) = world.keeper.expiries()
    assert expiry.at < world.now().timestamp()
    admin.delete_exception(key)
    world.comparison.run()
    assert ends(world) == []
