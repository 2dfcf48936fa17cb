"""What `kubectl get` prints: tables with the columns of the kind."""

from typing import Any

import pytest
from tests.semantics.client import TABLE, Client, widget


def rows(body: dict[str, Any]) -> list[list[Any]]:
    return [row["cells"] for row in body["rows"]]


def test_table_has_the_printer_columns(api: Client) -> None:
    api.post(api.widgets, widget("one", {"region": "eu-1"}))
    status = {"score": 7, "conditions": [{"type": "Other", "status": "False"}, {"type": "Ready", "status": "True"}]}
    api.patch(f"{api.widgets}/one/status", {"status": status})
    table = api.get(api.widgets, accept=TABLE).body
    assert (table["kind"], table["apiVersion"]) == ("Table", "meta.k8s.io/v1")
    columns = [(each["name"], each["type"], each["priority"]) for each in table["columnDefinitions"]]
    assert columns == [
        ("Name", "string", 0),
        ("Mode", "string", 0),
        ("Ready", "string", 0),
        ("Score", "integer", 0),
        ("Region", "string", 1),
        ("Age", "date", 0),
    ]
    assert table["columnDefinitions"][0]["format"] == "name"
    assert rows(table)[0][:5] == ["one", "Enforce", "True", 7, "eu-1"]
    assert rows(table)[0][5] in [f"{seconds}s" for seconds in range(60)]


def test_missing_values_are_empty_cells(api: Client) -> None:
    api.post(api.widgets, widget("one", {}))
    assert rows(api.get(api.widgets, accept=TABLE).body)[0][2:5] == [None, None, None]


def test_table_of_one_object(api: Client) -> None:
    created = api.post(api.widgets, widget("one"))
    table = api.get(f"{api.widgets}/one", accept=TABLE).body
    assert [cells[0] for cells in rows(table)] == ["one"]
    assert table["metadata"]["resourceVersion"] == created.revision


def test_rows_carry_the_metadata(api: Client) -> None:
    api.post(api.widgets, widget("one", labels={"a": "b"}))
    row = api.get(api.widgets, accept=TABLE).body["rows"][0]
    assert row["object"]["kind"] == "PartialObjectMetadata"
    assert row["object"]["metadata"]["labels"] == {"a": "b"}
    whole = api.get(api.widgets, accept=TABLE, includeObject="Object").body["rows"][0]
    assert whole["object"]["spec"]["region"] == "eu-1"


def test_table_is_paged_too(api: Client) -> None:
    for name in ("a", "b"):
        api.post(api.widgets, widget(name))
    table = api.get(api.widgets, accept=TABLE, limit="1").body
    assert len(table["rows"]) == 1
    assert table["metadata"]["continue"]


def test_kind_without_columns_shows_its_age(api: Client) -> None:
    table = api.get("/apis/semantics.example.io/v1alpha1/gadgets", accept=TABLE).body
    assert [each["name"] for each in table["columnDefinitions"]] == ["Name", "Age"]


def test_namespaces_show_their_status(api: Client) -> None:
    table = api.get("/api/v1/namespaces/default", accept=TABLE).body
    assert [each["name"] for each in table["columnDefinitions"]] == ["Name", "Status", "Age"]
    assert rows(table)[0][:2] == ["default", "Active"]


@pytest.mark.parametrize(
    ("plural", "body", "cells"),
    [
        ("configmaps", {"data": {"a": "1", "b": "2"}}, ["one", 2]),
        ("secrets", {"stringData": {"a": "1"}}, ["one", "Opaque", 1]),
    ],
)
def test_configuration_shows_its_size(api: Client, plural: str, body: dict[str, Any], cells: list[Any]) -> None:
    api.post(api.core(plural), {"metadata": {"name": "one"}, **body})
    assert rows(api.get(api.core(plural), accept=TABLE).body)[0][: len(cells)] == cells


def test_events_show_what_happened(api: Client) -> None:
    about = {"kind": "Widget", "name": "one", "namespace": api.namespace}
    body = {
        "metadata": {"name": "e"},
        "involvedObject": about,
        "type": "Warning",
        "reason": "Broken",
        "message": "It broke.",
        "lastTimestamp": "2026-01-01T00:00:00Z",
    }
    assert api.post(api.core("events"), body).code == 201
    table = api.get(api.core("events"), accept=TABLE).body
    shown = dict(zip([each["name"] for each in table["columnDefinitions"]], rows(table)[0], strict=True))
    assert (shown["Type"], shown["Reason"], shown["Object"]) == ("Warning", "Broken", "widget/one")
    assert shown["Message"] == "It broke."
    assert shown["Name"] == "e"


def test_unknown_form_is_a_406(api: Client) -> None:
    assert api.get(api.widgets, accept="text/html").code == 406
