"""The rules of `metadata` that all kinds share: names, labels, and what only the server may set.

https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
"""

import datetime as dt
import random
import re
import uuid
from collections.abc import Iterator
from typing import Any

from securebucket_dev.kubeapi.failure import ApiError, Cause, refuse_request, report_invalid
from securebucket_dev.kubeapi.kind import Body, Kind
from securebucket_dev.kubeapi.structure import OBJECT_META
from securebucket_dev.kubeapi.validation import check_value, quote

ANNOTATIONS_LIMIT = 256 * 1024  # bytes of all annotations together
SYSTEM_FIELDS = ("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation")

_SUBDOMAIN = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*")
_LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?")
_SEGMENT = re.compile(r"(?!\.{1,2}$)[^/%]+")
_QUALIFIED = re.compile(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?")
_LABEL_VALUE = re.compile(r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?")
_SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_LOOSE_NAMES = frozenset({"rbac.authorization.k8s.io"})


def read_clock() -> str:
    """Now, as the server writes times."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_metadata(body: Body) -> Body:
    """The metadata that a client has sent.

    Raises:
        ApiError: 400, it is not what metadata is.
    """
    metadata = body.get("metadata")
    if metadata is None:
        return {}
    if not isinstance(metadata, dict):
        raise refuse_request("metadata must be an object")
    # Empty labels, finalizers and so on are none; an empty managedFields is an order to forget the managers.
    kept = {
        name: value
        for name, value in metadata.items()
        if value is not None and (value not in ({}, []) or name == "managedFields")
    }
    faults = check_value(kept, OBJECT_META, "metadata")
    if faults:
        raise refuse_request(f"unable to decode the object: {faults[0]}")
    return kept


def name_object(metadata: Body, kind: Kind, taken: Any) -> str:
    """The name of a new object, made up from `generateName` if it has none.

    Raises:
        ApiError: 422, it has neither.
    """
    if name := metadata.get("name"):
        return str(name)
    prefix = metadata.get("generateName")
    if not prefix:
        cause = Cause("metadata.name", "FieldValueRequired", "Required value: name or generateName is required")
        raise report_invalid(kind.group, kind.name, "", [cause])
    while True:
        suffix = "".join(random.choices(_SUFFIX_LETTERS, k=5))  # noqa: S311 - a name is no secret
        if not taken(f"{prefix[:58]}{suffix}"):
            return f"{prefix[:58]}{suffix}"


def begin_metadata(metadata: Body, name: str, namespace: str, kind: Kind) -> Body:
    """The metadata of a new object, with what only the server sets.

    Raises:
        ApiError: 500 as the API server does, for an object that already has a resourceVersion.
    """
    if metadata.get("resourceVersion"):
        message = "resourceVersion should not be set on objects to be created"
        raise ApiError(500, "InternalError", f"Internal error occurred: {message}")
    kept = {
        field: value
        for field, value in metadata.items()
        if field not in {*SYSTEM_FIELDS, "selfLink", "resourceVersion"}
    }
    placed: Body = {"namespace": namespace} if kind.namespaced else {}
    counted: Body = {"generation": 1} if kind.generation else {}
    return {**kept, "name": name, **placed, "uid": str(uuid.uuid4()), "creationTimestamp": read_clock(), **counted}


def keep_metadata(metadata: Body, before: Body) -> Body:
    """The metadata of an update: what only the server sets stays as it was."""
    fixed = {field: before[field] for field in SYSTEM_FIELDS if field in before}
    free = {field: value for field, value in metadata.items() if field not in SYSTEM_FIELDS}
    placed: Body = {field: before[field] for field in ("name", "namespace") if field in before}
    return {**free, **placed, **fixed}


def check_metadata(metadata: Body, kind: Kind, before: Body | None) -> list[Cause]:
    """What is wrong with an object's metadata; names are judged once, when the object is new."""
    faults = [*_check_labels(metadata.get("labels") or {}), *_check_annotations(metadata.get("annotations") or {})]
    if before is None:
        faults += _check_name(metadata["name"], kind)
    else:
        faults += _check_finalizers(metadata, before)
    return faults


def _check_name(name: str, kind: Kind) -> Iterator[Cause]:
    if kind.group in _LOOSE_NAMES:
        valid, rule = _SEGMENT.fullmatch(name), "may not be '.' or '..' or contain '/' or '%'"
    elif kind.plural in ("namespaces", "services"):
        valid, rule = _LABEL.fullmatch(name) if len(name) < 64 else None, "a lowercase RFC 1123 label must consist of"
    else:
        valid = _SUBDOMAIN.fullmatch(name) if len(name) < 254 else None
        rule = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'"
    if valid is None:
        yield Cause("metadata.name", "FieldValueInvalid", f"Invalid value: {quote(name)}: {rule}")


def _check_labels(labels: Body) -> Iterator[Cause]:
    for name, value in labels.items():
        yield from _check_qualified(name, "metadata.labels")
        if len(value) > 63 or not _LABEL_VALUE.fullmatch(value):
            message = (
                f"Invalid value: {quote(value)}: a valid label must be an empty string or consist of alphanumerics"
            )
            yield Cause("metadata.labels", "FieldValueInvalid", message)


def _check_annotations(annotations: Body) -> Iterator[Cause]:
    for name in annotations:
        yield from _check_qualified(name.lower(), "metadata.annotations")
    size = sum(len(name.encode()) + len(value.encode()) for name, value in annotations.items())
    if size > ANNOTATIONS_LIMIT:
        message = f"Too long: may not be more than {ANNOTATIONS_LIMIT} bytes"
        yield Cause("metadata.annotations", "FieldValueTooLong", message)


def _check_qualified(name: str, path: str) -> Iterator[Cause]:
    prefix, separator, last = name.rpartition("/")
    right = len(last) <= 63 and _QUALIFIED.fullmatch(last) is not None
    if separator:
        right = right and len(prefix) < 254 and _SUBDOMAIN.fullmatch(prefix) is not None
    if not right:
        yield Cause(path, "FieldValueInvalid", f"Invalid value: {quote(name)}: name part must consist of alphanumerics")


def _check_finalizers(metadata: Body, before: Body) -> Iterator[Cause]:
    if not before.get("deletionTimestamp"):
        return
    new = sorted(set(metadata.get("finalizers") or ()) - set(before.get("finalizers") or ()))
    if new:
        listed = ", ".join(quote(each) for each in new)
        message = "Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers"
        yield Cause("metadata.finalizers", "FieldValueForbidden", f"{message} []string{{{listed}}}")
