"""Server-side apply: who owns which field, and what becomes of fields that are no longer applied."""

from typing import Any

import pytest
from tests.semantics.client import Answer, Client, widget

NAME = "apply-me"


@pytest.fixture
def path(api: Client) -> str:
    return f"{api.widgets}/{NAME}"


def applied(api: Client, path: str, spec: dict[str, Any], manager: str = "one", **query: str) -> Answer:
    return api.apply(path, widget(NAME, spec), manager, **query)


def owners(answer: Answer) -> dict[tuple[str, str, str], dict[str, Any]]:
    """What each manager owns, by its name, operation and subresource."""
    return {
        (each["manager"], each["operation"], each.get("subresource", "")): each["fieldsV1"]
        for each in answer.metadata["managedFields"]
    }


def test_apply_creates_with_an_owner(api: Client, path: str) -> None:
    answer = applied(api, path, {"region": "eu-1"})
    assert answer.code == 201
    entry = answer.metadata["managedFields"][0]
    assert (entry["manager"], entry["operation"]) == ("one", "Apply")
    assert (entry["apiVersion"], entry["fieldsType"]) == ("semantics.example.io/v1alpha1", "FieldsV1")
    assert entry["fieldsV1"] == {"f:spec": {"f:region": {}}}


def test_defaults_belong_to_nobody_who_applies(api: Client, path: str) -> None:
    answer = applied(api, path, {"region": "eu-1"})
    assert answer.body["spec"]["mode"] == "Enforce"
    assert "f:mode" not in owners(answer)["one", "Apply", ""]["f:spec"]


def test_second_apply_of_the_same_writes_nothing(api: Client, path: str) -> None:
    first = applied(api, path, {"region": "eu-1"})
    second = applied(api, path, {"region": "eu-1"})
    assert (second.code, second.revision) == (200, first.revision)


def test_field_of_another_manager_is_a_conflict(api: Client, path: str) -> None:
    applied(api, path, {"region": "eu-1", "size": 1})
    answer = applied(api, path, {"region": "eu-1", "size": 2}, "two")
    assert (answer.code, answer.reason) == (409, "Conflict")
    assert answer.causes() == [(".spec.size", "FieldManagerConflict")]
    assert answer.message == 'Apply failed with 1 conflict: conflict with "one": .spec.size'


def test_conflict_with_an_update_names_its_version(api: Client, path: str) -> None:
    api.post(api.widgets, widget(NAME, {"region": "eu-1", "size": 1, "enabled": True}))
    answer = applied(api, path, {"region": "eu-1", "size": 2, "enabled": False})
    assert answer.code == 409
    assert len(answer.causes()) == 2
    who = '"semantics" using semantics.example.io/v1alpha1'
    assert answer.message == f"Apply failed with 2 conflicts: conflicts with {who}:\n- .spec.enabled\n- .spec.size"


def test_forced_apply_takes_the_field(api: Client, path: str) -> None:
    applied(api, path, {"region": "eu-1", "size": 1})
    answer = applied(api, path, {"size": 2}, "two", force="true")
    assert answer.code == 200
    assert answer.body["spec"]["size"] == 2
    found = owners(answer)
    assert found["one", "Apply", ""] == {"f:spec": {"f:region": {}}}
    assert found["two", "Apply", ""] == {"f:spec": {"f:size": {}}}


def test_equal_values_are_owned_together(api: Client, path: str) -> None:
    applied(api, path, {"region": "eu-1", "size": 1})
    answer = applied(api, path, {"size": 1}, "two")
    assert answer.code == 200
    assert "f:size" in owners(answer)["one", "Apply", ""]["f:spec"]
    assert "f:size" in owners(answer)["two", "Apply", ""]["f:spec"]


