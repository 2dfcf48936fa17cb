"""Everything that a pass asks AWS: the bucket's documents, and what controls and checks want to know besides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from securebucket.aws.bucket_client import BucketClient
from securebucket.aws.edge import Aws
from securebucket.compliance.judgement import questions
from securebucket.engine.application import Applied
from securebucket.engine.effective import Effective
from securebucket.engine.outcome import Evidence
from securebucket.model.bucket import Bucket
from securebucket.model.control import Context, Control
from securebucket.model.failure import Failure
from securebucket.model.flow import Answers, Reading, answers_of, drive
from securebucket.model.flow import never_configured as answer_nothing
from securebucket.model.observation import Observation, is_unread, readable
from securebucket.model.verdict import Subject

TAGS = "tags"
"""The document that says whose the bucket is."""


@dataclass(frozen=True, slots=True)
class Documents:
    """What was read of one bucket.

    Args:
        observed: what each document means, by control.
        answers: the documents as AWS wrote them.
        ages: seconds since it was read of each document that was not read now.
        answer_ages: the same of its answers.
    """

    observed: Mapping[str, Observation]
    answers: Answers
    ages: Mapping[str, float] = field(default_factory=dict)
    answer_ages: Mapping[str, float] = field(default_factory=dict)

    def lost(self) -> Failure | None:
        """Say that the bucket went after it was found, where every read says so."""
        read = [each for name, each in self.observed.items() if name not in self.ages]
        gone = [each for each in read if isinstance(each, Failure) and each.reason == "BucketMissing"]
        return gone[0] if len(gone) == len(read) else None

    def tags(self) -> Mapping[str, str] | Failure:
        """Give the tags: a bucket whose tags cannot be read is nobody's to change."""
        state = self.observed[TAGS]
        if is_unread(state):
            return replace(state, message=f"the ownership tags could not be read: {state.message}")
        tags: Mapping[str, str] = {} if isinstance(state, Failure) else state.tags
        return tags

    def renewed(self, applied: Mapping[str, Applied]) -> "Documents":
        """Give what is known after some of them were written and read back."""
        observed = {name: each.observation for name, each in applied.items()}
        return self.laid_under(observed, {name: each for one in applied.values() for name, each in one.answers.items()})

    def laid_under(self, observed: Mapping[str, Observation], answers: Answers) -> "Documents":
        """Give what is known after some of them were read again."""
        ages = {name: age for name, age in self.ages.items() if name not in observed}
        answer_ages = {name: age for name, age in self.answer_ages.items() if name not in answers}
        return Documents({**self.observed, **observed}, {**self.answers, **answers}, ages, answer_ages)


def read_documents(client: BucketClient, controls: Iterable[Control[Any]], bucket: Bucket) -> Documents:
    """Read documents of a bucket; one that cannot be read hides no other."""
    return documents_of(client.read_all(tuple(controls), bucket))


def documents_of(readings: Mapping[str, Reading[Any]], ages: Mapping[str, float] = MappingProxyType({})) -> Documents:
    """Give what readings say, by control."""
    observed = {name: each.observation for name, each in readings.items()}
    answer_ages = {read: age for name, age in ages.items() for read in readings[name].answers}
    return Documents(observed, answers_of(readings.values()), ages, answer_ages)


def never_configured(controls: Iterable[Control[Any]], bucket: Bucket) -> dict[str, Observation]:
    """Give the documents of a bucket of which nothing was ever configured."""
    return {control.name: drive(control.observe(bucket), answer_nothing).observation for control in controls}


def informed(
    context: Context, aws: Aws, effective: Effective, controls: Iterable[Control[Any]], at_most: float
) -> Context:
    """Ask what the controls want to know of what is outside the bucket; no answer is older than so many seconds."""
    queries = [
        query
        for control in controls
        if readable(context.observed[control.name])
        for query in control.facts(context, context.observed[control.name])
    ]
    facts = {query: aws.look(effective.binding, query, at_most).observation for query in dict.fromkeys(queries)}
    return replace(context, facts=facts)


def evidence_of(bucket: Bucket, documents: Documents, aws: Aws, effective: Effective, at_most: float) -> Evidence:
    """Give what the checks look at, with what they ask about the bucket's surroundings; see `informed`."""
    subject = Subject(bucket, effective.spec.role, documents.observed, trusted_accounts=effective.trusted_accounts)
    looks = {query: aws.look(effective.binding, query, at_most) for query in questions(subject)}
    facts = {query: look.observation for query, look in looks.items()}
    answers = {**documents.answers, **answers_of(looks.values())}
    ages = {name: age for look in looks.values() for name, age in look.ages.items()}
    return Evidence(replace(subject, facts=facts), answers, {**documents.answer_ages, **ages})
