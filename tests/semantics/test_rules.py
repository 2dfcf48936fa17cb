"""CEL rules of a custom kind: what they see, when they are asked, what they say."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.semantics.client import Client, Server, widget
from tests.semantics.expressions import CASES, definition


@pytest.fixture(scope="session")
def expressions(kube_server: Server, established: Callable[[Client, dict[str, Any]], str]) -> Iterator[None]:
    """One kind with all the expressions as rules, each of a field of its own."""
    client = Client(kube_server, "default")
    with client.session:
        path = established(client, definition())
        yield
        client.delete(path)


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case.rule for case in CASES])
@pytest.mark.usefixtures("expressions")
def test_expression_means_the_same(api: Client, number: int) -> None:
    case = CASES[number]
    body = {
        "apiVersion": "expressions.example.io/v1",
        "kind": "Expression",
        "metadata": {"name": "one"},
        "spec": {f"e{number}": case.value},
    }
    answer = api.post(f"/apis/expressions.example.io/v1/namespaces/{api.namespace}/expressions", body)
    if case.holds:
        assert answer.code == 201, answer.body
    else:
        assert answer.code == 422
        assert answer.causes() == [(f"spec.e{number}", "FieldValueInvalid")]
        assert "this does not hold" in answer.message


def test_broken_rule_is_a_422_with_its_message_and_place(api: Client) -> None:
    answer = api.post(api.widgets, widget("one", {"region": "eu-1", "minimum": 3, "maximum": 1}))
    assert answer.code == 422
    assert answer.causes() == [("spec.minimum", "FieldValueInvalid")]
    assert "minimum must not be above maximum" in answer.message


def test_rule_of_a_list_item_names_the_item(api: Client) -> None:
    rules = [{"id": "a", "days": 1}, {"id": "b", "days": 1, "date": "x"}]
    answer = api.post(api.widgets, widget("one", {"region": "eu-1", "rules": rules}))
    assert answer.causes() == [("spec.rules[1]", "FieldValueInvalid")]
    assert "give exactly one of days and date" in answer.message


def test_immutable_field_cannot_be_changed(api: Client) -> None:
    api.post(api.widgets, widget("one"))
    answer = api.patch(f"{api.widgets}/one", {"spec": {"region": "us-1"}})
    assert (answer.code, answer.reason) == (422, "Invalid")
    assert answer.message.endswith('spec.region: Invalid value: "us-1": region is immutable')


def test_immutable_field_can_be_written_again(api: Client) -> None:
    api.post(api.widgets, widget("one"))
    assert api.patch(f"{api.widgets}/one", {"spec": {"region": "eu-1", "size": 2}}).code == 200


def test_transition_rule_of_a_field_is_not_asked_when_the_field_comes_or_goes(api: Client) -> None:
    """So an optional field needs a rule of its parent to be immutable: here `spec` has one."""
    api.post(api.widgets, widget("one"))
    gone = api.patch(f"{api.widgets}/one", {"spec": {"region": None}})
    assert gone.causes() == [("spec", "FieldValueInvalid")]
    api.post(api.widgets, widget("two", {}))
    come = api.patch(f"{api.widgets}/two", {"spec": {"region": "eu-1"}})
    assert come.causes() == [("spec", "FieldValueInvalid")]


def test_rules_are_not_run_over_an_object_of_a_wrong_shape(api: Client) -> None:
    answer = api.post(api.widgets, widget("one", {"region": "eu-1", "minimum": "x", "maximum": 1}))
    assert ("spec.minimum", "FieldValueTypeInvalid") in answer.causes()
    assert "some validation rules were not checked" in answer.message


def test_status_write_does_not_trip_over_rules_of_the_spec(api: Client) -> None:
    api.post(api.widgets, widget("one"))
    assert api.patch(f"{api.widgets}/one/status", {"status": {"score": 1}}).code == 200


def schema_with(rules: list[dict[str, Any]], plural: str, properties: dict[str, Any]) -> dict[str, Any]:
    spec = {"type": "object", "properties": properties, "x-kubernetes-validations": rules}
    schema = {"type": "object", "properties": {"spec": spec}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.rules.example.io"},
        "spec": {
            "group": "rules.example.io",
            "scope": "Namespaced",
            "names": {"plural": plural, "kind": plural.capitalize()},
            "versions": [version],
        },
    }


def sent(plural: str, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    kind = plural.capitalize()
    return {"apiVersion": "rules.example.io/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}


def test_optional_old_self_is_asked_on_create_too(api: Client, define: Callable[[dict[str, Any]], None]) -> None:
    rule = {"rule": "oldSelf.hasValue() || self.a == 'first'", "optionalOldSelf": True, "message": "begin with first"}
    define(schema_with([rule], "optionals", {"a": {"type": "string", "maxLength": 9}}))
    path = f"/apis/rules.example.io/v1/namespaces/{api.namespace}/optionals"
    refused = api.post(path, sent("optionals", "x", {"a": "second"}))
    assert refused.code == 422
    assert "begin with first" in refused.message
    assert api.post(path, sent("optionals", "x", {"a": "first"})).code == 201
    assert api.patch(f"{path}/x", {"spec": {"a": "second"}}).code == 200


def test_transition_rule_is_asked_of_an_unchanged_value_too(
    api: Client, define: Callable[[dict[str, Any]], None]
) -> None:
    define(
        schema_with([{"rule": "self.n > oldSelf.n", "message": "n must grow"}], "growings", {"n": {"type": "integer"}})
    )
    path = f"/apis/rules.example.io/v1/namespaces/{api.namespace}/growings"
    assert api.post(path, sent("growings", "x", {"n": 1})).code == 201
    assert api.patch(f"{path}/x", {"spec": {"n": 2}}).code == 200
    answer = api.patch(f"{path}/x", {"metadata": {"labels": {"a": "b"}}})
    assert answer.code == 422
    assert "n must grow" in answer.message


def test_rule_may_go_over_a_list_for_each_of_its_items(api: Client, define: Callable[[dict[str, Any]], None]) -> None:
    """Kubernetes counts costs; CEL in other languages ends after 10,000 turns, which a hundred items reach."""
    rule = {"rule": "self.i.all(x, self.i.exists_one(y, x == y))", "message": "each once"}
    numbers = {"i": {"type": "array", "maxItems": 120, "items": {"type": "integer"}}}
    define(schema_with([rule], "pairings", numbers))
    path = f"/apis/rules.example.io/v1/namespaces/{api.namespace}/pairings"
    assert api.post(path, sent("pairings", "x", {"i": list(range(120))})).code == 201
    refused = api.post(path, sent("pairings", "y", {"i": [*range(119), 0]}))
    assert refused.code == 422
    assert "each once" in refused.message


def test_message_expression_speaks_of_the_value(api: Client, define: Callable[[dict[str, Any]], None]) -> None:
    rule = {
        "rule": "self.a != 'no'",
        "messageExpression": "'not ' + self.a",
        "message": "unused",
        "reason": "FieldValueForbidden",
    }
    define(schema_with([rule], "messages", {"a": {"type": "string", "maxLength": 9}}))
    path = f"/apis/rules.example.io/v1/namespaces/{api.namespace}/messages"
    answer = api.post(path, sent("messages", "x", {"a": "no"}))
    assert answer.causes() == [("spec", "FieldValueForbidden")]
    assert "not no" in answer.message
    assert "unused" not in answer.message


def test_tightened_schema_does_not_lock_what_is_stored(api: Client, define: Callable[[dict[str, Any]], None]) -> None:
    """Ratcheting: an unchanged value is not judged again."""
    wide = {"a": {"type": "string"}, "b": {"type": "string"}}
    define(schema_with([], "ratchets", wide))
    path = f"/apis/rules.example.io/v1/namespaces/{api.namespace}/ratchets"
    assert api.post(path, sent("ratchets", "x", {"a": "LOUD", "b": "1"})).code == 201
    narrow = schema_with(
        [{"rule": "self.a != 'LOUD'"}], "ratchets", {**wide, "a": {"type": "string", "pattern": "^[a-z]*$"}}
    )
    crd = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/ratchets.rules.example.io"
    assert api.patch(crd, {"spec": {"versions": narrow["spec"]["versions"]}}).code == 200
    for _ in range(500):
        if api.post(path, sent("ratchets", "y", {"a": "LOUD"}), dryRun="All").code == 422:
            break
    relabel = api.patch(f"{path}/x", {"metadata": {"labels": {"a": "b"}}})
    assert relabel.code == 200, relabel.body
    assert api.patch(f"{path}/x", {"spec": {"a": "LOUDER"}}).code == 422
