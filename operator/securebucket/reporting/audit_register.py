"""What the report is made from: per object the last verdicts, what they were made from, and the last changes by others.

One packed record per object: unpacked, a fleet's evidence would be the largest thing in the process.
"""

import datetime as dt
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

from securebucket.api.status import ControlState, SecureBucketStatus
from securebucket.compliance.stored_observation import StoredBucket, StoredObservation, StoredReason, store
from securebucket.dispatch.wall_clock import utc_now
from securebucket.engine.outcome import Outcome
from securebucket.model.bucket import ObjectKey
from securebucket.model.replication_progress import Progress
from securebucket.report.assembly import assemble, reported_verdicts
from securebucket.report.audit_report import (
    AccountAudit,
    BucketAudit,
    Declaration,
    DriftEvent,
    DriftHistory,
    ReplicatedRule,
    ReportedException,
)
from securebucket.report.recorded_report import (
    BucketRecord,
    BucketSummary,
    RecordedReport,
    in_order,
    pack,
    summary_of,
    unpack,
)
from securebucket.scan.replication_register import RuleProgress

REMEMBERED = 20
"""Changes by others that are kept of each object."""
UNDISTURBED = DriftHistory()
"""One for all objects that nobody else changed: most of a fleet."""
MISSING = StoredReason(
    reason="BucketMissing", message="the bucket is not there; the object's conditions say what it waits for."
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One object.

    Args:
        summary: what is short about its bucket.
        packed: its audit without the changes by others, as zlib's JSON.
        drift: how many changes by others there were, and when.
        events: the last ones, the newest first.
    """

    summary: BucketSummary
    packed: bytes
    drift: DriftHistory
    events: tuple[DriftEvent, ...]

    def audit(self, rules: Iterable[RuleProgress] = ()) -> BucketAudit:
        """Unpack its audit, with how far its replication rules are."""
        drift = self.drift.model_copy(update={"events": self.events})
        replication = tuple(map(_replicated, rules))
        return unpack(self.packed).model_copy(update={"drift": drift, "replication": replication})


@dataclass(slots=True)
class AuditRegister:
    """Gets the end of each pass, and makes the report. Safe for many threads.

    Args:
        scope: what the operator looks at, in words.
        accounts: gives the accounts' audits.
        exceptions: gives all exceptions.
        progress: says how far the replication rules of an object are.
        wall: the time in UTC.
    """

    scope: Callable[[int], str]
    accounts: Callable[[], Iterable[AccountAudit]] = tuple
    exceptions: Callable[[], Iterable[ReportedException]] = tuple
    progress: Callable[[ObjectKey], Iterable[RuleProgress]] = lambda _: ()
    wall: Callable[[], dt.datetime] = utc_now
    _records: dict[ObjectKey, Kept] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def observed(
        self, key: ObjectKey, bucket_name: str, outcome: Outcome, status: SecureBucketStatus, seconds: float
    ) -> None:
        """Take in one finished pass."""
        del seconds
        before = self._records.get(key)  # no other pass of the same object runs now
        audit = _audit(key, bucket_name, outcome, status, before)
        record = Kept(
            summary=summary_of(audit),
            packed=pack(audit),
            drift=_drift(status),
            events=_events(outcome, before.events if before else ()),
        )
        with self._lock:
            self._records[key] = record

    def gone(self, key: ObjectKey) -> None:
        """Forget an object that is gone."""
        with self._lock:
            self._records.pop(key, None)

    def report(self) -> RecordedReport:
        """Make the report as of now: of each bucket what its last pass found, whatever later passes find meanwhile."""
        with self._lock:
            kept = tuple(self._records.items())
        head = assemble(
            generated_at=self.wall().replace(microsecond=0),
            scope=self.scope(len(kept)),
            buckets=(),
            accounts=self.accounts(),
            exceptions=self.exceptions(),
        )
        records = (BucketRecord(each.summary, partial(self._with_progress, key, each)) for key, each in kept)
        return RecordedReport(head, in_order(records))

    def _with_progress(self, key: ObjectKey, kept: Kept) -> BucketAudit:
        return kept.audit(self.progress(key))


def _audit(
    key: ObjectKey, bucket_name: str, outcome: Outcome, status: SecureBucketStatus, before: Kept | None
) -> BucketAudit:
    """Make the object's audit; a pass that did not reach the bucket leaves verdicts and evidence as they were."""
    evidence = outcome.evidence
    if evidence is not None:
        return BucketAudit(
            observation=store(evidence.subject, evidence.answers, outcome.at, evidence.ages),
            declaration=_declaration(key, outcome),
            verdicts=reported_verdicts(outcome.verdicts),
        )
    failure = MISSING if outcome.missing else None
    if outcome.failure is not None:
        failure = StoredReason(reason=outcome.failure.reason, message=outcome.failure.message)
    last = before.audit() if before else None
    if last is None or last.observation.bucket.name != bucket_name:
        last = BucketAudit(observation=_nothing(bucket_name, outcome, status))
    return last.model_copy(update={"declaration": _declaration(key, outcome), "failure": failure, "drift": UNDISTURBED})


def _replicated(told: RuleProgress) -> ReplicatedRule:
    rule, progress = told.rule, told.progress or Progress()
    return ReplicatedRule(
        rule=rule.id,
        destination=rule.destination,
        measured=rule.measured,
        pending_operations=progress.pending_operations,
        failed_operations=progress.failed_operations,
        pending_bytes=progress.pending_bytes,
        latency_seconds=progress.latency,
        unread=progress.unread,
    )


def _declaration(key: ObjectKey, outcome: Outcome) -> Declaration:
    profile = outcome.effective.profile if outcome.effective else ""
    return Declaration(namespace=key.namespace, name=key.name, profile=profile, mode=outcome.mode.value)


def _nothing(bucket_name: str, outcome: Outcome, status: SecureBucketStatus) -> StoredObservation:
    """Say which bucket it is about, as far as an earlier process has written it down."""
    known = status.bucket if status.bucket and status.bucket.name == bucket_name else None
    place = StoredBucket(
        name=bucket_name,
        region=known.region if known else "",
        account_id=known.account_id if known else "",
        partition=known.arn.split(":")[1] if known and known.arn.count(":") > 1 else "aws",
    )
    return StoredObservation(bucket=place, read_at=outcome.at)


def _drift(status: SecureBucketStatus) -> DriftHistory:
    if status.drift is None:
        return UNDISTURBED
    return DriftHistory(
        count=status.drift.count,
        last_detected_at=_moment(status.drift.last_detected_at),
        last_corrected_at=_moment(status.drift.last_corrected_at),
    )


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text)


def _events(outcome: Outcome, before: tuple[DriftEvent, ...]) -> tuple[DriftEvent, ...]:
    """Put what this pass found in front; what it corrected of earlier finds is marked so."""
    corrected = {each.name for each in outcome.controls if each.state is ControlState.CORRECTED and not each.drifted}
    kept = tuple(
        each.model_copy(update={"corrected": True}) if each.control in corrected and not each.corrected else each
        for each in before
    )
    found = tuple(
        DriftEvent(
            at=outcome.at,
            control=each.name,
            fields=tuple(difference.field for difference in each.differences),
            corrected=each.state is ControlState.CORRECTED,
        )
        for each in outcome.controls
        if each.drifted
    )
    return (*found, *kept)[:REMEMBERED]
