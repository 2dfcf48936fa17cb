"""The two faces of an Event: `v1` and `events.k8s.io/v1` show one stored object under different field names.

https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
"""

from collections.abc import Iterator

from securebucket_dev.kubeapi.failure import Cause
from securebucket_dev.kubeapi.kind import Body

GROUP = "events.k8s.io"

_CORE_TO_NEW = {
    "involvedObject": "regarding",
    "message": "note",
    "source": "deprecatedSource",
    "firstTimestamp": "deprecatedFirstTimestamp",
    "lastTimestamp": "deprecatedLastTimestamp",
    "count": "deprecatedCount",
    "reportingComponent": "reportingController",
}
_ALWAYS: Body = {
    "source": {},
    "firstTimestamp": None,
    "lastTimestamp": None,
    "eventTime": None,
    "reportingComponent": "",
    "reportingInstance": "",
}
_NEW_TO_CORE = {new: old for old, new in _CORE_TO_NEW.items()}
_LIMITS = {"reportingInstance": 128, "action": 128, "reason": 128, "message": 1024}
_LEGACY = ("firstTimestamp", "lastTimestamp", "count", "source")
_FIXED = ("involvedObject", "reason", "message", "type", "action", "reportingComponent", "reportingInstance", "related")


def to_stored(body: Body) -> Body:
    """The event as it is stored: in the words of `v1`."""
    if not str(body.get("apiVersion", "")).startswith(GROUP):
        return body
    return {**{_NEW_TO_CORE.get(name, name): value for name, value in body.items()}, "apiVersion": "v1"}


def complete_event(body: Body) -> Body:
    """A stored event with the fields that events always show."""
    return {**_ALWAYS, **body}


def to_new(body: Body) -> Body:
    """A stored event in the words of `events.k8s.io/v1`."""
    body = {name: value for name, value in body.items() if value != ""}
    return {**{_CORE_TO_NEW.get(name, name): value for name, value in body.items()}, "apiVersion": f"{GROUP}/v1"}


def check_event(body: Body, before: Body | None, strict: bool) -> Iterator[Cause]:
    """What is wrong with a stored event; `strict` is what `events.k8s.io/v1` asks beyond `v1`."""
    namespace = body["metadata"].get("namespace", "")
    regarded = (body.get("involvedObject") or {}).get("namespace", "")
    if body.get("eventTime"):
        yield from _check_new_style(body)
        agreed = bool(regarded) or namespace in ("default", "kube-system")
    else:
        agreed = regarded == namespace or (not regarded and namespace in ("", "default"))
    if not agreed:
        yield _invalid("involvedObject.namespace", "does not match event.namespace")
    if strict:
        yield from _check_strictly(body, before)


def _check_new_style(body: Body) -> Iterator[Cause]:
    for name in ("reportingComponent", "reportingInstance", "action", "reason"):
        if not body.get(name):
            field = "reportingController" if name == "reportingComponent" else name
            yield Cause(field, "FieldValueRequired", "Required value")
    for name, limit in _LIMITS.items():
        if len(body.get(name) or "") > limit:
            yield _invalid(name, f"can have at most {limit} characters")


def _check_strictly(body: Body, before: Body | None) -> Iterator[Cause]:
    series = body.get("series")
    if series and (before is None or series != before.get("series")):
        if series.get("count", 0) < 2:
            yield _invalid("series.count", "should be at least 2")
        if not series.get("lastObservedTime"):
            yield Cause("series.lastObservedTime", "FieldValueRequired", "Required value")
    if before is not None:
        for name in _FIXED:
            if body.get(name) != before.get(name):
                yield _invalid(name, "field is immutable")
        return
    if not body.get("eventTime"):
        yield Cause("eventTime", "FieldValueRequired", "Required value")
    if body.get("type") not in ("Normal", "Warning"):
        yield _invalid("type", f"has invalid value: {body.get('type', '')}")
    for name in _LEGACY:
        if body.get(name):
            yield _invalid(name, "needs to be unset")


def _invalid(field: str, words: str) -> Cause:
    return Cause(field, "FieldValueInvalid", f'Invalid value: "": {words}')
