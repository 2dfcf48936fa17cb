"""Requester Pays: who is billed for requests and for the data that leaves the bucket.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from securebucket.api.spec import Role
from securebucket.controls.undeclared import risk_of_taking_away
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control
from securebucket.model.flow import Flow, Read
from securebucket.model.risk import Risk
from securebucket.model.verdict import Check, Remedy, Severity, Subject, Verdict, failed, not_applicable, passed

OWNER = "BucketOwner"


@dataclass(frozen=True, slots=True)
class RequestPaymentState:
    """Who pays.

    Args:
        payer: `BucketOwner`, as in every new bucket, or `Requester`.
    """

    payer: str = OWNER


def judge_log_target(subject: Subject, state: RequestPaymentState) -> Verdict:
    """Pass when the owner of a log target pays: S3 delivers no access logs where requesters do."""
    if subject.role != Role.LOG_TARGET:
        return not_applicable("no access logs arrive here")
    if state.payer == OWNER:
        return passed("the owner pays")
    return failed("requesters pay, and S3 delivers no access logs to such a bucket")


class RequestPaymentControl(Control[RequestPaymentState]):
    """Keeps the declared payer, by default the bucket's owner."""

    name = "requestPayment"
    permissions = Permissions(read=("s3:GetBucketRequestPayment",), write=("s3:PutBucketRequestPayment",))
    written_by = ("PutBucketRequestPayment",)
    read_in_turn = True
    keeps_found = True
    impossible: ClassVar[Mapping[Role, tuple[str, ...]]] = {Role.LOG_TARGET: ("payer",)}
    checks = (
        Check(
            id="log-target-owner-pays",
            title="Requester Pays is off where access logs arrive",
            severity=Severity.MEDIUM,
            rationale="The logs of other buckets are lost without a word, since S3 does not deliver them.",
            remediation="Leave spec.requestPayment out.",
            remedy=Remedy.BUCKET,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html",
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html",
            ),
            judge=judge_log_target,
        ),
    )

    def observe(self, bucket: Bucket) -> Flow[RequestPaymentState]:
        """Read the payer, which S3 always names."""
        answer = (yield Read("get_bucket_request_payment", required="Payer")) or {}
        return RequestPaymentState(answer.get("Payer") or OWNER)

    def desired(self, context: Context, observed: RequestPaymentState) -> RequestPaymentState:
        """Take the declared payer."""
        return RequestPaymentState(context.spec.request_payment.payer)

    def calls(self, context: Context, observed: RequestPaymentState, desired: RequestPaymentState) -> tuple[Call, ...]:
        """Put the payer: there is no call that deletes it."""
        configuration = {"RequestPaymentConfiguration": {"Payer": desired.payer}}
        return (Call("put_bucket_request_payment", configuration),)

    def risk(self, context: Context, observed: RequestPaymentState, desired: RequestPaymentState) -> Risk:
        """Tell of a lock-out when undeclared Requester Pays goes from an adopted bucket.

        It locks nobody out, and a person is to say yes all the same: from then on every reader's transfer is on the
        owner's bill, and anonymous requests, which Requester Pays refuses, are no longer stopped by it.
        """
        return Risk.NONE if observed.payer == OWNER else risk_of_taking_away(context, "request_payment")

    def declaration(self, state: RequestPaymentState) -> dict[str, Any] | None:
        """Declare the payer."""
        return {"payer": state.payer}
