"""What the engine remembers of a bucket between passes, in memory only: losing it costs a pass, never safety."""

import datetime as dt
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from securebucket.model.document import Json, canonical_text
from securebucket.model.reported_change import RESOLUTION, ReportedChange


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient the engine is with S3 and with other writers.

    Args:
        settling: seconds after a write in which a read of the old state counts as stale
            (S3 configuration is eventually consistent; Terraform waits up to two minutes).
        fights: how often one control may be changed back within `fight_window` before it is given up for a while.
        fight_window: seconds.
        confirmation: seconds between two HeadBucket calls that must both say 404 before a bucket is created.
    """

    settling: float = 120.0
    fights: int = 5
    fight_window: float = 3600.0
    confirmation: float = 1.0


Fields = dict[str, Json]
"""A state laid flat, see `model.document.fields_of`."""

SEVERAL = 2
"""Documents that do not all turn up late at once."""

ATTEMPTS = 2
"""Writes after which a field that still does not read back counts as dropped by the server."""


@dataclass(frozen=True, slots=True)
class Written:
    """A write of ours.

    Args:
        at: when.
        before: digest of what was read before it.
        after: digest of what was read right after it.
        desired: digest of what was written.
        attempts: how often the same was written in vain; 0 when it read back as written.
    """

    at: dt.datetime
    before: bytes
    after: bytes
    desired: bytes
    attempts: int


def digest_of(fields: Fields) -> bytes:
    """Give a short name of a state: a fleet's documents would not fit into memory."""
    return blake2b(canonical_text(fields).encode(), digest_size=16).digest()


@dataclass(slots=True)
class Memory:
    """One bucket's recent writes and reverts, by control."""

    written: dict[str, Written] = field(default_factory=dict)
    reverts: dict[str, deque[dt.datetime]] = field(default_factory=dict)
    restoring: set[str] = field(default_factory=set)
    """Controls that somebody changed and that are not put back yet, e.g. because the write was throttled."""
    actors: dict[str, str] = field(default_factory=dict)
    """Who changed a control last, where AWS told."""

    def is_stale(
        self,
        control: str,
        seen: Fields,
        desired: Fields,
        now: dt.datetime,
        pace: Pace,
        changed: ReportedChange | None = None,
    ) -> bool:
        """Tell whether a read shows no more than our own recent write not having arrived yet.

        It shows more where AWS told of a change that somebody made after that write.
        """
        written = self.written.get(control)
        if written is None or not 0 <= (now - written.at).total_seconds() < pace.settling:
            return False  # below 0 the wall clock was set back: how long ago it was is not known
        if changed is not None and changed.at > written.at - RESOLUTION:
            return False
        return digest_of(seen) == written.before or self._in_vain(written, seen, desired)

    def is_dropped(self, control: str, seen: Fields, desired: Fields) -> bool:
        """Tell whether the server accepts this write and does not keep it, so that writing again is no use."""
        written = self.written.get(control)
        return written is not None and written.attempts >= ATTEMPTS and self._in_vain(written, seen, desired)

    def note_write(self, control: str, before: Fields, after: Fields, desired: Fields, now: dt.datetime) -> None:
        """Remember a write and what was read right after it."""
        last = self.written.get(control)
        attempts = 0
        if after != desired:
            attempts = last.attempts + 1 if last is not None and self._in_vain(last, after, desired) else 1
        self.written[control] = Written(now, digest_of(before), digest_of(after), digest_of(desired), attempts)

    def prune(self, now: dt.datetime, pace: Pace) -> None:
        """Drop writes that arrived and have settled, and reverts that are long past."""
        for control, written in list(self.written.items()):
            if written.attempts == 0 and (now - written.at).total_seconds() >= pace.settling:
                del self.written[control]
        for control, times in list(self.reverts.items()):
            if (now - times[-1]).total_seconds() > pace.fight_window:
                del self.reverts[control]
        self.actors = {control: actor for control, actor in self.actors.items() if control in self.reverts}

    def shows_another_bucket(self, seen: Mapping[str, Fields]) -> bool:
        """Tell whether everything reads as it was before we wrote it: then the bucket was deleted and made anew.

        S3 may show one document late, after it has shown it in time. It does not do so with all of them at once.

        Args:
            seen: what is read now of each control that differs.
        """
        arrived = {control: each for control, each in self.written.items() if each.attempts == 0}
        return len(arrived) >= SEVERAL and all(
            control in seen and digest_of(seen[control]) == each.before for control, each in arrived.items()
        )

    def lose_bucket(self) -> None:
        """Forget the writes that had arrived: the bucket that had them is gone, or is another one by now.

        What a server drops it will drop again, who fights us is still there, and what was in force is still wanted.
        """
        self.written = {control: each for control, each in self.written.items() if each.attempts}

    def is_blank(self) -> bool:
        """Tell whether there is nothing to remember."""
        return not (self.written or self.reverts or self.restoring)

    @staticmethod
    def _in_vain(written: Written, seen: Fields, desired: Fields) -> bool:
        return written.attempts > 0 and digest_of(seen) == written.after and digest_of(desired) == written.desired

    def note_revert(self, control: str, now: dt.datetime) -> None:
        """Remember that somebody changed a control back."""
        self.reverts.setdefault(control, deque(maxlen=100)).append(now)

    def is_contended(self, control: str, now: dt.datetime, pace: Pace) -> bool:
        """Tell whether a control was changed back so often of late that correcting it is a fight."""
        times = self.reverts.get(control)
        if not times:
            return False
        while times and (now - times[0]).total_seconds() > pace.fight_window:
            times.popleft()
        return len(times) >= pace.fights

    def forgive(self) -> None:
        """Try again: a person asked for it."""
        self.reverts.clear()
        self.actors.clear()
        self.written.clear()
