"""From what is and what should be to changes, as plain data; and from changes to what may be done. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from securebucket.api.spec import Mode
from securebucket.engine.outcome import Change, Difference, Proposal, Step
from securebucket.model.call import Call
from securebucket.model.control import Context, Control
from securebucket.model.document import Json, canonical_text, fields_of
from securebucket.model.failure import Failure
from securebucket.model.observation import readable
from securebucket.model.risk import Risk
from securebucket.model.understanding import refusal as not_understood


@dataclass(frozen=True, slots=True)
class Refused:
    """A change that must not be sent, and why; what differs is still told."""

    change: Change
    failure: Failure


@dataclass(frozen=True, slots=True)
class Planned:
    """What all controls would do.

    Args:
        changes: by control, in the registry's order; a control without a difference is not in it.
        refused: changes that a control itself refuses to make.
    """

    changes: Mapping[str, Change]
    refused: Mapping[str, Refused]

    def on_an_empty_bucket(self) -> "Planned":
        """Take out the risks that a bucket made just now cannot run: it holds no data and gives nobody access."""
        gone = {Risk.DATA_LOSS, Risk.LOCKOUT}
        changes = {
            name: replace(change, risk=Risk.NONE) if change.risk in gone else change
            for name, change in self.changes.items()
        }
        return Planned(changes, self.refused)


def differences(observed: Any, desired: Any) -> tuple[Difference, ...]:
    """Compare two states of one control, field by field and entry by entry."""
    if observed == desired:
        return ()
    before, after = fields_of(observed), fields_of(desired)
    fields = [*before, *(field for field in after if field not in before)]
    return tuple(
        Difference(field, before.get(field), after.get(field))
        for field in fields
        if before.get(field) != after.get(field) or (field in before) != (field in after)
    )


def make_plan(context: Context, controls: Iterable[Control[Any]]) -> Planned:
    """Ask every readable control for its desired state, and for the calls where that differs."""
    changes: dict[str, Change] = {}
    refused: dict[str, Refused] = {}
    for control in controls:
        observed = context.observed.get(control.name)
        if observed is None or not readable(observed):
            continue
        desired = control.desired(context, observed)
        found = differences(observed, desired)
        if not found:
            continue
        failure = not_understood(control.name, desired) or control.refuse(context, observed, desired)
        calls = control.calls(context, observed, desired) if failure is None else ()
        change = Change(control.name, found, calls, control.risk(context, observed, desired), observed, desired)
        if failure is None:
            changes[control.name] = change
        else:
            refused[control.name] = Refused(change, failure)
    return Planned(changes, refused)


def propose(owner: str, changes: Iterable[Change], *, creation: Call | None = None) -> Proposal | None:
    """Write changes down as steps under a hash that approves exactly them; None when there is nothing to do."""
    steps = [
        Step(
            change.control,
            each.field,
            each.observed,
            each.desired,
            change.risk,
            ", ".join(call.api for call in change.calls),
        )
        for change in changes
        for each in change.differences
    ]
    if creation is not None:
        steps.insert(0, Step("bucket", "exists", observed=False, desired=True, risk=Risk.NONE, call=creation.api))
    if not steps:
        return None
    lines: list[Json] = [
        [each.control, each.field, each.observed, each.desired, each.risk, each.call] for each in steps
    ]
    digest = hashlib.sha256(canonical_text([owner, lines]).encode()).hexdigest()
    return Proposal(hash=digest[:16], steps=tuple(steps))


@dataclass(frozen=True, slots=True)
class Permitted:
    """Which changes may be made now.

    Args:
        allowed: to make, in order.
        waiting: they wait for the approval of `proposal`.
        only_seen: mode Observe, a paused object, or an unmanaged control: told, never made.
        proposal: what to approve; None when nothing waits.
        held: the fleet's guard holds them until a person allows the rollout.
        approved: a person said yes to just these changes.
    """

    allowed: tuple[Change, ...]
    waiting: tuple[Change, ...]
    only_seen: tuple[Change, ...]
    proposal: Proposal | None
    held: frozenset[str] = frozenset()
    approved: bool = False

    def without(self, held: frozenset[str]) -> "Permitted":
        """Take changes back that the guard of the fleet holds."""
        allowed = tuple(change for change in self.allowed if change.control not in held)
        return replace(self, allowed=allowed, held=held & {change.control for change in self.allowed})


def permit(
    planned: Planned,
    *,
    owner: str,
    mode: Mode,
    approved: str,
    permitted: frozenset[Risk],
    restoring: frozenset[str],
    unmanaged: frozenset[str],
    read_only: bool,
) -> Permitted:
    """Drop what may not be done: by mode, by risk without approval, by the user's own list of unmanaged controls.

    Args:
        planned: what is due.
        owner: part of what an approval names.
        mode: the mode in force.
        approved: the hash that was approved, of what waits or of the whole plan; empty for none.
        permitted: risks that need no approval.
        restoring: controls that are only put back to what was in force with this very spec: approved once is enough.
        unmanaged: controls that are never written.
        read_only: nothing is written at all.
    """
    managed = [change for change in planned.changes.values() if change.control not in unmanaged]
    unmanaged_changes = tuple(change for change in planned.changes.values() if change.control in unmanaged)
    if mode is Mode.OBSERVE or read_only:
        proposal = propose(owner, managed) if read_only else None
        return Permitted((), (), (*managed, *unmanaged_changes), proposal)
    if mode is Mode.PLAN:
        waiting = managed
    else:
        waiting = [
            change
            for change in managed
            if change.risk is not Risk.NONE and change.risk not in permitted and change.control not in restoring
        ]
    proposal = propose(owner, waiting)
    whole = propose(owner, managed)
    # The hash of the whole plan is what `securebucket plan` and a paused object show: it names what waits, and more.
    if proposal is not None and whole is not None and approved in {proposal.hash, whole.hash}:
        return Permitted(tuple(managed), (), unmanaged_changes, None, approved=True)
    names = {change.control for change in waiting}
    allowed = tuple(change for change in managed if change.control not in names)
    return Permitted(allowed, tuple(waiting), unmanaged_changes, proposal)
