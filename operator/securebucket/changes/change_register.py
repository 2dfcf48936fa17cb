"""The changes that AWS told of and that no pass has looked into yet, by object.

In memory only: what is lost is a name in a status, and nothing else.
"""

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from securebucket.api.status import SecureBucketStatus
from securebucket.controls.event_names import by_control
from securebucket.dispatch.wall_clock import utc_now
from securebucket.engine.outcome import Outcome
from securebucket.model.bucket import ObjectKey
from securebucket.model.reported_change import RESOLUTION, ReportedChange


@dataclass(frozen=True, slots=True)
class Noted:
    """One change, and when it was heard of by our own clock."""

    change: ReportedChange
    at: dt.datetime


@dataclass(slots=True)
class ChangeRegister:
    """Takes in changes and passes, and says which changes can explain what the next pass finds. Safe for many threads.

    Of each object and each event only the latest is kept, so that nobody can fill the memory with messages.

    Args:
        wall: the time for people.
    """

    wall: Callable[[], dt.datetime] = utc_now
    _noted: dict[ObjectKey, dict[str, Noted]] = field(default_factory=dict)
    _verified: dict[ObjectKey, dt.datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, key: ObjectKey, change: ReportedChange) -> None:
        """Take in that a bucket of this object was changed."""
        with self._lock:
            known = self._noted.setdefault(key, {})
            before = known.get(change.event)
            if before is None or before.change.at <= change.at:
                known[change.event] = Noted(change, self.wall())

    def changes(self, key: ObjectKey, status: SecureBucketStatus) -> Mapping[str, ReportedChange]:
        """Return the latest change of each control that can explain a drift which is found now.

        That is one of the account in which the bucket lies, made since the bucket was last verified.
        """
        account_id = status.bucket.account_id if status.bucket else ""
        with self._lock:
            since = self._verified.get(key) or _moment(status.last_verified_at)
            told = [each.change for each in self._noted.get(key, {}).values()]
        return by_control(
            each for each in told if each.account_id == account_id and (since is None or each.at >= since - RESOLUTION)
        )

    def observed(
        self,
        key: ObjectKey,
        bucket_name: str,  # noqa: ARG002 - an observer's signature
        outcome: Outcome,
        status: SecureBucketStatus,  # noqa: ARG002
        seconds: float,  # noqa: ARG002
    ) -> None:
        """Take in one finished pass: what was known before it began is settled, if it reached the bucket."""
        if outcome.failure is not None or outcome.missing:
            return
        with self._lock:
            self._verified[key] = outcome.at
            left = {name: each for name, each in self._noted.pop(key, {}).items() if each.at > outcome.at}
            if left:
                self._noted[key] = left

    def gone(self, key: ObjectKey) -> None:
        """Take in that an object is gone."""
        with self._lock:
            self._noted.pop(key, None)
            self._verified.pop(key, None)


def _moment(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
