"""The columns that `kubectl get` shows, and their cells."""

import json
from collections.abc import Callable
from typing import Any

from securebucket_dev.kubeapi.ages import age_of
from securebucket_dev.kubeapi.builtin import EVENTS, LEASES, NAMESPACES, SECRETS
from securebucket_dev.kubeapi.json_path import find_values
from securebucket_dev.kubeapi.kind import Body, Column, Kind

_NAME = Column("Name", ".metadata.name", "string", "name", "Name must be unique within a namespace.")
_CREATED = Column("Created At", ".metadata.creationTimestamp", "date", "", "When the object was created.")
_AGE = Column("Age", ".metadata.creationTimestamp", "string", "", "How long ago the object was created.")

Cells = Callable[[Body], list[Any]]


def columns_of(kind: Kind) -> list[dict[str, Any]]:
    """The definitions of a kind's columns."""
    if kind.custom:
        columns = [_NAME, *(kind.columns or (Column("Age", ".metadata.creationTimestamp", "date"),))]
    else:
        columns = _BUILTIN.get(kind.storage, _PLAIN)[0]
    return [
        {
            "name": each.name,
            "type": each.type,
            "format": each.format,
            "description": each.description or f"Custom resource definition column (in JSONPath format): {each.path}",
            "priority": each.priority,
        }
        for each in columns
    ]


def cells_of(body: Body, kind: Kind) -> list[Any]:
    """The cells of one object's row."""
    if kind.custom:
        columns = kind.columns or (Column("Age", ".metadata.creationTimestamp", "date"),)
        return [body["metadata"]["name"], *(_cell(body, column) for column in columns)]
    return _BUILTIN.get(kind.storage, _PLAIN)[1](body)


def _cell(body: Body, column: Column) -> Any:
    found = find_values(column.path, body)
    if not found or found[0] is None:
        return None
    value = found[0]
    match column.type:
        case "string":
            return _text(value)
        case "date":
            return age_of(value) if isinstance(value, str) else None
        case "integer":
            return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        case "number":
            return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        case _:
            return value if isinstance(value, bool) else None


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, separators=(",", ":")) if isinstance(value, dict | list) else str(value)


def _string(name: str, priority: int = 0) -> Column:
    return Column(name, "", "string", "", name, priority)


def _created(body: Body) -> str:
    return age_of(body["metadata"].get("creationTimestamp"))


def _event_cells(body: Body) -> list[Any]:
    about, source, series = body.get("involvedObject") or {}, body.get("source") or {}, body.get("series") or {}
    first = body.get("firstTimestamp") or body.get("eventTime")
    last = series.get("lastObservedTime") or body.get("lastTimestamp") or first
    target = "/".join(part for part in (about.get("kind", "").lower(), about.get("name")) if part)
    component = source.get("component") or body.get("reportingComponent", "")
    host = source.get("host") or body.get("reportingInstance", "")
    return [
        age_of(last),
        body.get("type", ""),
        body.get("reason", ""),
        target,
        about.get("fieldPath", ""),
        ", ".join(part for part in (component, host) if part),
        body.get("message", "").strip(),
        age_of(first),
        series.get("count") or body.get("count") or 1,
        body["metadata"]["name"],
    ]


_PLAIN: tuple[list[Column], Cells] = (
    [_NAME, _CREATED],
    lambda body: [body["metadata"]["name"], body["metadata"].get("creationTimestamp")],
)
_BUILTIN: dict[str, tuple[list[Column], Cells]] = {
    NAMESPACES: (
        [_NAME, _string("Status"), _AGE],
        lambda body: [body["metadata"]["name"], (body.get("status") or {}).get("phase", ""), _created(body)],
    ),
    "configmaps": (
        [_NAME, _string("Data"), _AGE],
        lambda body: [
            body["metadata"]["name"],
            len(body.get("data") or {}) + len(body.get("binaryData") or {}),
            _created(body),
        ],
    ),
    SECRETS: (
        [_NAME, _string("Type"), _string("Data"), _AGE],
        lambda body: [body["metadata"]["name"], body.get("type", ""), len(body.get("data") or {}), _created(body)],
    ),
    LEASES: (
        [_NAME, _string("Holder"), _AGE],
        lambda body: [body["metadata"]["name"], (body.get("spec") or {}).get("holderIdentity", ""), _created(body)],
    ),
    EVENTS: (
        [
            _string("Last Seen"),
            _string("Type"),
            _string("Reason"),
            _string("Object"),
            _string("Subobject", 1),
            _string("Source", 1),
            _string("Message"),
            _string("First Seen", 1),
            _string("Count", 1),
            Column("Name", "", "string", "name", "Name must be unique within a namespace.", 1),
        ],
        _event_cells,
    ),
}
