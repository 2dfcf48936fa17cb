"""kopf as the informer, against a real API over HTTP."""

import asyncio
from collections import Counter

import pytest
from tests.dispatch.clock import Clock
from tests.kube.polling import until
from tests.kube.scripted_api import Answer, ScriptedApi

from securebucket.fleet.record import FINALIZER
from securebucket.kube.client import BUCKETS, EXCEPTIONS, PAGE, PROFILES
from securebucket.kube.connection import load_connection
from securebucket.kube.informer import Informer, JitteredBackoffs, WatchTerms, informer_settings
from securebucket.kube.watch_session import WatchActivity, open_session
from securebucket.kube.watch_stream import Interruptions
from securebucket.model.bucket import ObjectKey

QUICK = WatchTerms(inactivity=1.0, server=600, reconnect=0.05, pause=0.02, clearing=0.5, retry=0.02)


class Feed:
    """Remembers what it was told."""

    def __init__(self):
        self.buckets = []
        self.profiles = []
        self.exceptions = []

    def see_bucket(self, event, body):
        metadata = body["metadata"]
        self.buckets.append((event, ObjectKey(metadata["namespace"], metadata["name"])))

    def see_profile(self, event, body):
        self.profiles.append((event, body["metadata"]["name"]))

    def see_exception(self, event, body):
        metadata = body["metadata"]
        self.exceptions.append((event, ObjectKey(metadata["namespace"], metadata["name"])))

    @property
    def sees(self):
        return {BUCKETS: self.see_bucket, PROFILES: self.see_profile, EXCEPTIONS: self.see_exception}


class Watching:
    """An informer with everything that it tells of."""

    def __init__(self, load, namespaces=(), terms=QUICK, kinds=(BUCKETS, PROFILES), **options):
        self.feed = Feed()
        self.requests = Counter()
        self.activity = WatchActivity()
        see = {kind: self.feed.sees[kind] for kind in kinds}
        self.informer = Informer(
            see, load, namespaces, activity=self.activity, requested=self.count, terms=terms, **options
        )

    def count(self, verb, code):
        self.requests[verb, code] += 1

    def start(self, watches=2):
        self.informer.start()
        until(lambda: self.activity.watches() == watches)
        return self


@pytest.fixture
def watching(kubeconfig):
    made = []

    def make(*namespaces, terms=QUICK, **options):
        made.append(Watching(lambda: load_connection(kubeconfig), namespaces, terms, **options))
        return made[-1]

    yield make
    for each in made:
        each.informer.stop()
        assert not each.informer.alive()


def test_what_is_there_is_listed(watching, admin):
    key = admin.create_bucket()
    admin.create_profile()
    seen = watching().start()
    until(lambda: ("LISTED", key) in seen.feed.buckets)
    until(lambda: ("LISTED", "production") in seen.feed.profiles)


def test_one_that_was_stopped_does_not_begin(watching):
    seen = watching()
    seen.informer.stop()
    seen.informer.start()
    assert not seen.informer.alive()


def test_what_happens_is_told(watching, admin):
    seen = watching().start()
    key = admin.create_bucket()
    until(lambda: ("ADDED", key) in seen.feed.buckets)
    admin.annotate(key, reconcile_at="now")
    until(lambda: ("MODIFIED", key) in seen.feed.buckets)
    admin.delete_bucket(key)
    until(lambda: ("DELETED", key) in seen.feed.buckets)


def test_profiles_are_told_of_too(watching, admin):
    seen = watching().start()
    admin.create_profile()
    until(lambda: ("ADDED", "production") in seen.feed.profiles)


def test_a_kind_can_be_watched_alone(watching, admin, api):
    seen = watching(kinds=(EXCEPTIONS,)).start(watches=1)
    key = admin.create_exception()
    until(lambda: ("ADDED", key) in seen.feed.exceptions)
    admin.delete_exception(key)
    until(lambda: ("DELETED", key) in seen.feed.exceptions)
    watched = {each.path for each in api.requests.all() if each.user_agent != "admin" and "v1alpha1/" in each.path}
    assert watched == {"/apis/securebucket.io/v1alpha1/bucketexceptions"}


def test_exceptions_are_watched_in_some_namespaces(watching, admin):
    admin.create_namespace("other")
    seen = watching("payments", kinds=(EXCEPTIONS,)).start(watches=1)
    admin.create_exception("theirs", "other")
    key = admin.create_exception()
    until(lambda: ("ADDED", key) in seen.feed.exceptions)
    assert {each.namespace for _, each in seen.feed.exceptions} == {"payments"}


def test_some_namespaces_are_watched_without_a_look_at_anything_else(watching, admin, api):
    admin.create_namespace("other")
    admin.create_namespace("third")
    api.requests.clear()
    seen = watching("payments", "third").start()
    elsewhere = admin.create_bucket("theirs", "other")
    here = admin.create_bucket("ours", "third")
    until(lambda: ("ADDED", here) in seen.feed.buckets)
    assert elsewhere not in [key for _, key in seen.feed.buckets]
    asked = {each.path for each in api.requests.all() if each.user_agent != "admin"}
    assert {path for path in asked if "bucketprofiles" in path or path.endswith("v1alpha1/securebuckets")} == set()


