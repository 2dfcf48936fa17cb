"""The work of a leader begins once at most, and all of it ends, whichever of the two threads comes first."""

import threading
from dataclasses import dataclass, field, replace

import pytest
from tests.changes.test_event_intake import PLACE, ScriptedSource
from tests.kube.polling import until

from securebucket.changes.event_intake import EventFeed, EventReading
from securebucket.dispatch.backoff import Backoff
from securebucket.dispatch.periodic import Periodic
from securebucket.dispatch.requeue import Rest
from securebucket.dispatch.work_queue import Priority, WorkQueue
from securebucket.dispatch.workers import Workers
from securebucket.fleet.index import Index
from securebucket.model.bucket import ObjectKey
from securebucket.process.tenure import Tenure

KEY = ObjectKey("payments", "invoices")
OWN_THREADS = ("accounts of a tenure", "events of a tenure", "replication of a tenure")


class Meter:
    """Counts nothing."""

    def event(self, _):
        """Take an event."""

    def polled(self, _):
        """Take a poll."""


@dataclass
class World:
    """A tenure with real threads and nothing behind them."""

    queue: WorkQueue = field(default_factory=WorkQueue)
    made: list[ObjectKey] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self):
        self.gate.set()
        index = Index()
        source = ScriptedSource(place=replace(PLACE, name="of a tenure"))
        events = EventFeed((source,), lambda _: False, Meter())
        self.tenure = Tenure(
            self.prepare,
            Workers(self.queue, self.reconcile, lambda _key, _error: None, Backoff(), 2),
            EventReading(events, index, self.queue, lambda: False),
            Periodic("accounts of a tenure", 3600.0, lambda: None),
            Periodic("replication of a tenure", 3600.0, lambda: None),
        )

    def prepare(self):
        self.order.append("prepares")
        assert self.gate.wait(10)
        self.queue.add(KEY, Priority.SWEEP)
        self.order.append("is prepared")

    def reconcile(self, key):
        self.made.append(key)
        return Rest()

    def end(self):
        ended = self.tenure.end(10)
        self.order.append("ends")
        return ended


@pytest.fixture
def world():
    made = World()
    yield made
    made.tenure.end(10)
    until(lambda: own_threads() == set())


def own_threads():
    """Name the threads of a tenure that are alive, but for its workers, which `end` waits for."""
    return {each.name for each in threading.enumerate()} & set(OWN_THREADS)


def test_it_prepares_and_works(world):
    world.tenure.begin()
    until(lambda: world.made == [KEY])
    assert own_threads() == set(OWN_THREADS)


def test_it_ends_all_that_it_began(world):
    world.tenure.begin()
    assert world.end()
    until(lambda: own_threads() == set())


def test_after_its_end_nothing_begins(world):
    assert world.end()
    world.tenure.begin()
    assert world.order == ["ends"]
    assert own_threads() == set()


def test_an_end_waits_for_a_beginning_that_is_under_way(world):
    world.gate.clear()
    taking_over = threading.Thread(target=world.tenure.begin)
    taking_over.start()
    until(lambda: world.order == ["prepares"])
    opening = threading.Timer(0.2, world.gate.set)
    opening.start()
    assert world.end()
    taking_over.join(10)
    opening.join(10)
    assert world.order == ["prepares", "is prepared", "ends"]


def test_an_end_at_any_moment_of_the_beginning_is_in_order():
    """It once joined a thread that was made and not yet started: `RuntimeError`, and the Lease was kept."""
    for _ in range(30):
        world = World()
        taking_over = threading.Thread(target=world.tenure.begin)
        taking_over.start()
        assert world.end()
        taking_over.join(10)
