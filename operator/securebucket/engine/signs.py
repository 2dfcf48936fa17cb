"""What each difference is a sign of: drift, our own write not seen yet, a fight, a rollout. Pure but for the memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from securebucket.api.status import ControlState
from securebucket.engine.effective import document_of
from securebucket.engine.memory import Memory, Pace
from securebucket.engine.outcome import Change
from securebucket.engine.task import Task
from securebucket.model.document import fields_of

WAS_IN_SYNC = frozenset({ControlState.IN_SYNC, ControlState.CORRECTED})


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of one difference.

    Args:
        drifted: it was in sync with this very spec before, and is not any more: somebody changed it.
        restoring: drifted now or before, and not put back yet; what is put back was in force with this very spec, so it
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


def read_signs(task: Task, changes: Iterable[Change], memory: Memory, pace: Pace) -> Mapping[str, Signs]:
    """Say of every change where its difference comes from; of an unmanaged control nobody asks."""
    unmanaged, wishes = task.effective.spec.unmanaged, _Wishes.of(task)
    signs = {
        change.control: Signs() if change.control in unmanaged else _signs(task, change, memory, pace, wishes)
        for change in changes
    }
    memory.restoring = {name for name, each in signs.items() if each.restoring}
    return signs


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What was wanted of the bucket in the pass before, and what is wanted now.

    Args:
        same_object: the spec is the one of the pass before.
    """

    same_object: bool
    before: Mapping[str, Any]
    now: Mapping[str, Any]

    @classmethod
    def of(cls, task: Task) -> "_Wishes":
        status = task.request.status
        same_object = status.observed_generation == task.request.generation
        return cls(same_object, status.effective or {}, document_of(task.effective))

    def same(self, control: str) -> bool:
        """Tell whether this very block was in force before, of an object that did not change since."""
        return self.same_object and self.before.get(control) == self.now.get(control)


def _signs(task: Task, change: Change, memory: Memory, pace: Pace, wishes: _Wishes) -> Signs:
    name, request = change.control, task.request
    seen, desired = fields_of(change.observed), fields_of(change.desired)
    reported = request.changes.get(name)
    contended = memory.is_contended(name, request.now, pace)
    if memory.is_dropped(name, seen, desired):
        return Signs(dropped=True, restoring=wishes.same(name) and name in memory.restoring, contended=contended)
    if memory.is_stale(name, seen, desired, request.now, pace, reported):
        return Signs(stale=True, restoring=wishes.same(name) and name in memory.restoring)
    if reported is not None:
        memory.actors[name] = reported.actor
    before = {each.name: each.state for each in request.status.controls}
    same = wishes.same(name)
    drifted = same and before.get(name) in WAS_IN_SYNC
    # A profile that goes from Observe to Enforce wants the same as before, and writes to all its buckets at once.
    wanted_before = same if wishes.before.get("mode") == wishes.now["mode"] else drifted
    return Signs(
        drifted=drifted,
        restoring=drifted or (same and name in memory.restoring),
        contended=contended,
        rolled_out=wishes.same_object and bool(wishes.before) and not wanted_before,
    )
