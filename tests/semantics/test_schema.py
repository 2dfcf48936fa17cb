"""The structural schema of a custom kind: defaults, pruning, validation."""

from typing import Any

import pytest
from tests.semantics.client import Answer, Client, widget


def create(api: Client, **spec: object) -> Answer:
    return api.post(api.widgets, widget("one", {"region": "eu-1", **spec}))


def test_defaults_are_filled_in(api: Client) -> None:
    spec = create(api, selector={}, rules=[{"id": "a", "days": 1}]).body["spec"]
    assert spec["mode"] == "Enforce"
    assert spec["selector"] == {"key": "all"}
    assert spec["rules"] == [{"id": "a", "days": 1, "state": "Enabled"}]


def test_default_of_an_absent_object_is_not_made_up(api: Client) -> None:
    assert "selector" not in create(api).body["spec"]


def test_null_is_an_absent_value_where_it_is_not_allowed(api: Client) -> None:
    spec = create(api, mode=None, size=None, note=None).body["spec"]
    assert spec["mode"] == "Enforce"
    assert "size" not in spec
    assert spec["note"] is None


def test_unknown_fields_are_pruned(api: Client) -> None:
    answer = create(api, unknown=1, selector={"other": 1}, rules=[{"id": "a", "days": 1, "odd": 1}])
    assert answer.code == 201
    spec = answer.body["spec"]
    assert "unknown" not in spec
    assert spec["selector"] == {"key": "all"}
    assert "odd" not in spec["rules"][0]


def test_unknown_fields_are_kept_where_the_schema_says_so(api: Client) -> None:
    freeform = {"any": {"thing": [1, {"x": None}]}, "known": {"deep": "d", "other": 1}}
    spec = create(api, freeform=freeform).body["spec"]
    assert spec["freeform"] == {"any": {"thing": [1, {"x": None}]}, "known": {"deep": "d"}}


def test_unknown_top_level_field_and_metadata_are_pruned(api: Client) -> None:
    answer = api.post(api.widgets, {**widget("one", odd="x"), "other": {}})
    assert answer.code == 201
    assert "other" not in answer.body
    assert "odd" not in answer.metadata


def test_strict_validation_refuses_unknown_fields(api: Client) -> None:
    sent = widget("one", {"region": "eu-1", "unknown": 1, "selector": {"other": 1}}, odd="x")
    answer = api.post(api.widgets, sent, fieldValidation="Strict")
    assert (answer.code, answer.reason) == (400, "BadRequest")
    assert "strict decoding error" in answer.message
    for path in ("spec.unknown", "spec.selector.other", "metadata.odd"):
        assert f'unknown field "{path}"' in answer.message


def test_strict_validation_refuses_a_field_given_twice(api: Client) -> None:
    text = (
        b'{"apiVersion":"semantics.example.io/v1alpha1","kind":"Widget","metadata":{"name":"one"},'
        b'"spec":{"region":"eu-1","size":1,"size":2}}'
    )
    answer = api.raw("POST", api.widgets, text, "application/json", fieldValidation="Strict")
    assert answer.code == 400
    assert "duplicate field" in answer.message


def test_unknown_fields_are_warned_of_by_default(api: Client) -> None:
    answer = create(api, unknown=1)
    assert 'unknown field \\"spec.unknown\\"' in answer.headers["Warning"]


def test_unknown_fields_are_passed_over_in_silence_if_asked_for(api: Client) -> None:
    answer = api.post(api.widgets, widget("one", {"region": "eu-1", "unknown": 1}), fieldValidation="Ignore")
    assert answer.code == 201
    assert "Warning" not in answer.headers