def test_field_that_is_no_longer_applied_goes(api: Client, path: str) -> None:
    applied(api, path, {"region": "eu-1", "size": 1, "selector": {"key": "x"}})
    answer = applied(api, path, {"region": "eu-1"})
    assert "size" not in answer.body["spec"]
    assert "selector" not in answer.body["spec"]
    assert answer.metadata["generation"] == 2


def test_field_that_another_one_owns_too_stays(api: Client, path: str) -> None:
    applied(api, path, {"region": "eu-1", "size": 1})
    applied(api, path, {"size": 1}, "two")
    answer = applied(api, path, {"region": "eu-1"})
    assert answer.body["spec"]["size"] == 1
    assert "f:size" not in owners(answer)["one", "Apply", ""]["f:spec"]


def test_default_comes_back_when_its_field_is_given_up(api: Client, path: str) -> None:
    applied(api, path, {"region": "eu-1", "mode": "Observe"})
    assert applied(api, path, {"region": "eu-1"}).body["spec"]["mode"] == "Enforce"


def test_keyed_lists_are_merged_by_their_items(api: Client, path: str) -> None:
    applied(api, path, {"region": "eu-1", "rules": [{"id": "a", "days": 1}, {"id": "b", "days": 1}]})
    answer = applied(api, path, {"rules": [{"id": "c", "days": 1}]}, "two")
    assert [each["id"] for each in answer.body["spec"]["rules"]] == ["a", "b", "c"]
    assert owners(answer)["two", "Apply", ""] == {
        "f:spec": {"f:rules": {'k:{"id":"c"}': {".": {}, "f:days": {}, "f:id": {}}}}
    }
    answer = applied(api, path, {"region": "eu-1", "rules": [{"id": "b", "days": 2}]})
    assert [(each["id"], each["days"]) for each in answer.body["spec"]["rules"]] == [("b", 2), ("c", 1)]


def test_applied_order_of_a_keyed_list_is_kept(api: Client, path: str) -> None:
    rules = [{"id": each, "days": 1} for each in "abcd"]
    applied(api, path, {"region": "eu-1", "rules": rules})
    answer = applied(api, path, {"region": "eu-1", "rules": [rules[3], rules[0]]}, "two")
    assert [each["id"] for each in answer.body["spec"]["rules"]] == ["b", "c", "d", "a"]


def test_sets_are_merged_by_their_values(api: Client, path: str) -> None:
    applied(api, path, {"region": "eu-1", "zones": ["a", "b"]})
    answer = applied(api, path, {"zones": ["c"]}, "two")
    assert answer.body["spec"]["zones"] == ["a", "b", "c"]
    answer = applied(api, path, {"region": "eu-1", "zones": ["b"]})
    assert answer.body["spec"]["zones"] == ["b", "c"]


def test_plain_lists_are_owned_as_a_whole(api: Client, path: str) -> None:
    applied(api, path, {"region": "eu-1", "steps": ["a"]})
    assert applied(api, path, {"steps": ["b"]}, "two").code == 409


def test_atomic_maps_are_owned_as_a_whole(api: Client, path: str) -> None:
    applied(api, path, {"region": "eu-1", "template": {"a": "1"}})
    assert applied(api, path, {"template": {"b": "1"}}, "two").code == 409
    answer = applied(api, path, {"template": {"b": "1"}}, "two", force="true")
    assert answer.body["spec"]["template"] == {"b": "1"}


def test_maps_are_owned_by_their_keys(api: Client, path: str) -> None:
    applied(api, path, {"region": "eu-1", "tags": {"a": "1"}})
    answer = applied(api, path, {"tags": {"b": "1"}}, "two")
    assert answer.body["spec"]["tags"] == {"a": "1", "b": "1"}
    assert applied(api, path, {"region": "eu-1"}).body["spec"]["tags"] == {"b": "1"}


def test_freeform_fields_are_owned_too(api: Client, path: str) -> None:
    applied(api, path, {"region": "eu-1", "freeform": {"a": {"b": 1}, "c": [1]}})
    answer = applied(api, path, {"freeform": {"a": {"x": 1}}}, "two")
    assert answer.body["spec"]["freeform"] == {"a": {"b": 1, "x": 1}, "c": [1]}
    assert applied(api, path, {"freeform": {"c": [2]}}, "three").code == 409


