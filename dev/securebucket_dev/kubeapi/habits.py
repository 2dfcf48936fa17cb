"""What the API server does with a few built-in kinds beyond storing them."""

import base64
import binascii
import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

from securebucket_dev.kubeapi.builtin import EVENTS, LEASES, NAMESPACES, SECRETS
from securebucket_dev.kubeapi.events import GROUP, check_event, complete_event
from securebucket_dev.kubeapi.failure import Cause, refuse_request
from securebucket_dev.kubeapi.formats import parse_time
from securebucket_dev.kubeapi.kind import Body, Kind

_MICRO = "%Y-%m-%dT%H:%M:%S.%fZ"
_SIX_DIGITS = re.compile(r"\.\d{6}(?:Z|[-+]\d\d:\d\d)$")
_Paths = tuple[tuple[str, ...], ...]
_MICRO_TIMES: dict[str, _Paths] = {
    LEASES: (("spec", "acquireTime"), ("spec", "renewTime")),
    EVENTS: (("eventTime",), ("series", "lastObservedTime")),
}
_TIMES: dict[str, _Paths] = {EVENTS: (("firstTimestamp",), ("lastTimestamp",))}


def complete_builtin(body: Body, kind: Kind) -> Body:
    """The object with what the server itself fills in.

    Raises:
        ApiError: 400, a time or a Secret's data that cannot be read.
    """
    for path in _MICRO_TIMES.get(kind.storage, ()):
        body = _normalise_time(body, path, _MICRO)
    for path in _TIMES.get(kind.storage, ()):
        body = _normalise_time(body, path, "%Y-%m-%dT%H:%M:%SZ")
    complete = _COMPLETIONS.get(kind.storage)
    return complete(body) if complete else body


def check_builtin(body: Body, kind: Kind, before: Body | None) -> list[Cause]:
    """What is wrong with a built-in object beyond its schema."""
    if kind.storage == EVENTS:
        return list(check_event(body, before, kind.group == GROUP))
    if kind.storage == LEASES:
        return list(_check_lease(body))
    if kind.storage == SECRETS and before is not None and body.get("type") != before.get("type"):
        return [Cause("type", "FieldValueInvalid", f'Invalid value: "{body.get("type")}": field is immutable')]
    return []


def _check_lease(body: Body) -> Iterator[Cause]:
    spec = body.get("spec") or {}
    if "leaseDurationSeconds" in spec and spec["leaseDurationSeconds"] <= 0:
        yield Cause(
            "spec.leaseDurationSeconds",
            "FieldValueInvalid",
            f"Invalid value: {spec['leaseDurationSeconds']}: must be greater than 0",
        )
    if "leaseTransitions" in spec and spec["leaseTransitions"] < 0:
        yield Cause("spec.leaseTransitions", "FieldValueInvalid", "Invalid value: must be greater than or equal to 0")


def _complete_namespace(body: Body) -> Body:
    name = body["metadata"].get("name")
    metadata = dict(body["metadata"])
    if name:
        metadata["labels"] = {**(metadata.get("labels") or {}), "kubernetes.io/metadata.name": name}
    phase = "Terminating" if metadata.get("deletionTimestamp") else "Active"
    return {
        **body,
        "metadata": metadata,
        "spec": body.get("spec") or {"finalizers": ["kubernetes"]},
        "status": {**(body.get("status") or {}), "phase": phase},
    }


def _complete_secret(body: Body) -> Body:
    plain = body.get("stringData") or {}
    data = {**(body.get("data") or {}), **{name: base64.b64encode(v.encode()).decode() for name, v in plain.items()}}
    try:
        for value in data.values():
            base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise refuse_request(f"illegal base64 data: {error}") from error
    completed = {name: value for name, value in body.items() if name != "stringData"}
    return {**completed, **({"data": data} if data else {}), "type": body.get("type") or "Opaque"}


_COMPLETIONS: dict[str, Callable[[Body], Body]] = {
    EVENTS: complete_event,
    NAMESPACES: _complete_namespace,
    SECRETS: _complete_secret,
}


def _normalise_time(body: Body, path: tuple[str, ...], form: str) -> Body:
    name, rest = path[0], path[1:]
    value: Any = body.get(name)
    if value is None:
        return body
    if rest:
        return {**body, name: _normalise_time(value, rest, form)} if isinstance(value, dict) else body
    try:
        moment = parse_time(value).astimezone(dt.UTC)
        if form == _MICRO and not _SIX_DIGITS.search(value):
            raise ValueError("a MicroTime has six digits after the second")  # noqa: TRY301 - one remedy for both
    except ValueError as error:
        raise refuse_request(f'parsing time "{value}" as RFC 3339: {error}') from error
    return {**body, name: moment.strftime(form)}
