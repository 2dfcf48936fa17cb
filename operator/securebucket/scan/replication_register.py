"""Which rules copy the fleet's buckets, and how far each is: for metrics and report.

Only what this process has seen: after a start it takes up to an interval until every object had its pass.
"""

import threading
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from securebucket.api.status import SecureBucketStatus
from securebucket.aws.sessions import Binding
from securebucket.controls.entries import is_active
from securebucket.controls.replication import ReplicationState
from securebucket.controls.replication_rules import destinations
from securebucket.engine.outcome import Outcome
from securebucket.model.bucket import ObjectKey
from securebucket.model.replication_progress import CopyingRule, Progress
from securebucket.model.surroundings import BucketRegion, BucketRegionQuery
from securebucket.model.verdict import Subject


@dataclass(frozen=True, slots=True)
class Copying:
    """A bucket with rules that are to be measured.

    Args:
        binding: as whom; without a region.
        bucket: its name.
        region: where it lies.
        interval: seconds between two measurements.
        rules: that are applied.
    """

    binding: Binding
    bucket: str
    region: str
    interval: float
    rules: tuple[CopyingRule, ...]


@dataclass(frozen=True, slots=True)
class RuleProgress:
    """A rule, and how far it was when it was last measured; None before that, and where S3 does not measure it."""

    rule: CopyingRule
    progress: Progress | None


@dataclass(slots=True)
class ReplicationRegister:
    """The rules of all objects whose profile asks for their metrics. Safe for many threads."""

    _copying: dict[ObjectKey, Copying] = field(default_factory=dict)
    _progress: dict[tuple[ObjectKey, str], Progress] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def observed(
        self,
        key: ObjectKey,
        bucket_name: str,  # noqa: ARG002 - an observer's signature
        outcome: Outcome,
        status: SecureBucketStatus,  # noqa: ARG002
        seconds: float,  # noqa: ARG002
    ) -> None:
        """Take in one finished pass. One that did not reach the bucket changes nothing."""
        if outcome.evidence is None or outcome.effective is None:
            return
        effective, subject = outcome.effective, outcome.evidence.subject
        rules = rules_of(subject) if effective.replication_metrics else ()
        if not rules:
            self.gone(key)
            return
        binding, bucket = replace(effective.binding, region=""), subject.bucket
        self.see(key, Copying(binding, bucket.name, bucket.region, effective.replication_metrics, rules))

    def see(self, key: ObjectKey, copying: Copying) -> None:
        """Take in what copies a bucket; how far a rule was that is there no more is forgotten."""
        with self._lock:
            before = self._copying.get(key)
            same = before is not None and before.bucket == copying.bucket
            self._forget(key, {each.id for each in copying.rules} if same else set())
            self._copying[key] = copying

    def gone(self, key: ObjectKey) -> None:
        """Forget an object that is gone, or is not to be measured any more."""
        with self._lock:
            self._forget(key, set())
            self._copying.pop(key, None)

    def _forget(self, key: ObjectKey, but: AbstractSet[str]) -> None:
        before = self._copying.get(key)
        for each in before.rules if before else ():
            if each.id not in but:
                self._progress.pop((key, each.id), None)

    def copying(self) -> Mapping[ObjectKey, Copying]:
        """Give everything that is to be measured."""
        with self._lock:
            return dict(self._copying)

    def measured(self, key: ObjectKey, rule: str, progress: Progress) -> None:
        """Keep how far a rule is, unless it went meanwhile."""
        with self._lock:
            known = self._copying.get(key)
            if known and any(each.id == rule for each in known.rules):
                self._progress[key, rule] = progress

    def progress(self, key: ObjectKey) -> tuple[RuleProgress, ...]:
        """Give the rules of one object."""
        with self._lock:
            known = self._copying.get(key)
            rules = known.rules if known else ()
            return tuple(RuleProgress(each, self._progress.get((key, each.id))) for each in rules)

    def all(self) -> Iterator[tuple[ObjectKey, RuleProgress]]:
        """Give the rules of all objects as they are now."""
        for key in sorted(self.copying()):
            for each in self.progress(key):
                yield key, each


def rules_of(subject: Subject) -> tuple[CopyingRule, ...]:
    """Read off a bucket what copies it, with where it goes as far as a check has asked that."""
    state, own = subject.observed.get("replication"), subject.bucket.account_id
    if not isinstance(state, ReplicationState):
        return ()
    active = {name: rule for name, rule in sorted(state.rules.items()) if is_active(rule)}
    found = []
    for (name, rule), (bucket, account) in zip(active.items(), destinations(active), strict=True):
        lies = subject.facts.get(BucketRegionQuery(bucket, account or own))
        region = lies.region if isinstance(lies, BucketRegion) else ""
        found.append(CopyingRule(name, bucket, region, measured="Metrics" in (rule.get("Destination") or {})))
    return tuple(found)
