"""The part of a running operator that hears of changes from AWS: one register, and one intake a queue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from securebucket.api.status import SecureBucketStatus
from securebucket.changes.change_register import ChangeRegister
from securebucket.changes.event_intake import EventFeed, EventIntake
from securebucket.dispatch.work_queue import WorkQueue
from securebucket.fleet.index import Index
from securebucket.model.bucket import ObjectKey
from securebucket.model.reported_change import ReportedChange


@dataclass(slots=True)
class EventReading:
    """Hears of changes while this replica leads; without a feed it does nothing.

    Args:
        feed: where events come from; absent where no queue was named.
        index: finds the objects of a bucket.
        queue: where they are made due.
        going: false while this replica may not work.
    """

    feed: EventFeed | None
    index: Index
    queue: WorkQueue
    going: Callable[[], bool]
    _register: ChangeRegister = field(default_factory=ChangeRegister)
    _intakes: tuple[EventIntake, ...] = ()

    @property
    def observers(self) -> tuple[ChangeRegister, ...]:
        """Who must be told of every pass."""
        return (self._register,) if self.feed else ()

    def changes(self, key: ObjectKey, status: SecureBucketStatus) -> Mapping[str, ReportedChange]:
        """Return the latest change of each control that can explain a drift which is found now."""
        return self._register.changes(key, status)

    def start(self, wake_accounts: Callable[[], None]) -> None:
        """Begin to read: this replica leads now.

        Args:
            wake_accounts: called where an account's own setting changed.
        """
        if self.feed is None:
            return
        self._intakes = tuple(
            EventIntake(source, self.feed, self.index, self.queue, self._register, self.going, wake_accounts)
            for source in self.feed.sources
        )
        for intake in self._intakes:
            intake.start()

    def stop(self) -> None:
        """Read no more."""
        for intake in self._intakes:
            intake.stop()
