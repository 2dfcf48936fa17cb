"""The fleet as last seen: one small record per object, read by the collector, replaced by each pass.

What records have in common they share: most of a fleet has one of a few sets of verdicts and conditions.
"""

import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TypeAlias

from securebucket.api.status import ControlState, SecureBucketStatus
from securebucket.engine.outcome import Outcome
from securebucket.model.bucket import ObjectKey

DIFFERENT = frozenset({ControlState.DRIFTED, ControlState.FAILED})
STATES = {"True": 1.0, "False": 0.0}
SHARED = 4096
"""Different sets of verdicts, and of conditions, that are remembered: what is beyond has a copy of its own."""

Verdicts: TypeAlias = tuple[tuple[str, str, str], ...]
"""Check id, severity and result of every check of one bucket."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the metrics need of one object. Conditions are 1, 0, or absent from the mapping while unknown.

    Args:
        conditions: condition type to 0 or 1.
        drifted: controls that differ now.
        verdicts: check id, severity and result of every check.
        verified_at: Unix time of the last pass that saw the bucket; 0 when none has.
        oldest_reading: Unix time of the oldest reading that this pass rests on; 0 when none has seen the bucket.
    """

    bucket: str
    account: str
    region: str
    profile: str
    mode: str
    conditions: Mapping[str, float]
    drifted: tuple[str, ...]
    verdicts: Verdicts
    verified_at: float
    oldest_reading: float


@dataclass(slots=True)
class Fleet:
    """Thread-safe record of all objects. A key that is dropped takes all its series along."""

    _sightings: dict[ObjectKey, Sighting] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def see(self, key: ObjectKey, sighting: Sighting) -> None:
        """Replace what is known of an object."""
        with self._lock:
            self._sightings[key] = sighting

    def get(self, key: ObjectKey) -> Sighting | None:
        """Return what is known of an object; None when nothing is."""
        with self._lock:
            return self._sightings.get(key)

    def drop(self, key: ObjectKey) -> None:
        """Forget an object that is gone."""
        with self._lock:
            self._sightings.pop(key, None)

    def snapshot(self) -> dict[ObjectKey, Sighting]:
        """Return everything as it is now; the records themselves never change."""
        with self._lock:
            return dict(self._sightings)


def sighting_of(outcome: Outcome, status: SecureBucketStatus, bucket_name: str, before: Sighting | None) -> Sighting:
    """Make an object's record from a pass; what the pass did not reach stays as it was before."""
    reached = outcome.failure is None and not outcome.missing
    known = status.bucket
    return Sighting(
        bucket=bucket_name,
        account=sys.intern(known.account_id) if known else "",
        region=sys.intern(known.region) if known else "",
        profile=outcome.effective.profile if outcome.effective else "",
        mode=outcome.mode.value,
        conditions=shared_conditions(
            tuple((each.type, STATES[each.status]) for each in status.conditions if each.status in STATES)
        ),
        drifted=_drifted(outcome) if reached else (before.drifted if before else _last_drifted(status)),
        verdicts=_verdicts(outcome) if reached else (before.verdicts if before else ()),
        verified_at=outcome.at.timestamp() if reached else (before.verified_at if before else 0.0),
        oldest_reading=(
            outcome.at.timestamp() - outcome.oldest if reached else (before.oldest_reading if before else 0.0)
        ),
    )


def _drifted(outcome: Outcome) -> tuple[str, ...]:
    """Name the controls that are not as declared; a write of our own that has not arrived yet is not drift."""
    return tuple(each.name for each in outcome.controls if each.state in DIFFERENT or each.reason == "ApprovalRequired")


def _last_drifted(status: SecureBucketStatus) -> tuple[str, ...]:
    """Name the controls of which an earlier process said that they are not as declared."""
    return tuple(each.name for each in status.controls if each.state in DIFFERENT)


def _verdicts(outcome: Outcome) -> Verdicts:
    return shared_verdicts(
        tuple(shared(each.check.id, each.check.severity.value, each.verdict.result.value) for each in outcome.verdicts)
    )


@cache
def shared(check: str, severity: str, result: str) -> tuple[str, str, str]:
    """Return the one row of a verdict: a fleet has some hundred different ones, and a hundred times as many buckets."""
    return check, severity, result


@lru_cache(SHARED)
def shared_verdicts(verdicts: Verdicts) -> Verdicts:
    """Return the one record of a bucket's verdicts, whoever has the same."""
    return verdicts


@lru_cache(SHARED)
def shared_conditions(conditions: tuple[tuple[str, float], ...]) -> Mapping[str, float]:
    """Return the one record of an object's conditions, whoever has the same."""
    return MappingProxyType(dict(conditions))
