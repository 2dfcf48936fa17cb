"""Deletion: finalizers, the cascade through a namespace or a definition, and the garbage of owners that are gone.

https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/
https://kubernetes.io/docs/concepts/architecture/garbage-collection/
"""

from dataclasses import dataclass
from typing import Any

from securebucket_dev.kubeapi.builtin import CRDS, NAMESPACES
from securebucket_dev.kubeapi.cluster import PERMANENT_NAMESPACES, Cluster
from securebucket_dev.kubeapi.crd import CLEANUP
from securebucket_dev.kubeapi.failure import forbid, report_conflict
from securebucket_dev.kubeapi.kind import Body, Kind
from securebucket_dev.kubeapi.metadata import read_clock
from securebucket_dev.kubeapi.store import Key


@dataclass(frozen=True, slots=True)
class DeleteOptions:
    """How an object is to be deleted.

    Args:
        uid: only the object of this uid; empty for any.
        revision: only the object at this resourceVersion; empty for any.
        orphan: what it owns stays.
        dry_run: everything but the deletion.
    """

    uid: str = ""
    revision: str = ""
    orphan: bool = False
    dry_run: bool = False


def read_delete_options(body: Body, query: Any) -> DeleteOptions:
    """The options of a request: its body's, or its query's."""
    conditions = body.get("preconditions") or {}
    policy = body.get("propagationPolicy") or query.get("propagationPolicy", "")
    return DeleteOptions(
        uid=conditions.get("uid") or "",
        revision=conditions.get("resourceVersion") or "",
        orphan=policy == "Orphan",
        dry_run=bool(body.get("dryRun")) or query.get("dryRun") == "All",
    )


def delete_object(cluster: Cluster, kind: Kind, key: Key, options: DeleteOptions) -> tuple[Body, bool]:
    """The object, and whether it is gone; with finalizers, or with others inside of it, it was only marked.

    Raises:
        ApiError: 404, there is none; 409, it is not the one that was meant; 403, it has to stay.
    """
    entry = cluster.require(kind, key)
    metadata = entry.body["metadata"]
    _check_preconditions(kind, key, metadata, options)
    if kind.storage == NAMESPACES and key.name in PERMANENT_NAMESPACES:
        raise forbid("", "namespaces", key.name, "this namespace may not be deleted")
    keeps = bool(metadata.get("finalizers")) or _holds_others(cluster, kind, key)
    if options.dry_run:
        return entry.body, not keeps
    if not keeps:
        finish(cluster, kind, key, options.orphan)
        return entry.body, True
    if not metadata.get("deletionTimestamp"):
        body = _mark(entry.body, kind)
        entry = cluster.put(kind, key, body)
    _empty(cluster, kind, key)
    return entry.body, False


def finish(cluster: Cluster, kind: Kind, key: Key, orphan: bool = False) -> None:
    """Take an object out that nothing holds any longer, and what follows from it."""
    entry = cluster.remove(kind, key)
    uid = entry.body["metadata"]["uid"]
    for storage, dependent in sorted(cluster.dependents.pop(uid, set())):
        _release(cluster, cluster.registry.by_storage()[storage], dependent, uid, orphan)
    if kind.custom:
        _finish_definition(cluster, kind)
    if key.namespace:
        _finish_namespace(cluster, key.namespace)


def is_finished(kind: Kind, body: Body) -> bool:
    """True for an object that was marked and that no finalizer holds any longer."""
    metadata = body["metadata"]
    held = metadata.get("finalizers") or (kind.storage == NAMESPACES and (body.get("spec") or {}).get("finalizers"))
    return bool(metadata.get("deletionTimestamp")) and not held


