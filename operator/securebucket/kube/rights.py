"""What the operator must be allowed to do in Kubernetes; `securebucket doctor` asks the server for each."""

from collections.abc import Sequence
from typing import Literal

from securebucket.api.base import GROUP
from securebucket.kube.client import BUCKETS, EXCEPTIONS, PROFILES, Right
from securebucket.report.open_reports import ReportKind


def is_for_finalizers(right: Right) -> bool:
    """Tell whether a right is only for the finalizer of objects with `deletionPolicy: Delete`."""
    return (right.verb, right.resource) == ("patch", BUCKETS)


def rights_needed(
    namespaces: Sequence[str],
    *,
    lease_namespace: str,
    lease_name: str,
    cluster_id_given: bool,
    reports: ReportKind | Literal[""] = "",
    observe_only: bool = False,
) -> tuple[Right, ...]:
    """List the rights, without those that every account has (discovery, and asking for one's own rights).

    Args:
        namespaces: that are watched; empty for the whole cluster. Profiles are then watched too; an operator of some
            namespaces only reads the profiles that its objects name.
        lease_namespace: where the Lease is.
        lease_name: its name.
        cluster_id_given: the cluster's id is configured, and needs not be read from kube-system.
        reports: which reports are written of each namespace; empty for none.
        observe_only: no object gets a finalizer.
    """
    on_buckets = ("get", "list", "watch", *(() if observe_only else ("patch",)))
    rights = [
        Right(verb, group, resource, namespace)
        for namespace in namespaces or ("",)
        for group, resource, verbs in (
            (GROUP, BUCKETS, on_buckets),
            (GROUP, f"{BUCKETS}/status", ("patch",)),
            (GROUP, EXCEPTIONS, ("list", "watch")),
            (GROUP, f"{EXCEPTIONS}/status", ("patch",)),
            ("events.k8s.io", "events", ("create", "patch")),
        )
        for verb in verbs
    ]
    if reports:
        rights += [
            Right(verb, reports.value, reports.plural, namespace)
            for namespace in namespaces or ("",)
            for verb in ("get", "create", "update", "delete", *(() if namespaces else ("list",)))
        ]
    rights += [Right(verb, GROUP, PROFILES) for verb in (("get",) if namespaces else ("get", "list", "watch"))]
    if not cluster_id_given:
        rights.append(Right("get", "", "namespaces", name="kube-system"))
    rights.append(Right("create", "coordination.k8s.io", "leases", lease_namespace))
    rights += [Right(verb, "coordination.k8s.io", "leases", lease_namespace, lease_name) for verb in ("get", "update")]
    return tuple(rights)
