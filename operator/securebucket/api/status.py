"""`SecureBucket.status`: what was seen, what was done, what is due, and what a check says of it."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from securebucket.api.base import ApiModel
from securebucket.api.rule import Keyed

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class StatusModel(ApiModel):
    """A part of the status. What a newer release wrote there is passed over, so that going back a release works."""

    model_config = ConfigDict(extra="ignore")


class ControlState(StrEnum):
    """Where one control stands after a pass."""

    IN_SYNC = "InSync"
    CORRECTED = "Corrected"
    DRIFTED = "Drifted"
    PENDING = "Pending"
    FAILED = "Failed"
    UNKNOWN = "Unknown"
    UNSUPPORTED = "Unsupported"
    UNMANAGED = "Unmanaged"


class Condition(StatusModel):
    """A metav1.Condition."""

    type: str = Field(max_length=316, description="Ready, InSync, Compliant, Reconciling, Stalled or Contended.")
    status: Literal["True", "False", "Unknown"] = Field(description="True, False or Unknown.")
    observed_generation: int | None = Field(None, description="Generation of the spec that this is about.")
    last_transition_time: Moment = Field(description="When status last changed.")
    reason: str = Field(min_length=1, max_length=1024, description="One CamelCase word for programs.")
    message: str = Field(max_length=32768, description="What it means and what to do, for people.")


class BucketStatus(StatusModel):
    """The bucket as AWS knows it."""

    name: str = Field(description="Name of the bucket.")
    arn: str = Field(description="ARN of the bucket.")
    region: str = Field(description="Region that it is in.")
    account_id: str = Field(description="Account that owns it.")
    created_by_operator: bool = Field(description="Whether the operator created it.")
    never_ready: bool | None = Field(
        None, description="True from when the operator creates it until the object is Ready for the first time."
    )


class ControlStatus(StatusModel):
    """Where one control stands."""

    name: str = Field(description="The control, as in spec.")
    state: ControlState = Field(
        description="InSync, Corrected, Drifted, Pending, Failed, Unknown, Unsupported or Unmanaged."
    )
    message: str | None = Field(
        None,
        max_length=2048,
        description="What differs, why it was not corrected, or which entries of others were kept.",
    )
    in_force: bool | None = Field(
        None,
        description="True while it is not seen as declared though it was, with this very spec: it is corrected without"
        " another approval.",
    )


class PlanStep(StatusModel):
    """One difference that a plan would correct."""

    control: str = Field(description="The control, as in spec.")
    field: str = Field(description="The field of the control.")
    from_: str = Field(alias="from", max_length=4096, description="What it is, as JSON.")
    to: str = Field(max_length=4096, description="What it would be, as JSON.")
    risk: Literal["none", "irreversible", "data-loss", "lockout"] = Field(
        description="Risk of the step: the worst that it can do."
    )
    call: str = Field(description="The AWS call that does it, e.g. PutBucketVersioning.")


class Plan(StatusModel):
    """What waits for approval: annotate the object with securebucket.io/approve: <hash>."""

    hash: str = Field(description="Hash of exactly this plan; to approve it, annotate the object with it.")
    steps: Annotated[tuple[PlanStep, ...], Field(max_length=500)] = Field(description="Its steps, in order.")


class FailingCheck(StatusModel):
    """A check that the bucket fails."""

    check: str = Field(description="The check's id.")
    severity: Literal["critical", "high", "medium", "low"] = Field(description="How bad it is.")
    message: str = Field("", max_length=1024, description="Why it fails and what to set.")


class Compliance(StatusModel):
    """What the checks say."""

    passed: int = Field(description="Checks that pass.")
    failed: int = Field(description="Checks that fail.")
    excepted: int = Field(0, description="Failing checks with an exception that is in force.")
    not_applicable: int = Field(description="Checks that do not apply to this bucket.")
    unknown: int = Field(description="Checks that could not be judged.")
    score: int = Field(description="Passed out of passed and failed, in percent.")
    failing: Annotated[tuple[FailingCheck, ...], Keyed("check")] = Field(
        (), max_length=100, description="The checks that fail."
    )


class Drift(StatusModel):
    """Drift that was detected: changes by others."""

    last_detected_at: Moment | None = Field(None, description="When the last drift was detected.")
    last_corrected_at: Moment | None = Field(None, description="When the last drift was corrected.")
    count: int = Field(
        0,
        description="How often drift was detected since the object was created; what a pass that was killed had found is not in it.",
    )
    last_actor: str | None = Field(None, description="Who caused the last drift, where it is known.")


class SecureBucketStatus(StatusModel):
    """What the last pass that changed anything found and did."""

    observed_generation: int | None = Field(
        None, description="Generation of the spec that the last pass saw; -1 before the first."
    )
    last_handled_reconcile_at: str | None = Field(
        None, max_length=1024, description="Echo of the annotation securebucket.io/reconcile-at."
    )
    conditions: Annotated[tuple[Condition, ...], Keyed("type")] = Field(
        (), max_length=20, description="Ready, InSync, Compliant; Reconciling, Stalled and Contended only while True."
    )
    bucket: BucketStatus | None = Field(None, description="The bucket as AWS knows it.")
    controls: Annotated[tuple[ControlStatus, ...], Keyed("name")] = Field(
        (), max_length=50, description="Where each control stands."
    )
    found: dict[str, Any] | None = Field(
        None,
        description="What this release saw for the first time after an older one had verified the bucket, and keeps, as blocks of spec by control. An empty one keeps nothing.",
        json_schema_extra={"x-kubernetes-preserve-unknown-fields": True},
    )
    plan: Plan | None = Field(None, description="What waits for approval.")
    compliance: Compliance | None = Field(None, description="What the checks say.")
    drift: Drift | None = Field(None, description="Drift that was detected: changes by others.")
    effective: dict[str, Any] | None = Field(
        None,
        description="The configuration in force: the spec over the profile's defaults over the secure defaults.",
        json_schema_extra={"x-kubernetes-preserve-unknown-fields": True},
    )
    last_verified_at: Moment | None = Field(
        None, description="When the bucket was last verified, as of the last pass that changed something."
    )
    oldest_reading_at: Moment | None = Field(
        None, description="When the document that was read longest ago was read, as of lastVerifiedAt."
    )