def _mark(body: Body, kind: Kind) -> Body:
    metadata = {**body["metadata"], "deletionTimestamp": read_clock()}
    if kind.generation:
        metadata["generation"] = metadata.get("generation", 0) + 1
    if kind.storage == NAMESPACES:
        return {**body, "metadata": metadata, "status": {**(body.get("status") or {}), "phase": "Terminating"}}
    if kind.storage == CRDS:
        metadata["finalizers"] = sorted({*(metadata.get("finalizers") or ()), CLEANUP})
        return {**body, "metadata": metadata}
    return {**body, "metadata": {**metadata, "deletionGracePeriodSeconds": 0}}


def _holds_others(cluster: Cluster, kind: Kind, key: Key) -> bool:
    if kind.storage == NAMESPACES:
        return True
    return kind.storage == CRDS and bool(cluster.store.table(key.name).entries)


def _empty(cluster: Cluster, kind: Kind, key: Key) -> None:
    """Delete what is inside of a namespace or of a definition that is marked."""
    if kind.storage == NAMESPACES:
        for inner in cluster.registry.by_storage().values():
            if inner.namespaced:
                _delete_all(cluster, inner, key.name)
        _finish_namespace(cluster, key.name)
    elif kind.storage == CRDS:
        inner = cluster.registry.by_storage()[key.name]
        _delete_all(cluster, inner, "")
        _finish_definition(cluster, inner)


def _delete_all(cluster: Cluster, kind: Kind, namespace: str) -> None:
    for key, _ in list(cluster.store.table(kind.storage).scan(namespace)):
        if cluster.find(kind, key):
            delete_object(cluster, kind, key, DeleteOptions())


def _finish_namespace(cluster: Cluster, namespace: str) -> None:
    kind = cluster.registry.by_storage()[NAMESPACES]
    key = Key("", namespace)
    entry = cluster.find(kind, key)
    if entry is None or not entry.body["metadata"].get("deletionTimestamp") or entry.body["metadata"].get("finalizers"):
        return
    if not any(next(iter(table.scan(namespace)), None) for table in cluster.store.tables().values()):
        finish(cluster, kind, key)


def _finish_definition(cluster: Cluster, inner: Kind) -> None:
    kind = cluster.registry.by_storage()[CRDS]
    key = Key("", inner.storage)
    entry = cluster.find(kind, key)
    if entry is None or not cluster.is_ending(inner) or cluster.store.table(inner.storage).entries:
        return
    metadata = entry.body["metadata"]
    finalizers = [each for each in metadata["finalizers"] if each != CLEANUP]
    body = {**entry.body, "metadata": {**metadata, "finalizers": finalizers}}
    cluster.put(kind, key, body)
    if not finalizers:
        finish(cluster, kind, key)


def _release(cluster: Cluster, kind: Kind, key: Key, uid: str, orphan: bool) -> None:
    """An owner of this object is gone: with its last owner it goes too, unless it was to be left."""
    entry = cluster.find(kind, key)
    if entry is None:
        return
    metadata = entry.body["metadata"]
    others = [each for each in metadata["ownerReferences"] if each["uid"] != uid]
    if not others and not orphan:
        delete_object(cluster, kind, key, DeleteOptions())
        return
    kept = {name: value for name, value in metadata.items() if name != "ownerReferences"}
    if others:
        kept["ownerReferences"] = others
    cluster.put(kind, key, {**entry.body, "metadata": kept})


def _check_preconditions(kind: Kind, key: Key, metadata: Body, options: DeleteOptions) -> None:
    if options.uid and options.uid != metadata["uid"]:
        why = (
            f"the UID in the precondition ({options.uid}) does not match the UID in record ({metadata['uid']}). "
            "The object might have been deleted and then recreated"
        )
        raise report_conflict(kind.group, kind.name, key.name, why)
    if options.revision and options.revision != metadata["resourceVersion"]:
        why = (
            f"the ResourceVersion in the precondition ({options.revision}) does not match the ResourceVersion in "
            f"record ({metadata['resourceVersion']}). The object might have been modified"
        )
        raise report_conflict(kind.group, kind.name, key.name, why)
