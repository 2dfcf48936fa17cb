"""The full list against a real API: it finds what the watch did not tell."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from tests.kube.admin import Admin

from securebucket.dispatch.backoff import Backoff
from securebucket.dispatch.work_queue import WorkQueue
from securebucket.fleet.index import Index
from securebucket.fleet.profiles import Profiles
from securebucket.kube.client import PAGE, Client
from securebucket.model.bucket import ObjectKey
from securebucket.process.comparison import Comparison
from securebucket.process.feed import FleetFeed
from securebucket_dev.kubeapi import KubeApi


@dataclass
class Fleet:
    """A replica's knowledge, and how it compares."""

    index: Index
    queue: WorkQueue
    comparison: Comparison
    feed: FleetFeed

    def due(self) -> set[str]:
        """Take everything that is due, and name it."""
        names = set()
        while (item := self.queue.get(0)) is not None:
            names.add(item.key.name)
            self.queue.done(item.key)
        return names


@pytest.fixture
def make_fleet(client):
    def make(*namespaces: str, lists: Any = client) -> Fleet:
        index, queue = Index(), WorkQueue()
        feed = FleetFeed(index, queue, Backoff(), Profiles(client.get_profile), lambda: True, 3600.0)
        return Fleet(index, queue, Comparison(lists, feed, namespaces), feed)

    return make


def test_the_first_makes_the_fleet_known(make_fleet, admin):
    admin.create_bucket("one")
    admin.create_bucket("two")
    fleet = make_fleet()
    assert not fleet.index.complete
    assert fleet.comparison.run() == 2
    assert fleet.index.complete
    assert fleet.index.siblings() == {"payments/one", "payments/two"}


def test_a_fleet_that_did_not_change_makes_nothing_due(make_fleet, admin):
    admin.create_bucket("one")
    fleet = make_fleet()
    fleet.comparison.run()
    fleet.due()
    assert fleet.comparison.run() == 0
    assert fleet.due() == set()


def test_what_the_watch_missed_becomes_due(make_fleet, admin):
    changed, deleted, same = (admin.create_bucket(name) for name in ("changed", "deleted", "same"))
    fleet = make_fleet()
    fleet.comparison.run()
    fleet.due()
    admin.patch_bucket(changed, {"spec": {"interval": "5m"}})
    admin.delete_bucket(deleted)
    admin.create_bucket("created")
    admin.patch_status(same, {"observedGeneration": 1})
    assert fleet.comparison.run() == 3
    assert fleet.due() == {"changed", "deleted", "created"}
    assert fleet.index.siblings() == {"payments/changed", "payments/created", "payments/same"}


def test_the_next_claim_gets_its_turn_when_the_older_is_gone(make_fleet, admin):
    old = admin.create_bucket("old", spec={"bucketName": "shared"})
    admin.create_bucket("young", spec={"bucketName": "shared"})
    fleet = make_fleet()
    fleet.comparison.run()
    fleet.due()
    admin.delete_bucket(old)
    fleet.comparison.run()
    assert fleet.due() == {"old", "young"}


@dataclass
class ShortLists:
    """Leave out what the API server has."""

    client: Client
    without: str = ""

    def list_buckets(self, namespace=""):
        return (each for each in self.client.list_buckets(namespace) if each["metadata"]["name"] != self.without)

    def get_bucket(self, key):
        return self.client.get_bucket(key)

    def list_profiles(self):
        return self.client.list_profiles()

    def list_exceptions(self, namespace=""):
        return self.client.list_exceptions(namespace)


def test_a_list_that_leaves_one_out_gives_its_bucket_to_nobody(make_fleet, admin, client):
    admin.create_bucket("old", spec={"bucketName": "shared"})
    young = admin.create_bucket("young", spec={"bucketName": "shared"})
    lists = ShortLists(client)
    fleet = make_fleet(lists=lists)
    fleet.comparison.run()
    fleet.due()
    lists.without = "old"
    assert fleet.comparison.run() == 0
    assert fleet.due() == set()
    assert fleet.index.siblings() == {"payments/old", "payments/young"}
    older, younger = fleet.index.rivals(fleet.index.get(young))  # of one second, so their uids decide
    assert [each.key.name for each in (*older, *younger)] == ["old"]


def test_an_object_that_was_made_anew_after_the_list_is_taken_in(make_fleet, admin, client):
    key = admin.create_bucket("one")
    lists = ShortLists(client)
    fleet = make_fleet(lists=lists)
    fleet.comparison.run()
    fleet.due()
    former = fleet.index.get(key).uid
    admin.delete_bucket(key)
    admin.create_bucket("one")
    lists.without = "one"
    assert fleet.comparison.run() == 1
    assert fleet.due() == {"one"}
    assert fleet.index.get(key).uid != former


