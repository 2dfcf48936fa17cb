"""Observations as documents: what was read of a bucket, written so that the same verdicts can be made from it later.

It holds the answers as AWS wrote them and not our states: they mean the same to everybody, and to the next release.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from pydantic.alias_generators import to_camel

from securebucket.api.spec import Role
from securebucket.compliance.judgement import questions
from securebucket.controls import CONTROLS
from securebucket.model.bucket import Bucket
from securebucket.model.document import jsonable
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer, Answers, NeverConfigured, Read, checked, drive, recorded
from securebucket.model.observation import Unsupported
from securebucket.model.verdict import Subject


class _Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


class StoredReason(_Model):
    """Why there is no answer."""

    reason: str
    message: str


class StoredAnswer(_Model):
    """One answer; exactly one of its fields is given besides `read_at`, the others are absent or null.

    Args:
        response: the document, in AWS's names.
        absent: true: never configured.
        unknown: it could not be read.
        unsupported: the server does not know it.
        read_at: when it was read, in UTC, where that was before the rest of the observation.
    """

    response: dict[str, Any] | None = None
    absent: Literal[True] | None = None
    unknown: StoredReason | None = None
    unsupported: str | None = None
    read_at: dt.datetime | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(given is not None for name, given in self if name != "read_at") != 1:
            raise ValueError("give exactly one of response, absent, unknown and unsupported")
        return self

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Write an answer down."""
        if isinstance(answer, NeverConfigured):
            return cls(absent=True)
        if isinstance(answer, Unsupported):
            return cls(unsupported=answer.message)
        if isinstance(answer, Failure):
            return cls(unknown=StoredReason(reason=answer.reason, message=answer.message))
        return cls.model_validate({"response": jsonable(answer)})

    @property
    def answer(self) -> Answer:
        """The answer as it was."""
        if self.unknown is not None:
            return Failure(self.unknown.reason, self.unknown.message, retry=False)
        if self.unsupported is not None:
            return Unsupported(self.unsupported)
        return NeverConfigured() if self.response is None else self.response


class StoredBucket(_Model):
    """Which bucket it is."""

    name: str
    region: str
    account_id: str = ""
    partition: str = "aws"


class StoredFact(_Model):
    """How 0.1.0 wrote down what a check asked for outside the bucket; exactly one of the last three is given.

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
        if sum(each is not None for each in (self.region, self.public_access_block, self.unknown)) != 1:
            raise ValueError("give exactly one of region, publicAccessBlock and unknown")
        if (self.region is not None and not self.bucket) or (self.public_access_block is not None and self.bucket):
            raise ValueError("give bucket with region, and without publicAccessBlock, which is the account's")
        return self

    @property
    def answer(self) -> tuple[str, StoredAnswer]:
        """The answer that it was told from, by the name of its read."""
        name = f"s3:HeadBucket/{self.bucket}" if self.bucket else "s3control:GetPublicAccessBlock"
        if self.unknown is not None:
            return name, StoredAnswer(unknown=self.unknown)
        if self.bucket:
            return name, StoredAnswer(response={"BucketRegion": self.region})
        return name, StoredAnswer(response={"PublicAccessBlockConfiguration": self.public_access_block})


class StoredObservation(_Model):
    """Everything that the verdicts on one bucket are made from.

    Args:
        bucket: which.
        role: what the bucket is for.
        read_at: when it was read, in UTC.
        answers: by the name of the read, e.g. `GetBucketPolicy` or `s3control:GetPublicAccessBlock`.
        trusted_accounts: other accounts that policies may let in.
    """

    bucket: StoredBucket
    role: Role = Role.DATA
    read_at: dt.datetime
    answers: dict[str, StoredAnswer] = Field(default_factory=dict)
    trusted_accounts: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _facts_as_answers(cls, given: Any) -> Any:
        """Take the `facts` of a report that 0.1.0 wrote."""
        if not isinstance(given, Mapping) or "facts" not in given:
            return given
        rest = {name: value for name, value in given.items() if name != "facts"}
        facts = TypeAdapter(tuple[StoredFact, ...]).validate_python(given["facts"] or ())
        answers = rest.get("answers") or {}
        if not isinstance(answers, Mapping):
            return rest  # damaged: what is wrong with it is told as of any other report
        return {**rest, "answers": {**dict(each.answer for each in facts), **answers}}

    def subject(self) -> Subject:
        """Return what the checks look at. A document that is not among the answers is not judged."""
        answers: Answers = {name: each.answer for name, each in self.answers.items()}
        bucket = Bucket(**self.bucket.model_dump())

        def stored(read: Read) -> Answer:
            return checked(read, recorded(answers)(read))

        observed = {
            each.name: drive(each.observe(bucket), stored).observation
            for each in CONTROLS
            if each.documents()[0] in answers
        }
        subject = Subject(bucket, self.role, observed, trusted_accounts=frozenset(self.trusted_accounts))
        looks = {query: drive(query.observe(), recorded(answers)) for query in questions(subject)}
        asked = {query: look for query, look in looks.items() if look.answers.keys() <= answers.keys()}
        return replace(subject, facts={query: look.observation for query, look in asked.items()})


def store(
    subject: Subject, answers: Answers, read_at: dt.datetime, ages: Mapping[str, float] = MappingProxyType({})
) -> StoredObservation:
    """Write an observation down.

    Args:
        subject: what was judged.
        answers: all that it was made from: the bucket's documents, and what the checks asked for outside it.
        read_at: when, in UTC.
        ages: seconds since then of each answer that is older.
    """
    earlier = {name: read_at - dt.timedelta(seconds=age) for name, age in ages.items()}
    stored = {name: StoredAnswer.of(answer) for name, answer in sorted(answers.items())}
    return StoredObservation(
        bucket=StoredBucket.model_validate(subject.bucket, from_attributes=True),
        role=Role(subject.role),
        read_at=read_at,
        answers={
            name: each.model_copy(update={"read_at": earlier[name]}) if name in earlier else each
            for name, each in stored.items()
        },
        trusted_accounts=tuple(sorted(subject.trusted_accounts)),
    )