def test_nothing_is_ever_written(watching, admin, api):
    """Kopf writes finalizers and annotations where it handles, and removes its finalizer where it does not."""
    key = admin.create_bucket(finalizers=[FINALIZER, "kopf.zalando.org/KopfFinalizerMarker"])
    seen = watching().start()
    admin.annotate(key, reconcile_at="now")
    admin.delete_bucket(key)
    until(lambda: seen.feed.buckets.count(("MODIFIED", key)) == 2)
    later = admin.create_bucket("a-moment-later")
    until(lambda: ("ADDED", later) in seen.feed.buckets)
    assert [each for each in api.requests.writes() if each.user_agent != "admin"] == []
    assert FINALIZER in admin.get_bucket(key)["metadata"]["finalizers"]


def test_a_watch_that_falls_silent_is_made_anew_and_loses_nothing(watching, admin, api):
    seen = watching().start()
    api.mute_watches()
    key = admin.create_bucket()
    api.unmute_watches()
    until(lambda: key in [known for _, known in seen.feed.buckets])


def test_the_silence_of_a_watch_is_measured(watching, api):
    seen = watching(terms=WatchTerms(inactivity=60.0, reconnect=0.05)).start()
    api.mute_watches()
    until(lambda: seen.activity.quiet_for() > 0.5)


def test_every_byte_is_a_sign_of_life(watching, admin):
    """Bookmarks too, which kopf does not tell of, and which are all that an idle watch gets."""
    seen = watching(terms=WatchTerms(inactivity=60.0, reconnect=0.05)).start()
    until(lambda: seen.activity.quiet_for() > 0.5)
    admin.create_bucket()
    admin.create_profile()
    until(lambda: seen.activity.quiet_for() < 0.3)


def test_the_quietest_watch_counts():
    clock = Clock(0.0)
    activity = WatchActivity(clock)
    activity.expect(2)
    for watch in ("/a", "/b", "/a"):
        clock.advance(10)
        activity.touch(watch)
    assert activity.quiet_for() == 10.0


def test_a_watch_that_never_begins_is_silent():
    clock = Clock(0.0)
    activity = WatchActivity(clock)
    assert activity.quiet_for() == 0.0
    activity.expect(2)
    clock.advance(200)
    activity.touch("/a")
    assert activity.quiet_for() == 200.0


@pytest.mark.parametrize(("status", "alive"), [(200, 1), (403, 0), (503, 0)])
def test_being_refused_is_no_sign_of_life(status, alive):
    activity = WatchActivity()

    async def watch(connection):
        login = open_session(connection, activity, lambda _verb, _code: None, Interruptions())
        async with login.aiohttp_session as session, session.get(f"{login.server}/x?watch=true"):
            pass

    with ScriptedApi(Answer(status)) as api:
        asyncio.run(watch(api.connection()))
    assert activity.watches() == alive


def test_a_cut_connection_is_made_anew(watching, admin, api):
    seen = watching().start()
    api.drop_watches()
    key = admin.create_bucket()
    until(lambda: key in [known for _, known in seen.feed.buckets])


def test_history_that_is_gone_is_listed_again(watching, admin, api):
    seen = watching().start()
    api.mute_watches()
    key = admin.create_bucket()
    api.compact()
    api.unmute_watches()
    until(lambda: ("LISTED", key) in seen.feed.buckets)


def test_its_requests_are_counted(watching, admin):
    seen = watching().start()
    assert seen.requests["list", "200"] >= 2
    assert seen.requests["watch", "200"] >= 2


def test_it_can_be_stopped(watching):
    seen = watching().start()
    seen.informer.stop()
    assert not seen.informer.alive()


def test_a_refused_login_is_not_tried_in_a_hot_loop(caplog):
    logins = []
    with ScriptedApi(Answer(401, {"reason": "Unauthorized"})) as api:
        seen = Watching(lambda: logins.append(1) or api.connection())
        seen.informer.start()
        until(lambda: "the API server refused the login; trying again" in caplog.text)
        assert len(logins) == 1
        seen.informer.stop(timeout=20)
        assert not seen.informer.alive()


def test_backoffs_are_new_each_time_and_bounded():
    backoffs = JitteredBackoffs()
    first, second = list(backoffs), list(backoffs)
    assert len(first) == len(backoffs) == 8
    assert first != second
    assert all(0.25 <= pause <= 20 for pause in first)


def test_the_server_timeout_is_a_whole_number():
    """The API server refuses `timeoutSeconds=600.0`."""
    assert str(informer_settings(WatchTerms()).watching.server_timeout) == "600"


def test_what_breaks_the_question_for_the_kinds_does_not_end_the_informer(watching, admin):
    answers = [ValueError("nobody thought of it")]

    def obstacle():
        if answers:
            raise answers.pop()
        return ""

    key = admin.create_bucket()
    seen = watching(obstacle=obstacle).start()
    until(lambda: ("LISTED", key) in seen.feed.buckets)
    assert not answers


def test_a_page_of_the_largest_annotations_fits_into_the_memory_several_times():
    """One tenant's objects would else end the process each time that it starts."""
    largest = 256 * 1024
    for page in (PAGE, informer_settings(QUICK).watching.chunk_size):
        assert page * largest <= 16 * 1024 * 1024
