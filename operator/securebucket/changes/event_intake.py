"""From a queue of events to passes: reads the queue in a thread of its own, and makes the objects concerned due.

A message only ever makes an object due and names an actor: the pass reads the bucket itself. So nothing depends on a
message's coming, coming once, or coming in order, and a forged one costs a pass.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from securebucket.aws.event_queue import EventQueue
from securebucket.changes.change_register import ChangeRegister
from securebucket.dispatch.backoff import full_jitter
from securebucket.dispatch.work_queue import Priority, WorkQueue
from securebucket.fleet.index import Index
from securebucket.metrics.instruments import Instruments
from securebucket.model.event_message import Message, Unusable
from securebucket.model.failure import Failure
from securebucket.model.reported_change import ReportedChange

log = logging.getLogger(__name__)

DEBOUNCE = 2.0
"""Seconds between an event and the pass: a change with a tool makes several, and one pass is enough for them."""
CALM = 1.0
"""Seconds that a poll takes at least when it brings nothing, also on a server that does not wait."""
LONGEST = 60.0
"""Seconds between two polls at most, while the queue cannot be read."""
ACCOUNT_CALM = 60.0
"""Seconds between two looks at the accounts that events ask for."""


@dataclass(frozen=True, slots=True)
class EventFeed:
    """Where events come from.

    Args:
        sources: the queues.
        is_own: tells a call of this operator's from one of others.
        meter: counts.
    """

    sources: tuple[EventQueue, ...]
    is_own: Callable[[ReportedChange], bool]
    meter: Instruments


@dataclass(slots=True)
class EventIntake:
    """Reads one queue until it is stopped.

    Args:
        source: the queue.
        feed: what all queues share.
        index: finds the objects of a bucket.
        queue: where they are made due.
        register: where the changes are kept for the passes.
        going: asked before each poll and each deletion; false while this replica may not work.
        wake_accounts: called where an account's own setting changed.
    """

    source: EventQueue
    feed: EventFeed
    index: Index
    queue: WorkQueue
    register: ChangeRegister
    going: Callable[[], bool]
    wake_accounts: Callable[[], None]
    clock: Callable[[], float] = time.monotonic
    _stop: threading.Event = field(default_factory=threading.Event)
    _failures: int = 0
    _account_changed: bool = False
    _accounts_after: float = 0.0

    def start(self) -> None:
        """Start the thread that reads the queue."""
        self.feed.meter.polled(self.source.place)
        threading.Thread(target=self._run, name=f"events {self.source.place.name}", daemon=True).start()

    def stop(self) -> None:
        """Poll no more. A poll that waits just now brings nothing any more: what it gets comes again elsewhere."""
        self._stop.set()

    def poll(self) -> float:
        """Read the queue once, and say how many seconds to wait before the next time."""
        began = self.clock()
        messages = self.source.receive()
        if not self.going():
            return CALM  # nothing is handed on: whoever leads next gets the messages
        if isinstance(messages, Failure):
            return self._back_off(messages)
        results = [self._take_in(each) for each in messages]
        if not self.going():
            return CALM
        for result in results:
            self.feed.meter.event(result)
        failure = self.source.delete(messages) if messages else None
        if failure is not None:
            return self._back_off(failure)
        if self._failures:
            log.info("the queue can be read again", extra={"queue": self.source.place.url})
        self._failures = 0
        self.feed.meter.polled(self.source.place)
        self._tell_accounts()
        return 0.0 if messages else max(0.0, CALM - (self.clock() - began))

    def _run(self) -> None:
        pause = 0.0
        while not self._stop.wait(pause):
            try:
                pause = self.poll() if self.going() else CALM
            except Exception:  # the thread's outermost edge: it must go on
                log.exception("reading the queue of events crashed; trying again in %.0f s", LONGEST)
                pause = LONGEST

    def _take_in(self, message: Message) -> str:
        """Act on one message, and name the result for the metrics."""
        change = message.content
        if isinstance(change, Unusable):
            return change.value
        if self.feed.is_own(change):
            return "own"
        if not change.bucket:
            self._account_changed = True
            return "account"
        keys = self.index.claimants(change.bucket)
        for key in keys:
            self.register.note(key, change)
            self.queue.add(key, Priority.RETRY, DEBOUNCE)
        log.info(
            "AWS reported a change",
            extra={"event": change.event, "bucket": change.bucket, "at": change.at.isoformat(), "objects": len(keys)},
        )
        return "matched" if keys else "unmatched"

    def _back_off(self, failure: Failure) -> float:
        pause = full_jitter(self._failures, LONGEST, random.random())  # noqa: S311 - chance, not a secret
        self._failures += 1
        log.warning(
            "the queue of events cannot be read; changes are seen at the interval only. Trying again in %.0f s: %s",
            pause,
            failure.message,
            extra={"queue": self.source.place.url, "reason": failure.reason},
        )
        return pause

    def _tell_accounts(self) -> None:
        """Have the accounts looked at, once for many events."""
        if self._account_changed and self.clock() >= self._accounts_after:
            self._account_changed = False
            self._accounts_after = self.clock() + ACCOUNT_CALM
            self.wake_accounts()


@dataclass(slots=True)
class EventReading:
    """Hears of changes while this replica leads; without a feed it does nothing.

    Args:
        feed: where events come from; absent where no queue was named.
        index: finds the objects of a bucket.
        queue: where they are made due.
        going: false while this replica may not work.
        register: what was heard and no pass has looked into yet.
    """

    feed: EventFeed | None
    index: Index
    queue: WorkQueue
    going: Callable[[], bool]
    register: ChangeRegister = field(default_factory=ChangeRegister)
    _intakes: tuple[EventIntake, ...] = ()

    @property
    def observers(self) -> tuple[ChangeRegister, ...]:
        """Who must be told of every pass."""
        return (self.register,) if self.feed else ()

    def start(self, wake_accounts: Callable[[], None]) -> None:
        """Begin to read: this replica leads now.

        Args:
            wake_accounts: called where an account's own setting changed.
        """
        if self.feed is None:
            return
        self._intakes = tuple(
            EventIntake(source, self.feed, self.index, self.queue, self.register, self.going, wake_accounts)
            for source in self.feed.sources
        )
        for intake in self._intakes:
            intake.start()

    def stop(self) -> None:
        """Read no more."""
        for intake in self._intakes:
            intake.stop()
