"""Where every control stands at the end of a pass. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from securebucket.api.status import ControlState
from securebucket.engine.application import NOT_KEPT, Applied
from securebucket.engine.first_sight import Sight, kept_as_found
from securebucket.engine.outcome import Change, ControlOutcome, Decision, Fate, Proposal
from securebucket.model.control import Context, Control
from securebucket.model.observation import Unsupported, is_unread
from securebucket.model.reported_change import ReportedChange

TRANSIENT = frozenset({"Settling", "Waiting", "NotLeading"})
"""Reasons of failures that are no fault: the change is under way, or its turn has not come."""
NO_BLOCK_KEEPS_IT = (
    "found by this release, and not by the one before; it is too large to keep, or nothing that can be declared, so it"
    " is left alone until it is declared otherwise"
)
NOT_SEEN_YET = "An older release did not ask for it; nothing else depends on it, and what is found then is kept."


@dataclass(frozen=True, slots=True)
class Progress:
    """All that a pass has found and done, before it is told.

    Args:
        context: with the last observations.
        declared: controls that the object or its profile names.
        decisions: what becomes of each change.
        proposal: what waits for an approval.
        applied: what was done, by control.
        changes: what AWS told of, by control.
        were_met: controls that cannot be read now, and had what is wanted when they could.
        sight: what is kept as it was found.
    """

    context: Context
    declared: frozenset[str]
    decisions: tuple[Decision, ...] = ()
    proposal: Proposal | None = None
    applied: Mapping[str, Applied] = field(default_factory=dict)
    changes: Mapping[str, ReportedChange] = field(default_factory=dict)
    were_met: frozenset[str] = frozenset()
    sight: Sight = field(default_factory=Sight)


def standings(progress: Progress, controls: Iterable[Control[Any]]) -> tuple[ControlOutcome, ...]:
    """Say where every control stands, in the registry's order."""
    decisions = {each.change.control: each for each in progress.decisions}
    found = (_standing(progress, control, decisions.get(control.name)) for control in controls)
    return tuple(replace(each, change=progress.changes.get(each.name)) if each.drifted else each for each in found)


def _standing(progress: Progress, control: Control[Any], decision: Decision | None) -> ControlOutcome:
    name = control.name
    seen = progress.context.observed[name]
    if is_unread(seen):
        met, unsighted = name in progress.were_met, control.keeps_found and name not in progress.sight.found
        message = f"{seen.message} {NOT_SEEN_YET}" if unsighted else seen.message
        return ControlOutcome(
            name,
            ControlState.UNKNOWN,
            seen,
            seen.reason,
            message,
            retry=seen.retry,
            in_force=met,
            unsighted=unsighted,
        )
    if isinstance(seen, Unsupported):
        return _unsupported(progress, ControlOutcome(name, ControlState.UNSUPPORTED, seen, message=seen.message))
    kept = control.kept(progress.context, seen) + kept_as_found(control, progress.context, seen, progress.sight)
    if decision is None:
        state = ControlState.UNMANAGED if name in progress.context.spec.unmanaged else ControlState.IN_SYNC
        return ControlOutcome(name, state, seen, kept=kept)
    told = ControlOutcome(
        name,
        ControlState.DRIFTED,
        seen,
        differences=decision.change.differences,
        drifted=decision.drifted,
        kept=kept,
        fate=decision.fate,
        in_force=decision.restoring,
    )
    if decision.fate is Fate.MADE:
        return _after_trying(progress, decision, progress.applied[name], told)
    return _left(progress, decision, told)


def _left(progress: Progress, decision: Decision, told: ControlOutcome) -> ControlOutcome:
    """Say why a change was not tried."""
    change = decision.change
    match decision.fate:
        case Fate.REFUSED if change.refusal is not None:
            refusal = change.refusal
            return replace(
                told, state=ControlState.FAILED, reason=refusal.reason, message=refusal.message, retry=refusal.retry
            )
        case Fate.DROPPED:
            message = f"the server accepts {listed(change)} and does not keep it."
            return _unsupported(progress, replace(told, state=ControlState.UNSUPPORTED, message=message))
        case Fate.CONTENDED:
            keeps = _verb(change, "keeps", "keep")
            message = f"{listed(change)} {keeps} being changed back; correction is paused. Find out who changes it."
            return replace(told, reason="Contended", message=message)
        case Fate.SETTLING:
            message = "written a moment ago, and not read back yet; it is read again"
            return replace(told, state=ControlState.PENDING, reason="Settling", message=message, retry=True)
        case Fate.HELD:
            message = (
                "Held: this profile or release would change more buckets this hour than the rollout limit allows"
                f" (here: {listed(change)}). Allow it: annotate the BucketProfile with"
                " securebucket.io/approve-rollout: <generation>, or start the operator with --approve-rollout"
            )
            return replace(told, state=ControlState.PENDING, reason="RolloutHeld", message=message)
        case Fate.WAITING if progress.proposal is not None:
            message = (
                f"{listed(change)} {_verb(change, 'waits', 'wait')} for approval (risk: {change.risk}); annotate the"
                f" object with securebucket.io/approve: {progress.proposal.hash}"
            )
            message = _warned(message, change)
            told = replace(told, state=ControlState.PENDING, reason="ApprovalRequired", message=message)
            told = replace(told, warning=change.warning)
            if decision.unseen is None:
                return told
            why = "The bucket is new, and would need no approval if it were seen to be empty, but:"
            why = f"{why} {decision.unseen.message}"
            return replace(told, message=f"{message}. {why}", unseen=why, retry=decision.unseen.retry)
        case fate:
            message = f"{listed(change)} {_verb(change, 'differs', 'differ')}"
            if change.control in progress.sight.left:
                return replace(told, state=ControlState.UNMANAGED, reason="Unmanaged", message=NO_BLOCK_KEEPS_IT)
            if fate is Fate.UNMANAGED:
                return replace(told, state=ControlState.UNMANAGED, reason="Unmanaged", message=message)
            return replace(told, reason="Differs", message=_warned(message, change), warning=change.warning)


def _warned(message: str, change: Change) -> str:
    return f"{message}. {change.warning}" if change.warning else message


def _unsupported(progress: Progress, result: ControlOutcome) -> ControlOutcome:
    """Say what to do about a control that the server lacks, if somebody wants it; a bare default is only left out."""
    name = result.name
    if name not in progress.declared or name in progress.context.spec.unmanaged:
        return replace(result, reason="Unsupported")
    message = f"{result.message} Declare what it knows, or add {name} to spec.unmanaged."
    return replace(result, reason="DeclaredButUnsupported", message=message)


def _after_trying(progress: Progress, decision: Decision, applied: Applied, told: ControlOutcome) -> ControlOutcome:
    # Also where an earlier pass found the drift and could not put it back: the correction has to be told once.
    state = ControlState.CORRECTED if decision.restoring else ControlState.IN_SYNC
    done = replace(told, state=state, observation=applied.observation, applied=applied.made)
    failure = applied.failure
    if failure is None:
        return replace(done, in_force=False)
    if failure.reason == NOT_KEPT:
        return _unsupported(progress, replace(done, state=ControlState.UNSUPPORTED, message=failure.message))
    state = ControlState.PENDING if failure.reason in TRANSIENT else ControlState.FAILED
    return replace(done, state=state, reason=failure.reason, message=failure.message, retry=failure.retry)


def _verb(change: Change, one: str, several: str) -> str:
    return one if len(change.differences) == 1 else several


def listed(change: Change) -> str:
    """Name the fields that differ."""
    return ", ".join(each.field for each in change.differences)
