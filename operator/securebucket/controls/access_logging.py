"""Server access logging: where S3 writes down who asked for what.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from securebucket.api.access_logging import Logging
from securebucket.api.bucket_profile import Floor
from securebucket.api.spec import Role, SecureBucketSpec
from securebucket.controls.log_target_fitness import CLOSED, FIELD, doubt, unfit
from securebucket.model.acl import AclGrant, read_grants, write_grants
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control, FloorTerm
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.log_target import LogTarget, LogTargetQuery
from securebucket.model.surroundings import Query
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

SIMPLE, PARTITIONED = "SimplePrefix", "PartitionedPrefix"


@dataclass(frozen=True, slots=True)
class LoggingState:
    """The logging configuration; all empty while logging is off.

    Args:
        target_bucket: the bucket that gets the logs.
        target_prefix: what their keys begin with.
        target_object_key_format: `SimplePrefix` or `PartitionedPrefix`.
        partition_date_source: `EventTime` or `DeliveryTime`; empty with `SimplePrefix`.
        target_grants: who may do what with the log objects, for targets that still use ACLs.
    """

    target_bucket: str = ""
    target_prefix: str = ""
    target_object_key_format: str = ""
    partition_date_source: str = ""
    target_grants: frozenset[AclGrant] = frozenset()


OFF = LoggingState()


def ask_log_target(subject: Subject) -> tuple[Query[Any], ...]:
    """Ask about the target, whoever declared it."""
    state = subject.observed["logging"]
    if not isinstance(state, LoggingState) or state.target_bucket in {"", subject.bucket.name}:
        return ()
    return (LogTargetQuery(state.target_bucket, subject.bucket.account_id),)


def judge_logged(subject: Subject, state: LoggingState) -> Verdict:
    """Pass while access is logged and the logs arrive; a log target that logs would log its own logs."""
    if subject.role == Role.LOG_TARGET:
        return not_applicable("a log target does not log: every delivered log would make another one")
    if not state.target_bucket:
        return failed("access is not logged")
    target = subject.facts.get(LogTargetQuery(state.target_bucket, subject.bucket.account_id))
    if isinstance(target, Failure):
        if target.reason == "BucketMissing":
            return failed(f"access is logged to {state.target_bucket}, which does not exist")
        return unknown(f"access is logged to {state.target_bucket}, which could not be looked at: {target.message}")
    if isinstance(target, LogTarget):
        problem = unfit(subject.bucket, target, state.target_prefix, grants=bool(state.target_grants))
        if problem:
            return failed(f"the logs do not arrive: {problem.message}")
        reason = doubt(subject.bucket, target, state.target_prefix)
        if reason:
            return unknown(f"whether {target.name} lets the logs in is not known: {reason}")
    return passed(f"access is logged to {state.target_bucket}")


class LoggingControl(Control[LoggingState]):
    """Keeps access logging as declared; undeclared, it stays as it is."""

    name = "logging"
    permissions = Permissions(
        read=("s3:GetBucketLogging",),
        write=("s3:PutBucketLogging",),
        other=tuple(
            (action, "arn:*:s3:::*", "to see that a log target takes the logs")
            for action in (
                "s3:ListBucket",
                "s3:GetEncryptionConfiguration",
                "s3:GetBucketObjectLockConfiguration",
                "s3:GetBucketRequestPayment",
                "s3:GetBucketPolicy",
                "s3:GetBucketOwnershipControls",
                "s3:GetBucketAcl",
            )
        ),
    )
    written_by = ("PutBucketLogging",)
    # Every delivered log would make another one.
    impossible: ClassVar[Mapping[Role, tuple[str, ...]]] = {
        Role.LOG_TARGET: (
            "enabled",
            "targetBucket",
            "targetBucketRef",
            "targetPrefix",
            "targetObjectKeyFormat",
            "targetGrants",
        ),
    }
    checks = (
        Check(
            id="access-logged",
            title="Access to the bucket is logged",
            severity=Severity.MEDIUM,
            rationale="After an incident nobody can say who read or deleted what.",
            remediation="Set spec.logging.targetBucket to a bucket with role LogTarget.",
            remedy=Remedy.INPUTS,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-9",
            ),
            judge=judge_logged,
            asks=ask_log_target,
        ),
    )

    def observe(self, bucket: Bucket) -> Flow[LoggingState]:
        """Read the target; S3 answers without one while logging is off."""
        answer = (yield Read("get_bucket_logging")) or {}
        target: Mapping[str, Any] = answer.get("LoggingEnabled") or {}
        if not target.get("TargetBucket"):
            return OFF
        key_format = target.get("TargetObjectKeyFormat") or {}
        # `{}` is a setting here: PartitionedPrefix without a date source means EventTime.
        partitioned = PARTITIONED in key_format
        source = (key_format.get(PARTITIONED) or {}).get("PartitionDateSource") or "EventTime"
        return LoggingState(
            target_bucket=target["TargetBucket"],
            target_prefix=target.get("TargetPrefix") or "",
            target_object_key_format=PARTITIONED if partitioned else SIMPLE,
            partition_date_source=source if partitioned else "",
            target_grants=read_grants(target.get("TargetGrants") or ()),
        )

    def facts(self, context: Context, observed: LoggingState) -> tuple[Query[Any], ...]:
        """Ask about the target, and only when it is about to be used."""
        desired = self.desired(context, observed)
        if desired in {observed, OFF} or desired.target_bucket == context.bucket.name:
            return ()
        if context.spec.logging.target_bucket_ref:
            return ()
        return (self._query(context, desired),)

    def desired(self, context: Context, observed: LoggingState) -> LoggingState:
        """Take the declared target; undeclared, logging stays as it is."""
        block = context.spec.logging
        if block.enabled is False:
            return OFF
        if not block.is_declared:
            return observed
        key_format = block.target_object_key_format
        partitioned = key_format.partitioned_prefix if key_format else None
        return LoggingState(
            target_bucket=block.target_bucket or named(block),
            target_prefix=block.target_prefix,
            target_object_key_format=PARTITIONED if partitioned else SIMPLE,
            partition_date_source=partitioned.partition_date_source if partitioned else "",
            target_grants=frozenset(
                AclGrant(each.grantee.id or each.grantee.uri or "", each.permission) for each in block.target_grants
            ),
        )

    def refuse(self, context: Context, observed: LoggingState, desired: LoggingState) -> Failure | None:
        """Refuse a target that S3 refuses, or accepts and then never delivers to."""
        if desired == OFF:
            return None
        name = desired.target_bucket
        if context.spec.logging.target_bucket_ref:  # with a bucket it would have its name by now
            return Failure(
                "LogTargetNotFound",
                f"spec.logging.targetBucketRef: there is no SecureBucket {name} with a bucket yet; create it, or"
                " correct the reference. It is tried again.",
                retry=True,
            )
        if name == context.bucket.name:
            return Failure(
                "LogTargetIsItself",
                f"{FIELD} is the bucket itself, and every delivered log would make another one; name another bucket.",
            )
        fact = context.facts.get(self._query(context, desired))
        if isinstance(fact, Failure):
            return _unreachable(name, fact)
        if not isinstance(fact, LogTarget):
            return None
        problem = unfit(context.bucket, fact, desired.target_prefix, grants=bool(desired.target_grants))
        # The target's own pass may come after this one; S3 says whether it has come already.
        return None if problem and problem.reason == CLOSED and name in context.promised else problem

    def calls(self, context: Context, observed: LoggingState, desired: LoggingState) -> tuple[Call, ...]:
        """Put the target, or an empty status to turn logging off: there is no call that deletes it."""
        if desired == OFF:
            return (Call("put_bucket_logging", {"BucketLoggingStatus": {}}),)
        # The prefix is required even where it is empty.
        target: dict[str, Any] = {"TargetBucket": desired.target_bucket, "TargetPrefix": desired.target_prefix}
        if desired.target_grants:
            target["TargetGrants"] = write_grants(desired.target_grants)
        if desired.target_object_key_format == PARTITIONED:
            target["TargetObjectKeyFormat"] = {PARTITIONED: {"PartitionDateSource": desired.partition_date_source}}
        return (Call("put_bucket_logging", {"BucketLoggingStatus": {"LoggingEnabled": target}}),)

    @staticmethod
    def _query(context: Context, desired: LoggingState) -> LogTargetQuery:
        return LogTargetQuery(desired.target_bucket, context.bucket.account_id)

    def floor_terms(self, spec: SecureBucketSpec, floor: Floor) -> tuple[FloorTerm, ...]:
        """Ask for a log target."""
        met = spec.logging.is_declared
        return (FloorTerm("targetBucket", met, "it must name a log target"),) if floor.logging else ()


def named(block: Logging) -> str:
    """Give the name of the object that a reference is to, which no bucket can have."""
    ref = block.target_bucket_ref
    return f"{ref.namespace or ''}/{ref.name}" if ref else ""


def _unreachable(name: str, failure: Failure) -> Failure:
    if failure.reason == "BucketMissing":
        return replace(
            failure,
            reason="LogTargetMissing",
            message=f"{FIELD}: there is no bucket {name} in this account yet; it is tried again. Make it a SecureBucket"
            " with role LogTarget.",
            retry=True,  # source and target may be in one file, and come in either order
        )
    return replace(failure, message=f"{FIELD} {name}: {failure.message}")
