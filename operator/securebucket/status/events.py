"""Which Events an outcome is worth, or a change of an exception's status. Pure; the recorder drops repetitions."""

from dataclasses import dataclass
from typing import Literal

from securebucket.api.bucket_exception import BucketExceptionStatus, ExceptionCondition
from securebucket.api.status import ControlState, SecureBucketStatus
from securebucket.engine.outcome import ControlOutcome, Outcome
from securebucket.status.conditions import conditions_of

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One thing worth telling about an object.

    Args:
        type: `Normal` or `Warning`.
        reason: CamelCase, e.g. `DriftCorrected`.
        action: what the operator did, CamelCase, e.g. `Correct`.
        message: for people, at most 1,024 characters.
    """

    type: Literal["Normal", "Warning"]
    reason: str
    action: str
    message: str


def build(previous: SecureBucketStatus, outcome: Outcome) -> tuple[EventRecord, ...]:
    """Return the Events of a pass: what was created, corrected, found, refused, and when the object became ready."""
    events: list[EventRecord] = []
    if outcome.created and outcome.bucket:
        text = f"created bucket {outcome.bucket.name} in {outcome.bucket.region}"
        events.append(EventRecord("Normal", "BucketCreated", "Create", text))
    for control in outcome.controls:
        events.extend(_of_control(control))
    if outcome.failure is not None:
        events.append(EventRecord("Warning", outcome.failure.reason, "Reconcile", outcome.failure.message[:LONGEST]))
    if outcome.proposal is not None and not outcome.paused:
        digest = outcome.proposal.hash
        if previous.plan is None or previous.plan.hash != digest:
            text = f"{len(outcome.proposal.steps)} steps in status.plan wait for securebucket.io/approve: {digest}"
            events.append(EventRecord("Normal", "ApprovalRequired", "Plan", text))
    was_ready = any(each.type == "Ready" and each.status == "True" for each in previous.conditions)
    ready = next(each for each in conditions_of(outcome) if each.type == "Ready")
    if ready.status == "True" and not was_ready:
        events.append(EventRecord("Normal", "Ready", "Verify", f"the bucket is {ready.message}"))
    return tuple(events)


def build_for_exception(previous: BucketExceptionStatus, status: BucketExceptionStatus) -> tuple[EventRecord, ...]:
    """Return the Events of a change: in force, ending in seven days or in one, ended, or not in force."""
    before = {each.type: (each.status, each.reason) for each in previous.conditions}
    return tuple(
        _of_condition(each)
        for each in status.conditions
        if (each.status, each.reason) != before.get(each.type, ("", ""))
    )


def _of_control(control: ControlOutcome) -> list[EventRecord]:
    name = control.name[0].upper() + control.name[1:]
    fields = ", ".join(each.field for each in control.differences)
    who = (control.change.actor if control.change else "") or "somebody"
    if control.state is ControlState.CORRECTED:
        text = f"{control.name}: {who} changed {fields}; corrected by {', '.join(control.applied)}"
        return [EventRecord("Warning", f"{name}Corrected", "Correct", text[:LONGEST])]
    found: list[EventRecord] = []
    if control.drifted:
        text = f"{control.name}: {who} changed {fields}"
        found.append(EventRecord("Warning", f"{name}Drifted", "Observe", text[:LONGEST]))
    if control.state is ControlState.FAILED:
        text = f"{control.name}: {control.message}"
        found.append(EventRecord("Warning", control.reason, "Correct", text[:LONGEST]))
    if control.state is ControlState.IN_SYNC and control.applied:
        text = f"{control.name}: set {fields} by {', '.join(control.applied)}"
        found.append(EventRecord("Normal", f"{name}Applied", "Apply", text[:LONGEST]))
    return found


def _of_condition(condition: ExceptionCondition) -> EventRecord:
    if condition.type == "ExpiringSoon":
        return EventRecord("Warning", f"Expires{condition.reason}", "Remind", condition.message)
    if condition.status == "True":
        return EventRecord("Normal", condition.reason, "Accept", condition.message)
    return EventRecord("Warning", condition.reason, "Rearm", condition.message)
