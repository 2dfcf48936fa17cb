"""The built-in kinds that the server has: stored as plain objects, with the few rules that programs rely on."""

from dataclasses import replace

from securebucket_dev.kubeapi.builtin_schema import builtin_schema
from securebucket_dev.kubeapi.kind import Kind

CRDS = "customresourcedefinitions.apiextensions.k8s.io"
EVENTS = "events"
LEASES = "leases.coordination.k8s.io"
NAMESPACES = "namespaces"
SECRETS = "secrets"

_CORE = ("", "v1")
_RBAC = ("rbac.authorization.k8s.io", "v1")
_NAMESPACED = True
_CLUSTER = False
_STATUS = frozenset({"status"})
_REFERENCE = ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")


def builtin_kinds() -> list[Kind]:
    """Every built-in kind, in each group and version that it is served in."""
    namespace = _kind(_CORE, "Namespace", "namespaces", _CLUSTER, "ns")
    secret = _kind(_CORE, "Secret", "secrets", _NAMESPACED)
    event = _kind(_CORE, "Event", "events", _NAMESPACED, "ev", model="CoreV1Event")
    new_event = _kind(("events.k8s.io", "v1"), "Event", "events", _NAMESPACED, "ev", model="EventsV1Event")
    pod = _kind(_CORE, "Pod", "pods", _NAMESPACED, "po")
    lease = _kind(("coordination.k8s.io", "v1"), "Lease", "leases", _NAMESPACED)
    deployment = _kind(("apps", "v1"), "Deployment", "deployments", _NAMESPACED, "deploy")
    budget = _kind(("policy", "v1"), "PodDisruptionBudget", "poddisruptionbudgets", _NAMESPACED, "pdb")
    definition = _kind(
        ("apiextensions.k8s.io", "v1"), "CustomResourceDefinition", "customresourcedefinitions", _CLUSTER, "crd", "crds"
    )
    old_fields = ("reason", "type", "source", "reportingComponent", *(f"involvedObject.{each}" for each in _REFERENCE))
    new_fields = ("reason", "type", "reportingController", *(f"regarding.{each}" for each in _REFERENCE))
    return [
        replace(namespace, subresources=frozenset({"status", "finalize"}), selectable=("status.phase",)),
        replace(secret, selectable=("type",)),
        replace(event, create_on_update=True, selectable=old_fields),
        replace(new_event, create_on_update=True, selectable=new_fields, storage=EVENTS),
        replace(pod, subresources=_STATUS, categories=("all",), selectable=("spec.nodeName", "status.phase")),
        replace(lease, unconditional_update=False, create_on_update=True),
        replace(deployment, subresources=_STATUS, categories=("all",), generation=True),
        replace(budget, subresources=_STATUS, unconditional_update=False, generation=True),
        replace(definition, subresources=_STATUS, unconditional_update=False, generation=True),
        _kind(_CORE, "ConfigMap", "configmaps", _NAMESPACED, "cm"),
        _kind(_CORE, "Service", "services", _NAMESPACED, "svc"),
        _kind(_CORE, "ServiceAccount", "serviceaccounts", _NAMESPACED, "sa"),
        _kind(_RBAC, "ClusterRole", "clusterroles", _CLUSTER),
        _kind(_RBAC, "ClusterRoleBinding", "clusterrolebindings", _CLUSTER),
        _kind(_RBAC, "Role", "roles", _NAMESPACED),
        _kind(_RBAC, "RoleBinding", "rolebindings", _NAMESPACED),
        _kind(("networking.k8s.io", "v1"), "NetworkPolicy", "networkpolicies", _NAMESPACED, "netpol"),
    ]


def _kind(
    group_version: tuple[str, str], name: str, plural: str, namespaced: bool, *short_names: str, model: str = ""
) -> Kind:
    group, version = group_version
    return Kind(
        group=group,
        version=version,
        name=name,
        plural=plural,
        singular=name.lower(),
        namespaced=namespaced,
        short_names=short_names,
        storage=f"{plural}.{group}".removesuffix("."),
        schema=builtin_schema(model or f"V1{name}"),
    )
