"""What the engine remembers of a bucket between passes, in memory only: losing it costs a pass, never safety."""

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from securebucket.engine.turns import LastReading
from securebucket.model.document import Json, canonical_text
from securebucket.model.reported_change import RESOLUTION, ReportedChange


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient the engine is with S3 and with other writers.

    Args:
        settling: seconds after a write in which a read of the old state may be stale
            (S3 configuration is eventually consistent; Terraform waits up to two minutes).
        fights: how often one control may be changed back within `fight_window` before it is given up.
        fight_window: seconds; what is given up is tried once in so long.
        confirmation: seconds between two HeadBucket calls that must both say 404 before a bucket is created.
    """

    settling: float = 120.0
    fights: int = 5
    fight_window: float = 3600.0
    confirmation: float = 1.0


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment by two clocks.

    Args:
        seconds: of the monotonic clock, by which durations are measured: it is never set.
        wall: the time in UTC, which can be compared with what AWS tells.
    """

    seconds: float
    wall: dt.datetime


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
        attempts: how often the same was written in vain; 0 once it was read as written.
        excused: a read of what was before, after it was read as written, was taken for a late one. That is done once.
    """

    at: Moment
    before: bytes
    after: bytes
    desired: bytes
    attempts: int
    excused: bool = False


@dataclass(slots=True)
class Fight:
    """A control that somebody keeps changing back.

    Args:
        times: monotonic seconds of each time that it was corrected again, the latest last.
        lost: it was so often that it is given up, but for one try in a window.
        asked: a person asked for a try.
    """

    times: list[float] = field(default_factory=list)
    lost: bool = False
    asked: bool = False


def digest_of(fields: Fields) -> bytes:
    """Give a short name of a state: a fleet's documents would not fit into memory."""
    return blake2b(canonical_text(fields).encode(), digest_size=16).digest()