def test_apply_takes_its_label_and_leaves_the_others(api: Client, path: str) -> None:
    api.post(api.widgets, widget(NAME, labels={"a": "1"}, finalizers=["example.io/f"]))
    answer = api.apply(path, widget(NAME, {}, labels={"b": "1"}, finalizers=["example.io/g"]), "one")
    assert answer.metadata["labels"] == {"a": "1", "b": "1"}
    assert answer.metadata["finalizers"] == ["example.io/f", "example.io/g"]
    answer = api.apply(path, widget(NAME, {}), "one")
    assert answer.metadata["labels"] == {"a": "1"}
    assert answer.metadata["finalizers"] == ["example.io/f"]


def test_update_takes_fields_from_appliers(api: Client, path: str) -> None:
    applied(api, path, {"region": "eu-1", "size": 1})
    answer = api.patch(path, {"spec": {"size": 2}}, fieldManager="hand")
    found = owners(answer)
    assert found["one", "Apply", ""] == {"f:spec": {"f:region": {}}}
    assert found["hand", "Update", ""] == {"f:spec": {"f:size": {}}}


def test_updates_are_named_by_the_user_agent(api: Client) -> None:
    answer = api.post(api.widgets, widget(NAME, {"region": "eu-1", "rules": [{"id": "a", "days": 1}]}))
    assert owners(answer) == {
        ("semantics", "Update", ""): {
            "f:spec": {
                ".": {},
                "f:mode": {},
                "f:note": {},
                "f:region": {},
                "f:rules": {".": {}, 'k:{"id":"a"}': {".": {}, "f:days": {}, "f:id": {}, "f:state": {}}},
            }
        }
    }


def test_status_has_managers_of_its_own(api: Client, path: str) -> None:
    applied(api, path, {"region": "eu-1"})
    body = {**widget(NAME, {"region": "us-1"}), "status": {"score": 1, "conditions": [{"type": "A", "status": "True"}]}}
    answer = api.apply(f"{path}/status", body, "operator")
    assert answer.code == 200
    assert answer.body["spec"]["region"] == "eu-1"
    assert owners(answer)["operator", "Apply", "status"] == {
        "f:status": {"f:conditions": {'k:{"type":"A"}': {".": {}, "f:status": {}, "f:type": {}}}, "f:score": {}}
    }
    other = {**widget(NAME), "status": {"conditions": [{"type": "B", "status": "True"}]}}
    answer = api.apply(f"{path}/status", other, "other")
    assert [each["type"] for each in answer.body["status"]["conditions"]] == ["A", "B"]


def test_status_is_ignored_by_an_apply_of_the_whole(api: Client, path: str) -> None:
    answer = api.apply(path, {**widget(NAME), "status": {"score": 1}}, "one")
    assert "status" not in answer.body
    assert owners(answer)["one", "Apply", ""] == {"f:spec": {"f:region": {}}}


def test_status_of_nobody_cannot_be_applied(api: Client, path: str) -> None:
    assert api.apply(f"{path}/status", {**widget(NAME), "status": {"score": 1}}, "one").code == 404


def test_apply_needs_a_manager(api: Client, path: str) -> None:
    answer = api.patch(path, widget(NAME), "application/apply-patch+yaml")
    assert answer.code == 422
    assert answer.causes() == [("fieldManager", "FieldValueRequired")]


def test_apply_with_a_wrong_revision_is_a_409(api: Client, path: str) -> None:
    applied(api, path, {"region": "eu-1"})
    assert api.apply(path, widget(NAME, {"size": 1}, resourceVersion="1"), "one").code == 409


def test_apply_of_another_name_is_a_400(api: Client, path: str) -> None:
    assert api.apply(path, widget("other"), "one").code == 400


