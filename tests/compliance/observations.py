"""Observations put together from the sample answers of the laws."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tests.controls.builders import bucket, reading_of
from tests.laws.register import SUBJECTS

from securebucket.compliance.judgement import judge, questions
from securebucket.controls import CONTROLS
from securebucket.controls.replication_role import TRUST
from securebucket.model.control import Control
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer, Answers, NeverConfigured, Read, checked, drive, recorded
from securebucket.model.flow import answers_of as answers_of_all
from securebucket.model.observation import Unsupported
from securebucket.model.verdict import Subject, Verdict

READ_AT = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
DENIED = Failure("AccessDenied", "it was denied.", retry=False)
NOT_KNOWN = Unsupported("the server does not know it.")
ACCOUNT_BLOCK = "s3control:GetPublicAccessBlock"
USUAL: Mapping[str, Answer] = {
    "head_bucket": {"BucketRegion": "eu-west-1"},
    "get_public_access_block": NeverConfigured(),
    "list_access_points": {},
    "get_bucket_policy": NeverConfigured(),
    "get_bucket_encryption": NeverConfigured(),
    "get_object_lock_configuration": NeverConfigured(),
    "get_bucket_request_payment": {"Payer": "BucketOwner"},
    "get_bucket_ownership_controls": NeverConfigured(),
    "get_bucket_acl": {},
    "get_role": {"Role": {"Arn": "arn:aws:iam::111122223333:role/theirs", "AssumeRolePolicyDocument": TRUST}},
    "simulate_principal_policy": {"EvaluationResults": []},
    "describe_key": {
        "KeyMetadata": {
            "Arn": "arn:aws:kms:eu-central-1:111122223333:key/1",
            "KeyState": "Enabled",
            "Origin": "AWS_KMS",
        }
    },
    "get_key_rotation_status": {"KeyRotationEnabled": True},
    "get_key_policy": {"Policy": "{}"},
}

AnyControl = Control[Any]


def answers_of(control: AnyControl) -> Iterator[Answers]:
    """Give everything that the reads of a control may bring: each sample answer, and each way to get none."""
    for answer in (NeverConfigured(), DENIED, NOT_KNOWN):
        yield reading_of(control, answer).answers
    for response, more in SUBJECTS[control.name].readings:
        for second in (more, DENIED, NOT_KNOWN) if more is not None else (NeverConfigured(),):
            yield reading_of(control, response, second).answers


def absent_answers() -> dict[str, Answer]:
    """Give the answers about a bucket that was never configured."""
    answers: dict[str, Answer] = {}
    for control in CONTROLS:
        answers |= next(answers_of(control))
    return answers


def completed(answers: Answers) -> dict[str, Answer]:
    """Add a usual answer to what is asked outside the bucket and not among the answers."""

    def ask(read: Read) -> Answer:
        return answers[read.name] if read.name in answers else USUAL[read.operation]

    asked = questions(_plain(answers))
    return {**answers, **answers_of_all(drive(query.observe(), ask) for query in asked)}


def subject_of(answers: Answers, role: str = "Data", **options: Any) -> Subject:
    """Give the subject that the answers make; what they do not tell of its surroundings gets a usual answer."""
    plain, whole = _plain(answers, role, **options), completed(answers)
    facts = {query: drive(query.observe(), recorded(whole)).observation for query in questions(plain)}
    return replace(plain, facts=facts)


def _plain(answers: Answers, role: str = "Data", **options: Any) -> Subject:
    def ask(read: Read) -> Answer:
        return checked(read, recorded(answers)(read))

    observed = {each.name: drive(each.observe(bucket()), ask).observation for each in CONTROLS}
    return Subject(bucket(), role, observed, **options)


def verdicts_of(subject: Subject) -> dict[str, Verdict]:
    """Give the verdicts by the check's id."""
    return {each.check.id: each.verdict for each in judge(subject)}
