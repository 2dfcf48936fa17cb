"""The control of CORS: which rules are the same, what their order means, and what can be declared of what is there."""

from typing import Any

import pytest
from tests.controls.builders import context, first_read, state_of, subject

from securebucket.api.spec import SecureBucketSpec
from securebucket.controls.cors import CorsControl, CorsState, judge_writes
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.document import fields_of
from securebucket.model.risk import Risk
from securebucket.model.understanding import NOT_UNDERSTOOD, refusal
from securebucket.model.verdict import Result

CONTROL = CorsControl()
ABSENT = CorsState()
APP = {"ID": "app", "AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["https://app.example.com"]}
OPEN = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}
WHOLE = APP | {"AllowedHeaders": ["content-type", "x-amz-*"], "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 0}


def state(*rules: Any) -> CorsState:
    found = state_of(CONTROL, {"CORSRules": list(rules)})
    assert isinstance(found, CorsState)
    return found


def desired(block: Any, observed: CorsState = ABSENT, origin: Origin = Origin.CREATED) -> CorsState:
    return CONTROL.desired(context({"cors": block}, origin=origin), observed)


def test_a_bucket_without_configuration_has_no_rules() -> None:
    assert state_of(CONTROL) == ABSENT


def test_an_answer_without_rules_comes_from_a_server_that_does_not_know_cors() -> None:
    """Nothing is deleted there: it could take the DELETE for the bucket's."""
    assert first_read(CONTROL).required == "CORSRules"


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (APP, "1 app"),
        (OPEN, "1 GET *"),
        (OPEN | {"ID": ""}, "1 GET *"),
        ({"AllowedMethods": ["PUT", "GET"], "AllowedOrigins": ["https://b", "https://a"]}, "1 GET PUT https://a"),
    ],
)
def test_a_rule_is_named_by_its_place_and_what_tells_it_from_others(rule: Any, name: str) -> None:
    assert list(state(rule).cors_rules) == [name]


def test_the_order_of_rules_counts() -> None:
    """S3 uses the first that fits a request."""
    assert state(APP, OPEN) != state(OPEN, APP)
    assert list(fields_of(state(APP, OPEN))) == ["corsRules[1 app]", "corsRules[2 GET *]"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (APP, APP | {"AllowedMethods": ["PUT", "GET", "GET"]}),
        (APP, APP | {"AllowedHeaders": [], "ExposeHeaders": []}),
        (APP, APP | {"MaxAgeSeconds": None}),
        (OPEN, OPEN | {"ID": ""}),
    ],
)
def test_rules_that_mean_the_same_are_the_same(one: Any, other: Any) -> None:
    assert state(one) == state(other)


@pytest.mark.parametrize("other", [APP | {"MaxAgeSeconds": 0}, APP | {"ID": "b"}, APP | {"AllowedHeaders": ["*"]}])
def test_rules_that_mean_something_else_are_not(other: Any) -> None:
    assert state(APP) != state(other)


@pytest.mark.parametrize("origin", list(Origin))
@pytest.mark.parametrize("block", [{}, {"rules": []}])
def test_without_a_declared_rule_there_is_to_be_none(block: Any, origin: Origin) -> None:
    assert desired(block, state(APP, OPEN), origin) == ABSENT


def test_what_is_declared_replaces_what_is_there() -> None:
    block = {"rules": [{"allowedOrigins": ["*"], "allowedMethods": ["GET"]}]}
    assert desired(block, state(APP)) == state(OPEN)


def test_rules_are_put_in_their_order_also_after_the_ninth() -> None:
    rules = [{"id": f"r{number}", "allowedOrigins": ["*"], "allowedMethods": ["GET"]} for number in range(12)]
    (call,) = CONTROL.calls(context(), ABSENT, desired({"rules": rules}))
    assert [each["ID"] for each in call.parameters["CORSConfiguration"]["CORSRules"]] == [each["id"] for each in rules]


def test_a_rule_is_put_as_it_was_declared() -> None:
    (call,) = CONTROL.calls(context(), ABSENT, desired(CONTROL.declaration(state(WHOLE))))
    assert call == Call("put_bucket_cors", {"CORSConfiguration": {"CORSRules": [WHOLE]}})


def test_a_configuration_without_rules_is_deleted() -> None:
    assert CONTROL.calls(context(), state(APP), ABSENT) == (Call("delete_bucket_cors"),)


