"""What is in a cluster, so that what a page has made can be taken away again."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.e2e.api import MERGE, Api
from tests.e2e.polling import until

OWN_WAY = frozenset({"pods", "leases", "events", "endpoints", "endpointslices"})
"""What others than the page write, and remove or renew themselves; it goes with its namespace."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind, by the path of its list."""

    root: str
    plural: str
    namespaced: bool

    def path(self, namespace: str, name: str = "") -> str:
        """Give the path of an object, or of a namespace's list."""
        place = f"/namespaces/{namespace}" if namespace else ""
        return f"{self.root}{place}/{self.plural}{f'/{name}' if name else ''}"


Key = tuple[Resource, str, str]
Contents = dict[Key, tuple[str, int]]
"""Uid and generation of each object, by kind, namespace and name."""


def resources(api: Api) -> list[Resource]:
    """Give all kinds that can be listed and deleted."""
    groups = [each["preferredVersion"]["groupVersion"] for each in api.do("GET", "/apis")["groups"]]
    found: list[Resource] = []
    for root in ("/api/v1", *(f"/apis/{each}" for each in groups)):
        if root.startswith("/apis/events."):  # the same objects as the core's
            continue
        kinds = [each for each in api.do("GET", root)["resources"] if {"list", "delete"} <= set(each["verbs"])]
        found += [Resource(root, each["name"], each["namespaced"]) for each in kinds]
    return found


def look(api: Api) -> Contents:
    """List everything."""
    found: Contents = {}
    for resource in resources(api):
        answer = api.ask("GET", resource.path(""))
        for each in answer.body.get("items") or ():  # a kind may go while we look
            metadata = each["metadata"]
            key = (resource, metadata.get("namespace", ""), metadata["name"])
            found[key] = (metadata["uid"], metadata.get("generation", 0))
    return found


def restore(api: Api, before: Mapping[Key, tuple[str, int]]) -> bool:
    """Remove what was not there before, and tell whether all that was there is as it was."""
    now = look(api)
    new = [key for key in now if key not in before]
    kept = {key[2] for key in before if key[0].plural == "namespaces"}
    # Objects with a finalizer of the operator's first, while their kind is there; namespaces when they are empty.
    order = sorted(new, key=lambda key: (key[0].plural == "namespaces", "securebucket.io" not in key[0].root))
    gone = []
    for resource, namespace, name in order:
        if resource.plural in OWN_WAY and namespace in kept:
            continue
        _remove(api, resource, namespace, name)
        gone.append((resource, namespace, name))
    for resource, namespace, name in gone:
        until(lambda: _is_gone(api, resource, namespace, name))  # noqa: B023 - it is asked before the next turn
    return all(now.get(key) == seen for key, seen in before.items() if key[0].plural not in OWN_WAY)


def _remove(api: Api, resource: Resource, namespace: str, name: str) -> None:
    path = resource.path(namespace, name)
    if "securebucket.io" in resource.root:
        api.ask("PATCH", path, {"metadata": {"finalizers": None}}, MERGE)
    api.ask("DELETE", f"{path}?gracePeriodSeconds=0&propagationPolicy=Background")


def _is_gone(api: Api, resource: Resource, namespace: str, name: str) -> bool:
    path = resource.path(namespace, name)
    found = api.ask("GET", path)
    if found.status == 200 and found.body["metadata"].get("deletionTimestamp"):
        if resource.plural == "namespaces":
            # Nobody else says here that a namespace is empty.
            api.ask("PUT", f"{path}/finalize", {**found.body, "spec": {"finalizers": []}})
        elif "securebucket.io" in resource.root:
            api.ask("PATCH", path, {"metadata": {"finalizers": None}}, MERGE)
    return found.status == 404
