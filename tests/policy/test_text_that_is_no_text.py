"""A policy's JSON may hold half characters, numbers without end, keys twice: nothing stops a pass, nothing is lost."""

import json
from typing import Any

import pytest

from securebucket.model.document import fields_of, jsonable
from securebucket.policy.document import make_state, policy_text, read_policy

HALF = "\ud800"
GRANT = {
    "Sid": f"P{HALF}",
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::999999999999:root"},
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::acme/*",
    "Condition": {"StringLike": {"aws:UserAgent": f"\\{HALF}*", HALF: "x"}},
}


def text_of(*statements: Any, **members: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **members})


def test_what_is_shown_and_judged_can_be_written_in_utf_8() -> None:
    state = read_policy(text_of(GRANT))
    assert list(state.statements) == ["P\ufffd"]
    json.dumps(jsonable(fields_of(state)), ensure_ascii=False).encode()


def test_what_is_put_back_is_what_s3_gave_to_the_letter() -> None:
    put = policy_text(read_policy(text_of(GRANT)))
    put.encode()
    assert json.loads(put)["Statement"] == [GRANT]


def test_another_statement_beside_it_is_put_and_it_stays() -> None:
    found = read_policy(text_of(GRANT))
    ours = {"Sid": "SecureBucketX", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    put = policy_text(make_state(found.version, found.id, {"SecureBucketX": ours, **found.written}))
    assert json.loads(put)["Statement"] == [ours, GRANT]


def test_two_that_differ_in_nothing_but_a_half_are_two() -> None:
    other = json.loads(json.dumps(GRANT).replace("ud800", "udc00"))
    state = read_policy(text_of(GRANT, other))
    assert len(state.statements) == 2
    assert [each["Sid"] for each in json.loads(policy_text(state))["Statement"]] == [f"P{HALF}", "P\udc00"]


def test_two_halves_that_belong_together_are_their_character() -> None:
    assert list(read_policy(text_of(GRANT).replace(r"\ud800", r"\ud83d\ude00")).statements) == ["P\U0001f600"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(text_of(GRANT, Id=HALF), id="an id that could not be put back"),
        pytest.param(text_of(GRANT).replace('"Effect"', '"Effect": "Deny", "Effect"'), id="a key that is there twice"),
        pytest.param('{"Statement": ' + "[" * 100_000, id="nested without end"),
        pytest.param('{"Statement": ' + '{"a":' * 500 + "1" + "}" * 501, id="nested deep"),
        pytest.param(f'"{HALF}"', id="no document"),
    ],
)
def test_what_cannot_be_put_back_as_it_was_is_one_unreadable_statement(text: str) -> None:
    (statement,) = read_policy(text).statements.values()
    assert set(statement) == {"Unreadable"}
    statement["Unreadable"].encode()


@pytest.mark.parametrize("number", ["9" * 5000, "1e999", "NaN", "-Infinity", "1.20"])
def test_a_number_of_any_length_is_its_text(number: str) -> None:
    condition = '{"Sid": "A", "Condition": {"NumericEquals": {"s3:max-keys": ' + number + "}}}"
    state = read_policy('{"Version": "2012-10-17", "Statement": [' + condition + "]}")
    assert state.statements["A"]["Condition"]["NumericEquals"]["s3:max-keys"] == [number]
    assert read_policy(policy_text(state)) == state
