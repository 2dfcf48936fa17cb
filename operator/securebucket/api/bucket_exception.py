"""`BucketException`: one check that some buckets may fail, why, who accepts it, and until when."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from securebucket.api.base import ApiModel
from securebucket.api.check_id import CheckId
from securebucket.api.label_selector import LabelSelector
from securebucket.api.names import BucketName
from securebucket.api.rule import Keyed, Rule, exactly_one, transition
from securebucket.api.status import Condition, StatusModel

SHORTEST_REASON = 10
"""Characters; less than that explains nothing to the auditor who reads it in a year."""


def _words(shortest: int, message: str) -> Rule:
    return Rule(f"self.trim().size() >= {shortest}", lambda text: len(text.strip()) >= shortest, message)


Reason = Annotated[
    str,
    Field(max_length=1024),
    _words(SHORTEST_REASON, f"say in {SHORTEST_REASON} characters or more why it is accepted, for whoever audits it"),
]
Approver = Annotated[
    str,
    Field(max_length=256),
    _words(2, "say who accepts it: a person's e-mail address, or a team"),
]


class BucketExceptionSpec(ApiModel):
    """What is accepted, of which buckets, why, by whom, and until when. Only the reason may be reworded later."""

    invariants = (
        exactly_one(bucket_name="bucketName", selector="selector"),
        transition(
            "self.check == oldSelf.check",
            "check cannot be changed: another check is another approval; make another BucketException",
            "check",
        ),
        transition(
            "has(self.bucketName) == has(oldSelf.bucketName)"
            " && (!has(self.bucketName) || self.bucketName == oldSelf.bucketName)",
            "bucketName cannot be changed: another bucket is another approval; make another BucketException",
            "bucketName",
        ),
        transition(
            "!has(self.selector) || !has(oldSelf.selector) || self.selector == oldSelf.selector",
            "selector cannot be changed: other buckets are another approval; make another BucketException",
            "selector",
        ),
        transition(
            "self.approver == oldSelf.approver",
            "approver cannot be changed: who accepts it again makes another BucketException",
            "approver",
        ),
        transition(
            "self.expiresAt <= oldSelf.expiresAt",
            "expiresAt can only be moved to an earlier time: a longer one is another approval; make another BucketException",
            "expiresAt",
        ),
    )

    check: CheckId = Field(description="Id of the check that may fail.")
    bucket_name: BucketName | None = Field(
        None,
        description="The bucket that may fail it, by its name in S3. A SecureBucket of the same namespace must manage it.",
    )
    selector: LabelSelector | None = Field(
        None,
        description="Instead of bucketName: the labels of the SecureBuckets of the same namespace that may fail it.",
    )
    reason: Reason = Field(description="Why it is accepted, and what keeps the risk small; best with the ticket.")
    approver: Approver = Field(description="Who accepts it: a person's e-mail address, or a team.")
    expires_at: AwareDatetime = Field(
        description="When the check counts again, e.g. 2030-01-31T00:00:00Z; at most the profile's maxExceptionDays after the object was created.",
    )


class ExceptionCondition(Condition):
    """A metav1.Condition of a BucketException."""

    type: str = Field(max_length=316, description="Active or ExpiringSoon.")


class BucketExceptionStatus(StatusModel):
    """Whether it counts, and for how many buckets."""

    observed_generation: int | None = Field(None, description="Generation of the spec that this is about.")
    conditions: Annotated[tuple[ExceptionCondition, ...], Keyed("type")] = Field(
        (),
        max_length=20,
        description="Active (True: InForce; False: Expired, TooLong, NoSuchBucket or InvalidSpec); ExpiringSoon only while True.",
    )
    buckets: int = Field(0, description="How many SecureBuckets it is about.")
