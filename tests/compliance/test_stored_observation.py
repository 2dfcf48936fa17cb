"""A verdict can be made again from a stored observation, and nothing but an observation can be stored."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.compliance.observations import (
    ACCOUNT_BLOCK,
    READ_AT,
    absent_answers,
    answers_of,
    completed,
    subject_of,
    verdicts_of,
)
from tests.controls.builders import ACCOUNT, first_read
from tests.laws.register import TRIED
from tests.laws.worlds import AnyControl, every_control
from tests.policy.strategies import PATIENT

from securebucket.api.spec import Role
from securebucket.compliance.stored_observation import StoredAnswer, StoredFact, StoredObservation, store
from securebucket.controls import CONTROLS
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer, Answers, NeverConfigured
from securebucket.model.observation import Unsupported
from securebucket.model.public_access_block import PublicAccessBlock
from securebucket.model.surroundings import AccountBlockQuery, BucketRegion, BucketRegionQuery, Query
from securebucket.model.verdict import Subject


def again(subject: Subject, answers: Answers) -> Subject:
    """Store an observation, write it as JSON, and read it back."""
    text = store(subject, answers, READ_AT).model_dump_json(by_alias=True, exclude_none=True)
    return StoredObservation.model_validate_json(text).subject()


@every_control
@pytest.mark.parametrize("role", list(Role))
def test_every_answer_gives_the_same_verdicts_when_it_was_stored(control: AnyControl, role: Role) -> None:
    for own in answers_of(control):
        answers = absent_answers() | dict(own)
        subject = subject_of(answers, role)
        assert verdicts_of(again(subject, completed(answers))) == verdicts_of(subject)


FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
ACCOUNTS: st.SearchStrategy[Answer] = st.one_of(
    st.fixed_dictionaries({"PublicAccessBlockConfiguration": st.fixed_dictionaries({f: st.booleans() for f in FLAGS})}),
    st.sampled_from([NeverConfigured(), Failure("AccessDenied", "denied."), Unsupported("not known.")]),
)
REGIONS: st.SearchStrategy[Answer] = st.sampled_from(
    [{"BucketRegion": "eu-west-1"}, {"BucketRegion": "eu-central-1"}, {}, Failure("BucketMissing", "gone.")]
)
ANSWERS = st.tuples(*(st.sampled_from(list(answers_of(each))) for each in TRIED)).map(
    lambda chosen: {name: answer for each in chosen for name, answer in each.items()}
)


@PATIENT
@given(
    answers=ANSWERS,
    account=ACCOUNTS,
    region=REGIONS,
    role=st.sampled_from(list(Role)),
    trusted=st.frozensets(st.sampled_from(["444455556666", "777788889999"])),
)
def test_any_bucket_gets_the_same_verdicts_when_it_was_stored(
    answers: Answers, account: Answer, region: Answer, role: Role, trusted: frozenset[str]
) -> None:
    around = completed(answers)
    regions = {name: region for name in around if name.startswith("s3:HeadBucket/")}
    whole = {**around, **regions, ACCOUNT_BLOCK: account}
    subject = subject_of(whole, role, trusted_accounts=trusted)
    assert verdicts_of(again(subject, whole)) == verdicts_of(subject)


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
    del answers[CONTROLS[0].documents()[0]]
    stored = store(subject_of(absent_answers()), answers, READ_AT)
    found = set(verdicts_of(stored.subject()))
    assert {"public-access-blocked", "public-read-prevented", "public-write-prevented"}.isdisjoint(found)
    assert "tls-required" in found


OLD_FACTS: dict[str, tuple[dict[str, Any], Query[Any], Any]] = {
    "the account's block": (
        {"publicAccessBlock": {"RestrictPublicBuckets": True}},
        AccountBlockQuery(ACCOUNT),
        PublicAccessBlock(restrict_public_buckets=True),
    ),
    "an account that blocks nothing": (
        {"publicAccessBlock": dict.fromkeys(FLAGS, False)},
        AccountBlockQuery(ACCOUNT),
        PublicAccessBlock(),
    ),
    "an account that could not be read": (
        {"unknown": {"reason": "AccessDenied", "message": "denied."}},
        AccountBlockQuery(ACCOUNT),
        Failure("AccessDenied", "denied."),
    ),
    "where a copy lies": (
        {"bucket": "acme-copy", "account": ACCOUNT, "region": "eu-west-1"},
        BucketRegionQuery("acme-copy", ACCOUNT),
        BucketRegion("eu-west-1"),
    ),
    "a copy's server that does not tell": (
        {"bucket": "acme-copy", "account": ACCOUNT, "region": ""},
        BucketRegionQuery("acme-copy", ACCOUNT),
        BucketRegion(""),
    ),
    "a copy that could not be found": (
        {"bucket": "acme-copy", "account": ACCOUNT, "unknown": {"reason": "BucketMissing", "message": "gone."}},
        BucketRegionQuery("acme-copy", ACCOUNT),
        Failure("BucketMissing", "gone."),
    ),
}
OPEN = {"Policy": '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}}'}
COPIED = {
    "ReplicationConfiguration": {
        "Role": "arn:aws:iam::111122223333:role/copy",
        "Rules": [{"ID": "all", "Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::acme-copy"}}],
    }
}


@pytest.mark.parametrize(("fact", "query", "expected"), OLD_FACTS.values(), ids=OLD_FACTS.keys())
def test_what_an_older_report_knew_of_the_surroundings_is_still_known(
    fact: dict[str, Any], query: Query[Any], expected: Any
) -> None:
    answers = absent_answers() | {"GetBucketPolicy": OPEN, "GetBucketReplication": COPIED}
    stored = store(subject_of(answers), answers, READ_AT)
    assert not {name for name in stored.answers if ":" in name}
    document = stored.model_dump(mode="json", by_alias=True, exclude_none=True)
    old = StoredObservation.model_validate_json(json.dumps(document | {"facts": [fact]}))
    assert old.subject().facts[query] == expected
    assert "facts" not in old.model_dump()


def test_a_damaged_report_of_an_older_release_is_refused_in_words() -> None:
    document = store(subject_of({}), {}, READ_AT).model_dump(mode="json", by_alias=True)
    with pytest.raises(ValidationError, match="answers"):
        StoredObservation.model_validate(document | {"facts": [], "answers": ["x"]})


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
    answers = completed(absent_answers() | {control.documents()[0]: {}})
    subject = subject_of(answers)
    assert isinstance(subject.observed[control.name], Unsupported) == bool(first_read(control).required)
    assert verdicts_of(again(subject, answers)) == verdicts_of(subject)
