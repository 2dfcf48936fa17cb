"""`metadata.managedFields`: who owns which fields, after each kind of write.

https://kubernetes.io/docs/reference/using-api/server-side-apply/
"""

import json
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from securebucket_dev.kubeapi.comparison import compare_objects
from securebucket_dev.kubeapi.failure import ApiError, Cause
from securebucket_dev.kubeapi.field_set import (
    EMPTY,
    FieldSet,
    decode_fields,
    describe_path,
    encode_fields,
    fields_of,
    with_parents,
)
from securebucket_dev.kubeapi.kind import Body, Schema
from securebucket_dev.kubeapi.merging import check_keys, lay_over, take_out

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
BEFORE_FIRST_APPLY = "before-first-apply"
CAP = 10  # updaters that are told apart; the oldest beyond it become one
ANCIENT = "ancient-changes"

_UNOWNED = frozenset(
    (f"f:{name}",) if outer is None else (f"f:{outer}", f"f:{name}")
    for outer, names in (
        (None, ("apiVersion", "kind", "metadata")),
        (
            "metadata",
            (
                "name",
                "namespace",
                "creationTimestamp",
                "selfLink",
                "uid",
                "clusterName",
                "generation",
                "managedFields",
                "resourceVersion",
                "deletionTimestamp",
                "deletionGracePeriodSeconds",
            ),
        ),
    )
    for name in names
)


class Writer(NamedTuple):
    """Who writes, and how: what tells one entry from another."""

    name: str
    operation: str
    api_version: str
    subresource: str


@dataclass(frozen=True, slots=True)
class Owned:
    """What a writer owns, and when that last changed."""

    fields: FieldSet
    time: str


Managers = dict[Writer, Owned]


def read_managers(metadata: Body) -> Managers:
    """The managers of an object."""
    found: Managers = {}
    for entry in metadata.get("managedFields") or ():
        if not entry.get("manager") and not entry.get("operation"):
            continue
        names = ("manager", "operation", "apiVersion", "subresource")
        writer = Writer(*(entry.get(name, "") for name in names))
        found[writer] = Owned(decode_fields(entry.get("fieldsV1") or {}), entry.get("time", ""))
    return found


def write_managers(body: Body, managers: Managers) -> Body:
    """The object with its managers written down, in the order in which they are always written."""
    ordered = sorted(managers.items(), key=lambda each: (each[0].operation, each[1].time, each[0].name))
    metadata = {name: value for name, value in body["metadata"].items() if name != "managedFields"}
    if ordered:
        metadata["managedFields"] = [_write_entry(writer, owned) for writer, owned in ordered]
    return {**body, "metadata": metadata}


def without_managers(body: Body) -> Body:
    """The object without `managedFields`."""
    return write_managers(body, {})


def record_update(before: Body, after: Body, schema: Schema, writer: Writer, now: str, managers: Managers) -> Managers:
    """The managers after a create, update or patch: what the writer changed is now the writer's."""
    difference = compare_objects(_ownable(before), _ownable(after), schema)
    written, removed = difference.written - _UNOWNED, frozenset(difference.removed) - _UNOWNED
    if not (written or removed):
        return managers
    result: Managers = {}
    for other, owned in managers.items():
        left = owned.fields - written - removed
        if left:
            result[other] = replace(owned, fields=left)
    if written:
        # The fields of its earlier updates stay its own.
        former = managers[writer].fields - removed if writer in managers else EMPTY
        result[writer] = Owned(former | written, now)
    return _cap(result)


def apply_configuration(
    live: Body, applied: Body, schema: Schema, writer: Writer, now: str, force: bool, ignored: str
) -> tuple[Body, Managers]:
    """The object and its managers after a server-side apply; the `ignored` part of the object is written elsewhere.

    Raises:
        ApiError: 409, a field that is set to another value is another manager's; 500, a list that cannot be merged.
    """
    check_keys(applied, schema)
    managers = read_managers(live["metadata"])
    live = without_managers(live)
    if not managers and live["metadata"].get("uid"):
        first = Writer(BEFORE_FIRST_APPLY, "Update", writer.api_version, "")
        blank: Body = {"apiVersion": live["apiVersion"], "kind": live["kind"], "metadata": {}}
        fields = compare_objects(blank, _ownable(live), schema).written - _UNOWNED
        managers = {first: Owned(frozenset(path for path in fields if path[0] != f"f:{ignored}"), now)}
    merged = lay_over(live, applied, schema)
    last = managers[writer].fields if writer in managers else EMPTY
    fields = fields_of(_ownable(applied), schema) - _UNOWNED
    after = {**managers, writer: Owned(fields, now)}
    merged = _prune(merged, schema, last, after)
    difference = compare_objects(_ownable(live), _ownable(merged), schema)
    written, removed = difference.written, frozenset(difference.removed)
    conflicts = {
        other: taken for other, owned in after.items() if other != writer and (taken := owned.fields & written)
    }
    if conflicts and not force and not _is_takeover(conflicts, live, schema, writer):
        raise _refuse(conflicts)
    result: Managers = {writer: after[writer]}
    for other, owned in after.items():
        left = owned.fields - written - removed
        if other != writer and left:
            result[other] = replace(owned, fields=left)
    if not fields:
        del result[writer]
    return _refresh_last_applied(merged, applied, writer), result


