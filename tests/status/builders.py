"""Outcomes as the engine gives them, differing from the usual one only in what is named."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tests.controls.builders import bucket
from tests.engine.builders import NOW, Shelf, effective

from securebucket.api.spec import Mode
from securebucket.api.status import ControlState, SecureBucketStatus
from securebucket.engine.outcome import ControlOutcome, Difference, Outcome, Proposal, Step
from securebucket.model.failure import Failure
from securebucket.model.granted_exception import GrantedException
from securebucket.model.reported_change import ReportedChange
from securebucket.model.risk import Risk
from securebucket.model.verdict import Check, Judged, Remedy, Result, Severity, Verdict
from securebucket.status import status as report

DIFFERENCE = Difference("status", "Suspended", "Enabled")
STEP = Step("versioning", "status", "Suspended", "Enabled", Risk.DATA_LOSS, "PutBucketVersioning")
PROPOSAL = Proposal("0123456789abcdef", (STEP,))
LATER = Failure("Throttled", "S3 is busy; it is tried again.", retry=True)
NEVER = Failure("AdoptionRequired", "set spec.adoption: Adopt.")


REASONS = {"Drifted": "Differs", "Pending": "Settling", "Failed": "AccessDenied", "Unknown": "AccessDenied"}
"""What the engine always gives with these states."""


def control(state: str = "InSync", name: str = "versioning", **options: Any) -> ControlOutcome:
    """Give where a control stands."""
    return ControlOutcome(name, ControlState(state), Shelf(), **{"reason": REASONS.get(state, ""), **options})


def corrected(name: str = "versioning", **options: Any) -> ControlOutcome:
    """Give a control that somebody changed and that was put back."""
    usual = {"differences": (DIFFERENCE,), "drifted": True, "applied": ("PutBucketVersioning",)}
    return control("Corrected", name, **(usual | options))


def reported(actor: str, seconds: float = 0.0) -> ReportedChange:
    """Give a change that AWS told of, made so many seconds from now."""
    at = NOW + dt.timedelta(seconds=seconds)
    return ReportedChange("PutBucketVersioning", "acme-invoices", "111122223333", at, actor)


def granted(check: str = "tls-required", **options: Any) -> GrantedException:
    """Give an exception that was granted now, for 30 days."""
    usual = {
        "name": "payments/accepted",
        "check": check,
        "reason": "the old ERP speaks no TLS",
        "approver": "security@acme.example",
        "granted_at": NOW,
        "expires_at": NOW + dt.timedelta(days=30),
    }
    return GrantedException(**{**usual, **options})


def judged(
    result: str,
    check: str = "tls-required",
    severity: str = "high",
    because: str = "it is so",
    exception: GrantedException | None = None,
    *,
    further_right: bool = False,
) -> Judged:
    """Give a check with its verdict."""
    asked: Check[Any] = Check(
        check,  # type: ignore[arg-type]
        "t",
        Severity(severity),
        "It matters.",
        "Set it.",
        Remedy.BUCKET,
        (),
        lambda *_: Verdict(Result.PASS, ""),
        further_right=further_right,
    )
    return Judged(asked, "policy", Verdict(Result(result), because, exception))


def outcome(*controls: ControlOutcome, profile: Mapping[str, Any] | None = None, **options: Any) -> Outcome:
    """Give the outcome of a pass that reached the bucket."""
    return Outcome(
        **{
            "at": NOW,
            "mode": Mode.ENFORCE,
            "interval": 3600.0,
            "effective": effective({}, profile),
            "bucket": bucket(),
            "controls": controls or (control(),),
            "verdicts": (judged("pass"),),
            **options,
        }
    )


def held_back(*controls: ControlOutcome) -> Outcome:
    """Give the outcome of a pass of an operator that only observes, for an object that asks for Enforce."""
    return outcome(*controls, mode=Mode.OBSERVE, effective=effective({}, observe_only=True))


def failed(failure: Failure, **options: Any) -> Outcome:
    """Give the outcome of a pass that ended before the controls."""
    return outcome(**{"failure": failure, "bucket": None, "controls": (), "verdicts": (), **options})


def missing(**options: Any) -> Outcome:
    """Give the outcome of a pass that may not create the bucket yet."""
    return outcome(**{"missing": True, "bucket": None, "controls": (), "verdicts": (), "proposal": PROPOSAL, **options})


def status_after(
    made: Outcome, previous: SecureBucketStatus | None = None, *, generation: int = 1, reconcile_at: str = ""
) -> SecureBucketStatus:
    """Give the status after a pass."""
    return report.build(previous or SecureBucketStatus(), made, generation=generation, reconcile_at=reconcile_at)
