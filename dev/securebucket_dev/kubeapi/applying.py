"""Server-side apply: from a client's configuration to the change that it makes of an object.

https://kubernetes.io/docs/reference/using-api/server-side-apply/
"""

from typing import Any

from securebucket_dev.kubeapi.failure import ApiError, refuse_request
from securebucket_dev.kubeapi.intake import present, take_in
from securebucket_dev.kubeapi.kind import Body, Kind
from securebucket_dev.kubeapi.managed_fields import Managers, Writer, apply_configuration
from securebucket_dev.kubeapi.metadata import read_clock, read_metadata
from securebucket_dev.kubeapi.options import WriteOptions
from securebucket_dev.kubeapi.pruning import prune_object
from securebucket_dev.kubeapi.store import Key
from securebucket_dev.kubeapi.structure import with_header
from securebucket_dev.kubeapi.writing import Update, check_name

_STATUS_ONLY = frozenset({"apiVersion", "kind", "metadata", "status"})


def prepare_apply(
    patch: Any,
    duplicates: list[str],
    kind: Kind,
    key: Key,
    subresource: str,
    options: WriteOptions,
) -> Update:
    """What an apply does to the object, there or not.

    Raises:
        ApiError: 400, it is of another kind or name; 500 as the API server does, for a field that nobody knows.
    """
    if not isinstance(patch, dict):
        raise refuse_request("error decoding YAML: an applied configuration is an object")
    if (patch.get("apiVersion"), patch.get("kind")) != (kind.api_version, kind.name):
        named = f"{patch.get('apiVersion') or '/'}, Kind={patch.get('kind') or ''}"
        raise refuse_request(f"invalid object type: {named}")
    known, dropped = prune_object(patch, kind.schema)
    if dropped:
        # Not a matter of strictness: what has no type can have no owner.
        named = f"{kind.api_version if kind.group else '/' + kind.version}, Kind={kind.name}"
        raise fail_typed(f"failed to create typed patch object (/{key.name}; {named})", dropped)
    options.report_unknown([f'duplicate field "{name}"' for name in duplicates])
    applied: Body = {**known, "apiVersion": kind.api_version, "kind": kind.name, "metadata": read_metadata(known)}
    if applied["metadata"].get("managedFields") is not None:
        raise refuse_request("metadata.managedFields must be nil")
    if "name" in applied["metadata"]:
        check_name(applied["metadata"], key)
    ignored = ""
    if subresource:
        ignored = "spec"
        applied = {name: value for name, value in applied.items() if name in _STATUS_ONLY}
    elif "status" in kind.subresources:
        ignored = "status"
        applied.pop("status", None)
    writer = Writer(options.manager, "Apply", kind.api_version, subresource)

    def apply(before: Body) -> tuple[Body, Managers | None]:
        shown = present(before, kind)
        schema = with_header(kind.schema)
        merged, managers = apply_configuration(shown, applied, schema, writer, read_clock(), options.force, ignored)
        return take_in(merged, kind, WriteOptions(validation="Ignore"), []), managers

    return apply


def fail_typed(where: str, unknown: list[str]) -> ApiError:
    """The failure that the API server has for a configuration that does not fit the schema's types."""
    paths = [f".{path}: field not declared in schema" for path in unknown]
    listed = paths[0] if len(paths) == 1 else "errors:\n  " + "\n  ".join(paths)
    return ApiError(500, "", f"{where}: {listed}")
