"""What the server says it has: versions, groups and resources, in the old form and in the aggregated one.

https://kubernetes.io/docs/concepts/overview/kubernetes-api/#discovery-api
"""

from typing import Any

from securebucket_dev.kubeapi.kind import ALL_VERBS, Kind
from securebucket_dev.kubeapi.registry import Registry
from securebucket_dev.kubeapi.reviews import REVIEWS

VERSION = {
    "major": "1",
    "minor": "35",
    "gitVersion": "v1.35.4+securebucket-dev",
    "gitCommit": "",
    "gitTreeState": "clean",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "",
    "compiler": "python",
    "platform": "linux/amd64",
}
_STATUS_VERBS = ["get", "patch", "update"]


def describe_core() -> dict[str, Any]:
    """`/api`."""
    addresses = [{"clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1"}]
    return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": addresses}


def describe_groups(registry: Registry) -> dict[str, Any]:
    """`/apis`."""
    groups = [describe_group(registry, group) for group in _groups(registry) if group]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}


def describe_group(registry: Registry, group: str) -> dict[str, Any]:
    """`/apis/GROUP`."""
    versions = [{"groupVersion": f"{group}/{each}", "version": each} for each in _groups(registry)[group]]
    return {
        "kind": "APIGroup",
        "apiVersion": "v1",
        "name": group,
        "versions": versions,
        "preferredVersion": versions[0],
    }


def describe_resources(registry: Registry, group: str, version: str) -> dict[str, Any]:
    """`/apis/GROUP/VERSION` and `/api/v1`."""
    resources = []
    for kind in registry.serve(group, version):
        resources.append({"name": kind.plural, **_names(kind), "verbs": list(ALL_VERBS)})
        resources += [
            {
                "name": f"{kind.plural}/{each}",
                "singularName": "",
                "namespaced": kind.namespaced,
                "kind": kind.name,
                "verbs": _STATUS_VERBS,
            }
            for each in sorted(kind.subresources)
        ]
    for plural, name in REVIEWS.get((group, version), {}).items():
        review = {"name": plural, "singularName": name.lower(), "namespaced": False, "kind": name, "verbs": ["create"]}
        resources.append(review)
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": f"{group}/{version}" if group else version,
        "resources": resources,
    }


def describe_everything(registry: Registry, core: bool) -> dict[str, Any]:
    """`/api` or `/apis` in one answer (`APIGroupDiscoveryList`)."""
    items = []
    for group, versions in _groups(registry).items():
        if (group == "") is not core:
            continue
        listed = [
            {"version": each, "resources": _aggregate(registry, group, each), "freshness": "Current"}
            for each in versions
        ]
        items.append({"metadata": {"name": group, "creationTimestamp": None}, "versions": listed})
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}


def _aggregate(registry: Registry, group: str, version: str) -> list[dict[str, Any]]:
    found = []
    for kind in registry.serve(group, version):
        response = {"group": kind.group, "version": kind.version, "kind": kind.name}
        entry: dict[str, Any] = {
            "resource": kind.plural,
            "responseKind": response,
            "scope": "Namespaced" if kind.namespaced else "Cluster",
            "singularResource": kind.singular,
            "verbs": list(ALL_VERBS),
        }
        if kind.short_names:
            entry["shortNames"] = list(kind.short_names)
        if kind.categories:
            entry["categories"] = list(kind.categories)
        if kind.subresources:
            entry["subresources"] = [
                {"subresource": each, "responseKind": response, "verbs": _STATUS_VERBS}
                for each in sorted(kind.subresources)
            ]
        found.append(entry)
    for plural, name in REVIEWS.get((group, version), {}).items():
        response = {"group": group, "version": version, "kind": name}
        review = {"resource": plural, "responseKind": response, "scope": "Cluster", "singularResource": name.lower()}
        found.append({**review, "verbs": ["create"]})
    return found


def _names(kind: Kind) -> dict[str, Any]:
    names: dict[str, Any] = {"singularName": kind.singular, "namespaced": kind.namespaced, "kind": kind.name}
    if kind.short_names:
        names["shortNames"] = list(kind.short_names)
    if kind.categories:
        names["categories"] = list(kind.categories)
    return names


def _groups(registry: Registry) -> dict[str, list[str]]:
    found = registry.groups()
    for group, version in REVIEWS:
        found.setdefault(group, [version])
    return found
