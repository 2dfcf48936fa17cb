"""What clients learn of the server before they do anything."""

from tests.semantics.client import WIDGETS, Client

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"


def test_core_version_is_called_v1(api: Client) -> None:
    answer = api.get("/api/v1")
    assert answer.body["kind"] == "APIResourceList"
    assert answer.body["groupVersion"] == "v1"


def test_core_versions_are_listed(api: Client) -> None:
    answer = api.get("/api")
    assert (answer.body["kind"], answer.body["versions"]) == ("APIVersions", ["v1"])


def test_groups_have_a_preferred_version(api: Client) -> None:
    groups = {each["name"]: each for each in api.get("/apis").body["groups"]}
    assert groups["semantics.example.io"]["preferredVersion"] == {
        "groupVersion": "semantics.example.io/v1alpha1",
        "version": "v1alpha1",
    }
    assert {"apiextensions.k8s.io", "coordination.k8s.io", "events.k8s.io", "rbac.authorization.k8s.io"} <= set(groups)


def test_one_group_is_described_by_itself(api: Client) -> None:
    answer = api.get("/apis/semantics.example.io")
    assert (answer.body["kind"], answer.body["name"]) == ("APIGroup", "semantics.example.io")


def test_custom_resource_is_listed_with_its_names_and_status(api: Client) -> None:
    resources = {each["name"]: each for each in api.get(WIDGETS).body["resources"]}
    found = resources["widgets"]
    assert found["namespaced"] is True
    assert (found["kind"], found["singularName"], found["shortNames"]) == ("Widget", "widget", ["wdg"])
    assert found["categories"] == ["semantics"]
    assert {"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"} == set(found["verbs"])
    assert set(resources["widgets/status"]["verbs"]) == {"get", "patch", "update"}
    assert "gadgets/status" not in resources


def test_aggregated_discovery_lists_the_custom_resource(api: Client) -> None:
    answer = api.get("/apis", accept=AGGREGATED)
    assert answer.body["kind"] == "APIGroupDiscoveryList"
    group = next(each for each in answer.body["items"] if each["metadata"]["name"] == "semantics.example.io")
    resource = next(each for each in group["versions"][0]["resources"] if each["resource"] == "widgets")
    assert (resource["scope"], resource["responseKind"]["kind"]) == ("Namespaced", "Widget")
    assert [each["subresource"] for each in resource["subresources"]] == ["status"]


def test_aggregated_discovery_has_the_core_apart(api: Client) -> None:
    items = api.get("/api", accept=AGGREGATED).body["items"]
    assert "namespaces" in {each["resource"] for each in items[0]["versions"][0]["resources"]}


def test_unknown_group_and_resource_are_not_found(api: Client) -> None:
    for path in ("/apis/nowhere.example.io/v1", f"{WIDGETS}/nothings", "/api/v1/nothings"):
        assert api.get(path).code == 404, path


def test_definition_is_established(api: Client) -> None:
    answer = api.get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.semantics.example.io")
    conditions = {each["type"]: each["status"] for each in answer.body["status"]["conditions"]}
    assert (conditions["NamesAccepted"], conditions["Established"]) == ("True", "True")
    assert answer.body["status"]["storedVersions"] == ["v1alpha1"]
    assert answer.body["status"]["acceptedNames"]["kind"] == "Widget"


def test_version_is_told(api: Client) -> None:
    assert int(api.get("/version").body["minor"]) >= 30


def test_health_is_told(api: Client) -> None:
    assert [api.get(path).code for path in ("/healthz", "/livez", "/readyz")] == [200, 200, 200]