WRONG: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "enum": (
        {"mode": "Never"},
        "spec.mode",
        "FieldValueNotSupported",
        'supported values: "Enforce", "Plan", "Observe"',
    ),
    "pattern": ({"region": "nowhere"}, "spec.region", "FieldValueInvalid", "should match '^[a-z]{2}-[0-9]$'"),
    "maxLength": ({"region": "x" * 21}, "spec.region", "FieldValueTooLong", "may not be more than 20"),
    "minLength": ({"zones": [""]}, "spec.zones[0]", "FieldValueInvalid", "should be at least 1 chars long"),
    "minimum": ({"size": 0}, "spec.size", "FieldValueInvalid", "should be greater than or equal to 1"),
    "maximum": ({"size": 101}, "spec.size", "FieldValueInvalid", "should be less than or equal to 100"),
    "exclusive": ({"ratio": 0}, "spec.ratio", "FieldValueInvalid", "should be greater than 0"),
    "type": ({"size": "big"}, "spec.size", "FieldValueTypeInvalid", 'must be of type integer: "string"'),
    "fraction": ({"size": 1.5}, "spec.size", "FieldValueTypeInvalid", "must be of type integer"),
    "boolean": ({"enabled": 1}, "spec.enabled", "FieldValueTypeInvalid", 'must be of type boolean: "integer"'),
    "object": ({"selector": []}, "spec.selector", "FieldValueTypeInvalid", 'must be of type object: "array"'),
    "list": ({"zones": {}}, "spec.zones", "FieldValueTypeInvalid", 'must be of type array: "object"'),
    "int-or-string": ({"port": True}, "spec.port", "FieldValueTypeInvalid", "must be of type integer,string"),
    "format": ({"until": "soon"}, "spec.until", "FieldValueTypeInvalid", "must be of type date-time"),
    "maxItems": ({"zones": ["a", "b", "c", "d"]}, "spec.zones", "FieldValueTooMany", "must have at most 3 items"),
    "maxProperties": ({"tags": dict.fromkeys("abcd", "")}, "spec.tags", "FieldValueTooMany", "at most 3 items"),
    "map value": ({"tags": {"a": 1}}, "spec.tags.a", "FieldValueTypeInvalid", "must be of type string"),
    "required": ({"rules": [{"days": 1}]}, "spec.rules[0].id", "FieldValueRequired", "Required value"),
    "set": ({"zones": ["a", "b", "a"]}, "spec.zones[2]", "FieldValueDuplicate", 'Duplicate value: "a"'),
    "list map": (
        {"rules": [{"id": "a", "days": 1}, {"id": "a", "days": 2}]},
        "spec.rules[1]",
        "FieldValueDuplicate",
        'Duplicate value: {"id":"a"}',
    ),
}


@pytest.mark.parametrize(("spec", "field", "reason", "words"), WRONG.values(), ids=WRONG)
def test_value_against_the_schema_is_a_422_with_its_place(
    api: Client, spec: dict[str, Any], field: str, reason: str, words: str
) -> None:
    answer = create(api, **spec)
    assert (answer.code, answer.reason) == (422, "Invalid"), answer.body
    assert (field, reason) in answer.causes()
    assert words in answer.message
    assert answer.message.startswith('Widget.semantics.example.io "one" is invalid: ')
    assert answer.body["details"]["kind"] == "Widget"


RIGHT: dict[str, dict[str, Any]] = {
    "whole float": {"size": 2.0},
    "integer for a number": {"ratio": 1},
    "port as a number": {"port": 80},
    "port as a text": {"port": "http"},
    "map": {"tags": {"a": "b"}},
    "time": {"until": "2030-01-01T00:00:00.5+02:00"},
}


@pytest.mark.parametrize("spec", RIGHT.values(), ids=RIGHT)
def test_value_within_the_schema_is_taken(api: Client, spec: dict[str, Any]) -> None:
    answer = create(api, **spec)
    assert answer.code == 201, answer.body


def test_missing_required_field_is_a_422(api: Client) -> None:
    answer = api.post(api.widgets, {key: value for key, value in widget("one").items() if key != "spec"})
    assert answer.code == 422
    assert ("spec", "FieldValueRequired") in answer.causes()


def test_every_fault_is_told_at_once(api: Client) -> None:
    answer = create(api, mode="Never", size=0)
    assert {field for field, _ in answer.causes()} >= {"spec.mode", "spec.size"}
    assert "is invalid: [" in answer.message


def test_status_is_validated_on_its_own_endpoint(api: Client) -> None:
    create(api)
    answer = api.patch(f"{api.widgets}/one/status", {"status": {"phase": "Rotten"}})
    assert answer.code == 422
    assert ("status.phase", "FieldValueNotSupported") in answer.causes()


def test_status_on_its_endpoint_is_pruned(api: Client) -> None:
    create(api)
    answer = api.patch(f"{api.widgets}/one/status", {"status": {"score": 1, "odd": 1}})
    assert answer.body["status"] == {"score": 1}
