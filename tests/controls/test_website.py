"""The control of the website endpoint: which answers mean the same, what is put and when it is deleted."""

from typing import Any

import pytest
from tests.controls.builders import context, first_read, state_of, subject

from securebucket.api.spec import SecureBucketSpec
from securebucket.controls.website import RedirectOfAll, WebsiteControl, WebsiteState, judge_off
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.document import fields_of
from securebucket.model.risk import Risk
from securebucket.model.understanding import NOT_UNDERSTOOD, refusal
from securebucket.model.verdict import Result

CONTROL = WebsiteControl()
OFF = WebsiteState()
INDEX = {"IndexDocument": {"Suffix": "index.html"}}
MOVED = {"Condition": {"KeyPrefixEquals": "docs/"}, "Redirect": {"ReplaceKeyPrefixWith": "pages/"}}
LOST = {"Condition": {"HttpErrorCodeReturnedEquals": "404"}, "Redirect": {"HostName": "old.example.com"}}
SITE = INDEX | {"ErrorDocument": {"Key": "error.html"}, "RoutingRules": [MOVED, LOST]}
ELSEWHERE = {"RedirectAllRequestsTo": {"HostName": "www.example.com", "Protocol": "https"}}


def state(document: Any) -> WebsiteState:
    found = state_of(CONTROL, document)
    assert isinstance(found, WebsiteState)
    return found


def rules(*entries: Any) -> WebsiteState:
    return state(INDEX | {"RoutingRules": list(entries)})


def desired(block: Any, observed: WebsiteState = OFF, origin: Origin = Origin.CREATED) -> WebsiteState:
    return CONTROL.desired(context({"website": block}, origin=origin), observed)


def test_a_bucket_without_configuration_serves_no_website() -> None:
    assert state_of(CONTROL) == OFF


def test_an_answer_with_neither_an_index_nor_a_redirect_comes_from_a_server_that_does_not_know_websites() -> None:
    """Nothing is deleted there: it could take the DELETE for the bucket's."""
    assert first_read(CONTROL).required == "IndexDocument.Suffix or RedirectAllRequestsTo.HostName"


def test_every_part_has_a_field_of_its_own() -> None:
    assert list(fields_of(state(SITE))) == [
        "indexDocument",
        "errorDocument",
        "redirectAllRequestsTo",
        "routingRules[1 docs/]",
        "routingRules[2 404]",
    ]


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (MOVED, "1 docs/"),
        (LOST, "1 404"),
        ({"Condition": {**MOVED["Condition"], **LOST["Condition"]}, "Redirect": {}}, "1 404 docs/"),
        ({"Redirect": {"HostName": "a"}}, "1 any"),
    ],
)
def test_a_routing_rule_is_named_by_its_place_and_condition(rule: Any, name: str) -> None:
    assert list(rules(rule).routing_rules) == [name]


def test_the_order_of_routing_rules_counts() -> None:
    assert rules(MOVED, LOST) != rules(LOST, MOVED)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (INDEX, INDEX | {"RoutingRules": []}),
        (INDEX, INDEX | {"ErrorDocument": {}}),
        (
            INDEX | {"RoutingRules": [LOST]},
            INDEX | {"RoutingRules": [LOST | {"Condition": LOST["Condition"] | {"X": ""}}]},
        ),
        (
            INDEX | {"RoutingRules": [{"Redirect": {"HostName": "a"}}]},
            INDEX | {"RoutingRules": [{"Redirect": {"HostName": "a", "Protocol": ""}, "Condition": {}}]},
        ),
        (ELSEWHERE, {"RedirectAllRequestsTo": ELSEWHERE["RedirectAllRequestsTo"], "IndexDocument": {}}),
    ],
)
def test_answers_that_mean_the_same_are_the_same(one: Any, other: Any) -> None:
    assert state(one) == state(other)


def test_a_prefix_that_is_cut_off_is_not_a_prefix_that_stays() -> None:
    cut = {"Condition": MOVED["Condition"], "Redirect": {"ReplaceKeyPrefixWith": "", "HostName": "a"}}
    stays = {"Condition": MOVED["Condition"], "Redirect": {"HostName": "a"}}
    assert rules(cut) != rules(stays)


