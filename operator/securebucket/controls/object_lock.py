"""Object Lock: write once, read many, and the retention that new object versions get by default.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from securebucket.api.bucket_profile import Floor
from securebucket.api.retention import DefaultRetention
from securebucket.api.spec import Role, SecureBucketSpec
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control, FloorTerm
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.risk import Risk
from securebucket.model.verdict import Check, Remedy, Severity, Subject, Verdict, failed, not_applicable, passed

COMPLIANCE = "COMPLIANCE"


@dataclass(frozen=True, slots=True)
class ObjectLockState:
    """Whether Object Lock is on, and the default retention.

    Args:
        enabled: for good once it is true.
        mode: `GOVERNANCE` or `COMPLIANCE`; empty without default retention.
        days: retention in days; 0 when it is in years. 365 days and a year are not the same to S3.
        years: retention in years; 0 when it is in days.
        event_hold_days: how long a version is kept after its event hold is released, in days; 0 when it is in years.
        event_hold_years: the same in years; 0 when it is in days, both 0 when new versions get no event hold.
    """

    enabled: bool = False
    mode: str = ""
    days: int = 0
    years: int = 0
    event_hold_days: int = 0
    event_hold_years: int = 0


def judge_locked(subject: Subject, state: ObjectLockState) -> Verdict:
    """Pass with Object Lock on; S3 does not deliver access logs to a locked bucket."""
    if subject.role == Role.LOG_TARGET:
        return not_applicable("S3 cannot deliver access logs to a bucket with Object Lock")
    if not state.enabled:
        return failed("Object Lock is off")
    return passed(f"Object Lock is on, default retention: {state.mode or 'none'}")


class ObjectLockControl(Control[ObjectLockState]):
    """Turns Object Lock on and keeps the default retention, each only where it is declared."""

    name = "objectLock"
    permissions = Permissions(
        read=("s3:GetBucketObjectLockConfiguration",), write=("s3:PutBucketObjectLockConfiguration",)
    )
    written_by = ("PutBucketObjectLockConfiguration",)
    requires = ("versioning",)
    # S3 does not deliver access logs to a bucket with Object Lock.
    impossible: ClassVar[Mapping[Role, tuple[str, ...]]] = {
        Role.LOG_TARGET: ("enabled", "defaultRetention", "defaultEventHold")
    }
    checks = (
        Check(
            id="object-lock-enabled",
            title="Object Lock is on",
            severity=Severity.MEDIUM,
            rationale="Whoever may delete versions can delete the only copy before its retention is over.",
            remediation="Set spec.objectLock.enabled to true; it can never be turned off again.",
            remedy=Remedy.BUCKET,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-15",
            ),
            judge=judge_locked,
        ),
    )

    def observe(self, bucket: Bucket) -> Flow[ObjectLockState]:
        """Read the configuration. moto gives both `Days` and `Years`, the one that is not meant as 0."""
        answer = yield Read(
            "get_object_lock_configuration",
            # AWS and others write it with and without "Error" at the end.
            absent=frozenset({"ObjectLockConfigurationNotFoundError", "ObjectLockConfigurationNotFound"}),
            required="ObjectLockConfiguration",
        )
        configuration = (answer or {}).get("ObjectLockConfiguration", {})
        retention: Mapping[str, Any] = configuration.get("Rule", {}).get("DefaultRetention", {})
        hold: Mapping[str, int] = retention.get("DefaultEventHold", {})
        state = ObjectLockState(
            enabled=configuration.get("ObjectLockEnabled") == "Enabled",
            mode=retention.get("Mode") or "",
            days=retention.get("Days") or 0,
            years=retention.get("Years") or 0,
            event_hold_days=hold.get("Days") or 0,
            event_hold_years=hold.get("Years") or 0,
        )
        return state if any(_lengths(state)) else ObjectLockState(state.enabled)

    def desired(self, context: Context, observed: ObjectLockState) -> ObjectLockState:
        """Take what is declared. What is not stays: S3 replaces the whole rule, so a PUT has to carry it along."""
        block = context.spec.object_lock
        enabled = observed.enabled if block.enabled is None else block.enabled
        if not enabled or block.default_retention is None:
            return replace(observed, enabled=enabled)
        return _declared(block.default_retention, observed)

    def refuse(self, context: Context, observed: ObjectLockState, desired: ObjectLockState) -> Failure | None:
        """Refuse what cannot be. That a log target is not locked is a rule of the API."""
        if observed.enabled and not desired.enabled:
            return Failure(
                "ObjectLockIsPermanent",
                "the bucket has Object Lock, which can never be turned off; leave spec.objectLock.enabled out, or set"
                " it to true. To be rid of it, copy the data to a bucket without it.",
            )
        return None

    def calls(self, context: Context, observed: ObjectLockState, desired: ObjectLockState) -> tuple[Call, ...]:
        """Put the configuration; without `Rule` the default retention goes away."""
        configuration: dict[str, Any] = {"ObjectLockEnabled": "Enabled"}
        retention = _document(
            Mode=desired.mode,
            Days=desired.days,
            Years=desired.years,
            DefaultEventHold=_document(Days=desired.event_hold_days, Years=desired.event_hold_years),
        )
        if retention:
            configuration["Rule"] = {"DefaultRetention": retention}
        return (Call("put_object_lock_configuration", {"ObjectLockConfiguration": configuration}),)

    def risk(self, context: Context, observed: ObjectLockState, desired: ObjectLockState) -> Risk:
        """Weigh the change: what locks for good is irreversible, what protects new versions less is data loss."""
        if desired.enabled and not observed.enabled:
            return Risk.IRREVERSIBLE
        lengths = tuple(zip(_lengths(observed), _lengths(desired), strict=True))
        longer = any(after > before for before, after in lengths)
        shorter = any(after < before for before, after in lengths)
        if desired.mode == COMPLIANCE and (longer or observed.mode != COMPLIANCE):
            return Risk.IRREVERSIBLE  # what is uploaded from now on cannot be deleted before its time, by nobody
        if shorter or (observed.mode == COMPLIANCE and desired.mode != COMPLIANCE):
            return Risk.DATA_LOSS
        return Risk.NONE

    def floor_terms(self, spec: SecureBucketSpec, floor: Floor) -> tuple[FloorTerm, ...]:
        """Ask for Object Lock to be on."""
        return (FloorTerm("enabled", bool(spec.object_lock.enabled), "it must be true"),) if floor.object_lock else ()


def _declared(retention: DefaultRetention, observed: ObjectLockState) -> ObjectLockState:
    if retention.mode == "NONE":
        return ObjectLockState(enabled=True)
    hold = retention.default_event_hold
    return ObjectLockState(
        enabled=True,
        mode=retention.mode,
        days=retention.days or 0,
        years=retention.years or 0,
        event_hold_days=(hold.days or 0) if hold else observed.event_hold_days,
        event_hold_years=(hold.years or 0) if hold else observed.event_hold_years,
    )


def _document(**members: Any) -> dict[str, Any]:
    """Leave out what is empty: S3 refuses zeros, and `Days` beside `Years`."""
    return {name: value for name, value in members.items() if value}


def _lengths(state: ObjectLockState) -> tuple[float, float]:
    """Give retention and event hold in days; a year lies between 365 and 366, so it equals neither."""
    return (
        state.days + state.years * 365.25,
        state.event_hold_days + state.event_hold_years * 365.25,
    )
