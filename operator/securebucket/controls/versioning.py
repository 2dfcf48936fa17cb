"""Versioning: the state that a deleted or overwritten object can be restored from.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
"""

from dataclasses import dataclass, replace
from typing import Any

from securebucket.api.bucket_profile import Floor
from securebucket.api.spec import SecureBucketSpec
from securebucket.controls.entries import foreign_stay
from securebucket.controls.lifecycle import LifecycleState
from securebucket.controls.object_lock import ObjectLockState
from securebucket.controls.replication import ReplicationState
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control, FloorTerm
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.observation import Unsupported, is_unread
from securebucket.model.risk import Risk
from securebucket.model.verdict import (
    Check,
    Remedy,
    Severity,
    Subject,
    Verdict,
    failed,
    not_applicable,
    passed,
    unknown,
)

ENABLED, SUSPENDED = "Enabled", "Suspended"


@dataclass(frozen=True, slots=True)
class VersioningState:
    """The versioning configuration.

    Args:
        status: `Enabled`, `Suspended`, or empty for a bucket that never had versioning: it can never be so again.
        mfa_delete: whether deleting versions and changing this takes the root user's second factor.
    """

    status: str
    mfa_delete: bool = False


def judge_versioned(_: Subject, state: VersioningState) -> Verdict:
    """Pass while versioning is on."""
    if state.status == ENABLED:
        return passed("versioning is on")
    return failed("versioning is suspended" if state.status else "versioning was never turned on")


def judge_mfa_delete(subject: Subject, state: VersioningState) -> Verdict:
    """Pass with MFA delete. S3 takes either that or a lifecycle configuration, and Security Hub then has no finding."""
    if state.mfa_delete:
        return passed("MFA delete is on")
    lifecycle = subject.observed.get("lifecycle")
    if isinstance(lifecycle, LifecycleState) and lifecycle.rules:
        return not_applicable("S3 has no MFA delete on a bucket with a lifecycle configuration")
    if isinstance(lifecycle, LifecycleState | Unsupported):
        return failed("MFA delete is off")
    return unknown("MFA delete is off, which S3 demands with a lifecycle configuration; that was not read")


class VersioningControl(Control[VersioningState]):
    """Keeps versioning on, or suspended where that is declared. Never touches MFA delete: only the root user can."""

    name = "versioning"
    permissions = Permissions(read=("s3:GetBucketVersioning",), write=("s3:PutBucketVersioning",))
    written_by = ("PutBucketVersioning",)
    checks = (
        Check(
            id="versioning-enabled",
            title="The bucket keeps old versions of objects",
            severity=Severity.LOW,
            rationale="An overwritten or deleted object is gone.",
            remediation="Leave spec.versioning out, or set status to Enabled.",
            remedy=Remedy.BUCKET,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-14",
            ),
            judge=judge_versioned,
        ),
        Check(
            id="mfa-delete-enabled",
            title="Deleting versions takes a second factor",
            severity=Severity.LOW,
            rationale="Stolen credentials alone are enough to delete versions for good.",
            remediation=(
                "Only the account's root user can turn MFA delete on, and only without lifecycle rules:"
                " set spec.lifecycle.abortIncompleteMultipartUploadDays to 0 and declare no rules first."
            ),
            remedy=Remedy.OUTSIDE,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-20",
            ),
            judge=judge_mfa_delete,
            also_reads=("lifecycle",),
        ),
    )

    def observe(self, bucket: Bucket) -> Flow[VersioningState]:
        """Read the status; S3 answers without one while versioning was never turned on."""
        answer = (yield Read("get_bucket_versioning")) or {}
        return VersioningState(answer.get("Status") or "", answer.get("MFADelete") == ENABLED)

    def desired(self, context: Context, observed: VersioningState) -> VersioningState:
        """Take the declared status; a bucket that never had versioning has nothing to suspend."""
        declared = context.spec.versioning.status
        if declared == SUSPENDED and not observed.status:
            return observed
        return replace(observed, status=declared)

    def refuse(self, context: Context, observed: VersioningState, desired: VersioningState) -> Failure | None:
        """Refuse what S3 refuses, with words that help; other servers accept it, and lose what Object Lock promised."""
        if observed.mfa_delete:
            return Failure(
                "MfaDeleteOn",
                "MFA delete is on, so S3 lets only the account's root user change versioning, with a code: have the"
                f" root user set it to {desired.status} or turn MFA delete off, or add versioning to spec.unmanaged.",
            )
        if desired.status != SUSPENDED:
            return None
        return self._locked(context) or self._replicated(context)

    def calls(self, context: Context, observed: VersioningState, desired: VersioningState) -> tuple[Call, ...]:
        """Put the status alone: with `MFADelete` S3 would ask for a code, and without it leaves MFA delete as it is."""
        return (Call("put_bucket_versioning", {"VersioningConfiguration": {"Status": desired.status}}),)

    def risk(self, context: Context, observed: VersioningState, desired: VersioningState) -> Risk:
        """Tell of data loss when versioning is suspended: from then on an overwrite is final."""
        return Risk.DATA_LOSS if desired.status == SUSPENDED else Risk.NONE

    @staticmethod
    def _locked(context: Context) -> Failure | None:
        lock = context.observed.get("objectLock")
        if is_unread(lock):
            return Failure(
                "ObjectLockUnknown",
                "whether the bucket has Object Lock could not be read, and versioning cannot be suspended with it; give"
                " the operator s3:GetBucketObjectLockConfiguration.",
                lock.retry,
            )
        if context.spec.object_lock.enabled or (isinstance(lock, ObjectLockState) and lock.enabled):
            return Failure(
                "ObjectLockNeedsVersioning",
                "versioning cannot be suspended on a bucket with Object Lock, which is for good; set"
                " spec.versioning.status to Enabled, or leave it out.",
            )
        return None

    @staticmethod
    def _replicated(context: Context) -> Failure | None:
        replication = context.observed.get("replication")
        block = context.spec.replication
        if not block.rules and not (isinstance(replication, ReplicationState) and replication.rules):
            return None
        going = not block.rules and not foreign_stay(block.foreign, context.bucket)
        return Failure(
            "ReplicationNeedsVersioning",
            "versioning cannot be suspended while the bucket has replication rules; remove the rules first, or set"
            " spec.versioning.status to Enabled.",
            retry=going and "replication" not in context.spec.unmanaged,
        )

    def floor_terms(self, spec: SecureBucketSpec, floor: Floor) -> tuple[FloorTerm, ...]:
        """Ask for versioning to be on."""
        return (
            (FloorTerm("status", spec.versioning.status == ENABLED, "it must be Enabled"),) if floor.versioning else ()
        )

    def declaration(self, state: VersioningState) -> dict[str, Any] | None:
        """Declare the status; `Suspended` keeps a bucket that never had versioning as it is."""
        return {"status": ENABLED if state.status == ENABLED else SUSPENDED}
