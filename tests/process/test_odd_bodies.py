"""One object that cannot be read gets its problem told, and the others go on: at the start, in the tasks, in a pass."""

import datetime as dt
import json
import math

import pytest
from tests.fleet.bodies import bucket_body, exception_body, profile_body
from tests.kube.scripted_api import Answer, ScriptedApi
from tests.process.engines import FakeEngine, FakeObserver
from tests.process.odd_bodies import MOMENTS, oddities

from securebucket.dispatch.backoff import Backoff
from securebucket.dispatch.requeue import Requeue
from securebucket.dispatch.work_queue import WorkQueue
from securebucket.fleet.index import Index
from securebucket.fleet.profiles import Profiles
from securebucket.kube.client import Client
from securebucket.kube.json_text import DEEPEST, json_of
from securebucket.kube.transport import Transport
from securebucket.model.bucket import ObjectKey
from securebucket.process.comparison import Comparison
from securebucket.process.exception_keeper import ExceptionKeeper
from securebucket.process.feed import FleetFeed
from securebucket.process.pass_requests import PassRequests
from securebucket.process.reconciler import Reconciler

SAY_NOTHING = {"status.observedGeneration is 5"}
"""A status of a later generation than the object's is not written over: the pass is behind."""

MAKERS = {"bucket": bucket_body, "profile": profile_body, "exception": exception_body}


class Silent:
    """Posts no Events."""

    def record(self, *_args, **_more):
        """Take one."""


class Cluster:
    """An API server that holds anything: objects by kind and name, and what was written of their status."""

    def __init__(self, **bodies):
        self.bodies = {kind: {each["metadata"]["name"]: each for each in bodies.get(kind, ())} for kind in MAKERS}
        self.told = {}

    def list_buckets(self, _namespace=""):
        yield from self.bodies["bucket"].values()

    def list_profiles(self):
        yield from self.bodies["profile"].values()

    def list_exceptions(self, _namespace=""):
        yield from self.bodies["exception"].values()

    def get_profile(self, name):
        return self.bodies["profile"].get(name)

    def get_bucket(self, key):
        return self.bodies["bucket"].get(key.name)

    def patch_status(self, key, _version, patch):
        return self._patch("bucket", key, patch)

    def patch_exception_status(self, key, _version, patch):
        return self._patch("exception", key, patch)

    def set_finalizer(self, body, *, wanted):  # noqa: ARG002 - as the real one
        return body

    def _patch(self, kind, key, patch):
        json.dumps(patch)  # what cannot be written as JSON cannot be told
        self.told[kind, key.name] = patch
        body = self.bodies[kind][key.name]
        return {**body, "status": {**(body["status"] if isinstance(body.get("status"), dict) else {}), **patch}}

    def reasons(self, kind, name):
        return {each["type"]: each["reason"] for each in self.told.get((kind, name), {}).get("conditions", ())}


class World:
    """The operator's parts around such a server."""

    def __init__(self, default_profile="", **bodies):
        self.cluster = Cluster(**bodies)
        index, profiles = Index(default_profile), Profiles(self.cluster.get_profile)
        self.feed = FleetFeed(index, WorkQueue(), Backoff(), profiles, lambda: True, 3600.0)
        self.comparison = Comparison(self.cluster, self.feed)
        self.keeper = ExceptionKeeper(self.cluster, self.feed, Silent(), lambda: True)
        self.engine = FakeEngine()
        self.reconciler = Reconciler(
            client=self.cluster,
            engine=self.engine,
            requests=PassRequests(index, profiles, "cluster-1", True, exceptions=self.feed.exceptions),
            feed=self.feed,
            backoff=Backoff(),
            recorder=Silent(),
            observer=FakeObserver(),
            may_write=lambda: True,
        )


def named(kind):
    """Give each oddity of a kind, as objects with names of their own, and one that is as it should be."""
    found = {}
    for number, (what, body) in enumerate(oddities(MAKERS[kind]())):
        name = f"odd-{number}"
        found[name] = (what, {**body, "metadata": {**body["metadata"], "name": name}})
    return found


def test_a_fleet_of_oddities_is_listed_made_due_and_looked_after():
    odd = {kind: [body for _, body in named(kind).values()] for kind in MAKERS}
    good = {kind: MAKERS[kind]("good") for kind in MAKERS}
    world = World(**{kind: [*odd[kind], good[kind]] for kind in MAKERS})
    assert world.comparison.run() > 0
    assert world.feed.index.complete
    world.feed.seed()
    for kind, see in (
        ("bucket", world.feed.see_bucket),
        ("profile", world.feed.see_profile),
        ("exception", world.feed.see_exception),
    ):
        for event in ("ADDED", "MODIFIED", "DELETED"):
            for body in odd[kind]:
                see(event, body)
    assert world.feed.index.get(ObjectKey("payments", "good")) is not None
    assert world.feed.exceptions.records("payments")


