"""Lists: selectors, pages, revisions."""

import pytest
from tests.semantics.client import WIDGETS, Client, names, widget


@pytest.fixture
def five(api: Client) -> Client:
    for number in range(5):
        labels = {"number": str(number), **({"odd": "yes"} if number % 2 else {})}
        spec = {"region": "eu-1", "mode": "Observe" if number > 2 else "Enforce"}
        assert api.post(api.widgets, widget(f"w{number}", spec, labels=labels)).code == 201
    return api


def test_list_says_what_it_is(five: Client) -> None:
    answer = five.get(five.widgets)
    assert (answer.body["kind"], answer.body["apiVersion"]) == ("WidgetList", "semantics.example.io/v1alpha1")
    assert int(answer.revision) > 0
    assert names(answer) == ["w0", "w1", "w2", "w3", "w4"]
    assert "continue" not in answer.metadata or answer.metadata["continue"] == ""


def test_list_of_nothing_has_items(api: Client) -> None:
    assert api.get(api.widgets).body["items"] == []


def test_list_over_all_namespaces(five: Client) -> None:
    listed = five.get(f"{WIDGETS}/widgets").body["items"]
    mine = [each for each in listed if each["metadata"]["namespace"] == five.namespace]
    assert len(mine) == 5


def test_list_in_a_missing_namespace_is_empty(api: Client) -> None:
    answer = api.get(f"{WIDGETS}/namespaces/nowhere/widgets")
    assert (answer.code, answer.body["items"]) == (200, [])


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("number=1", ["w1"]),
        ("number==1", ["w1"]),
        ("number!=1", ["w0", "w2", "w3", "w4"]),
        ("number in (1, 3)", ["w1", "w3"]),
        ("number notin (1,3)", ["w0", "w2", "w4"]),
        ("odd", ["w1", "w3"]),
        ("!odd", ["w0", "w2", "w4"]),
        ("odd=yes,number=3", ["w3"]),
        ("none=x", []),
        ("none!=x", ["w0", "w1", "w2", "w3", "w4"]),
        ("number>2", ["w3", "w4"]),
        ("", ["w0", "w1", "w2", "w3", "w4"]),
    ],
)
def test_label_selector(five: Client, selector: str, expected: list[str]) -> None:
    assert names(five.get(five.widgets, labelSelector=selector)) == expected


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("metadata.name=w2", ["w2"]),
        ("metadata.name!=w2", ["w0", "w1", "w3", "w4"]),
        ("spec.mode=Observe", ["w3", "w4"]),
        ("spec.mode==Observe,metadata.name!=w3", ["w4"]),
    ],
)
def test_field_selector(five: Client, selector: str, expected: list[str]) -> None:
    assert names(five.get(five.widgets, fieldSelector=selector)) == expected


def test_field_selector_of_the_namespace(five: Client) -> None:
    found = five.get(f"{WIDGETS}/widgets", fieldSelector=f"metadata.namespace={five.namespace}")
    assert len(found.body["items"]) == 5


@pytest.mark.parametrize(
    "query",
    [{"labelSelector": "a b"}, {"labelSelector": "a in"}, {"fieldSelector": "spec.size=1"}, {"fieldSelector": "x"}],
)
def test_wrong_selector_is_a_400(api: Client, query: dict[str, str]) -> None:
    assert api.get(api.widgets, **query).code == 400


def test_pages_follow_each_other(five: Client) -> None:
    first = five.get(five.widgets, limit="2")
    assert names(first) == ["w0", "w1"]
    assert first.metadata["remainingItemCount"] == 3
    second = five.get(five.widgets, limit="2", **{"continue": first.metadata["continue"]})
    assert names(second) == ["w2", "w3"]
    third = five.get(five.widgets, limit="2", **{"continue": second.metadata["continue"]})
    assert names(third) == ["w4"]
    assert not third.metadata.get("continue")
    assert first.revision == second.revision == third.revision


def test_pages_show_one_moment(five: Client) -> None:
    """Kopf lists in pages, then watches from the revision of the list: nothing between may be lost or come twice."""
    first = five.get(five.widgets, limit="2")
    five.post(five.widgets, widget("w35"))
    five.delete(f"{five.widgets}/w3")
    five.patch(f"{five.widgets}/w4", {"spec": {"size": 9}})
    rest = five.get(five.widgets, limit="10", **{"continue": first.metadata["continue"]})
    assert names(rest) == ["w2", "w3", "w4"]
    assert "size" not in rest.body["items"][2]["spec"]


def test_pages_and_selectors_go_together(five: Client) -> None:
    first = five.get(five.widgets, limit="1", labelSelector="odd")
    assert names(first) == ["w1"]
    second = five.get(five.widgets, limit="1", labelSelector="odd", **{"continue": first.metadata["continue"]})
    assert names(second) == ["w3"]


def test_wrong_page_token_is_a_400(api: Client) -> None:
    assert api.get(api.widgets, limit="1", **{"continue": "nonsense"}).code == 400


def test_limit_that_is_no_number_is_a_400(api: Client) -> None:
    assert api.get(api.widgets, limit="many").code == 400


def test_list_at_an_earlier_revision(five: Client) -> None:
    then = five.get(five.widgets).revision
    five.delete(f"{five.widgets}/w0")
    answer = five.get(five.widgets, resourceVersion=then, resourceVersionMatch="Exact")
    assert len(names(answer)) == 5
    assert answer.revision == then
    newer = five.get(five.widgets, resourceVersion=then, resourceVersionMatch="NotOlderThan")
    assert len(names(newer)) == 4


def test_match_without_a_revision_is_a_422(api: Client) -> None:
    answer = api.get(api.widgets, resourceVersionMatch="Exact")
    assert answer.causes() == [("resourceVersionMatch", "FieldValueForbidden")]


def test_list_at_any_revision(five: Client) -> None:
    assert len(names(five.get(five.widgets, resourceVersion="0"))) == 5


def test_list_of_a_revision_to_come_is_a_504(api: Client) -> None:
    answer = api.get(api.widgets, resourceVersion="999999999")
    assert answer.code == 504
    assert "Too large resource version" in answer.message


def test_metadata_can_be_listed_alone(five: Client) -> None:
    accept = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
    answer = five.get(five.widgets, accept=accept)
    assert answer.body["kind"] == "PartialObjectMetadataList"
    assert names(answer)[0] == "w0"
    assert "spec" not in answer.body["items"][0]
