"""Attribute-based access control: whether the bucket's tags decide who may do what with it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
"""

from dataclasses import dataclass
from typing import Any

from securebucket.controls.undeclared import risk_of_taking_away
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control
from securebucket.model.flow import Flow, Read
from securebucket.model.observation import is_unread
from securebucket.model.plain_text import printable
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
from securebucket.policy.document import PolicyState
from securebucket.policy.exposure import tagging_statements

ENABLED, DISABLED = "Enabled", "Disabled"


@dataclass(frozen=True, slots=True)
class AbacState:
    """The ABAC status.

    Args:
        status: `Enabled` or `Disabled`.
    """

    status: str

    @property
    def enabled(self) -> bool:
        """Whether tags decide, and PutBucketTagging is refused."""
        return self.status == ENABLED


def judge_tagging(subject: Subject, state: AbacState) -> Verdict:
    """Pass when no other account may change the tags while they decide; neither trust nor conditions count.

    Whether ABAC should be on is no question: AWS advises it, and as long as it is off tags decide nothing.
    """
    if state.status == DISABLED:
        return not_applicable("ABAC is off, so that tags decide nothing")
    policy = subject.observed.get("policy")
    if is_unread(policy):
        return unknown(f"ABAC is on, and the policy could not be read: {policy.message}")
    statements = policy.statements if isinstance(policy, PolicyState) else {}  # a server without bucket policies
    found = tagging_statements(statements, subject.bucket.account_id, subject.bucket.arn)
    if found:
        decide = "ABAC is on" if state.enabled else f"the ABAC status is {printable(state.status)}"
        return failed(f"{decide}, and other accounts may change the tags: {', '.join(found)}")
    if not state.enabled:
        return unknown(f"this release does not know what the ABAC status {printable(state.status)} means")
    return passed("ABAC is on, and no other account may change the tags")


class AbacControl(Control[AbacState]):
    """Keeps ABAC off, or on where that is declared."""

    name = "abac"
    permissions = Permissions(read=("s3:GetBucketAbac",), write=("s3:PutBucketAbac",))
    written_by = ("PutBucketAbac",)
    requires = ("tags",)
    read_in_turn = True
    keeps_found = True
    checks = (
        Check(
            id="tagging-not-shared",
            title="Where tags decide who may do what, no other account may change them",
            severity=Severity.MEDIUM,
            rationale="With ABAC on, whoever may tag the bucket may give access to it, and lock others out.",
            remediation="Allow other accounts neither s3:TagResource nor s3:UntagResource in spec.policy or elsewhere,"
            " or leave spec.abac out.",
            remedy=Remedy.BUCKET,
            references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html",),
            judge=judge_tagging,
            also_reads=("policy",),
        ),
    )

    def observe(self, bucket: Bucket) -> Flow[AbacState]:
        """Read the status; it is off unless S3 says otherwise."""
        answer = (yield Read("get_bucket_abac")) or {}
        return AbacState((answer.get("AbacStatus") or {}).get("Status") or DISABLED)

    def desired(self, context: Context, observed: AbacState) -> AbacState:
        """Take the declared status."""
        return AbacState(context.spec.abac.status)

    def calls(self, context: Context, observed: AbacState, desired: AbacState) -> tuple[Call, ...]:
        """Put the status: there is no call that deletes it."""
        return (Call("put_bucket_abac", {"AbacStatus": {"Status": desired.status}}),)

    def risk(self, context: Context, observed: AbacState, desired: AbacState) -> Risk:
        """Tell of a lock-out when conditions on tags begin to hold, or end on an adopted bucket unasked."""
        return Risk.LOCKOUT if desired.enabled else risk_of_taking_away(context, "abac")

    def declaration(self, state: AbacState) -> dict[str, Any] | None:
        """Declare the status, where it is one that this release knows."""
        return {"status": state.status} if state.status in {ENABLED, DISABLED} else None
