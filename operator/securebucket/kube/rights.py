"""What the operator must be allowed to do in Kubernetes; `securebucket doctor` asks the server for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from securebucket.api.base import GROUP
from securebucket.kube.client import BUCKETS, EXCEPTIONS, PROFILES, Right
from securebucket.report.open_reports import ReportKind


def is_for_finalizers(right: Right) -> bool:
    """Tell whether a right is only for the finalizer of objects with `deletionPolicy: Delete`."""
    return (right.verb, right.resource) == ("patch", BUCKETS)


@dataclass(frozen=True, slots=True)
class Installation:
    """How the operator is installed, as `securebucket run` is told.

    Args:
        namespaces: that it watches; empty for the whole cluster. Profiles are then watched too; an operator of some
            namespaces only reads the profiles that its objects name.
        lease_namespace: where its Lease is.
        lease_name: its name.
        cluster_id_given: the cluster's id is configured, and needs not be read from kube-system.
        reports: which reports it writes of each namespace; empty for none.
        observe_only: it writes no bucket, and puts no finalizer on an object.
    """

    namespaces: Sequence[str]
    lease_namespace: str
    lease_name: str
    cluster_id_given: bool = False
    reports: ReportKind | Literal[""] = ""
    observe_only: bool = False


def rights_needed(installation: Installation) -> tuple[Right, ...]:
    """List the rights, without those that every account has (discovery, and asking for one's own rights)."""
    namespaces, reports, lease_namespace = installation.namespaces, installation.reports, installation.lease_namespace
    on_buckets = ("get", "list", "watch", *(() if installation.observe_only else ("patch",)))
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
    if not installation.cluster_id_given:
        rights.append(Right("get", "", "namespaces", name="kube-system"))
    rights.append(Right("create", "coordination.k8s.io", "leases", lease_namespace))
    rights += [
        Right(verb, "coordination.k8s.io", "leases", lease_namespace, installation.lease_name)
        for verb in ("get", "update")
    ]
    return tuple(rights)
