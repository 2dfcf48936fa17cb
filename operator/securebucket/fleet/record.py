"""What is kept of an object between passes: less than a kilobyte, never its body."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from securebucket.api.bucket_namespace import BucketNamespace
from securebucket.api.duration import parse_interval
from securebucket.fleet.annotations import Annotations, read_annotations
from securebucket.model.bucket import ObjectKey
from securebucket.model.demand import Asked, demands_in

FINALIZER = "securebucket.io/bucket"
"""Keeps an object until its bucket is deleted; only on objects with `deletionPolicy: Delete`."""

LONGEST_NUMBER = 30
"""Characters; Python refuses to read one of some thousands."""

NO_ANNOTATIONS = Annotations()

NOT_OURS = frozenset(
    {
        "Conflict",
        "AdoptionRequired",
        "BucketOwnedByAnother",
        "ProfileForbidden",
        "BucketNameForbidden",
    }
)
"""Reasons of an object that has, or may have, lost the bucket that its status still names."""


class News(Enum):
    """What a new version of an object means for us."""

    NONE = auto()
    """Nothing that we act on, such as our own status write."""
    LABELS = auto()
    """Only the labels changed. That matters where a BucketException selects by them, and nowhere else."""
    NEW = auto()
    SPEC = auto()
    """The spec, one of our annotations or our finalizer changed."""
    DELETION = auto()


@dataclass(frozen=True, slots=True)
class Record:
    """One SecureBucket as last seen.

    Args:
        key: namespace and name.
        uid: tells it from an earlier object of the same name.
        version: the resourceVersion as a number; 0 when it is none.
        generation: of the spec.
        bucket: name of the bucket that it claims.
        created: creationTimestamp, RFC 3339 in UTC, so that text order is time order.
        profile: name of the profile that it asks for; empty when the operator's default applies.
        interval: seconds between its sweeps, as far as its own spec says.
        observed_generation: the generation of the last finished pass; 0 before the first.
        ready: the condition Ready was True.
        asked: an annotation asks for something that the status does not echo yet.
        annotations: ours.
        deleting: deletionTimestamp is set.
        finalizer: our finalizer is on it.
        labels: all of them, as `labels_text` writes them.
        excepted: the last pass counted a failing check as excepted.
        nameless: the bucket's whole name is not known yet, so that nobody can tell who else claims it.
        demands: what its bucket asks of others, as its last pass says it.
    """

    key: ObjectKey
    uid: str
    version: int
    generation: int
    bucket: str
    created: str
    profile: str
    interval: float
    observed_generation: int
    ready: bool
    asked: bool
    annotations: Annotations
    deleting: bool
    finalizer: bool
    labels: str = ""
    excepted: bool = False
    nameless: bool = False
    demands: tuple[Asked, ...] = ()

    @property
    def seniority(self) -> tuple[str, str]:
        """Orders claims on one bucket: the smaller is the older and wins."""
        return (self.created, self.uid)


def record_of(body: Mapping[str, Any], default_interval: float) -> Record:
    """Take what we keep out of an object's JSON, however odd its spec is: the schema may be newer or older than us."""
    metadata = mapping_of(body.get("metadata"))
    spec = mapping_of(body.get("spec"))
    status = mapping_of(body.get("status"))
    annotations = read_annotations(mapping_of(metadata.get("annotations")))
    name = str(metadata.get("name", ""))
    declared = str(spec.get("bucketName") or name)
    known = str(mapping_of(status.get("bucket")).get("name") or "")
    regional = spec.get("bucketNamespace") == BucketNamespace.ACCOUNT_REGIONAL
    return Record(
        key=ObjectKey(sys.intern(str(metadata.get("namespace", ""))), name),
        uid=str(metadata.get("uid", "")),
        version=version_of(body),
        generation=number_of(metadata.get("generation")),
        bucket=(known if regional else "") or declared,
        created=str(metadata.get("creationTimestamp", "")),
        profile=sys.intern(str(spec.get("profile") or "")),
        interval=_interval(spec.get("interval"), default_interval),
        observed_generation=number_of(status.get("observedGeneration")),
        ready=_is_ready(status),
        asked=_asks(annotations, status),
        annotations=NO_ANNOTATIONS if annotations == NO_ANNOTATIONS else annotations,
        deleting=bool(metadata.get("deletionTimestamp")),
        finalizer=FINALIZER in list_of(metadata.get("finalizers")),
        labels=sys.intern(labels_text(mapping_of(metadata.get("labels")))),
        excepted=number_of(mapping_of(status.get("compliance")).get("excepted")) > 0,
        nameless=regional and not known,
        demands=_demands(status, sys.intern(str(metadata.get("namespace", "")))),
    )


def _demands(status: Mapping[str, Any], namespace: str) -> tuple[Asked, ...]:
    """Read what a bucket asks of others: one that its object was found to have, in whatever mode."""
    bucket, effective = mapping_of(status.get("bucket")), mapping_of(status.get("effective"))
    name, account = str(bucket.get("name") or ""), str(bucket.get("accountId") or "")
    reasons = {mapping_of(each).get("reason") for each in list_of(status.get("conditions"))}
    if not name or reasons & NOT_OURS:
        return ()
    return tuple(demands_in(effective, name, account, namespace))


def labels_text(labels: Mapping[str, Any]) -> str:
    """Write labels as one text, `key=value,…` as kubectl does, which costs less than a mapping."""
    return ",".join(sorted(f"{key}={value}" for key, value in labels.items()))


def labels_of(text: str) -> dict[str, str]:
    """Read what `labels_text` wrote: neither keys nor values have a comma or an equals sign."""
    return dict(each.split("=", 1) for each in text.split(",") if each)


def version_of(body: Mapping[str, Any]) -> int:
    """Return an object's resourceVersion as a number, so that the later of two is known; 0 when it is none.

    https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
    """
    return number_of(mapping_of(body.get("metadata")).get("resourceVersion"))


def news_between(before: Record | None, after: Record) -> News:
    """Say whether a new version of an object asks for a pass."""
    if before is None or before.uid != after.uid:
        return News.DELETION if after.deleting else News.NEW
    if after.deleting and not before.deleting:
        return News.DELETION
    same = (
        before.generation == after.generation
        and before.annotations == after.annotations
        and before.finalizer == after.finalizer
        and before.deleting == after.deleting
    )
    if not same:
        return News.SPEC
    return News.NONE if before.labels == after.labels else News.LABELS


def _is_ready(status: Mapping[str, Any]) -> bool:
    conditions = map(mapping_of, list_of(status.get("conditions")))
    return any(each.get("type") == "Ready" and each.get("status") == "True" for each in conditions)


def _asks(annotations: Annotations, status: Mapping[str, Any]) -> bool:
    if annotations.reconcile_at and annotations.reconcile_at != status.get("lastHandledReconcileAt"):
        return True
    return bool(annotations.approve) and mapping_of(status.get("plan")).get("hash") == annotations.approve


def _interval(written: object, default: float) -> float:
    try:
        return float(parse_interval(written)) if isinstance(written, str) else default
    except ValueError:  # the pass tells the object what is wrong with it
        return default


def mapping_of(value: object) -> Mapping[str, Any]:
    """Return a mapping of JSON; an empty one where it is none."""
    return value if isinstance(value, Mapping) else {}


def list_of(value: object) -> list[Any]:
    """Return a list of JSON; an empty one where it is none."""
    return value if isinstance(value, list) else []


def number_of(value: object) -> int:
    """Return a whole number of JSON, also one that is written as text; 0 where it is none."""
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and len(value) < LONGEST_NUMBER and value.isdecimal() else 0
