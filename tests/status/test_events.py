"""Which Events a pass is worth."""

from typing import Any

import pytest
from tests.status.builders import (
    DIFFERENCE,
    LATER,
    NEVER,
    PROPOSAL,
    control,
    corrected,
    failed,
    missing,
    outcome,
    reported,
    status_after,
)

from securebucket.api.status import SecureBucketStatus
from securebucket.engine.outcome import Outcome, Proposal
from securebucket.model.failure import Failure
from securebucket.status import events
from securebucket.status.events import EventRecord

READY = status_after(outcome())
DRIFTED: dict[str, Any] = {"differences": (DIFFERENCE,), "drifted": True}


def told(made: Outcome, previous: SecureBucketStatus = READY) -> list[tuple[str, str, str]]:
    return [(each.type, each.reason, each.action) for each in events.build(previous, made)]


def only(made: Outcome, previous: SecureBucketStatus = READY) -> EventRecord:
    (found,) = events.build(previous, made)
    return found


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(outcome(), [], id="nothing happened"),
        pytest.param(
            outcome(control("Drifted", differences=(DIFFERENCE,))), [], id="a difference that was told before"
        ),
        pytest.param(outcome(control("Unknown", reason="Throttled", retry=True)), [], id="a read that failed"),
        pytest.param(outcome(control("Pending", reason="Settling", retry=True)), [], id="a write on its way"),
        pytest.param(outcome(created=True), [("Normal", "BucketCreated", "Create")], id="the bucket was created"),
        pytest.param(
            outcome(control(applied=("PutBucketVersioning",), differences=(DIFFERENCE,))),
            [("Normal", "VersioningApplied", "Apply")],
            id="a control was set",
        ),
        pytest.param(outcome(corrected()), [("Warning", "VersioningCorrected", "Correct")], id="put back"),
        pytest.param(
            outcome(control("Drifted", **DRIFTED)), [("Warning", "VersioningDrifted", "Observe")], id="only seen"
        ),
        pytest.param(
            outcome(control("Failed", reason="AccessDenied", message="m", **DRIFTED)),
            [("Warning", "VersioningDrifted", "Observe"), ("Warning", "AccessDenied", "Correct")],
            id="seen, and could not be put back",
        ),
        pytest.param(
            outcome(control("Failed", reason="AccessDenied", message="m")),
            [("Warning", "AccessDenied", "Correct")],
            id="a write failed",
        ),
        pytest.param(failed(NEVER), [("Warning", "AdoptionRequired", "Reconcile")], id="the pass failed"),
        pytest.param(failed(LATER), [("Warning", "Throttled", "Reconcile")], id="the pass failed for now"),
        pytest.param(
            outcome(corrected("policy"), corrected("tags")),
            [("Warning", "PolicyCorrected", "Correct"), ("Warning", "TagsCorrected", "Correct")],
            id="one Event a control",
        ),
    ],
)
def test_events(made: Outcome, expected: list[tuple[str, str, str]]) -> None:
    assert told(made) == expected


# Ready


@pytest.mark.parametrize(
    ("previous", "expected"),
    [
        pytest.param(SecureBucketStatus(), ["Ready"], id="for the first time"),
        pytest.param(status_after(failed(NEVER)), ["Ready"], id="again"),
        pytest.param(READY, [], id="still"),
    ],
)
def test_becoming_ready_is_told_once(previous: SecureBucketStatus, expected: list[str]) -> None:
    assert [each.reason for each in events.build(previous, outcome())] == expected


# Plans

WAITING = outcome(control("Pending", reason="ApprovalRequired"), proposal=PROPOSAL)


@pytest.mark.parametrize(
    ("previous", "made", "expected"),
    [
        pytest.param(READY, WAITING, ["ApprovalRequired"], id="a new plan"),
        pytest.param(status_after(WAITING), WAITING, [], id="the same plan"),
        pytest.param(
            status_after(WAITING),
            outcome(control("Pending", reason="ApprovalRequired"), proposal=Proposal("other", PROPOSAL.steps)),
            ["ApprovalRequired"],
            id="another plan",
        ),
        pytest.param(READY, missing(), ["ApprovalRequired"], id="a bucket to create"),
        pytest.param(READY, missing(paused=True), [], id="a paused object asks for nothing"),
    ],
)
def test_a_plan_is_told_once(previous: SecureBucketStatus, made: Outcome, expected: list[str]) -> None:
    assert [each.reason for each in events.build(previous, made)] == expected


def test_a_plan_names_the_hash_to_approve() -> None:
    assert f"securebucket.io/approve: {PROPOSAL.hash}" in only(WAITING).message


# Words


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (outcome(created=True), "created bucket acme-invoices in eu-central-1"),
        (outcome(corrected()), "versioning: somebody changed status; corrected by PutBucketVersioning"),
        (outcome(control("Drifted", **DRIFTED)), "versioning: somebody changed status"),
        (outcome(control("Drifted", **DRIFTED, change=reported("jane"))), "versioning: jane changed status"),
        (
            outcome(corrected(change=reported("jane"))),
            "versioning: jane changed status; corrected by PutBucketVersioning",
        ),
        (outcome(control("Drifted", **DRIFTED, change=reported(""))), "versioning: somebody changed status"),
        (outcome(control("Failed", reason="R", message="no right to it")), "versioning: no right to it"),
        (
            outcome(control(applied=("PutBucketVersioning",), differences=(DIFFERENCE,))),
            "versioning: set status by PutBucketVersioning",
        ),
        (failed(NEVER), NEVER.message),
    ],
)
def test_words(made: Outcome, message: str) -> None:
    assert only(made).message == message


MANY = tuple(DIFFERENCE for _ in range(500))
LONG = "x" * 5000


@pytest.mark.parametrize(
    "made",
    [
        outcome(control("Corrected", differences=MANY, drifted=True, applied=("P",))),
        outcome(control("Drifted", differences=MANY, drifted=True)),
        outcome(control("Failed", reason="R", message=LONG)),
        outcome(control(applied=("P",), differences=MANY)),
        failed(Failure("R", LONG)),
    ],
)
def test_long_messages_are_cut_to_what_kubernetes_takes(made: Any) -> None:
    assert len(only(made).message) == events.LONGEST <= 1024