def _prune(merged: Body, schema: Schema, last: FieldSet, managers: Managers) -> Body:
    """Take out what this manager applied before and no longer does, unless another one owns it too."""
    if not last:
        return merged
    owned = with_parents(frozenset[tuple[str, ...]]().union(*(each.fields for each in managers.values())), schema)
    dropped = with_parents(last, schema) - owned
    # A parent goes with its last child only if the applier owned that parent as well.
    pruned = take_out(merged, dropped, schema)
    return pruned if isinstance(pruned, dict) else merged


def _is_takeover(conflicts: dict[Writer, FieldSet], live: Body, schema: Schema, writer: Writer) -> bool:
    """True where kubectl takes over, by server-side apply, what it applied from the client's side before."""
    text = (live["metadata"].get("annotations") or {}).get(LAST_APPLIED)
    if writer.name != "kubectl" or not text:
        return False
    former = fields_of(json.loads(text), schema)
    return all(fields <= former for fields in conflicts.values())


def _refresh_last_applied(merged: Body, applied: Body, writer: Writer) -> Body:
    """Kubectl's client-side apply goes on from the annotation, so it follows kubectl's server-side applies."""
    metadata = merged["metadata"]
    if writer.name != "kubectl" or LAST_APPLIED not in (metadata.get("annotations") or {}):
        return merged
    text = json.dumps(applied, separators=(",", ":"))
    return {**merged, "metadata": {**metadata, "annotations": {**metadata["annotations"], LAST_APPLIED: text}}}


def _refuse(conflicts: dict[Writer, FieldSet]) -> ApiError:
    causes: list[Cause] = []
    words: list[str] = []
    for writer, fields in sorted(conflicts.items()):
        who = json.dumps(writer.name)
        if writer.subresource:
            who += f' with subresource "{writer.subresource}"'
        if writer.operation == "Update":
            who += f" using {writer.api_version}"
        paths = sorted(describe_path(path) for path in fields)
        causes += [Cause(path, "FieldManagerConflict", f"conflict with {who}") for path in paths]
        words += [f"conflicts with {who}:", *(f"- {path}" for path in paths)]
    if len(causes) == 1:
        message = f"Apply failed with 1 conflict: {causes[0].message}: {causes[0].field}"
    else:
        message = f"Apply failed with {len(causes)} conflicts: " + "\n".join(words)
    listed = [{"reason": each.reason, "message": each.message, "field": each.field} for each in causes]
    return ApiError(409, "Conflict", message, {"causes": listed})


def _cap(managers: Managers) -> Managers:
    updaters = sorted(
        (each for each in managers if each.operation == "Update"), key=lambda each: (managers[each].time, each)
    )
    surplus = updaters[: max(0, len(updaters) - CAP + 1)] if len(updaters) > CAP else []
    if not surplus:
        return managers
    kept = {writer: owned for writer, owned in managers.items() if writer not in surplus}
    fields = EMPTY.union(*(managers[each].fields for each in surplus))
    kept[Writer(ANCIENT, "Update", surplus[-1].api_version, "")] = Owned(fields, managers[surplus[-1]].time)
    return kept


def _ownable(body: Body) -> Body:
    metadata = body.get("metadata")
    if not isinstance(metadata, dict):
        return body
    return {**body, "metadata": {name: value for name, value in metadata.items() if name != "managedFields"}}


def _write_entry(writer: Writer, owned: Owned) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "manager": writer.name,
        "operation": writer.operation,
        "apiVersion": writer.api_version,
        "time": owned.time,
        "fieldsType": "FieldsV1",
        "fieldsV1": encode_fields(owned.fields),
    }
    if writer.subresource:
        entry["subresource"] = writer.subresource
    return entry