def test_a_changed_profile_makes_its_users_due(make_fleet, admin):
    admin.create_profile("production")
    admin.create_bucket("user", spec={"profile": "production"})
    admin.create_bucket("other")
    fleet = make_fleet()
    fleet.comparison.run()
    fleet.due()
    admin.patch_profile("production", {"region": "eu-west-1"})
    fleet.comparison.run()
    assert fleet.due() == {"user"}
    admin.delete_profile("production")
    fleet.comparison.run()
    assert fleet.due() == {"user"}


def test_in_some_namespaces_only_the_named_profiles_are_read(make_fleet, admin, api):
    admin.create_profile("production")
    admin.create_bucket("user", spec={"profile": "production"})
    fleet = make_fleet("payments")
    fleet.comparison.run()
    fleet.due()
    api.requests.clear()
    admin.patch_profile("production", {"region": "eu-west-1"})
    fleet.comparison.compare_profiles()
    assert fleet.due() == {"user"}
    read = [each.path for each in api.requests.all() if each.user_agent != "admin" and "bucketprofiles" in each.path]
    assert set(read) == {"/apis/securebucket.io/v1alpha1/bucketprofiles/production"}
    admin.delete_profile("production")
    fleet.comparison.compare_profiles()
    assert fleet.due() == {"user"}


def test_some_namespaces_are_compared_alone(make_fleet, admin):
    admin.create_namespace("other")
    admin.create_bucket("ours", "payments")
    admin.create_bucket("theirs", "other")
    fleet = make_fleet("payments")
    assert fleet.comparison.run() == 1
    assert fleet.comparison.run() == 0
    assert fleet.index.siblings() == {"payments/ours"}


def test_exceptions_that_the_watch_missed_re_arm_and_excuse(make_fleet, admin):
    for name in ("one", "two", "three"):
        admin.create_bucket(name)
    kept = admin.create_exception("kept", bucketName="one")
    deleted = admin.create_exception("deleted", bucketName="two")
    fleet = make_fleet()
    fleet.comparison.run()
    fleet.due()
    assert fleet.comparison.run() == 0
    admin.delete_exception(deleted)
    admin.create_exception("created", bucketName="three")
    assert fleet.comparison.run() == 2
    assert fleet.due() == {"two", "three"}
    assert {each.key.name for each in fleet.feed.exceptions.records()} == {kept.name, "created"}


def test_exceptions_of_some_namespaces_are_compared_alone(make_fleet, admin):
    admin.create_namespace("other")
    admin.create_exception("ours", "payments")
    admin.create_exception("theirs", "other")
    fleet = make_fleet("payments")
    fleet.comparison.run()
    assert {str(each.key) for each in fleet.feed.exceptions.records()} == {"payments/ours"}


def test_exceptions_that_cannot_be_read_yet_are_left_alone(make_fleet, admin, api):
    admin.create_bucket("one")
    fleet = make_fleet()
    without = replace(fleet.comparison, with_exceptions=lambda: False)
    assert without.run() == 1
    assert not [each for each in api.requests.all() if each.path.endswith("/bucketexceptions")]


def test_exceptions_are_known_before_the_first_bucket_is_due(make_fleet, admin, api):
    """Otherwise every start would find accepted failures unaccepted, and tell everybody."""
    admin.create_bucket("one")
    admin.create_exception(bucketName="one")
    api.requests.clear()
    make_fleet().comparison.run()
    listed = [each.path.rsplit("/", 1)[-1] for each in api.requests.all() if each.user_agent != "admin"]
    assert listed == ["bucketprofiles", "bucketexceptions", "securebuckets"]


@dataclass
class CompactingLists:
    """Lets the end of the first list become too old while it is read."""

    client: Client
    admin: Admin
    api: KubeApi
    reads: int = 0

    def list_buckets(self, namespace=""):
        self.reads += 1
        for number, body in enumerate(self.client.list_buckets(namespace)):
            if self.reads == 1 and number == 0:
                self.admin.create_bucket("one-more")
                self.api.compact()
            yield body

    def get_bucket(self, key):
        return self.client.get_bucket(key)

    def list_profiles(self):
        return self.client.list_profiles()

    def list_exceptions(self, namespace=""):
        return self.client.list_exceptions(namespace)


def test_a_list_that_takes_too_long_is_read_again(make_fleet, admin, api, client):
    for number in range(PAGE + 1):
        admin.create_bucket(f"bucket-{number}")
    lists = CompactingLists(client, admin, api)
    fleet = make_fleet(lists=lists)
    fleet.comparison.run()
    assert lists.reads == 2
    assert len(fleet.index.records()) == PAGE + 2


def test_a_standby_knows_everything_and_does_nothing(client, admin):
    admin.create_bucket("one")
    index, queue = Index(), WorkQueue()
    feed = FleetFeed(index, queue, Backoff(), Profiles(client.get_profile), lambda: False, 3600.0)
    Comparison(client, feed).run()
    assert index.siblings() == {"payments/one"}
    assert queue.get(0) is None
    feed.seed()
    assert queue.get(0).key == ObjectKey("payments", "one")
