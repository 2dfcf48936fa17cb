"""Lifecycle configuration: when objects move, when they are deleted, and our own rule that clears unfinished uploads.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from securebucket.controls.entries import foreign_stay, is_active, keyed, refuse_number
from securebucket.controls.lifecycle_rules import (
    Rule,
    canonical_rule,
    declared_rule,
    deletes_more,
    write_rule,
)
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.observation import Unsupported
from securebucket.model.risk import Risk
from securebucket.model.understanding import aside, laid_over
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

OWN_RULE = "SecureBucketAbortIncompleteMultipartUpload"
NEW_MINIMUM_SIZE = "all_storage_classes_128K"
"""What S3 gives a configuration that says nothing; those from before September 2024 have `varies_by_storage_class`."""


@dataclass(frozen=True, slots=True)
class LifecycleState:
    """The rules, and the smallest object that a transition moves.

    Args:
        transition_default_minimum_object_size: empty without a configuration, and from servers that do not know it.
        rules: canonical rules (see `lifecycle_rules`) by ID; none means that there is no configuration.
    """

    transition_default_minimum_object_size: str = ""
    rules: Mapping[str, Rule] = field(default_factory=dict)


def judge_active(_: Subject, state: LifecycleState) -> Verdict:
    """Pass when S3 applies at least one rule."""
    active = sorted(name for name, rule in state.rules.items() if is_active(rule))
    if active:
        return passed(f"lifecycle rules are enabled: {', '.join(active)}")
    return failed("no lifecycle rule is enabled" if state.rules else "there is no lifecycle configuration")


def judge_versions_have_lifecycle(subject: Subject, state: LifecycleState) -> Verdict:
    """Pass when S3 applies a rule on a bucket that keeps versions, so that they need not be kept for ever."""
    observed = subject.observed.get("versioning")
    versioning: str | None = getattr(observed, "status", None)
    if versioning not in {None, "Enabled"} or isinstance(observed, Unsupported):
        return not_applicable("versioning is not on")
    if any(is_active(rule) for rule in state.rules.values()):
        return passed("a lifecycle rule is enabled")
    if versioning is None:
        return unknown("no lifecycle rule is enabled, and whether versioning is on was not read")
    return failed("versioning is on, and no lifecycle rule is enabled")


def judge_uploads_aborted(_: Subject, state: LifecycleState) -> Verdict:
    """Pass when an enabled rule for every object removes unfinished uploads: their parts are stored and not listed."""
    for name, rule in sorted(state.rules.items()):
        if is_active(rule) and "AbortIncompleteMultipartUpload" in rule and not rule["Filter"]:
            days = rule["AbortIncompleteMultipartUpload"].get("DaysAfterInitiation")
            return passed(f"rule {name} removes unfinished uploads after {days} days")
    return failed("no enabled rule for the whole bucket removes unfinished uploads")


class LifecycleControl(Control[LifecycleState]):
    """Keeps the declared rules and our own, and says what becomes of the others."""

    name = "lifecycle"
    permissions = Permissions(read=("s3:GetLifecycleConfiguration",), write=("s3:PutLifecycleConfiguration",))
    written_by = ("PutBucketLifecycle", "PutBucketLifecycleConfiguration", "DeleteBucketLifecycle")
    checks = (
        Check(
            id="lifecycle-active",
            title="The bucket has an enabled lifecycle rule",
            severity=Severity.LOW,
            rationale="Data is kept, and can leak, for longer than anybody needs it.",
            remediation="Leave spec.lifecycle out, or declare rules in spec.lifecycle.rules.",
            remedy=Remedy.BUCKET,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-13",
            ),
            judge=judge_active,
        ),
        Check(
            id="versions-have-lifecycle",
            title="A bucket that keeps versions has an enabled lifecycle rule",
            severity=Severity.MEDIUM,
            rationale="Deleted and overwritten data stays for ever as old versions.",
            remediation="Declare a rule with noncurrentVersionExpiration in spec.lifecycle.rules.",
            remedy=Remedy.BUCKET,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-10",
            ),
            judge=judge_versions_have_lifecycle,
            also_reads=("versioning",),
        ),
        Check(
            id="unfinished-uploads-removed",
            title="Unfinished multipart uploads are removed",
            severity=Severity.LOW,
            rationale="Parts of unfinished uploads are stored, paid for, and in no listing.",
            remediation="Leave spec.lifecycle.abortIncompleteMultipartUploadDays out, or set it to a number above 0.",
            remedy=Remedy.BUCKET,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html",
            ),
            judge=judge_uploads_aborted,
        ),
    )

    def observe(self, bucket: Bucket) -> Flow[LifecycleState]:
        """Read the rules by ID, whatever way they are written."""
        document = yield Read(
            "get_bucket_lifecycle_configuration",
            absent=frozenset({"NoSuchLifecycleConfiguration"}),
            required="Rules",
            entries=("Rules",),
        )
        answer = document or {}
        return LifecycleState(
            transition_default_minimum_object_size=answer.get("TransitionDefaultMinimumObjectSize") or "",
            rules=keyed((rule.get("ID") or "", aside(canonical_rule, rule)) for rule in answer.get("Rules", ())),
        )

    def desired(self, context: Context, observed: LifecycleState) -> LifecycleState:
        """Lay the declared rules and our own over those that stay."""
        rules = {name: observed.rules[name] for name in self.kept(context, observed)}
        rules |= laid_over(observed.rules, self._declared(context))
        if not rules:
            return LifecycleState()
        size: str | None = context.spec.lifecycle.transition_default_minimum_object_size
        if size is None:
            size = observed.transition_default_minimum_object_size if observed.rules else NEW_MINIMUM_SIZE
        return LifecycleState(size, rules)

    def refuse(self, context: Context, observed: LifecycleState, desired: LifecycleState) -> Failure | None:
        """Refuse rules on a bucket with MFA delete, of which S3 allows only one, and too many rules."""
        versioning = context.observed.get("versioning")
        if not desired.rules or not getattr(versioning, "mfa_delete", False):
            return refuse_number(self.name, observed.rules, desired.rules, self.kept(context, observed))
        return Failure(
            "MfaDeleteForbidsLifecycle",
            "S3 takes no lifecycle rules while MFA delete is on; either have the account's root user turn MFA delete"
            " off, or set spec.lifecycle.abortIncompleteMultipartUploadDays to 0 and declare no rules.",
        )

    def calls(self, context: Context, observed: LifecycleState, desired: LifecycleState) -> tuple[Call, ...]:
        """Put all rules at once, or delete a configuration of which nothing is left.

        The minimum size goes along whenever it is known: the first write that leaves it out silently turns a
        configuration from before September 2024 to `all_storage_classes_128K`.
        """
        if not desired.rules:
            return (Call("delete_bucket_lifecycle"),)
        rules = [write_rule(name, rule) for name, rule in sorted(desired.rules.items())]
        size = desired.transition_default_minimum_object_size
        option = {"TransitionDefaultMinimumObjectSize": size} if size else {}
        return (Call("put_bucket_lifecycle_configuration", {"LifecycleConfiguration": {"Rules": rules}} | option),)

    def risk(self, context: Context, observed: LifecycleState, desired: LifecycleState) -> Risk:
        """Tell of data loss when a declared rule deletes what no rule deletes yet, or sooner than any does."""
        loses = any(
            all(deletes_more(before, after) for before in ({}, *observed.rules.values()))
            for after in desired.rules.values()
        )
        return Risk.DATA_LOSS if loses else Risk.NONE

    def kept(self, context: Context, state: LifecycleState) -> tuple[str, ...]:
        """Name the rules that are not ours and stay."""
        if not foreign_stay(context.spec.lifecycle.foreign, context.bucket):
            return ()
        return tuple(sorted(state.rules.keys() - self._declared(context).keys() - {OWN_RULE}))

    @staticmethod
    def _declared(context: Context) -> dict[str, Rule]:
        block = context.spec.lifecycle
        declared: dict[str, Rule] = {rule.id: declared_rule(rule) for rule in block.rules}
        if block.abort_incomplete_multipart_upload_days:
            declared[OWN_RULE] = {
                "Status": "Enabled",
                "Filter": {},
                "AbortIncompleteMultipartUpload": {
                    "DaysAfterInitiation": block.abort_incomplete_multipart_upload_days,
                },
            }
        return declared

    def declaration(self, state: LifecycleState) -> dict[str, Any] | None:
        """Declare that there is no rule of ours; those that were found stay."""
        return {"abortIncompleteMultipartUploadDays": 0}
