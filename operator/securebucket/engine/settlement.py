"""Which differences are drift, which are our own write not seen yet, and which are a fight. Pure but for the memory."""

from dataclasses import dataclass

from securebucket.api.spec import Mode
from securebucket.api.status import ControlState
from securebucket.engine.effective import Effective, document_of
from securebucket.engine.memory import Memory, Pace
from securebucket.engine.plan import Planned
from securebucket.engine.request import PassRequest
from securebucket.model.document import fields_of

NONE: frozenset[str] = frozenset()
WAS_IN_SYNC = frozenset({ControlState.IN_SYNC, ControlState.CORRECTED})


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
        rolled_out: due because the profile or the release wants something new of an object that did not change itself.
    """

    drifted: frozenset[str]
    restoring: frozenset[str]
    stale: frozenset[str]
    dropped: frozenset[str]
    contended: frozenset[str]
    rolled_out: frozenset[str]

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
        if name not in dropped and memory.is_stale(name, seen, desired, request.now, pace, request.changes.get(name))
    )
    before = {each.name: each.state for each in request.status.controls}
    same_object = request.status.observed_generation == request.generation
    wished, wishes = request.status.effective or {}, document_of(effective)
    same_wish = {name for name in due if same_object and wished.get(name) == wishes.get(name)}
    mine = frozenset(due) - stale - dropped - frozenset(unmanaged)
    drifted = frozenset(name for name in mine & same_wish if before.get(name) in WAS_IN_SYNC)
    memory.actors |= {name: request.changes[name].actor for name in mine & set(request.changes)}
    memory.restoring = (memory.restoring & same_wish) | drifted
    enforcing = effective.mode is Mode.ENFORCE and not request.read_only
    contended = frozenset(
        name for name in due if enforcing and name not in stale and memory.is_contended(name, request.now, pace)
    )
    # A profile that goes from Observe to Enforce wants the same as before, and writes to all its buckets at once.
    before_rollout = same_wish if wished.get("mode") == wishes["mode"] else drifted
    rolled_out = mine - before_rollout if same_object and wished else NONE
    return Settlement(drifted, frozenset(memory.restoring), stale, dropped, contended, rolled_out)
