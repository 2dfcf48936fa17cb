"""The work of a controller manager, which a lone kube-apiserver leaves undone."""

from typing import Any

from tests.semantics.client import Client, widget

HELD = "example.io/held"


def owned_by(owner: dict[str, Any]) -> dict[str, Any]:
    reference = {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
    }
    return {"ownerReferences": [reference]}


def test_deleted_namespace_takes_everything_along(api: Client) -> None:
    api.post(api.widgets, widget("one"))
    api.post(api.core("configmaps"), {"metadata": {"name": "c"}})
    assert api.delete(f"/api/v1/namespaces/{api.namespace}").code == 200
    assert api.get(f"/api/v1/namespaces/{api.namespace}").code == 404
    assert api.get(f"{api.widgets}/one").code == 404
    assert api.get(api.core("configmaps/c")).code == 404


def test_namespace_waits_for_finalizers(api: Client) -> None:
    api.post(api.widgets, widget("one", finalizers=[HELD]))
    api.post(api.core("configmaps"), {"metadata": {"name": "c"}})
    api.delete(f"/api/v1/namespaces/{api.namespace}")
    assert api.get(f"/api/v1/namespaces/{api.namespace}").body["status"]["phase"] == "Terminating"
    assert api.get(f"{api.widgets}/one").metadata["deletionTimestamp"]
    assert api.get(api.core("configmaps/c")).code == 404
    api.patch(f"{api.widgets}/one", {"metadata": {"finalizers": None}})
    assert api.get(f"/api/v1/namespaces/{api.namespace}").code == 404


def test_dependents_go_with_their_owner(api: Client) -> None:
    owner = api.post(api.widgets, widget("owner")).body
    api.post(api.core("configmaps"), {"metadata": {"name": "c", **owned_by(owner)}})
    child = api.post(api.widgets, widget("child", **owned_by(owner))).body
    api.post(api.widgets, widget("grandchild", **owned_by(child)))
    api.delete(f"{api.widgets}/owner")
    for path in (api.core("configmaps/c"), f"{api.widgets}/child", f"{api.widgets}/grandchild"):
        assert api.get(path).code == 404, path


def test_dependents_wait_for_a_held_owner(api: Client) -> None:
    owner = api.post(api.widgets, widget("owner", finalizers=[HELD])).body
    api.post(api.widgets, widget("child", **owned_by(owner)))
    api.delete(f"{api.widgets}/owner")
    assert api.get(f"{api.widgets}/child").code == 200
    api.patch(f"{api.widgets}/owner", {"metadata": {"finalizers": None}})
    assert api.get(f"{api.widgets}/child").code == 404


def test_dependent_of_two_owners_goes_with_the_second(api: Client) -> None:
    first, second = (api.post(api.widgets, widget(name)).body for name in ("first", "second"))
    references = owned_by(first)["ownerReferences"] + owned_by(second)["ownerReferences"]
    api.post(api.widgets, widget("child", ownerReferences=references))
    api.delete(f"{api.widgets}/first")
    assert api.get(f"{api.widgets}/child").metadata["ownerReferences"] == owned_by(second)["ownerReferences"]
    api.delete(f"{api.widgets}/second")
    assert api.get(f"{api.widgets}/child").code == 404


def test_orphans_stay(api: Client) -> None:
    owner = api.post(api.widgets, widget("owner")).body
    api.post(api.widgets, widget("child", **owned_by(owner)))
    api.delete(f"{api.widgets}/owner", {"propagationPolicy": "Orphan"})
    assert "ownerReferences" not in api.get(f"{api.widgets}/child").metadata
