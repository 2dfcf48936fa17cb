"""Which differences are drift, which are our own write not seen yet, and which are a fight. Pure but for the memory."""

from dataclasses import dataclass

from securebucket.api.spec import Mode
from securebucket.api.status import ControlState
from securebucket.engine.effective import Effective, document_of
from securebucket.engine.memory import Memory, Pace
from securebucket.engine.plan import Planned
from securebucket.engine.request import PassRequest
from securebucket.model.document import fields_of


@dataclass(frozen=True, slots=True)
class Settlement:
    """The differences of one pass, sorted.

    Args:
        drifted: controls that were in sync with this very spec before and are not any more: somebody changed them.
        stale: controls that show just what was there before our own recent write.
        restoring: drifted now or before, and not put back yet; what is put back was in force with this very spec, so it
            needs no approval a second time.
        dropped: controls of which the server keeps only a part of what it accepts; writing again is no use.
        contended: controls that were changed back too often; they are left alone for a while.
    """

    drifted: frozenset[str]
    restoring: frozenset[str]
    stale: frozenset[str]
    dropped: frozenset[str]
    contended: frozenset[str]

    def due(self, planned: Planned) -> Planned:
        """Take out what is left alone in this pass."""
        left_alone = self.stale | self.dropped | self.contended
        kept = {name: change for name, change in planned.changes.items() if name not in left_alone}
        return Planned(kept, planned.refused)


def settle(request: PassRequest, effective: Effective, planned: Planned, memory: Memory, pace: Pace) -> Settlement:
    """Sort the differences by where they come from."""
    due = {**planned.changes, **{name: refused.change for name, refused in planned.refused.items()}}
    unmanaged = effective.spec.unmanaged
    flat = {
        name: (fields_of(change.observed), fields_of(change.desired))
        for name, change in due.items()
        if name not in unmanaged
    }
    dropped = frozenset(name for name, (seen, desired) in flat.items() if memory.is_dropped(name, seen, desired))
    stale = frozenset(
        name
        for name, (seen, desired) in flat.items()
        if name not in dropped and memory.is_stale(name, seen, desired, request.now, pace)
    )
    before = {each.name: each.state for each in request.status.controls}
    same_wish = request.status.observed_generation == request.generation and request.status.effective == document_of(
        effective
    )
    was_in_sync = {ControlState.IN_SYNC, ControlState.CORRECTED}
    drifted = frozenset(
        name
        for name in due
        if same_wish and name not in stale | dropped and name not in unmanaged and before.get(name) in was_in_sync
    )
    memory.restoring = ((memory.restoring if same_wish else set()) | drifted) & set(due)
    enforcing = effective.mode is Mode.ENFORCE and not request.read_only
    contended = frozenset(
        name for name in due if enforcing and name not in stale and memory.is_contended(name, request.now, pace)
    )
    return Settlement(drifted, frozenset(memory.restoring), stale, dropped, contended)
