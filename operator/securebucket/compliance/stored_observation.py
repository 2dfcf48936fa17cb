"""Observations as documents: what was read of a bucket, written so that the same verdicts can be made from it later.

It holds the answers as AWS wrote them and not our states: they mean the same to everybody, and to the next release.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from securebucket.api.spec import Role
from securebucket.controls import CONTROLS
from securebucket.model.bucket import Bucket, Origin
from securebucket.model.document import jsonable
from securebucket.model.evidence import Answer, Answers, NeverConfigured, interpret, name_of
from securebucket.model.fact import AccountBlock, AccountBlockQuery, BucketRegion, BucketRegionQuery, Fact, FactQuery
from securebucket.model.failure import Failure
from securebucket.model.observation import Unsupported
from securebucket.model.verdict import Subject


class _Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class StoredReason(_Model):
    """Why there is no answer."""

    reason: str
    message: str


class StoredAnswer(_Model):
    """One answer; exactly one of its fields is given, the others are absent or null.

    Args:
        response: the document, in AWS's names.
        absent: true: never configured.
        unknown: it could not be read.
        unsupported: the server does not know it.
    """

    response: dict[str, Any] | None = None
    absent: Literal[True] | None = None
    unknown: StoredReason | None = None
    unsupported: str | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(_given(self.response, self.absent, self.unknown, self.unsupported)) != 1:
            raise ValueError("give exactly one of response, absent, unknown and unsupported")
        return self

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Write an answer down."""
        if isinstance(answer, NeverConfigured):
            return cls(absent=True)
        if isinstance(answer, Failure):
            return cls(unknown=StoredReason(reason=answer.reason, message=answer.message))
        if isinstance(answer, Unsupported):
            return cls(unsupported=answer.message)
        return cls.model_validate({"response": jsonable(answer)})

    @property
    def answer(self) -> Answer:
        """The answer as it was."""
        if self.unknown is not None:
            return Failure(self.unknown.reason, self.unknown.message, retry=False)
        if self.unsupported is not None:
            return Unsupported(self.unsupported)
        return NeverConfigured() if self.response is None else self.response


def _given(*values: Any) -> list[Any]:
    return [each for each in values if each is not None]


class StoredBucket(_Model):
    """Which bucket it is."""

    name: str
    region: str
    account_id: str = ""
    partition: str = "aws"


class StoredFact(_Model):
    """Something outside the bucket that a check asked for; exactly one of the last three is given.

    Args:
        bucket: the other bucket that `region` is about.
        account: owner that it must have, as its rule says.
        region: where that bucket lies.
        public_access_block: the account's own block, in AWS's names.
        unknown: why it could not be told.
    """

    bucket: str = ""
    account: str = ""
    region: str | None = None
    public_access_block: dict[str, bool] | None = None
    unknown: StoredReason | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(_given(self.region, self.public_access_block, self.unknown)) != 1:
            raise ValueError("give exactly one of region, publicAccessBlock and unknown")
        if (self.region is not None and not self.bucket) or (self.public_access_block is not None and self.bucket):
            raise ValueError("give bucket with region, and without publicAccessBlock, which is the account's")
        return self


class StoredObservation(_Model):
    """Everything that the verdicts on one bucket are made from.

    Args:
        bucket: which.
        role: what the bucket is for.
        read_at: when it was read, in UTC.
        answers: by the API's name of the read, e.g. `GetBucketPolicy`.
        facts: about the bucket's surroundings.
        trusted_accounts: other accounts that policies may let in.
    """

    bucket: StoredBucket
    role: Role = Role.DATA
    read_at: dt.datetime
    answers: dict[str, StoredAnswer] = Field(default_factory=dict)
    facts: tuple[StoredFact, ...] = ()
    trusted_accounts: tuple[str, ...] = ()

    def subject(self) -> Subject:
        """Return what the checks look at. A document that is not among the answers is not judged."""
        answers: Answers = {name: each.answer for name, each in self.answers.items()}
        bucket = Bucket(
            name=self.bucket.name,
            region=self.bucket.region,
            account_id=self.bucket.account_id,
            partition=self.bucket.partition,
            origin=Origin.ADOPTED,
            owner="",
            caller_arn="",
        )
        observed = {each.name: interpret(each, answers) for each in CONTROLS if name_of(each.read) in answers}
        facts = dict(_fact_of(each, self.bucket.account_id) for each in self.facts)
        return Subject(bucket, self.role, observed, facts, frozenset(self.trusted_accounts))


def store(subject: Subject, answers: Answers, read_at: dt.datetime) -> StoredObservation:
    """Write an observation down."""
    bucket = subject.bucket
    return StoredObservation(
        bucket=StoredBucket(
            name=bucket.name, region=bucket.region, account_id=bucket.account_id, partition=bucket.partition
        ),
        role=Role(subject.role),
        read_at=read_at,
        answers={name: StoredAnswer.of(answer) for name, answer in sorted(answers.items())},
        facts=tuple(
            _stored_fact(query, fact)
            for query, fact in subject.facts.items()
            if isinstance(query, BucketRegionQuery | AccountBlockQuery)  # a verdict needs nothing that controls ask for
        ),
        trusted_accounts=tuple(sorted(subject.trusted_accounts)),
    )


def _stored_fact(query: BucketRegionQuery | AccountBlockQuery, fact: Fact) -> StoredFact:
    about: Mapping[str, Any] = (
        {"bucket": query.name, "account": query.account_id} if isinstance(query, BucketRegionQuery) else {}
    )
    if isinstance(fact, BucketRegion):
        return StoredFact(**about, region=fact.region)
    if isinstance(fact, AccountBlock):
        flags = {name: getattr(fact, field) for name, field in FLAGS.items()}
        return StoredFact(**about, public_access_block=flags)
    failure = fact if isinstance(fact, Failure) else Failure("NotStored", "it was not kept.")
    return StoredFact(**about, unknown=StoredReason(reason=failure.reason, message=failure.message))


def _fact_of(stored: StoredFact, account_id: str) -> tuple[FactQuery, Fact]:
    query: FactQuery = (
        BucketRegionQuery(stored.bucket, stored.account) if stored.bucket else AccountBlockQuery(account_id)
    )
    if stored.unknown is not None:
        return query, Failure(stored.unknown.reason, stored.unknown.message)
    if stored.region is not None:
        return query, BucketRegion(stored.region)
    flags = stored.public_access_block or {}
    return query, AccountBlock(**{field: flags.get(name, False) for name, field in FLAGS.items()})


FLAGS = {
    "BlockPublicAcls": "block_public_acls",
    "IgnorePublicAcls": "ignore_public_acls",
    "BlockPublicPolicy": "block_public_policy",
    "RestrictPublicBuckets": "restrict_public_buckets",
}
