"""Whole documents: how statements are named, what odd texts become, and what is put."""

import itertools
import json
from typing import Any

import pytest

from securebucket.policy.canonical import UNREADABLE, canonical_statement
from securebucket.policy.document import ABSENT, digest, keyed, make_state, policy_text, read_policy

DENY: dict[str, Any] = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::acme"}
ALLOW: dict[str, Any] = {**DENY, "Effect": "Allow", "Action": "s3:ListBucket"}


def read(*statements: Any, **document: Any) -> Any:
    return read_policy(json.dumps({"Version": "2012-10-17", **document, "Statement": list(statements)}))


def test_one_statement_may_be_an_object() -> None:
    assert read_policy(json.dumps({"Version": "2012-10-17", "Statement": DENY})) == read(DENY)


def test_no_version_means_the_old_one() -> None:
    assert read_policy(json.dumps({"Statement": DENY})) == read(DENY, Version="2008-10-17")


def test_version_and_id_count() -> None:
    assert read(DENY) != read(DENY, Version="2008-10-17")
    assert read(DENY) != read(DENY, Id="Policy1")
    assert read(DENY) == read(DENY, Id="")


def test_sid_is_the_name() -> None:
    assert list(read({**DENY, "Sid": "My Deny"}).statements) == ["My Deny"]


def test_statement_without_sid_is_named_by_its_meaning() -> None:
    (name,) = read(DENY).statements
    assert name.startswith("foreign-")
    assert list(read(ALLOW, {**DENY, "Action": ["S3:*"], "Sid": ""}).statements)[1] == name


def test_statements_that_share_a_sid_are_all_kept() -> None:
    names = list(read({**DENY, "Sid": "A"}, {**ALLOW, "Sid": "A"}, {**DENY, "Sid": "B"}).statements)
    assert [name[:2] for name in names] == ["A-", "A-", "B"]
    assert len(set(names)) == 3


def test_statements_that_share_a_sid_keep_their_names_in_any_order() -> None:
    one, two = {**DENY, "Sid": "A"}, {**ALLOW, "Sid": "A"}
    assert read(one, two) == read(two, one)


def test_the_same_statement_twice_is_one() -> None:
    assert read({**DENY, "Sid": "A"}, {**DENY, "Sid": "A", "Action": ["s3:*"]}) == read({**DENY, "Sid": "A"})


@pytest.mark.parametrize("others", [(), (ALLOW,)], ids=["made up from nothing", "made up from a Sid"])
def test_a_sid_that_looks_like_a_made_up_name_hides_nothing(others: tuple[Any, ...]) -> None:
    """Whoever may write the policy can compute the name of a statement, and it would be neither judged nor kept."""
    hidden = [{**DENY, "Sid": "A"}, {**ALLOW, "Sid": "A"}] if others else [ALLOW]
    names = list(read(*hidden).statements)
    liars = [{**DENY, "Sid": name, "Action": "s3:GetBucketAcl"} for name in names]
    deeper = [{**DENY, "Sid": name, "Action": "s3:GetBucketTagging"} for name in read(*hidden, *liars).statements]
    for statements in ([*hidden, *liars], [*hidden, *liars, *deeper]):
        state = read(*statements)
        assert len(state.statements) == len({json.dumps(each, sort_keys=True) for each in statements})
        assert state == read(*reversed(statements))
        assert len(json.loads(policy_text(state))["Statement"]) == len(state.statements)


def test_two_statements_whose_short_hashes_are_the_same_are_two() -> None:
    """Eight digits of a hash are found twice among some ten thousand statements."""
    seen: dict[str, dict[str, Any]] = {}
    for number in itertools.count():
        each = {**DENY, "Resource": f"arn:aws:s3:::acme/{number}"}
        mark = digest(canonical_statement(each))
        if mark in seen:
            break
        seen[mark] = each
    state = read(seen[mark], each)
    assert len(state.statements) == 2
    assert state == read(each, seen[mark])


@pytest.mark.parametrize("text", ["", "no json", "[1]", '"x"', "null"])
def test_what_is_no_policy_is_neither_absent_nor_lost(text: str) -> None:
    state = read_policy(text)
    assert state.present
    assert [set(statement) for statement in state.statements.values()] == [{UNREADABLE}]


def test_what_is_no_statement_is_kept_beside_the_others() -> None:
    state = read({**DENY, "Sid": "A"}, "nonsense")
    assert sorted(UNREADABLE in statement for statement in state.statements.values()) == [False, True]


def test_policy_without_statements_is_not_absent() -> None:
    assert read() != ABSENT


def test_numbers_keep_their_digits() -> None:
    text = '{"Version":"2012-10-17","Statement":{"Sid":"A","Condition":{"NumericLessThan":{"s3:TlsVersion":1.20}}}}'
    assert '"1.20"' in policy_text(read_policy(text))


def test_text_keeps_statements_as_written_and_in_order() -> None:
    written = keyed([{**DENY, "Sid": "B"}, {**ALLOW, "Sid": "A", "Action": "s3:ListBucket"}])
    document = json.loads(policy_text(make_state("2012-10-17", "Policy1", written)))
    assert document == {
        "Version": "2012-10-17",
        "Id": "Policy1",
        "Statement": [{**DENY, "Sid": "B"}, {**ALLOW, "Sid": "A"}],
    }


def test_text_reads_back_as_the_same_state() -> None:
    state = make_state("2008-10-17", "", keyed([{**DENY, "Sid": "B"}, ALLOW]))
    assert read_policy(policy_text(state)) == state


def test_no_statements_make_no_policy() -> None:
    assert make_state("2012-10-17", "Policy1", {}) == ABSENT


def test_half_a_character_is_a_value_like_any_other() -> None:
    """JSON can write one, and other servers store it."""
    state = read_policy('{"Statement": [{"Effect": "Allow", "Principal": "\\ud800"}]}')
    assert len(state.statements) == 1


@pytest.mark.parametrize("depth", [30, 900, 100_000])
def test_a_document_that_is_nested_without_end_is_unreadable(depth: int) -> None:
    """Python would give up within it; other servers may store what they are given."""
    text = '{"Statement": ' + "[" * depth + "]" * depth + "}"
    (statement,) = read_policy(text).statements.values()
    assert statement.keys() == {"Unreadable"}
