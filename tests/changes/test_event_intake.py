"""From messages to passes, with a queue that is scripted and an index without an API."""

import logging
from dataclasses import dataclass, field

import pytest
from tests.aws.trail_events import message
from tests.dispatch.clock import Clock
from tests.fleet.bodies import record
from tests.kube.polling import until

from securebucket.aws.cloud_trail_event import read_event
from securebucket.changes.change_register import ChangeRegister
from securebucket.changes.event_intake import (
    ACCOUNT_CALM,
    CALM,
    DEBOUNCE,
    LONGEST,
    EventFeed,
    EventIntake,
    EventReading,
)
from securebucket.dispatch.work_queue import Priority, WorkQueue
from securebucket.fleet.index import Index
from securebucket.model.bucket import ObjectKey
from securebucket.model.event_message import Message, QueuePlace
from securebucket.model.failure import Failure

INVOICES = ObjectKey("payments", "invoices")
DENIED = Failure("AccessDenied", "ReceiveMessage was denied", retry=True)
PLACE = QueuePlace("https://sqs.eu-west-1.amazonaws.com/111122223333/events", "eu-west-1", "111122223333", "events")


@dataclass
class ScriptedSource:
    """A queue that answers as told, and remembers what was deleted."""

    answers: list[object] = field(default_factory=list)
    refusal: Failure | None = None
    deleted: list[str] = field(default_factory=list)
    place: QueuePlace = PLACE

    def bring(self, *texts):
        self.answers.append(tuple(Message(f"r{place}", read_event(text)) for place, text in enumerate(texts)))

    def receive(self):
        return self.answers.pop(0) if self.answers else ()

    def delete(self, messages):
        if self.refusal is None:
            self.deleted.extend(each.receipt for each in messages)
        return self.refusal


@dataclass
class World:
    """An intake, and everything around it."""

    source: ScriptedSource = field(default_factory=ScriptedSource)
    clock: Clock = field(default_factory=Clock)
    index: Index = field(default_factory=Index)
    own: bool = False
    going: bool = True
    results: list[str] = field(default_factory=list)
    polls: int = 0
    looks: int = 0

    def __post_init__(self):
        self.queue = WorkQueue(self.clock)
        self.register = ChangeRegister()
        self.index.observe(record("invoices", spec={"bucketName": "acme-invoices"}))
        feed = EventFeed((self.source,), lambda _: self.own, self)
        self.intake = EventIntake(
            self.source, feed, self.index, self.queue, self.register, lambda: self.going, self.look, self.clock
        )

    def look(self):
        self.looks += 1

    def event(self, result):
        self.results.append(result)

    def polled(self, _):
        self.polls += 1

    def due(self):
        """Give what is due now, with its priority."""
        found = []
        while (item := self.queue.get(0)) is not None:
            self.queue.done(item.key)
            found.append((item.key, item.priority))
        return found

    def take(self, *texts):
        self.source.bring(*texts)
        return self.intake.poll()


@pytest.fixture
def world():
    return World()


def test_a_change_makes_its_object_due_shortly_after(world):
    assert world.take(message()) == 0.0
    assert world.due() == []
    world.clock.advance(DEBOUNCE)
    assert world.due() == [(INVOICES, Priority.RETRY)]
    assert (world.results, world.source.deleted) == (["matched"], ["r0"])


def test_many_events_of_one_change_make_one_pass(world):
    world.take(*(message(event) for event in ("PutBucketPolicy", "PutBucketTagging", "PutBucketPolicy")))
    world.take(message("PutBucketVersioning"))
    world.clock.advance(DEBOUNCE)
    assert world.due() == [(INVOICES, Priority.RETRY)]
    assert world.results == ["matched"] * 4


def test_events_without_end_do_not_put_the_pass_off(world):
    world.take(message())
    world.clock.advance(DEBOUNCE - 0.5)
    world.take(message())
    world.clock.advance(0.5)
    assert world.due() == [(INVOICES, Priority.RETRY)]