def test_name_may_be_left_out_once_the_object_is_there(api: Client, path: str) -> None:
    nameless = {**widget(NAME), "metadata": {}}
    assert api.apply(path, nameless, "one").code == 400
    applied(api, path, {"region": "eu-1"})
    assert api.apply(path, nameless, "two").code == 200


def test_updaters_beyond_the_tenth_become_one(api: Client, path: str) -> None:
    api.post(api.widgets, widget(NAME))
    for number in range(12):
        answer = api.patch(path, {"spec": {"freeform": {f"k{number}": 1}}}, fieldManager=f"m{number}")
    found = {name for name, _, _ in owners(answer)}
    assert len(found) == 10
    assert {"ancient-changes", "m9"} <= found


@pytest.mark.parametrize("change", [{"kind": "Gadget"}, {"apiVersion": "v1"}, {"kind": ""}])
def test_apply_of_another_kind_is_a_400(api: Client, path: str, change: dict[str, str]) -> None:
    answer = api.apply(path, {**widget(NAME), **change}, "one")
    assert answer.code == 400
    assert "invalid object type" in answer.message


def test_apply_of_managed_fields_is_a_400(api: Client, path: str) -> None:
    assert api.apply(path, widget(NAME, managedFields=[]), "one").code == 400


def test_unknown_field_cannot_be_applied_at_all(api: Client, path: str) -> None:
    answer = applied(api, path, {"region": "eu-1", "unknown": 1})
    assert answer.code == 500
    assert ".spec.unknown: field not declared in schema" in answer.message


@pytest.mark.parametrize("spec", [{"zones": ["a", "a"]}, {"rules": [{"days": 1}]}], ids=["twice", "keyless"])
def test_list_that_cannot_be_merged_is_refused(api: Client, path: str, spec: dict[str, Any]) -> None:
    answer = applied(api, path, {"region": "eu-1", **spec})
    assert answer.code == 500
    assert "failed to create typed patch object" in answer.message


def test_applied_object_is_validated(api: Client, path: str) -> None:
    assert applied(api, path, {"region": "eu-1", "size": 0}).code == 422
    applied(api, path, {"region": "eu-1"})
    assert applied(api, path, {"region": "us-1"}).code == 422


def test_dry_run_of_an_apply_stores_nothing(api: Client, path: str) -> None:
    assert applied(api, path, {"region": "eu-1"}, dryRun="All").code == 201
    assert api.get(path).code == 404


def test_managed_fields_can_be_forgotten(api: Client, path: str) -> None:
    """Kubectl and clean-up scripts do it with a list of one empty entry."""
    applied(api, path, {"region": "eu-1"})
    answer = api.patch(path, {"metadata": {"managedFields": [{}]}})
    assert "managedFields" not in answer.metadata


def test_fields_from_before_the_first_apply_have_an_owner(api: Client, path: str) -> None:
    api.post(api.widgets, widget(NAME, {"region": "eu-1", "size": 1}))
    api.patch(path, {"metadata": {"managedFields": [{}]}})
    found = owners(applied(api, path, {"region": "eu-1"}))
    assert found["before-first-apply", "Update", ""] == {
        "f:spec": {".": {}, "f:mode": {}, "f:note": {}, "f:region": {}, "f:size": {}}
    }
    assert applied(api, path, {"region": "eu-1"}).body["spec"]["size"] == 1


def test_built_in_kinds_are_applied_too(api: Client) -> None:
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"a": "1", "b": "1"}}
    path = api.core("configmaps/c")
    assert api.apply(path, body, "one").code == 201
    answer = api.apply(path, {**body, "data": {"a": "2"}}, "one")
    assert answer.body["data"] == {"a": "2"}
    assert api.apply(path, {**body, "data": {"a": "3"}}, "two").code == 409
    assert api.apply(path, {**body, "odd": 1}, "one").code == 500
