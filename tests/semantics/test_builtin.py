"""The built-in kinds that an operator uses: namespaces, configuration, leases, events, access reviews."""

import base64

import pytest
from tests.semantics.client import Answer, Client, names

PERMANENT = ["default", "kube-node-lease", "kube-public", "kube-system"]


def lease(api: Client, name: str = "") -> str:
    return f"/apis/coordination.k8s.io/v1/namespaces/{api.namespace}/leases" + (f"/{name}" if name else "")


def new_events(api: Client) -> str:
    return f"/apis/events.k8s.io/v1/namespaces/{api.namespace}/events"


@pytest.mark.parametrize("name", PERMANENT)
def test_system_namespace_is_there_from_the_start(api: Client, name: str) -> None:
    answer = api.get(f"/api/v1/namespaces/{name}")
    assert answer.metadata["uid"]
    assert answer.body["status"]["phase"] == "Active"


def test_namespace_gets_its_label_finalizer_and_phase(api: Client) -> None:
    answer = api.get(f"/api/v1/namespaces/{api.namespace}")
    assert answer.metadata["labels"] == {"kubernetes.io/metadata.name": api.namespace}
    assert answer.body["spec"] == {"finalizers": ["kubernetes"]}
    assert answer.body["status"] == {"phase": "Active"}
    assert api.namespace in names(api.get("/api/v1/namespaces"))


def test_namespace_name_is_a_label(api: Client) -> None:
    assert api.post("/api/v1/namespaces", {"metadata": {"name": "a.b"}}).code == 422


def test_built_in_kind_need_not_be_named_in_the_body(api: Client) -> None:
    answer = api.post(api.core("configmaps"), {"metadata": {"name": "c"}, "data": {"a": "b"}})
    assert (answer.code, answer.body["kind"], answer.body["apiVersion"]) == (201, "ConfigMap", "v1")
    assert "generation" not in answer.metadata


def test_built_in_unknown_field_is_dropped_or_refused(api: Client) -> None:
    body = {"metadata": {"name": "c"}, "odd": 1}
    strict = api.post(api.core("configmaps"), body, fieldValidation="Strict")
    assert strict.code == 400
    assert 'unknown field "odd"' in strict.message
    assert "odd" not in api.post(api.core("configmaps"), body).body


def test_built_in_field_of_another_type_is_a_400(api: Client) -> None:
    assert api.post(api.core("configmaps"), {"metadata": {"name": "c"}, "data": {"a": 1}}).code == 400


def test_built_in_kind_is_replaced_without_a_revision(api: Client) -> None:
    api.post(api.core("configmaps"), {"metadata": {"name": "c"}, "data": {"a": "1"}})
    assert api.put(api.core("configmaps/c"), {"metadata": {"name": "c"}, "data": {"a": "2"}}).body["data"] == {"a": "2"}


def test_secret_takes_plain_text_and_gives_base64(api: Client) -> None:
    answer = api.post(api.core("secrets"), {"metadata": {"name": "s"}, "stringData": {"a": "plain"}})
    assert answer.body["data"] == {"a": base64.b64encode(b"plain").decode()}
    assert answer.body["type"] == "Opaque"
    assert "stringData" not in answer.body


def test_secret_data_has_to_be_base64(api: Client) -> None:
    assert api.post(api.core("secrets"), {"metadata": {"name": "s"}, "data": {"a": "%"}}).code == 400


def test_secret_type_is_immutable(api: Client) -> None:
    api.post(api.core("secrets"), {"metadata": {"name": "s"}, "type": "example.io/a"})
    assert api.patch(api.core("secrets/s"), {"type": "example.io/b"}).code == 422


