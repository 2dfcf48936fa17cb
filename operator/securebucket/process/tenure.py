"""The work of a replica that leads, from the moment that it wins the Lease until the process ends."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from securebucket.changes.event_intake import EventReading
from securebucket.dispatch.periodic import Periodic
from securebucket.dispatch.workers import Workers


@dataclass(slots=True)
class Tenure:
    """Begins once at most, and ends all that it began, whichever thread comes first.

    The elector's thread begins it, and the main thread ends it: a replica may be told to end while it takes over.

    Args:
        prepare: makes everything due that is known.
        workers: make the passes.
        events: hear of changes.
        accounts: looks at the accounts in use; absent where that is not wanted.
        replication: has replication measured.
    """

    prepare: Callable[[], None]
    workers: Workers
    events: EventReading
    accounts: Periodic | None = None
    replication: Periodic | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _over: bool = False

    def begin(self) -> None:
        """Begin to work, unless the end has come already: what begins after it would never be stopped."""
        with self._turn:
            if self._over:
                return
            self.prepare()
            self.workers.start()
            if self.accounts:
                self.accounts.start()
            if self.replication:
                self.replication.start()
            self.events.start(self.accounts.wake if self.accounts else lambda: None)

    def end(self, timeout: float) -> bool:
        """Begin nothing more, and wait for the passes that run; true when all have ended within `timeout` seconds."""
        with self._turn:  # a takeover that is under way comes to its end first, so that all of it can be stopped
            self._over = True
        for each in (self.accounts, self.replication):
            if each:
                each.stop()
        self.events.stop()
        return self.workers.stop(timeout)
