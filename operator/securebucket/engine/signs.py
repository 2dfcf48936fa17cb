"""What each difference is a sign of: drift, our own write not seen yet, a fight, a rollout. Pure but for the memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from securebucket.api.status import ControlState, ControlStatus
from securebucket.engine.effective import document_of
from securebucket.engine.memory import Memory, Moment, Pace
from securebucket.engine.outcome import Change
from securebucket.engine.task import Task
from securebucket.model.document import fields_of

WAS_IN_SYNC = frozenset({ControlState.IN_SYNC, ControlState.CORRECTED})


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of one difference.

    Args:
        drifted: it was in sync with this very spec before, and is not any more: somebody changed it.
        restoring: drifted now or before, and not corrected yet; it was in force with this very spec, so its correction
            needs no approval a second time.
        stale: it shows just what was there before our own recent write.
        dropped: the server keeps only a part of what it accepts; writing again is no use.
        contended: it was changed back too often; it is left alone for a while.
        rolled_out: due because the profile or the release wants something new of an object that did not change itself.
    """

    drifted: bool = False
    restoring: bool = False
    stale: bool = False
    dropped: bool = False
    contended: bool = False
    rolled_out: bool = False


def read_signs(task: Task, changes: Iterable[Change], memory: Memory, now: Moment, pace: Pace) -> Mapping[str, Signs]:
    """Say of every change where its difference comes from; of an unmanaged control nobody asks."""
    unmanaged, wishes = task.effective.spec.unmanaged, Wishes.of(task)
    return {
        change.control: Signs() if change.control in unmanaged else _signs(task, change, memory, now, pace, wishes)
        for change in changes
    }


ALSO_WANTED = {"policy": ("demands",)}
"""What a control's document is made from besides its block, as `status.effective` names it."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was wanted of the bucket in the pass before, what is wanted now, and what was seen of it, by the status.

    Args:
        same_object: the spec is the one of the pass before.
        before: what was in force then, by control.
        now: what is in force.
        controls: where each control stood.
    """

    same_object: bool
    before: Mapping[str, Any]
    now: Mapping[str, Any]
    controls: Mapping[str, ControlStatus]

    @classmethod
    def of(cls, task: Task) -> "Wishes":
        """Compare a task with the status."""
        status = task.request.status
        return cls(
            same_object=status.observed_generation == task.request.generation,
            before=status.effective or {},
            now=document_of(task.effective),
            controls={each.name: each for each in status.controls},
        )

    def same(self, control: str) -> bool:
        """Tell whether this very block was in force before, of an object that did not change since."""
        alike = all(self.before.get(name) == self.now.get(name) for name in (control, *ALSO_WANTED.get(control, ())))
        return self.same_object and bool(self.before) and alike

    def is_asked(self, control: str) -> bool:
        """Tell whether other buckets ask for something else than before, and nobody else does."""
        alike = all(self.before.get(name) == self.now.get(name) for name in (control, "mode", "profile"))
        return alike and not self.same(control)

    def state(self, control: str) -> ControlState | None:
        """Say where a control stood; None where the status does not know it."""
        known = self.controls.get(control)
        return known.state if known is not None else None

    def were_met(self, control: str) -> bool:
        """Tell whether the bucket had what is wanted now, in the pass before or when it was last seen as it should be.

        So it is corrected without a second approval; and it is the status that says so, which survives a restart.
        """
        known = self.controls.get(control)
        return known is not None and self.same(control) and (known.state in WAS_IN_SYNC or bool(known.in_force))


def _signs(task: Task, change: Change, memory: Memory, now: Moment, pace: Pace, wishes: Wishes) -> Signs:
    name, reported = change.control, task.request.changes.get(change.control)
    seen, desired = fields_of(change.observed), fields_of(change.desired)
    met, contended = wishes.were_met(name), memory.is_contended(name, now, pace)
    if memory.is_dropped(name, seen, desired):
        return Signs(dropped=True, restoring=met, contended=contended)
    if memory.is_stale(name, seen, desired, now, pace, reported):
        memory.excuse(name)
        return Signs(stale=True, restoring=met, contended=contended)
    if reported is not None:
        memory.actors[name] = reported.actor
    unknown = wishes.state(name) is ControlState.UNKNOWN and met and name not in memory.drifts
    fresh = wishes.state(name) in WAS_IN_SYNC or unknown
    drifted = wishes.same(name) and (fresh or memory.has_arrived(name, desired))
    if drifted:
        memory.note_drift(name)
    # A profile that goes from Observe to Enforce wants the same as before, and writes to all its buckets at once.
    wanted_before = wishes.same(name) if wishes.before.get("mode") == wishes.now["mode"] else drifted
    return Signs(
        drifted=drifted,
        restoring=drifted or met,
        contended=contended,
        rolled_out=wishes.same_object and bool(wishes.before) and not wanted_before and not wishes.is_asked(name),
    )
