"""Create, replace and patch: the way of every write from a client's body to the store."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from securebucket_dev.kubeapi.builtin import CRDS, NAMESPACES
from securebucket_dev.kubeapi.cluster import Cluster
from securebucket_dev.kubeapi.crd import establish
from securebucket_dev.kubeapi.deleting import finish, is_finished
from securebucket_dev.kubeapi.failure import (
    ApiError,
    Cause,
    refuse_method,
    refuse_request,
    report_conflict,
    report_duplicate,
    report_invalid,
    report_missing,
)
from securebucket_dev.kubeapi.intake import complete
from securebucket_dev.kubeapi.kind import Body, Kind
from securebucket_dev.kubeapi.managed_fields import (
    Managers,
    Writer,
    read_managers,
    record_update,
    without_managers,
    write_managers,
)
from securebucket_dev.kubeapi.metadata import begin_metadata, keep_metadata, name_object, read_clock
from securebucket_dev.kubeapi.options import WriteOptions
from securebucket_dev.kubeapi.store import Entry, Key
from securebucket_dev.kubeapi.structure import with_header
from securebucket_dev.kubeapi.validation import quote

_MADE_BY_SERVER = {NAMESPACES: ("f:spec", "f:status"), CRDS: ("f:status",)}
STALE = "the object has been modified; please apply your changes to the latest version and try again"


@dataclass(frozen=True, slots=True)
class Written:
    """What a write leaves.

    Args:
        body: the object as it is stored; of a dry run, as it would be.
        created: True if it was not there before.
    """

    body: Body
    created: bool


Update = Callable[[Body], tuple[Body, Managers | None]]
"""Makes the new object from the one that is there; with the managers, where they are not to be worked out from it."""


def create_object(cluster: Cluster, kind: Kind, namespace: str, body: Body, options: WriteOptions) -> Written:
    """Put a new object, from a body that was taken in.

    Raises:
        ApiError: 404, no such namespace; 409, the name is taken; 422, it is not valid; 405, its kind is being deleted.
    """
    metadata = body["metadata"]
    _check_namespace(metadata, namespace, kind)
    table = cluster.store.table(kind.storage).entries
    name = name_object(metadata, kind, lambda made: Key(namespace, made) in table)
    key = Key(namespace, name)
    cluster.require_namespace(kind, key)
    if cluster.is_ending(kind):
        raise refuse_method()
    return _put_new(cluster, kind, key, body, options, None)


def update_object(
    cluster: Cluster, kind: Kind, key: Key, update: Update, options: WriteOptions, subresource: str = ""
) -> Written:
    """Change an object that is there.

    Raises:
        ApiError: 404, it is not there; 409, it is not what the client thinks; 422, it would not be valid.
    """
    entry = cluster.require(kind, key)
    before = entry.body
    after, managers = update(before)
    _check_identity(kind, key, before["metadata"], after["metadata"])
    after = _isolate(before, after, kind, subresource)
    if kind.storage == CRDS and not subresource:
        cluster.check(after, kind, before)
        after = establish(after, before)
    after = _count(before, complete(after, kind), kind, subresource)
    if managers is None:
        managers = _managers_of(before, after, kind, options, subresource)
    after = write_managers(after, managers)
    cluster.check(after, kind, before)
    if _is_same(before, after):
        return Written(before, created=False)
    return _commit(cluster, kind, key, entry, after, options)


def apply_object(
    cluster: Cluster, kind: Kind, key: Key, update: Update, options: WriteOptions, subresource: str = ""
) -> Written:
    """Server-side apply: change an object that is there, or create it.

    Raises:
        ApiError: as for an update and a create.
    """
    if cluster.find(kind, key):
        return update_object(cluster, kind, key, update, options, subresource)
    if subresource:
        raise report_missing(kind.group, kind.plural, key.name)
    cluster.require_namespace(kind, key)
    if cluster.is_ending(kind):
        raise refuse_method()
    blank = {"apiVersion": kind.api_version, "kind": kind.name, "metadata": {}}
    body, managers = update(blank)
    check_name(body["metadata"], key)
    _check_namespace(body["metadata"], key.namespace, kind)
    return _put_new(cluster, kind, key, complete(body, kind), options, managers)


def check_name(metadata: Body, key: Key) -> None:
    """Refuse a body that is about no object, or another one than its path.

    Raises:
        ApiError: 400.
    """
    given = metadata.get("name")
    if not given:
        raise refuse_request(f"the name of the object ({key.name} based on URL) was undeterminable")
    if given != key.name:
        raise refuse_request(f"the name of the object ({given}) does not match the name on the URL ({key.name})")


def check_replacement(kind: Kind, body: Body, before: Body) -> None:
    """Refuse a PUT that is of another object of that name, or does not say which revision it replaces.

    Raises:
        ApiError: 409 or 422.
    """
    name, given = before["metadata"]["name"], body["metadata"].get("uid")
    if given and given != before["metadata"]["uid"]:
        why = f"Precondition failed: UID in precondition: {given}, UID in object meta: {before['metadata']['uid']}"
        raise report_conflict(kind.group, kind.plural, name, why)
    if not kind.unconditional_update and not body["metadata"].get("resourceVersion"):
        message = "Invalid value: 0: must be specified for an update"
        cause = Cause("metadata.resourceVersion", "FieldValueInvalid", message)
        raise report_invalid(kind.group, kind.plural, name, [cause])


def _put_new(
    cluster: Cluster, kind: Kind, key: Key, body: Body, options: WriteOptions, managers: Managers | None
) -> Written:
    body = {**body, "metadata": begin_metadata(body["metadata"], key.name, key.namespace, kind)}
    if kind.custom and "status" in kind.subresources:
        body = {name: value for name, value in body.items() if name != "status"}
    body = complete(body, kind)
    if kind.storage == CRDS:
        cluster.check(body, kind, None)
        body = establish(body, None)
    cluster.check(body, kind, None)
    if cluster.find(kind, key):
        raise report_duplicate(kind.group, kind.plural, key.name)
    if managers is None:
        blank: Body = {"apiVersion": kind.api_version, "kind": kind.name, "metadata": {}}
        given = {**body, "metadata": {**body["metadata"]}}
        managers = _record(blank, given, kind, options, "", {})
    body = write_managers(body, managers)
    if options.dry_run:
        return Written(body, created=True)
    return Written(cluster.put(kind, key, body).body, created=True)


def _commit(cluster: Cluster, kind: Kind, key: Key, entry: Entry, after: Body, options: WriteOptions) -> Written:
    if options.dry_run:
        revision = entry.body["metadata"]["resourceVersion"]
        return Written({**after, "metadata": {**after["metadata"], "resourceVersion": revision}}, created=False)
    if is_finished(kind, after):
        finish(cluster, kind, key)
        return Written(after, created=False)
    return Written(cluster.put(kind, key, after).body, created=False)


def _managers_of(before: Body, after: Body, kind: Kind, options: WriteOptions, subresource: str) -> Managers:
    given = after["metadata"].get("managedFields")
    former = read_managers(before["metadata"])
    if not subresource and given is not None and given != before["metadata"].get("managedFields"):
        # A client may rewrite the list itself; an empty one resets it.
        if not given or given == [{}]:
            return {}
        former = read_managers(after["metadata"])
    if not former:
        return {}
    return _record(before, after, kind, options, subresource, former)


def _record(
    before: Body, after: Body, kind: Kind, options: WriteOptions, subresource: str, former: Managers
) -> Managers:
    writer = Writer(options.manager, "Update", kind.api_version, subresource)
    managers = record_update(before, after, with_header(kind.schema), writer, read_clock(), former)
    made = _MADE_BY_SERVER.get(kind.storage, ())
    if subresource or not made or writer not in managers:
        return managers
    owned = frozenset(path for path in managers[writer].fields if path[0] not in made)
    return {**managers, writer: replace(managers[writer], fields=owned)}


def _check_identity(kind: Kind, key: Key, before: Body, after: Body) -> None:
    if not str(after.get("resourceVersion") or 0).isdigit():
        raise ApiError(500, "", f"resourceVersion {after['resourceVersion']!r} is no number")
    if after.get("uid") and after["uid"] != before["uid"]:
        message = f"Invalid value: {quote(after['uid'])}: field is immutable"
        cause = Cause("metadata.uid", "FieldValueInvalid", message)
        raise report_invalid(kind.group, kind.name, key.name, [cause])
    check_name(after, key)
    _check_namespace(after, key.namespace, kind)
    if after.get("resourceVersion") and after["resourceVersion"] != before["resourceVersion"]:
        raise report_conflict(kind.group, kind.plural, key.name, STALE)


def _check_namespace(metadata: Body, namespace: str, kind: Kind) -> None:
    given = metadata.get("namespace")
    if given and given != namespace:
        if not kind.namespaced:
            raise refuse_request(f"namespace {given!r} is set on an object that has no namespace")
        raise refuse_request("the namespace of the provided object does not match the namespace sent on the request")


def _isolate(before: Body, after: Body, kind: Kind, subresource: str) -> Body:
    """Of the two endpoints of an object, each changes its own part only."""
    if subresource:
        part = "spec" if subresource == "finalize" else "status"
        managed = {name: after["metadata"][name] for name in ("managedFields",) if name in after["metadata"]}
        kept = {name: value for name, value in before.items() if name != part}
        changed = {part: after[part]} if part in after else {}
        return {**kept, **changed, "metadata": {**before["metadata"], **managed}}
    metadata = keep_metadata(after["metadata"], before["metadata"])
    isolated = {**after, "metadata": {**metadata, "resourceVersion": before["metadata"]["resourceVersion"]}}
    if "status" not in kind.subresources:
        return isolated
    isolated.pop("status", None)
    return {**isolated, "status": before["status"]} if "status" in before else isolated


def _count(before: Body, after: Body, kind: Kind, subresource: str) -> Body:
    """Generation counts what the owner of an object wants, so not what its metadata and status say."""
    if not kind.generation or subresource:
        return after
    aside = ("metadata", "status") if "status" in kind.subresources else ("metadata",)
    wanted = {name: value for name, value in after.items() if name not in aside}
    if wanted == {name: value for name, value in before.items() if name not in aside}:
        return after
    generation = before["metadata"].get("generation", 0) + 1
    return {**after, "metadata": {**after["metadata"], "generation": generation}}


def _is_same(before: Body, after: Body) -> bool:
    """A write that changes nothing but when it was made is none."""
    if without_managers(before) != without_managers(after):
        return False
    return _timeless(before["metadata"]) == _timeless(after["metadata"])


def _timeless(metadata: Body) -> list[Any]:
    entries = metadata.get("managedFields") or ()
    return [{name: value for name, value in entry.items() if name != "time"} for entry in entries]
