"""A verdict can be made again from a stored observation, and nothing but an observation can be stored."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.compliance.observations import READ_AT, absent_answers, answers_of, subject_of, verdicts_of
from tests.controls.builders import ACCOUNT
from tests.laws.register import TRIED
from tests.laws.things import KEY
from tests.laws.worlds import AnyControl, every_control
from tests.policy.strategies import PATIENT

from securebucket.api.spec import Role
from securebucket.compliance.stored_observation import StoredAnswer, StoredFact, StoredObservation, store
from securebucket.controls import CONTROLS
from securebucket.model.evidence import Answers, NeverConfigured, name_of
from securebucket.model.fact import (
    AccountBlock,
    AccountBlockQuery,
    BucketRegion,
    BucketRegionQuery,
    Fact,
    FactQuery,
    KmsKey,
    KmsKeyQuery,
)
from securebucket.model.failure import Failure
from securebucket.model.observation import Unsupported
from securebucket.model.verdict import Subject

ACCOUNT_QUERY = AccountBlockQuery(ACCOUNT)


def again(subject: Subject, answers: Answers) -> Subject:
    """Store an observation, write it as JSON, and read it back."""
    text = store(subject, answers, READ_AT).model_dump_json(by_alias=True, exclude_none=True)
    return StoredObservation.model_validate_json(text).subject()


@every_control
@pytest.mark.parametrize("role", list(Role))
def test_every_answer_gives_the_same_verdicts_when_it_was_stored(control: AnyControl, role: Role) -> None:
    for own in answers_of(control):
        answers = absent_answers() | dict(own)
        subject = subject_of(answers, role=role)
        assert verdicts_of(again(subject, answers)) == verdicts_of(subject)


FACTS: st.SearchStrategy[Fact] = st.one_of(
    st.builds(AccountBlock, *[st.booleans()] * 4),
    st.sampled_from([Failure("AccessDenied", "denied."), Failure("Unsupported", "not known.")]),
)
REGIONS: st.SearchStrategy[Fact] = st.sampled_from(
    [BucketRegion("eu-west-1"), BucketRegion("eu-central-1"), BucketRegion(""), Failure("BucketMissing", "gone.")]
)
ANSWERS = st.tuples(*(st.sampled_from(list(answers_of(each))) for each in TRIED)).map(
    lambda chosen: {name: answer for each in chosen for name, answer in each.items()}
)


@PATIENT
@given(
    answers=ANSWERS,
    account=FACTS,
    region=REGIONS,
    role=st.sampled_from(list(Role)),
    trusted=st.frozensets(st.sampled_from(["444455556666", "777788889999"])),
)
def test_any_bucket_gets_the_same_verdicts_when_it_was_stored(
    answers: Answers, account: Fact, region: Fact, role: Role, trusted: frozenset[str]
) -> None:
    facts: dict[FactQuery, Fact] = {ACCOUNT_QUERY: account, BucketRegionQuery("elsewhere", ACCOUNT): region}
    subject = subject_of(answers, facts, role, trusted_accounts=trusted)
    assert verdicts_of(again(subject, answers)) == verdicts_of(subject)


def test_what_is_stored_is_what_the_server_answered() -> None:
    answers = absent_answers() | {"GetBucketVersioning": {"Status": "Enabled"}}
    document = store(subject_of(answers), answers, READ_AT).model_dump(mode="json", by_alias=True, exclude_none=True)
    assert document["answers"]["GetBucketVersioning"] == {"response": {"Status": "Enabled"}}
    assert document["answers"]["GetBucketPolicy"] == {"absent": True}
    assert document["readAt"] == "2026-11-25T12:00:00Z"
    assert document["bucket"] == {
        "name": "acme-invoices",
        "region": "eu-central-1",
        "accountId": ACCOUNT,
        "partition": "aws",
    }


def test_it_is_read_back_whether_empty_members_were_written_or_not() -> None:
    answers = absent_answers() | {"GetBucketPolicy": Unsupported("not known.")}
    stored = store(subject_of(answers), answers, READ_AT)
    for options in ({}, {"exclude_none": True}, {"exclude_defaults": True}):
        text = stored.model_dump_json(by_alias=True, **options)
        assert StoredObservation.model_validate_json(text) == stored


def test_a_document_that_was_not_read_is_not_judged() -> None:
    answers = absent_answers()
    del answers[name_of(CONTROLS[0].read)]
    stored = store(subject_of(absent_answers()), answers, READ_AT)
    found = set(verdicts_of(stored.subject()))
    assert {"public-access-blocked", "public-read-prevented", "public-write-prevented"}.isdisjoint(found)
    assert "tls-required" in found


def test_what_controls_ask_for_is_not_stored_and_hides_no_answer() -> None:
    """A key that S3 encrypts with says nothing about the account's block."""
    block = AccountBlock(restrict_public_buckets=True)
    key = KmsKey(KEY, "Enabled", symmetric=True, aws_managed=False)
    answers = absent_answers()
    subject = subject_of(answers, {ACCOUNT_QUERY: block, KmsKeyQuery(KEY, "eu-central-1"): key})
    assert again(subject, answers).facts[ACCOUNT_QUERY] == block
    assert len(store(subject, answers, READ_AT).facts) == 1


ANSWER = {
    "never configured": (NeverConfigured(), {"absent": True}),
    "denied": (Failure("AccessDenied", "denied."), {"unknown": {"reason": "AccessDenied", "message": "denied."}}),
    "not known": (Unsupported("not known."), {"unsupported": "not known."}),
    "empty": ({}, {"response": {}}),
    "with a null in it": ({"A": None}, {"response": {"A": None}}),
}


@pytest.mark.parametrize(("answer", "document"), ANSWER.values(), ids=ANSWER.keys())
def test_an_answer_is_written_in_one_way(answer: Any, document: dict[str, Any]) -> None:
    assert json.loads(StoredAnswer.of(answer).model_dump_json(exclude_none=True)) == document


NO_ANSWER: dict[str, dict[str, Any]] = {
    "nothing": {},
    "null": {"response": None},
    "not absent": {"absent": False},
    "two at once": {"absent": True, "response": {}},
    "another word": {"missing": True},
}


@pytest.mark.parametrize("document", NO_ANSWER.values(), ids=NO_ANSWER.keys())
def test_what_is_no_answer_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        StoredAnswer.model_validate(document)


NO_FACT: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a bucket and no region": {"bucket": "elsewhere"},
    "a region and no bucket": {"region": "eu-west-1"},
    "a bucket with an account's block": {"bucket": "elsewhere", "publicAccessBlock": {}},
    "two at once": {"bucket": "elsewhere", "region": "eu-west-1", "unknown": {"reason": "A", "message": "b"}},
}


@pytest.mark.parametrize("document", NO_FACT.values(), ids=NO_FACT.keys())
def test_what_is_no_fact_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        StoredFact.model_validate(document)


@every_control
def test_an_answer_without_its_member_means_the_same_when_it_was_stored(control: AnyControl) -> None:
    """A server that does not know a setting answers with something else; so may somebody who writes one by hand."""
    answers = absent_answers() | {name_of(control.read): {}}
    subject = subject_of(answers)
    assert isinstance(subject.observed[control.name], Unsupported) == bool(control.read.required)
    assert verdicts_of(again(subject, answers)) == verdicts_of(subject)