def test_the_sweep_that_is_due_later_comes_sooner_and_once(world):
    world.queue.add(INVOICES, Priority.SWEEP, 3600.0)
    world.take(message())
    world.clock.advance(7200)
    assert world.due() == [(INVOICES, Priority.RETRY)]


def test_everybody_who_claims_the_bucket_looks(world):
    world.index.observe(record("copy", "orders", spec={"bucketName": "acme-invoices"}))
    world.take(message())
    world.clock.advance(DEBOUNCE)
    assert {key for key, _ in world.due()} == {INVOICES, ObjectKey("orders", "copy")}


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (message(bucket="somebody-elses"), "unmatched"),
        (message("GetBucketPolicy"), "ignored"),
        (message(errorCode="AccessDenied"), "ignored"),
        ("hello", "malformed"),
    ],
)
def test_what_concerns_nobody_is_counted_and_deleted(world, text, result):
    world.take(text)
    world.clock.advance(DEBOUNCE)
    assert (world.due(), world.results, world.source.deleted) == ([], [result], ["r0"])


def test_a_call_of_our_own_asks_for_no_pass_and_names_nobody(world):
    world.own = True
    world.take(message())
    world.clock.advance(DEBOUNCE)
    assert (world.due(), world.results, world.source.deleted) == ([], ["own"], ["r0"])


def test_a_message_is_deleted_only_when_it_was_handed_on(world):
    """A queue that is closed takes no key: whoever leads next gets the message again."""
    world.going = False
    assert world.take(message()) == CALM
    assert (world.source.deleted, world.results) == ([], [])


def test_an_account_is_looked_at_once_for_many_events(world):
    account = message("PutAccountPublicAccessBlock", requestParameters=None, resources=None)
    world.take(account, account)
    world.take(account)
    assert (world.looks, world.due()) == (1, [])
    world.clock.advance(ACCOUNT_CALM)
    world.intake.poll()
    world.intake.poll()
    assert (world.looks, world.results) == (2, ["account"] * 3)


def test_a_server_that_does_not_wait_is_not_asked_all_the_time(world):
    assert world.intake.poll() == CALM
    assert world.polls == 1


def test_failures_back_off_and_are_told(world, caplog):
    with caplog.at_level(logging.INFO, "securebucket.changes.event_intake"):
        for _ in range(12):
            world.source.answers.append(DENIED)
            assert 1.0 <= world.intake.poll() <= LONGEST
        assert world.polls == 0
        world.intake.poll()
    assert world.polls == 1
    told = [each.message for each in caplog.records]
    assert len(told) == 13
    assert all("ReceiveMessage was denied" in each for each in told[:12])
    assert told[-1] == "the queue can be read again"


def test_messages_that_cannot_be_deleted_are_a_failure_too(world):
    """They come again and again otherwise, as fast as the queue gives them."""
    world.source.refusal = Failure("AccessDenied", "DeleteMessage was denied", retry=True)
    assert world.take(message()) >= 1.0
    assert world.polls == 0


def test_the_thread_goes_on_after_a_crash_and_ends_when_told(world, caplog):
    crashed = []

    def receive():
        crashed.append(True)
        raise RuntimeError("no one expected this")

    world.source.receive = receive
    reading = EventReading(world.intake.feed, world.index, world.queue, lambda: True)
    reading.start(world.look)
    until(lambda: "reading the queue of events crashed" in caplog.text)
    assert len(crashed) == 1
    reading.stop()


def test_reading_begins_with_leading_and_the_passes_hear_of_it(world):
    reading = EventReading(world.intake.feed, world.index, world.queue, lambda: True)
    assert len(reading.observers) == 1
    world.source.bring(message())
    assert world.polls == 0
    reading.start(world.look)
    until(lambda: world.results == ["matched"])
    reading.stop()


def test_without_a_queue_there_is_nothing_to_do(world):
    reading = EventReading(None, world.index, world.queue, lambda: True)
    reading.start(world.look)
    reading.stop()
    assert reading.observers == ()
