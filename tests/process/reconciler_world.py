"""A reconciler with everything around it: a real API, and an engine that has no AWS."""

from dataclasses import dataclass, field

from tests.process.engines import FakeEngine, FakeObserver

from securebucket.dispatch.backoff import Backoff
from securebucket.dispatch.work_queue import WorkQueue
from securebucket.fleet.index import Index
from securebucket.fleet.profiles import Profiles
from securebucket.kube.recorder import EventRecorder
from securebucket.process.comparison import Comparison
from securebucket.process.feed import FleetFeed
from securebucket.process.pass_requests import PassRequests
from securebucket.process.reconciler import Reconciler


@dataclass
class World:
    """A reconciler, and everything around it."""

    engine: FakeEngine
    observer: FakeObserver
    queue: WorkQueue
    index: Index
    reconciler: Reconciler
    comparison: Comparison
    permission: list[bool] = field(default_factory=lambda: [True])

    def reconcile(self, key):
        self.comparison.run()  # what the informer would have told by now
        while (item := self.queue.get(0)) is not None:
            self.queue.done(item.key)
        return self.reconciler.reconcile(key)

    def due(self):
        item = self.queue.get(0)
        return item.key if item else None


def build_world(client, *namespaces, default_profile=""):
    index, queue, backoff = Index(default_profile), WorkQueue(), Backoff(draw=lambda: 0.5)
    profiles = Profiles(client.get_profile)
    feed = FleetFeed(index, queue, backoff, profiles, lambda: True, 3600.0)
    engine, observer, permission = FakeEngine(), FakeObserver(), [True]
    reconciler = Reconciler(
        client=client,
        engine=engine,
        requests=PassRequests(index, profiles, "cluster-1", not namespaces, exceptions=feed.exceptions),
        feed=feed,
        backoff=backoff,
        recorder=EventRecorder(client, "pod-1"),
        observer=observer,
        may_write=lambda: permission[0],
    )
    comparison = Comparison(client, feed, namespaces)
    return World(engine, observer, queue, index, reconciler, comparison, permission)


def writes(api):
    return [(each.method, each.path.rsplit("/", 1)[-1]) for each in api.requests.writes() if each.user_agent != "admin"]


def reasons(admin):
    return sorted(each["reason"] for each in admin.events())
