"""Where every control stands at the end of a pass. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from securebucket.api.status import ControlState
from securebucket.engine.application import Applied
from securebucket.engine.effective import Effective
from securebucket.engine.outcome import Change, ControlOutcome
from securebucket.engine.plan import Permitted, Planned
from securebucket.engine.settlement import Settlement
from securebucket.model.control import Context, Control
from securebucket.model.failure import Failure
from securebucket.model.observation import Unsupported
from securebucket.model.reported_change import ReportedChange

PASSING = frozenset({"Settling", "Waiting", "NotLeading"})
"""Reasons of failures that are no fault: the change is under way, or its turn has not come."""


@dataclass(frozen=True, slots=True)
class Progress:
    """All that a pass has found and done, before it is told.

    Args:
        context: with the last observations.
        effective: what is in force.
        planned: what was due.
        settlement: which of it is drift, stale or contended.
        permitted: which of it may be done.
        applied: what was done.
        changes: what AWS told of, by control.
    """

    context: Context
    effective: Effective
    planned: Planned
    settlement: Settlement
    permitted: Permitted
    applied: Mapping[str, Applied]
    changes: Mapping[str, ReportedChange] = field(default_factory=dict)


def standings(progress: Progress, controls: Iterable[Control[Any]]) -> tuple[ControlOutcome, ...]:
    """Say where every control stands, in the registry's order."""
    found = (_standing(progress, control) for control in controls)
    return tuple(replace(each, change=progress.changes.get(each.name)) if each.drifted else each for each in found)


def _standing(progress: Progress, control: Control[Any]) -> ControlOutcome:
    name = control.name
    seen = progress.context.observed[name]
    if isinstance(seen, Failure):
        return ControlOutcome(name, ControlState.UNKNOWN, seen, seen.reason, seen.message, retry=seen.retry)
    if isinstance(seen, Unsupported):
        return _unsupported(progress, ControlOutcome(name, ControlState.UNSUPPORTED, seen, message=seen.message))
    kept = control.kept(progress.context, seen)
    applied = progress.applied.get(name)
    if applied is not None:
        return _after_trying(applied, progress.settlement, kept)
    refused = progress.planned.refused.get(name)
    change = refused.change if refused else progress.planned.changes.get(name)
    unmanaged = name in progress.context.spec.unmanaged
    if change is None:
        state = ControlState.UNMANAGED if unmanaged else ControlState.IN_SYNC
        return ControlOutcome(name, state, seen, kept=kept)
    result = ControlOutcome(
        name,
        ControlState.DRIFTED,
        seen,
        reason="Differs",
        message=f"{listed(change)} {_verb(change, 'differs', 'differ')}",
        differences=change.differences,
        drifted=name in progress.settlement.drifted,
        kept=kept,
    )
    if unmanaged:
        return replace(result, state=ControlState.UNMANAGED, reason="Unmanaged")
    if refused:
        failure = refused.failure
        return replace(
            result, state=ControlState.FAILED, reason=failure.reason, message=failure.message, retry=failure.retry
        )
    return _not_made(progress, change, result)


def _not_made(progress: Progress, change: Change, result: ControlOutcome) -> ControlOutcome:
    """Say why a change that is due was not tried."""
    name, permitted = change.control, progress.permitted
    if name in progress.settlement.stale:
        message = "written a moment ago, and not read back yet; it is read again"
        return replace(result, state=ControlState.PENDING, reason="Settling", message=message, retry=True)
    if name in progress.settlement.dropped:
        message = f"the server accepts {listed(change)} and does not keep it."
        return _unsupported(progress, replace(result, state=ControlState.UNSUPPORTED, message=message))
    if name in progress.settlement.contended:
        message = f"somebody keeps changing {listed(change)}; it is left alone for a while. Find out who does it"
        return replace(result, reason="Contended", message=message)
    if name in permitted.held:
        message = (
            f"{listed(change)} would change because of a new profile or release, and so would too many other buckets"
            " within an hour. Allow it: annotate the BucketProfile with securebucket.io/approve-rollout: <generation>,"
            " or start the operator with --approve-rollout"
        )
        return replace(result, state=ControlState.PENDING, reason="RolloutHeld", message=message)
    if any(each.control == name for each in permitted.waiting) and permitted.proposal is not None:
        message = (
            f"{listed(change)} {_verb(change, 'waits', 'wait')} for approval (risk: {change.risk}); annotate the object"
            f" with securebucket.io/approve: {permitted.proposal.hash}"
        )
        return replace(result, state=ControlState.PENDING, reason="ApprovalRequired", message=message)
    return result


def _unsupported(progress: Progress, result: ControlOutcome) -> ControlOutcome:
    """Say what to do about a control that the server lacks, if somebody wants it; a bare default is only left out."""
    name = result.name
    if name not in progress.effective.declared or name in progress.context.spec.unmanaged:
        return replace(result, reason="Unsupported")
    message = f"{result.message} Declare what it knows, or add {name} to spec.unmanaged."
    return replace(result, reason="DeclaredButUnsupported", message=message)


def _after_trying(applied: Applied, settlement: Settlement, kept: tuple[str, ...]) -> ControlOutcome:
    name = applied.change.control
    # Also where an earlier pass found the drift and could not put it back: the correction has to be told once.
    corrected = name in settlement.restoring
    done = ControlOutcome(
        name=name,
        state=ControlState.CORRECTED if corrected else ControlState.IN_SYNC,
        observation=applied.observation,
        differences=applied.change.differences,
        drifted=name in settlement.drifted,
        applied=applied.made,
        kept=kept,
    )
    failure = applied.failure
    if failure is None:
        return done
    state = ControlState.PENDING if failure.reason in PASSING else ControlState.FAILED
    return replace(done, state=state, reason=failure.reason, message=failure.message, retry=failure.retry)


def _verb(change: Change, one: str, several: str) -> str:
    return one if len(change.differences) == 1 else several


def listed(change: Change) -> str:
    """Name the fields that differ."""
    return ", ".join(each.field for each in change.differences)
