"""Bodies that an API server can hold where a CRD has no schema, or another release's: each is one oddity."""

from collections.abc import Mapping
from typing import Any

NO_VALUES: tuple[Any, ...] = (None, 5, "text", [], [1, None, "x"], {}, {"a": {"b": []}}, True, 1e300, "\ud800")
"""What can stand where something else is wanted."""

DEEP: Any = []
for _ in range(600):
    DEEP = [DEEP]

PLACES = (
    ("spec",),
    ("status",),
    ("metadata", "labels"),
    ("metadata", "annotations"),
    ("metadata", "finalizers"),
    ("metadata", "generation"),
    ("metadata", "resourceVersion"),
    ("metadata", "uid"),
    ("metadata", "creationTimestamp"),
    ("metadata", "deletionTimestamp"),
    ("metadata", "annotations", "securebucket.io/reconcile-at"),
    ("metadata", "annotations", "securebucket.io/paused"),
    ("metadata", "annotations", "securebucket.io/approve-rollout"),
    ("metadata", "labels", "team"),
    ("status", "conditions"),
    ("status", "observedGeneration"),
    ("status", "compliance"),
    ("status", "plan"),
    ("status", "bucket"),
    ("spec", "mode"),
    ("spec", "profile"),
    ("spec", "bucketName"),
    ("spec", "interval"),
    ("spec", "policy"),
    ("spec", "endpoint"),
    ("spec", "assumeRole"),
    ("spec", "namespaces"),
    ("spec", "expiresAt"),
    ("spec", "selector"),
    ("spec", "check"),
    ("apiVersion",),
    ("kind",),
)

MOMENTS = (
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-14:00",
    "2026-01-01",
    "2026-01-01T00:00:00",
    "1e9",
    "0000-00-00T00:00:00Z",
    "2016-12-31T23:59:60Z",
)


def odd(body: Mapping[str, Any], place: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Copy a body with another value at a place; mappings on the way there are made."""
    first, *rest = place
    if not rest:
        return {**body, first: value}
    inner = body.get(first)
    return {**body, first: odd(inner if isinstance(inner, Mapping) else {}, tuple(rest), value)}


def oddities(body: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Give a body with each oddity in turn, and what it is called."""
    found = [(f"{'.'.join(place)} is {value!r}", odd(body, place, value)) for place in PLACES for value in NO_VALUES]
    found += [(f"{'.'.join(place)} is deep", odd(body, place, DEEP)) for place in (("spec",), ("spec", "policy"))]
    for place in (("spec", "expiresAt"), ("metadata", "creationTimestamp"), ("metadata", "deletionTimestamp")):
        found += [(f"{'.'.join(place)} is {each}", odd(body, place, each)) for each in MOMENTS]
    found += [
        (f"without {'.'.join(place)}", {**body, place[0]: {k: v for k, v in body[place[0]].items() if k != place[1]}})
        for place in PLACES
        if len(place) == 2 and isinstance(body.get(place[0]), Mapping)
    ]
    return found
