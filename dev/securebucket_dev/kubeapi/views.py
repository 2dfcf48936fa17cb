"""The forms in which a client may ask for objects: as they are, as a table, or their metadata only.

https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
"""

import json
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from securebucket_dev.kubeapi.failure import ApiError
from securebucket_dev.kubeapi.intake import present
from securebucket_dev.kubeapi.kind import Body, Kind
from securebucket_dev.kubeapi.printing import cells_of, columns_of
from securebucket_dev.kubeapi.store import Entry

_META = "meta.k8s.io/v1"


class View(Enum):
    """What an object is shown as."""

    OBJECT = "object"
    TABLE = "Table"
    METADATA = "PartialObjectMetadata"


def choose_view(accept: str) -> View:
    """The first form of an Accept header that the server has.

    Raises:
        ApiError: 406, it has none of them.
    """
    for offer in accept.split(","):
        media_type, *parameters = (part.strip() for part in offer.split(";"))
        values = dict(part.partition("=")[::2] for part in parameters)
        form = values.get("as", "").removesuffix("List")
        if media_type not in ("", "*/*", "application/*", "application/json"):
            continue
        if not form:
            return View.OBJECT
        if form in (View.TABLE.value, View.METADATA.value) and values.get("v", "v1") == "v1":
            return View(form)
    message = "only the following media types are accepted: application/json, application/json;stream=watch"
    raise ApiError(406, "NotAcceptable", message)


def encode_entry(entry: Entry, kind: Kind) -> bytes:
    """An object as JSON."""
    return entry.encode(kind.api_version, present(entry.body, kind))


def encode_object(body: Body, kind: Kind, view: View, query: Mapping[str, str]) -> bytes:
    """One object in a form."""
    shown = present(body, kind)
    match view:
        case View.OBJECT:
            return _encode(shown)
        case View.METADATA:
            return _encode(_metadata_only(shown))
        case View.TABLE:
            return _encode(table_of([body], kind, query, {"resourceVersion": body["metadata"]["resourceVersion"]}))


def encode_list(
    entries: Iterable[Entry], kind: Kind, view: View, query: Mapping[str, str], metadata: dict[str, Any]
) -> bytes:
    """A list of objects in a form."""
    if view is View.TABLE:
        return _encode(table_of([entry.body for entry in entries], kind, query, metadata))
    if view is View.METADATA:
        items = [_metadata_only(present(entry.body, kind)) for entry in entries]
        return _encode({"kind": "PartialObjectMetadataList", "apiVersion": _META, "metadata": metadata, "items": items})
    head = _encode({"apiVersion": kind.api_version, "kind": kind.list_name, "metadata": metadata})
    return head[:-1] + b',"items":[' + b",".join(encode_entry(entry, kind) for entry in entries) + b"]}"


def table_of(
    bodies: list[Body], kind: Kind, query: Mapping[str, str], metadata: dict[str, Any], headed: bool = True
) -> dict[str, Any]:
    """Objects as the rows of a table; in a watch only the first has the columns."""
    included = query.get("includeObject", "Metadata")
    rows = []
    for body in bodies:
        shown: dict[str, Any] | None = None
        if included == "Metadata":
            shown = _metadata_only(body)
        elif included == "Object":
            shown = present(body, kind)
        rows.append({"cells": cells_of(body, kind), "object": shown})
    return {
        "kind": "Table",
        "apiVersion": _META,
        "metadata": metadata,
        "columnDefinitions": columns_of(kind) if headed else [],
        "rows": rows,
    }


def _metadata_only(body: Body) -> Body:
    return {"kind": "PartialObjectMetadata", "apiVersion": _META, "metadata": body["metadata"]}


def _encode(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
