"""The status subresource: two endpoints, two owners."""

from tests.semantics.client import Client, widget

READY = {"type": "Ready", "status": "True"}


def test_status_is_dropped_on_create(api: Client) -> None:
    assert "status" not in api.post(api.widgets, {**widget("one"), "status": {"score": 1}}).body


def test_status_write_keeps_the_generation(api: Client) -> None:
    before = api.post(api.widgets, widget("one"))
    after = api.patch(f"{api.widgets}/one/status", {"status": {"score": 1, "conditions": [READY]}})
    assert after.code == 200
    assert after.metadata["generation"] == 1
    assert int(after.revision) > int(before.revision)
    assert after.body["status"] == {"score": 1, "conditions": [READY]}


def test_status_is_ignored_on_the_main_endpoint(api: Client) -> None:
    created = api.post(api.widgets, widget("one"))
    patched = api.patch(f"{api.widgets}/one", {"status": {"score": 1}})
    assert patched.revision == created.revision
    assert "status" not in patched.body
    put = api.put(f"{api.widgets}/one", {**created.body, "status": {"score": 1}})
    assert "status" not in put.body


def test_status_outlives_a_put_of_the_main_endpoint_without_it(api: Client) -> None:
    api.post(api.widgets, widget("one"))
    body = api.patch(f"{api.widgets}/one/status", {"status": {"score": 1}}).body
    put = api.put(f"{api.widgets}/one", {**body, "status": None, "spec": {"region": "eu-1", "size": 2}})
    assert put.body["status"] == {"score": 1}
    assert put.metadata["generation"] == 2


def test_spec_and_metadata_are_ignored_on_the_status_endpoint(api: Client) -> None:
    api.post(api.widgets, widget("one"))
    change = {"spec": {"size": 5}, "metadata": {"labels": {"a": "b"}}, "status": {"score": 1}}
    answer = api.patch(f"{api.widgets}/one/status", change)
    assert answer.code == 200
    assert "size" not in answer.body["spec"]
    assert "labels" not in answer.metadata
    assert answer.body["status"] == {"score": 1}


def test_status_put_replaces_the_status(api: Client) -> None:
    api.post(api.widgets, widget("one"))
    body = api.patch(f"{api.widgets}/one/status", {"status": {"score": 1}}).body
    answer = api.put(f"{api.widgets}/one/status", {**body, "status": {"phase": "Fresh"}})
    assert answer.body["status"] == {"phase": "Fresh"}


def test_status_put_with_a_stale_revision_is_a_409(api: Client) -> None:
    stale = api.post(api.widgets, widget("one")).body
    api.patch(f"{api.widgets}/one", {"spec": {"size": 2}})
    assert api.put(f"{api.widgets}/one/status", {**stale, "status": {"score": 1}}).code == 409


def test_status_patch_with_a_stale_revision_is_a_409(api: Client) -> None:
    stale = api.post(api.widgets, widget("one")).revision
    api.patch(f"{api.widgets}/one", {"spec": {"size": 2}})
    change = {"metadata": {"resourceVersion": stale}, "status": {"score": 1}}
    assert api.patch(f"{api.widgets}/one/status", change).code == 409


def test_equal_status_writes_nothing(api: Client) -> None:
    api.post(api.widgets, widget("one"))
    first = api.patch(f"{api.widgets}/one/status", {"status": {"score": 1, "conditions": [READY]}})
    second = api.patch(f"{api.widgets}/one/status", {"status": {"score": 1, "conditions": [READY]}})
    assert second.revision == first.revision


def test_status_endpoint_gives_the_whole_object(api: Client) -> None:
    created = api.post(api.widgets, widget("one"))
    assert api.get(f"{api.widgets}/one/status").body == created.body


def test_kind_without_the_subresource_takes_status_with_the_rest(api: Client) -> None:
    path = f"/apis/semantics.example.io/v1alpha1/gadgets/{api.namespace}"
    body = {
        "apiVersion": "semantics.example.io/v1alpha1",
        "kind": "Gadget",
        "metadata": {"name": api.namespace},
        "status": {"a": 1},
    }
    assert api.post(path.rpartition("/")[0], body).body["status"] == {"a": 1}
    changed = api.patch(path, {"status": {"a": 2}})
    assert changed.body["status"] == {"a": 2}
    assert changed.metadata["generation"] == 2
    assert api.get(f"{path}/status").code == 404