def test_every_odd_exception_is_told_or_counts_and_nothing_of_it_crashes(caplog):
    odd = named("exception")
    world = World(exception=[*(body for _, body in odd.values()), exception_body("good")], bucket=[bucket_body()])
    world.comparison.run()
    world.keeper.look()
    assert "could not be reported" not in caplog.text
    assert 0 < world.keeper.next_look() <= math.inf
    assert list(world.keeper.expiries())
    assert list(world.keeper.reported())
    assert world.cluster.reasons("exception", "good") == {"Active": "TooLong"}
    known = {each.key.name for each in world.feed.exceptions.records()}
    assert [
        what for name, (what, _) in odd.items() if name in known and not world.cluster.reasons("exception", name)
    ] == []


@pytest.mark.parametrize("end", MOMENTS)
@pytest.mark.parametrize("now", ["0001-01-01T00:00:00+00:00", "2026-06-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"])
def test_an_exception_may_end_at_any_moment(end, now):
    world = World(exception=[exception_body("odd", expiresAt=end)], bucket=[bucket_body()])
    keeper = ExceptionKeeper(world.cluster, world.feed, Silent(), lambda: True, lambda: dt.datetime.fromisoformat(now))
    world.comparison.run()
    keeper.look()
    assert world.cluster.reasons("exception", "odd")["Active"] in {"Expired", "TooLong", "InForce", "InvalidSpec"}
    assert keeper.next_look() > 0
    list(keeper.expiries())
    list(keeper.reported())


def test_a_pass_of_every_odd_object_ends_and_its_status_says_so():
    odd = named("bucket")
    world = World(bucket=[body for _, body in odd.values()])
    world.comparison.run()
    silent = []
    for name, (what, _) in odd.items():
        world.reconciler.reconcile(ObjectKey("payments", name))
        told = world.cluster.reasons("bucket", name)
        if what not in SAY_NOTHING and "deletionTimestamp" not in what and not told.get("Ready"):
            silent.append(what)
    assert silent == []


@pytest.mark.parametrize("spec", ["text", 5, [], {"mode": ["Enforce"]}, {"mode": {}}, {"mode": "Sometimes"}])
def test_a_spec_that_is_none_is_told(spec):
    world = World(bucket=[{**bucket_body("odd"), "spec": spec}])
    world.comparison.run()
    assert isinstance(world.reconciler.reconcile(ObjectKey("payments", "odd")), Requeue)
    assert world.cluster.reasons("bucket", "odd")["Ready"] == "InvalidSpec"
    assert world.engine.requests == []


def test_a_profile_that_is_none_is_told_at_the_objects_that_ask_for_it():
    for what, body in named("profile").values():
        body["metadata"]["name"] = "odd"
        world = World(profile=[body], bucket=[bucket_body(spec={"profile": "odd"})])
        world.comparison.run()
        world.reconciler.reconcile(ObjectKey("payments", "invoices"))
        assert world.cluster.reasons("bucket", "invoices").get("Ready"), what


@pytest.mark.parametrize("depth", [DEEPEST - 1, DEEPEST + 1, 900, 3000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a\\"[": ', "}"), ('[{"b": "]", "a":', "}]")])
def test_json_of_any_depth_is_read_with_what_stands_around_it(depth, opening, closing):
    text = '{"before": "[[", "deep": ' + opening * depth + "1" + closing * depth + ', "after": [1, {"x": "}"}]}'
    found = json_of(text.encode())
    assert (found["before"], found["after"]) == ("[[", [1, {"x": "}"}])


@pytest.mark.parametrize("text", [b"", b"[" * 5000, b'{"a": ' * 5000 + b"1" + b"]" * 5000, b'"' + b"\\" * 99, b"\xff"])
def test_what_is_no_json_is_none(text):
    assert json_of(text) is None


def test_one_object_that_is_nested_too_deep_does_not_hide_the_others():
    """Whoever may write a raw statement may nest its Condition as deep as the API server reads."""
    deep = "[" * 5000 + "]" * 5000
    odd, good = (json.dumps(bucket_body(name)) for name in ("odd", "good"))
    odd = odd.replace('"spec": {}', f'"spec": {{"policy": {{"statements": [{{"Condition": {deep}}}]}}}}')
    with ScriptedApi(Answer(body=f'{{"items": [{odd}, {good}], "metadata": {{}}}}'.encode())) as api:
        transport = Transport(api.connection())
        assert [each["metadata"]["name"] for each in Client(transport).list_buckets()] == ["odd", "good"]
        transport.close()