@dataclass(slots=True)
class Memory:
    """One bucket's recent writes and fights, by control."""

    written: dict[str, Written] = field(default_factory=dict)
    fights: dict[str, Fight] = field(default_factory=dict)
    drifts: set[str] = field(default_factory=set)
    """Controls whose drift was found and told, and is not corrected yet."""
    actors: dict[str, str] = field(default_factory=dict)
    """Who changed a control last, where AWS told."""
    readings: dict[str, LastReading] = field(default_factory=dict)
    """What was last read of the documents that take turns."""
    asks_anew: bool = False
    """A person asked: in the next pass nothing that is remembered of the surroundings counts."""
    region: str | None = None
    """Where the bucket was found, so that the next pass need not look for it; None before it was."""

    @property
    def oldest_wanted(self) -> float:
        """Seconds for which what is remembered of the surroundings counts in this pass."""
        return 0.0 if self.asks_anew else math.inf

    def is_watched(self, control: str) -> bool:
        """Tell whether a control's document must be read because of what was found or written there of late."""
        return control in self.written or control in self.drifts or control in self.fights

    # Writes

    def is_stale(
        self,
        control: str,
        seen: Fields,
        desired: Fields,
        now: Moment,
        pace: Pace,
        changed: ReportedChange | None = None,
    ) -> bool:
        """Tell whether a read may show no more than our own recent write not having arrived yet.

        It shows more where AWS told of a change that somebody made after that write; and where the write was seen to
        have arrived, and what was before it was seen once since.
        """
        written = self.written.get(control)
        if written is None or now.seconds - written.at.seconds >= pace.settling:
            return False
        if changed is not None and changed.at > written.at.wall - RESOLUTION:
            return False
        late = digest_of(seen) == written.before and not written.excused
        return late or self._in_vain(written, seen, desired)

    def is_dropped(self, control: str, seen: Fields, desired: Fields) -> bool:
        """Tell whether the server accepts this write and does not keep it, so that writing again is no use."""
        written = self.written.get(control)
        return written is not None and written.attempts >= ATTEMPTS and self._in_vain(written, seen, desired)

    def has_arrived(self, control: str, desired: Fields) -> bool:
        """Tell whether just this was written of late, and read as written."""
        written = self.written.get(control)
        return written is not None and written.attempts == 0 and digest_of(desired) == written.desired

    def note_write(
        self, control: str, before: Fields, after: Fields, desired: Fields, now: Moment, *, arrived: bool
    ) -> None:
        """Remember a write, what was read right after it, and whether that is what was wanted."""
        last = self.written.get(control)
        attempts = 0
        if not arrived:
            attempts = last.attempts + 1 if last is not None and self._in_vain(last, after, desired) else 1
        self.written[control] = Written(now, digest_of(before), digest_of(after), digest_of(desired), attempts)

    def note_in_sync(self, controls: Iterable[str]) -> None:
        """Take in which controls read as they should be: what was written of them has arrived, and no drift is left."""
        for control in controls:
            self.drifts.discard(control)
            if control in self.written:
                self.written[control] = replace(self.written[control], attempts=0)

    def excuse(self, control: str) -> None:
        """Take in that a read was taken for a late one; there is no second excuse for a write that had arrived."""
        written = self.written[control]
        self.written[control] = replace(written, excused=written.attempts == 0)

    def overrule(self, control: str) -> None:
        """Forget a write that somebody changed: it excuses nothing any more."""
        self.written.pop(control, None)

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

        What a server drops it will drop again, and who fights us is still there.
        """
        self.written = {control: each for control, each in self.written.items() if each.attempts}
        self.readings.clear()
        self.region = None

    @staticmethod
    def _in_vain(written: Written, seen: Fields, desired: Fields) -> bool:
        return written.attempts > 0 and digest_of(seen) == written.after and digest_of(desired) == written.desired

    # Fights

    def note_drift(self, control: str) -> None:
        """Remember that somebody changed a control, and that it is told."""
        self.drifts.add(control)
        self.overrule(control)

    def note_revert(self, control: str, now: Moment, pace: Pace) -> None:
        """Take in that a control was written: of one that somebody changed, or that is given up, it is a revert.

        One that is written once more, because the first write was not seen to arrive, is none.
        """
        if control not in self.drifts and not self.is_lost(control):
            return
        self.drifts.discard(control)
        fight = self.fights.setdefault(control, Fight())
        fight.times = [each for each in fight.times if now.seconds - each <= pace.fight_window] + [now.seconds]
        fight.lost = fight.lost or len(fight.times) >= pace.fights
        fight.asked = False

    def is_lost(self, control: str) -> bool:
        """Tell whether a control is given up, so that whatever is done about it is a try."""
        fight = self.fights.get(control)
        return fight is not None and fight.lost

    def is_contended(self, control: str, now: Moment, pace: Pace) -> bool:
        """Tell whether a control is left alone: it is given up, and the next try is not due."""
        fight = self.fights.get(control)
        if fight is None or not fight.lost or fight.asked:
            return False
        return now.seconds - fight.times[-1] < pace.fight_window

    def forgive(self) -> None:
        """Try again and read everything: a person asked for it. What was given up is tried once."""
        self.fights = {control: each for control, each in self.fights.items() if each.lost}
        for each in self.fights.values():
            each.asked = True
        self.written.clear()
        self.readings.clear()
        self.asks_anew = True

    # Forgetting

    def prune(self, now: Moment, pace: Pace) -> None:
        """Drop writes that arrived and have settled, and fights that are long past."""
        for control, written in list(self.written.items()):
            if written.attempts == 0 and now.seconds - written.at.seconds >= pace.settling:
                del self.written[control]
        for control, fight in list(self.fights.items()):
            if now.seconds - fight.times[-1] > pace.fight_window:
                del self.fights[control]
        self.actors = {control: actor for control, actor in self.actors.items() if control in self.fights}

    def is_blank(self) -> bool:
        """Tell whether there is nothing to remember."""
        return not (self.written or self.fights or self.drifts or self.readings or self.region is not None)
