"""Laws of verdicts: there always is one, notation does not matter, and more protection never makes it worse."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.compliance.golden import cases
from tests.compliance.observations import ACCOUNT_BLOCK, absent_answers, subject_of, verdicts_of
from tests.controls.builders import ACCOUNT
from tests.policy.strategies import PATIENT, STATEMENTS

from securebucket.api.check_id import CHECK_IDS
from securebucket.compliance.catalogue import BY_ID, CATALOGUE
from securebucket.compliance.judgement import questions
from securebucket.controls import CONTROLS
from securebucket.model.flow import Answer
from securebucket.model.surroundings import AccountBlockQuery, BucketRegionQuery
from securebucket.model.verdict import Result, Verdict

BETTER = {Result.FAIL: 0, Result.UNKNOWN: 1, Result.PASS: 2, Result.NOT_APPLICABLE: 2}
FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
ACL: Answer = {
    "Owner": {"ID": "owner"},
    "Grants": [
        {"Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AllUsers", "Type": "Group"}, "Permission": "READ"}
    ],
}


def judged(
    policy: str, block: Mapping[str, bool] | None = None, account: Mapping[str, bool] | None = None, **answers: Answer
) -> dict[str, Verdict]:
    """Judge a bucket that differs from one that was never configured in its policy and its blocks."""
    given_ = absent_answers() | {"GetBucketPolicy": {"Policy": policy}} | answers
    if block is not None:
        given_["GetPublicAccessBlock"] = {"PublicAccessBlockConfiguration": dict(block)}
    if account is not None:
        given_[ACCOUNT_BLOCK] = {"PublicAccessBlockConfiguration": dict(account)}
    return verdicts_of(subject_of(given_))


def document(statements: list[Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def as_lists(value: Any) -> Any:
    """Write every scalar of a statement as a list of one, in the order turned round."""
    if isinstance(value, dict):
        return {key: as_lists(each) for key, each in reversed(value.items())}
    return list(reversed(value)) if isinstance(value, list) else [value]


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())
JSON = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=8,
)
ELEMENTS = st.sampled_from(
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"]
)
KNOWN = st.one_of(
    JSON,
    st.sampled_from(
        ["Allow", "Deny", "*", "s3:*", "arn:aws:s3:::acme-invoices", "aws:SourceIp", ":::::", "${aws:userid}"]
    ),
    st.dictionaries(
        st.sampled_from(["AWS", "Service", "Bool", "StringEquals", "IpAddress", "ForAnyValue:StringLike"]),
        st.one_of(
            JSON, st.dictionaries(st.sampled_from(["aws:SourceIp", "aws:SourceArn", "aws:SecureTransport"]), JSON)
        ),
    ),
)
ODD_STATEMENTS = st.dictionaries(ELEMENTS, KNOWN)


@PATIENT
@given(JSON)
def test_any_json_gets_a_verdict_with_a_reason(value: Any) -> None:
    found = judged(json.dumps(value))
    assert set(found) == set(CHECK_IDS)
    assert all(verdict.because for verdict in found.values())


@PATIENT
@given(st.text())
def test_any_text_gets_a_verdict_with_a_reason(text: str) -> None:
    assert all(verdict.because for verdict in judged(text).values())


@PATIENT
@example({"Sid": {"NotUnderstood": True}})
@example({"NotUnderstood": "Sid"})
@given(st.one_of(ODD_STATEMENTS, st.lists(ODD_STATEMENTS, max_size=3)))
def test_any_statement_gets_a_verdict_with_a_reason(statements: Any) -> None:
    found = judged(json.dumps({"Version": "2012-10-17", "Statement": statements}))
    assert set(found) == set(CHECK_IDS)
    assert all(verdict.because for verdict in found.values())


@PATIENT
@given(st.lists(STATEMENTS, max_size=3))
def test_notation_does_not_matter(statements: list[dict[str, Any]]) -> None:
    turned = [
        {
            key: value if key in {"Sid", "Effect"} or (key == "Principal" and value == "*") else as_lists(value)
            for key, value in each.items()
        }
        for each in reversed(statements)
    ]
    plain, other = judged(document(statements)), judged(document(turned))
    assert {check: each.result for check, each in plain.items()} == {
        check: each.result for check, each in other.items()
    }


@PATIENT
@given(st.lists(STATEMENTS, max_size=2), STATEMENTS)
def test_one_more_allow_never_makes_a_verdict_better(statements: list[dict[str, Any]], more: dict[str, Any]) -> None:
    before, after = judged(document(statements)), judged(document([*statements, {**more, "Effect": "Allow"}]))
    for check in CHECK_IDS:
        assert BETTER[after[check].result] <= BETTER[before[check].result]


@PATIENT
@given(st.lists(STATEMENTS, max_size=2), STATEMENTS)
def test_one_more_deny_never_makes_a_verdict_worse(statements: list[dict[str, Any]], more: dict[str, Any]) -> None:
    before, after = judged(document(statements)), judged(document([*statements, {**more, "Effect": "Deny"}]))
    for check in CHECK_IDS:
        assert BETTER[after[check].result] >= BETTER[before[check].result]


BLOCKS = st.fixed_dictionaries({name: st.booleans() for name in FLAGS})


@PATIENT
@given(st.lists(STATEMENTS, max_size=2), BLOCKS, st.sampled_from(FLAGS), st.booleans())
def test_one_more_flag_of_the_bucket_never_makes_a_verdict_worse(
    statements: list[dict[str, Any]], block: dict[str, bool], flag: str, granted: bool
) -> None:
    acl: dict[str, Answer] = {"GetBucketAcl": ACL} if granted else {}
    before, after = (judged(document(statements), each, **acl) for each in (block, {**block, flag: True}))
    for check in CHECK_IDS:
        assert BETTER[after[check].result] >= BETTER[before[check].result]


@PATIENT
@given(st.lists(STATEMENTS, max_size=2), BLOCKS, st.booleans())
def test_the_account_s_block_never_makes_a_verdict_worse(
    statements: list[dict[str, Any]], block: dict[str, bool], granted: bool
) -> None:
    acl: dict[str, Answer] = {"GetBucketAcl": ACL} if granted else {}
    nothing, everything = (dict.fromkeys(FLAGS, on) for on in (False, True))
    before, after = (judged(document(statements), block, each, **acl) for each in (nothing, everything))
    for check in CHECK_IDS:
        assert BETTER[after[check].result] >= BETTER[before[check].result]
    assert {after[check].result for check in ("public-read-prevented", "public-write-prevented")} == {Result.PASS}


def test_every_check_is_in_the_catalogue_once_and_can_be_excepted() -> None:
    assert sorted(entry.check.id for entry in CATALOGUE) == sorted(CHECK_IDS)
    assert len(BY_ID) == len(CATALOGUE)
    assert list(CHECK_IDS) == sorted(CHECK_IDS)


def test_a_check_names_every_document_that_it_reads() -> None:
    """Else a verdict could not be traced to what it was made from: without the other documents it is the same."""
    names = {control.name for control in CONTROLS}
    for entry in CATALOGUE:
        assert set(entry.reads) <= names
        assert len(set(entry.reads)) == len(entry.reads)
    for case in cases():
        subject = case.observation.subject()
        for check, verdict in verdicts_of(subject).items():
            reads = BY_ID[check].reads
            alone = replace(subject, observed={name: each for name, each in subject.observed.items() if name in reads})
            assert verdicts_of(alone)[check] == verdict


@pytest.mark.parametrize("case", [case for case in cases() if case.topic == "bases"], ids=lambda case: case.id)
def test_a_safe_bucket_costs_no_question_about_its_account(case: Any) -> None:
    asked = questions(case.observation.subject())
    assert AccountBlockQuery(ACCOUNT) not in asked


def test_the_account_is_asked_once_for_both_checks_and_only_where_a_door_is_open() -> None:
    asked = {case.id: questions(case.observation.subject()).count(AccountBlockQuery(ACCOUNT)) for case in cases()}
    assert asked["read-and-write-open"] == 1
    assert asked["write-policy-bucket-blocks"] == 0
    assert asked["read-policy-bucket-denied-account-on"] == 1


def test_only_destinations_of_the_own_account_are_asked_about() -> None:
    asked = {
        case.id: [each.name for each in questions(case.observation.subject()) if isinstance(each, BucketRegionQuery)]
        for case in cases()
    }
    assert asked["copies-near-and-far"] == ["acme-near", "acme-copies"]
    assert asked["copies-other-account"] == []
    assert asked["copies-far-rule-disabled"] == []
    assert asked["replica-target-replicates"] == []