def test_the_protocol_of_the_request_is_not_https() -> None:
    assert state({"RedirectAllRequestsTo": {"HostName": "www.example.com"}}) != state(ELSEWHERE)


@pytest.mark.parametrize("origin", list(Origin))
@pytest.mark.parametrize("found", [SITE, ELSEWHERE])
def test_without_a_declared_website_there_is_to_be_none(found: Any, origin: Origin) -> None:
    assert desired({}, state(found), origin) == OFF


def test_what_is_declared_replaces_what_is_there() -> None:
    assert desired({"indexDocument": {"suffix": "index.html"}}, state(ELSEWHERE)) == state(INDEX)


def test_a_website_is_deleted_only_as_a_whole() -> None:
    assert CONTROL.calls(context(), state(SITE), OFF) == (Call("delete_bucket_website"),)


@pytest.mark.parametrize("document", [SITE, ELSEWHERE, INDEX])
def test_a_website_is_put_as_it_was_declared(document: Any) -> None:
    (call,) = CONTROL.calls(context(), OFF, desired(CONTROL.declaration(state(document))))
    assert call == Call("put_bucket_website", {"WebsiteConfiguration": document})


def test_routing_rules_are_put_in_their_order_also_after_the_ninth() -> None:
    block = {
        "indexDocument": {"suffix": "index.html"},
        "routingRules": [{"redirect": {"replaceKeyWith": f"{number}"}} for number in range(12)],
    }
    (call,) = CONTROL.calls(context(), OFF, desired(block))
    put = call.parameters["WebsiteConfiguration"]["RoutingRules"]
    assert [rule["Redirect"]["ReplaceKeyWith"] for rule in put] == [str(number) for number in range(12)]


@pytest.mark.parametrize(
    ("origin", "spec", "risk"),
    [
        (Origin.ADOPTED, {}, Risk.LOCKOUT),
        (Origin.ADOPTED, {"website": {}}, Risk.NONE),
        (Origin.CREATED, {}, Risk.NONE),
    ],
)
def test_only_a_website_that_was_there_at_adoption_needs_a_yes_to_go(origin: Origin, spec: Any, risk: Risk) -> None:
    assert CONTROL.risk(context(spec, origin=origin), state(SITE), OFF) is risk


@pytest.mark.parametrize("found", [OFF, state(SITE), state(ELSEWHERE), rules(*[MOVED] * 50)])
def test_what_is_there_can_be_declared(found: WebsiteState) -> None:
    block = CONTROL.declaration(found)
    assert SecureBucketSpec.model_validate({"website": block})
    assert desired(block, found) == found


@pytest.mark.parametrize(
    "odd",
    [
        WebsiteState("index.html", redirect_all_requests_to=RedirectOfAll("www.example.com")),
        rules(*[MOVED] * 51),
        rules({"Redirect": {"HostName": "a", "Invented": "x"}}),
        rules(MOVED | {NOT_UNDERSTOOD: ["Invented"]}),
        state({"IndexDocument": {"Suffix": "a/index.html"}}),
    ],
)
def test_what_the_api_does_not_take_cannot_be_declared(odd: WebsiteState) -> None:
    assert CONTROL.declaration(odd) is None


def test_a_routing_rule_that_is_not_understood_is_not_written_back_and_may_go() -> None:
    odd = rules(MOVED | {NOT_UNDERSTOOD: ["Invented"]})
    block = CONTROL.declaration(rules(MOVED))
    assert refusal("website", desired(block, odd)) is not None
    assert refusal("website", desired({}, odd)) is None


@pytest.mark.parametrize(
    ("found", "result", "says"),
    [
        (OFF, Result.PASS, "no website is served"),
        (state(INDEX), Result.FAIL, "a website is served over plain HTTP"),
        (state(SITE), Result.FAIL, "some requests are sent to old.example.com"),
        (state(ELSEWHERE), Result.FAIL, "sends all requests to www.example.com"),
        (state({"RedirectAllRequestsTo": {"HostName": "a\x1b[2J"}}), Result.FAIL, "a\\u001b[2J"),
    ],
)
def test_the_verdict_names_the_host_of_a_redirect(found: WebsiteState, result: Result, says: str) -> None:
    verdict = judge_off(subject(), found)
    assert verdict.result is result
    assert says in verdict.because
