"""Makes what a client sends into an object of a kind: known fields only, with defaults."""

from typing import Any

from securebucket_dev.kubeapi.builtin import CRDS, EVENTS
from securebucket_dev.kubeapi.crd import complete_definition
from securebucket_dev.kubeapi.defaulting import fill_defaults
from securebucket_dev.kubeapi.events import to_new, to_stored
from securebucket_dev.kubeapi.failure import ApiError, Cause, refuse_request, report_invalid
from securebucket_dev.kubeapi.habits import complete_builtin
from securebucket_dev.kubeapi.kind import Body, Kind
from securebucket_dev.kubeapi.metadata import read_metadata
from securebucket_dev.kubeapi.options import WriteOptions
from securebucket_dev.kubeapi.pruning import prune_object
from securebucket_dev.kubeapi.validation import check_value, quote


def take_in(body: Body, kind: Kind, options: WriteOptions, duplicates: list[str]) -> Body:
    """The object, ready to be compared, checked and stored.

    Raises:
        ApiError: 400, it is of another kind, is not what its kind is, or (strictly) has fields that nobody knows.
    """
    check_type(body, kind)
    known, dropped = prune_object(body, kind.schema)
    faults = [f'duplicate field "{name}"' for name in duplicates] + [f'unknown field "{path}"' for path in dropped]
    known = {**known, "apiVersion": kind.api_version, "kind": kind.name, "metadata": read_metadata(known)}
    if kind.storage == CRDS:
        known, unknown = complete_definition(known)
        faults += [f'unknown field "{path}"' for path in unknown]
    prefix = f'{kind.name} in version "{kind.version}" cannot be handled as a {kind.name}: '
    options.report_unknown(faults, prefix)
    return complete(known, kind)


def take_patched(body: Any, kind: Kind, options: WriteOptions, duplicates: list[str]) -> Body:
    """The object that a patch makes, ready to be compared, checked and stored.

    Raises:
        ApiError: 422, it is not what its kind is; 400, it is no object at all, or has lost its name.
    """
    if not isinstance(body, dict):
        raise refuse_request("error decoding patch: the patched object is no object")
    try:
        return take_in(body, kind, options, duplicates)
    except ApiError as error:
        if error.code != 400:
            raise
        cause = Cause("patch", "FieldValueInvalid", f"Invalid value: {quote(quote(body))}: {error.message}")
        raise report_invalid("", "", "", [cause]) from error


def complete(body: Body, kind: Kind) -> Body:
    """The object with its defaults, in the form in which it is stored.

    Raises:
        ApiError: 400, a built-in object has a field of another type.
    """
    filled: Body = fill_defaults(body, kind.schema)
    filled = {**filled, "metadata": body["metadata"]}
    if kind.custom:
        return filled
    for fault in check_value(filled, kind.schema):
        if fault.reason == "FieldValueTypeInvalid":
            raise refuse_request(f'{kind.name} in version "{kind.version}" cannot be handled as a {kind.name}: {fault}')
    return complete_builtin(to_stored(filled), kind)


def present(body: Body, kind: Kind) -> Body:
    """A stored object as one version of its kind shows it."""
    if body["apiVersion"] == kind.api_version:
        return body
    if kind.storage == EVENTS:
        return to_new(body)
    return {**body, "apiVersion": kind.api_version}


def check_type(body: Body, kind: Kind) -> None:
    """Refuse an object of another kind than its path says; a built-in one may leave it out.

    Raises:
        ApiError: 400.
    """
    version, name = body.get("apiVersion"), body.get("kind")
    if kind.custom and not (version and name):
        missing = "kind" if not name else "apiVersion"
        raise refuse_request(f"Object '{missing.capitalize()}' is missing in the object that was sent")
    if version not in (None, "", kind.api_version):
        raise refuse_request(
            f"the API version in the data ({version}) does not match the expected API version ({kind.api_version})"
        )
    if name not in (None, "", kind.name):
        if kind.custom:
            cause = Cause("kind", "FieldValueInvalid", f'Invalid value: "{name}": must be {kind.name}')
            raise report_invalid(kind.group, str(name), (body.get("metadata") or {}).get("name", ""), [cause])
        raise refuse_request(f"the kind in the data ({name}) does not match the expected kind ({kind.name})")