@pytest.mark.parametrize(
    ("origin", "spec", "risk"),
    [
        (Origin.ADOPTED, {}, Risk.LOCKOUT),
        (Origin.ADOPTED, {"cors": {}}, Risk.NONE),
        (Origin.CREATED, {}, Risk.NONE),
    ],
)
def test_only_what_was_there_at_adoption_needs_a_yes_to_go(origin: Origin, spec: Any, risk: Risk) -> None:
    """A declaration is one; and on a bucket of ours nobody can have come to need what was never declared."""
    assert CONTROL.risk(context(spec, origin=origin), state(APP), ABSENT) is risk


@pytest.mark.parametrize("found", [ABSENT, state(WHOLE), state(OPEN, APP), state(*[OPEN] * 100)])
def test_what_is_there_can_be_declared(found: CorsState) -> None:
    block = CONTROL.declaration(found)
    assert SecureBucketSpec.model_validate({"cors": block})
    assert desired(block, found) == found


@pytest.mark.parametrize(
    "rules",
    [
        [OPEN | {"AllowedMethods": ["PATCH"]}],
        [OPEN | {"AllowedOrigins": ["https://*.*"]}],
        [OPEN | {"Invented": "x"}],
        [APP, APP],
        [OPEN | {NOT_UNDERSTOOD: ["Invented"]}],
    ],
)
def test_what_the_api_does_not_take_cannot_be_declared(rules: list[Any]) -> None:
    """Some servers accept methods and wildcards that S3 refuses."""
    assert CONTROL.declaration(state(*rules)) is None


def test_a_rule_that_is_not_understood_is_not_written_back_and_may_go() -> None:
    odd = state(APP | {NOT_UNDERSTOOD: ["Invented"]})
    rule = {"id": "app", "allowedOrigins": ["https://other.example.com"], "allowedMethods": ["GET"]}
    assert refusal("cors", desired({"rules": [rule]}, odd)) is not None
    assert refusal("cors", desired({}, odd)) is None


def allowing(method: str, *origins: str) -> Any:
    return {"AllowedMethods": [method], "AllowedOrigins": list(origins)}


@pytest.mark.parametrize(
    ("rules", "result", "says"),
    [
        ([], Result.PASS, "there are no CORS rules"),
        ([APP], Result.PASS, "CORS rules name their origins"),
        ([OPEN], Result.PASS, "pages of any origin may read"),
        ([allowing("HEAD", "https://*")], Result.PASS, "pages of any origin may read"),
        ([allowing("PUT", "*")], Result.FAIL, "pages of * may send PUT"),
        ([OPEN, allowing("DELETE", "*")], Result.FAIL, "pages of * may send DELETE"),
        ([allowing("POST", "https://app.example.com", "http://*")], Result.FAIL, "pages of http://* may send POST"),
        ([allowing("PUT", "a\x1b*")], Result.FAIL, "a\\u001b*"),
    ],
)
def test_the_verdict_on_writes_names_the_origin(rules: list[Any], result: Result, says: str) -> None:
    verdict = judge_writes(subject(), state(*rules))
    assert verdict.result is result
    assert says in verdict.because


@pytest.mark.parametrize(
    ("origin", "result"),
    [
        ("https://*", Result.FAIL),
        ("https://*:8443", Result.FAIL),
        ("https://*.com", Result.FAIL),
        ("https://*example.com", Result.FAIL),
        ("https://app.*", Result.FAIL),
        ("null", Result.FAIL),
        ("https://*.com.", Result.FAIL),
        ("https://*.co.uk", Result.FAIL),
        ("https://*.GitHub.io", Result.FAIL),
        ("https://*example.co.uk", Result.FAIL),
        ("https://*-acme.vercel.app", Result.FAIL),
        ("https://*.s3.amazonaws.com:443", Result.FAIL),
        ("https://*.example.com", Result.PASS),
        ("https://app-*.example.com:8443", Result.PASS),
        ("http://localhost:*", Result.PASS),
        ("https://example.com", Result.PASS),
    ],
)
def test_a_wildcard_that_anybody_can_fill_is_any_origin(origin: str, result: Result) -> None:
    assert judge_writes(subject(), state(allowing("PUT", origin))).result is result