def test_service_account_and_roles_are_stored(api: Client) -> None:
    assert api.post(api.core("serviceaccounts"), {"metadata": {"name": "a"}}).code == 201
    rbac = "/apis/rbac.authorization.k8s.io/v1"
    role = {"metadata": {"name": "r"}, "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]}
    assert api.post(f"{rbac}/namespaces/{api.namespace}/roles", role).body["rules"] == role["rules"]
    binding = {
        "metadata": {"name": "b"},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"},
        "subjects": [{"kind": "ServiceAccount", "name": "a", "namespace": api.namespace}],
    }
    assert api.post(f"{rbac}/namespaces/{api.namespace}/rolebindings", binding).code == 201


def renew(holder: str, time: str = "2026-01-01T00:00:00.123456Z") -> dict[str, object]:
    return {"holderIdentity": holder, "leaseDurationSeconds": 15, "renewTime": time}


def test_lease_keeps_microseconds(api: Client) -> None:
    answer = api.post(lease(api), {"metadata": {"name": "l"}, "spec": renew("me", "2026-01-01T02:00:00.500000+02:00")})
    assert answer.code == 201
    assert answer.body["spec"]["renewTime"] == "2026-01-01T00:00:00.500000Z"


@pytest.mark.parametrize("time", ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", "soon"])
def test_lease_time_without_six_digits_is_a_400(api: Client, time: str) -> None:
    assert api.post(lease(api), {"metadata": {"name": "l"}, "spec": renew("me", time)}).code == 400


def test_lease_duration_has_to_be_positive(api: Client) -> None:
    assert api.post(lease(api), {"metadata": {"name": "l"}, "spec": {"leaseDurationSeconds": 0}}).code == 422


def test_only_one_of_two_gets_the_lease(api: Client) -> None:
    """Leader election stands on this: a PUT with the revision that was read, and a 409 for the second."""
    free = api.post(lease(api), {"metadata": {"name": "l"}, "spec": {"leaseDurationSeconds": 15}}).body
    first = api.put(lease(api, "l"), {**free, "spec": renew("one")})
    second = api.put(lease(api, "l"), {**free, "spec": renew("two")})
    assert (first.code, second.code, second.reason) == (200, 409, "Conflict")
    assert api.get(lease(api, "l")).body["spec"]["holderIdentity"] == "one"


def test_lease_is_not_replaced_without_a_revision(api: Client) -> None:
    api.post(lease(api), {"metadata": {"name": "l"}, "spec": renew("one")})
    assert api.put(lease(api, "l"), {"metadata": {"name": "l"}, "spec": renew("two")}).code == 422


def test_lease_is_created_by_a_put(api: Client) -> None:
    assert api.put(lease(api, "l"), {"metadata": {"name": "l"}, "spec": renew("one")}).code == 201


def core_event(api: Client, name: str, **fields: object) -> Answer:
    about = {"kind": "Widget", "name": "one", "namespace": api.namespace, "uid": "u-1"}
    body = {"metadata": {"name": name}, "involvedObject": about, "reason": "Broken", "message": "It broke.", **fields}
    return api.post(api.core("events"), body)


def new_event(api: Client, name: str, **fields: object) -> Answer:
    body = {
        "metadata": {"name": name},
        "regarding": {"kind": "Widget", "name": "one", "namespace": api.namespace, "uid": "u-1"},
        "reason": "Broken",
        "note": "It broke.",
        "type": "Warning",
        "action": "Check",
        "eventTime": "2026-01-01T00:00:00.000001Z",
        "reportingController": "example.io/operator",
        "reportingInstance": "pod-1",
        **fields,
    }
    return api.post(new_events(api), {key: value for key, value in body.items() if value is not None})


def test_core_event_is_seen_in_the_new_group(api: Client) -> None:
    core_event(api, "e", type="Warning", source={"component": "c"}, count=2, firstTimestamp="2026-01-01T00:00:00Z")
    found = api.get(f"{new_events(api)}/e").body
    assert (found["apiVersion"], found["note"], found["regarding"]["name"]) == ("events.k8s.io/v1", "It broke.", "one")
    assert (found["deprecatedSource"], found["deprecatedCount"]) == ({"component": "c"}, 2)
    assert found["deprecatedFirstTimestamp"] == "2026-01-01T00:00:00Z"
    assert "message" not in found


def test_new_event_is_seen_in_the_core(api: Client) -> None:
    """`kubectl describe` reads events there, whatever group they were written to."""
    assert new_event(api, "e").code == 201
    found = api.get(api.core("events/e")).body
    assert (found["apiVersion"], found["message"], found["involvedObject"]["name"]) == ("v1", "It broke.", "one")
    assert (found["reportingComponent"], found["reportingInstance"]) == ("example.io/operator", "pod-1")
    assert found["eventTime"] == "2026-01-01T00:00:00.000001Z"
    assert (found["source"], found["firstTimestamp"], found["lastTimestamp"]) == ({}, None, None)


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ("eventTime", "eventTime"),
        ("type", "type"),
        ("action", "action"),
        ("reason", "reason"),
        ("reportingController", "reportingController"),
        ("reportingInstance", "reportingInstance"),
    ],
)
def test_new_event_needs_all_its_parts(api: Client, missing: str, field: str) -> None:
    answer = new_event(api, "e", **{missing: None})
    assert answer.code == 422
    assert field in {each for each, _ in answer.causes()}


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "Error"},
        {"note": "x" * 1025},
        {"action": "x" * 129},
        {"reason": "x" * 129},
        {"reportingInstance": "x" * 129},
        {"deprecatedCount": 1},
        {"regarding": {"kind": "Widget", "name": "one"}},
        {"series": {"count": 1, "lastObservedTime": "2026-01-01T00:00:00.000001Z"}},
    ],
    ids=["type", "note", "action", "reason", "instance", "count", "namespace", "series"],
)
def test_new_event_has_limits(api: Client, wrong: dict[str, object]) -> None:
    assert new_event(api, "e", **wrong).code == 422


def test_series_of_an_event_can_be_continued_but_not_rewritten(api: Client) -> None:
    new_event(api, "e")
    series = {"count": 2, "lastObservedTime": "2026-01-01T00:01:00.000000Z"}
    answer = api.patch(f"{new_events(api)}/e", {"series": series})
    assert answer.code == 200
    assert answer.body["series"] == series
    assert api.patch(f"{new_events(api)}/e", {"note": "Something else."}).code == 422


def test_core_event_of_another_namespace_is_a_422(api: Client) -> None:
    assert core_event(api, "e", involvedObject={"kind": "Widget", "name": "x", "namespace": "default"}).code == 422


@pytest.mark.parametrize(
    "selector",
    [
        "involvedObject.name=one",
        "involvedObject.uid=u-1,involvedObject.kind=Widget",
        "reason=Broken",
        "type=Warning",
        "involvedObject.name=one,type!=Normal",
    ],
)
def test_events_are_selected_by_what_they_are_about(api: Client, selector: str) -> None:
    new_event(api, "mine")
    new_event(
        api,
        "other",
        type="Normal",
        reason="Fine",
        regarding={"kind": "Widget", "name": "two", "namespace": api.namespace, "uid": "u-2"},
    )
    assert names(api.get(api.core("events"), fieldSelector=selector)) == ["mine"]


def test_events_of_the_new_group_are_selected_by_its_words(api: Client) -> None:
    new_event(api, "mine")
    assert names(api.get(new_events(api), fieldSelector="regarding.name=one")) == ["mine"]
    assert names(api.get(new_events(api), fieldSelector="regarding.name=two")) == []


def test_access_review_says_yes_to_the_admin(api: Client) -> None:
    body = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {"verb": "list", "group": "semantics.example.io", "resource": "widgets"}},
    }
    answer = api.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body)
    assert (answer.code, answer.body["status"]["allowed"]) == (201, True)
