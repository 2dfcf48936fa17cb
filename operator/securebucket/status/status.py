"""From an outcome and the status before it to the status after it. Pure; equal when nothing changed."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeVar

from securebucket.api.moment import in_utc
from securebucket.api.status import (
    BucketStatus,
    Compliance,
    Condition,
    ControlState,
    ControlStatus,
    Drift,
    FailingCheck,
    Plan,
    PlanStep,
    SecureBucketStatus,
)
from securebucket.compliance.scoring import score
from securebucket.engine.effective import document_of
from securebucket.engine.outcome import ControlOutcome, Outcome
from securebucket.model.bucket import Origin
from securebucket.model.document import Json, canonical_text
from securebucket.model.verdict import Result
from securebucket.status.conditions import Stated, conditions_of

LONGEST_VALUE = 1024
LONGEST_MESSAGE = 2048

C = TypeVar("C", bound=Condition)


def build(previous: SecureBucketStatus, outcome: Outcome, *, generation: int, reconcile_at: str) -> SecureBucketStatus:
    """Return the status after a pass.

    What the pass did not reach keeps its last known value: an outage must not empty the status.

    Args:
        previous: the status that the pass began with.
        outcome: what the pass found and did.
        generation: the generation that the pass saw.
        reconcile_at: value of the annotation `securebucket.io/reconcile-at`; empty when absent.
    """
    now, stated = in_utc(outcome.at), conditions_of(outcome)
    reached = outcome.failure is None and not outcome.missing
    status = SecureBucketStatus(
        observed_generation=generation,
        last_handled_reconcile_at=reconcile_at or previous.last_handled_reconcile_at,
        conditions=dated(Condition, previous.conditions, stated, generation, now),
        bucket=_bucket(outcome, stated) or previous.bucket,
        controls=tuple(map(_control, outcome.controls)) if reached else previous.controls,
        found=(dict(outcome.found) or None) if reached else previous.found,
        plan=_plan(outcome) if outcome.failure is None else previous.plan,
        compliance=_compliance(outcome) if reached else previous.compliance,
        drift=_drift(previous, outcome, now),
        effective=_effective(previous, outcome, generation),
        last_verified_at=previous.last_verified_at,
        oldest_reading_at=previous.oldest_reading_at,
    )
    if reached and status != previous:
        oldest = in_utc(outcome.at - dt.timedelta(seconds=outcome.oldest))
        status = status.model_copy(update={"last_verified_at": now, "oldest_reading_at": oldest})
    return status


def dated(
    kind: type[C], previous: Iterable[Condition], stated: Iterable[Stated], generation: int, now: str
) -> tuple[C, ...]:
    """Give conditions their time: one whose status is what it was keeps the time since which it is."""
    before = {each.type: each for each in previous}
    return tuple(
        kind.model_validate(
            {
                "type": each.type,
                "status": each.status,
                "observedGeneration": generation,
                "lastTransitionTime": old.last_transition_time if old and old.status == each.status else now,
                "reason": each.reason,
                "message": each.message[:LONGEST_MESSAGE],
            }
        )
        for each in stated
        for old in (before.get(each.type),)
    )


def _effective(previous: SecureBucketStatus, outcome: Outcome, generation: int) -> dict[str, Any] | None:
    """Write what is in force down only with the states of the controls that it led to.

    Otherwise a spec that changed during an outage would be found at its end as if somebody had changed the bucket, or
    as if a profile had changed.
    """
    held = any(each.reason == "RolloutHeld" for each in outcome.controls)
    if outcome.failure is not None and previous.controls and generation != previous.observed_generation:
        return None
    if outcome.effective is None or held or (outcome.failure is not None and previous.controls):
        return previous.effective
    return document_of(outcome.effective)


def _bucket(outcome: Outcome, stated: Iterable[Stated]) -> BucketStatus | None:
    bucket = outcome.bucket
    if bucket is None:
        return None
    ready = any(each.type == "Ready" and each.status == "True" for each in stated)
    return BucketStatus(
        name=bucket.name,
        arn=bucket.arn,
        region=bucket.region,
        account_id=bucket.account_id,
        created_by_operator=bucket.origin is Origin.CREATED,
        never_ready=True if outcome.new and not ready else None,
    )


def _control(control: ControlOutcome) -> ControlStatus:
    message = control.message
    if control.state is ControlState.CORRECTED:
        message = f"corrected: {', '.join(each.field for each in control.differences)}"
    if control.kept:
        kept = f"kept entries of others: {', '.join(control.kept)}"
        message = f"{message}; {kept}" if message else kept
    return ControlStatus(
        name=control.name,
        state=control.state,
        message=message[:LONGEST_MESSAGE] or None,
        in_force=control.in_force or None,
    )


def short(value: Json) -> str:
    """Write a value as JSON, cut where it is too long to read."""
    text = canonical_text(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}… ({len(text)} characters)"


def _plan(outcome: Outcome) -> Plan | None:
    if outcome.proposal is None:
        return None
    steps = tuple(
        PlanStep.model_validate(
            {
                "control": step.control,
                "field": step.field,
                "from": short(step.observed),
                "to": short(step.desired),
                "risk": step.risk.value,
                "call": step.call,
            }
        )
        for step in outcome.proposal.steps[:500]
    )
    return Plan(hash=outcome.proposal.hash, steps=steps)


def _compliance(outcome: Outcome) -> Compliance:
    counted = score(each.verdict.result for each in outcome.verdicts)
    failing = sorted(
        (each for each in outcome.verdicts if each.verdict.result is Result.FAIL),
        key=lambda each: (each.check.severity.rank, each.check.id),
    )
    return Compliance(
        passed=counted.counts.get(Result.PASS, 0),
        failed=counted.counts.get(Result.FAIL, 0),
        excepted=counted.counts.get(Result.EXCEPTED, 0),
        not_applicable=counted.counts.get(Result.NOT_APPLICABLE, 0),
        unknown=counted.counts.get(Result.UNKNOWN, 0),
        score=counted.percent or 0,
        failing=tuple(
            FailingCheck.model_validate(
                {
                    "check": each.check.id,
                    "severity": each.check.severity.value,
                    "message": f"{each.verdict.because}. {each.check.remediation}"[:1024],
                }
            )
            for each in failing
        ),
    )


def _actor(found: list[ControlOutcome]) -> str | None:
    """Name who made the last of the changes that were found; None where AWS did not tell."""
    told = [each.change for each in found if each.change is not None]
    return max(told, key=lambda change: change.at).actor or None if told else None


def _drift(previous: SecureBucketStatus, outcome: Outcome, now: str) -> Drift | None:
    found = [each for each in outcome.controls if each.drifted]
    corrected = any(each.state is ControlState.CORRECTED for each in outcome.controls)
    if not found and not corrected:
        return previous.drift
    before = previous.drift or Drift()
    return Drift(
        last_detected_at=now if found else before.last_detected_at,
        last_corrected_at=now if corrected else before.last_corrected_at,
        count=before.count + len(found),
        last_actor=_actor(found) if found else before.last_actor,
    )
