"""Keeps the status of every BucketException right, tells of it by Events, and re-arms its check when it ends.

Level-based like a pass: what the status should be is computed from the exception, the time and the buckets, and written
only where it differs. The Events follow from that difference, so that a restart repeats none.
"""

import datetime as dt
import logging
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from securebucket.api.bucket_exception import BucketExceptionStatus
from securebucket.api.bucket_profile import BucketProfileSpec
from securebucket.dispatch.wall_clock import utc_now
from securebucket.engine.request import Profile
from securebucket.fleet.exception_record import ExceptionRecord, exception_record
from securebucket.fleet.record import Record
from securebucket.kube.client import Client
from securebucket.kube.recorder import EventRecorder
from securebucket.metrics.exception_collector import Expiry
from securebucket.model.api_error import ApiError, ConflictError, MissingError
from securebucket.model.bucket import ObjectKey
from securebucket.process.feed import FleetFeed
from securebucket.process.status_document import status_patch, write_status
from securebucket.report.assembly import reported_exception
from securebucket.report.audit_report import ReportedException
from securebucket.status import events, exception_status
from securebucket.status.exception_status import Target, active_reason, next_change

log = logging.getLogger(__name__)

KIND = "BucketException"
WITHOUT_PROFILE = dt.timedelta(days=BucketProfileSpec(namespaces=("*",)).max_exception_days)
"""How long an exception may last for a bucket without a profile, or with one that cannot be read now."""

TOO_SHORT = dt.timedelta(0)


@dataclass(frozen=True, slots=True)
class ExceptionKeeper:
    """Looks after all exceptions; for one thread at a time.

    Args:
        client: the Kubernetes API.
        feed: knows the exceptions and the fleet, and makes buckets due.
        recorder: posts Events.
        may_write: asked before every write; false on a standby.
        wall: the time for people.
    """

    client: Client
    feed: FleetFeed
    recorder: EventRecorder
    may_write: Callable[[], bool]
    wall: Callable[[], dt.datetime] = utc_now
    _made_due: dict[ObjectKey, tuple[str, str]] = field(default_factory=dict)
    """The uid and the reason for which buckets were made due last: once is enough, if the status cannot be written."""

    def look(self) -> None:
        """Bring every status up to date. One exception's failure does not keep the others waiting.

        Raises:
            ApiError: the API server does not answer; all of it is done again later.
        """
        records = self.feed.exceptions.records()
        for gone in self._made_due.keys() - {each.key for each in records}:
            del self._made_due[gone]
        for record in records:
            if not self.may_write():
                return
            try:
                self._keep(record)
            except (ConflictError, MissingError):
                log.debug("exception %s changed meanwhile; the watch will deliver the change", record.key)
            except ApiError as error:
                if error.transient:
                    raise
                log.warning("the status of exception %s could not be written: %s", record.key, error)
            except Exception:  # the outermost edge of one exception: it must not take others along
                log.exception("the status of exception %s could not be reported", record.key)

    def next_look(self) -> float:
        """Return the seconds until a status changes by itself, because an exception ends or is about to."""
        now = self.wall()
        ends = (each.granted.expires_at for each in self.feed.exceptions.records() if each.granted is not None)
        return min((left for end in ends if (left := next_change(end, now)) is not None), default=math.inf)

    def expiries(self) -> Iterator[Expiry]:
        """Return the end of every exception for every bucket that it is about, for the metrics."""
        for record in self.feed.exceptions.records():
            if record.granted is None:
                continue
            buckets = {each.bucket for each in self.feed.index.named_by(record)} | ({record.bucket} - {""})
            for bucket in sorted(buckets):
                end = record.granted.expires_at.timestamp()
                yield Expiry(record.key.namespace, record.key.name, bucket, record.granted.check, end)

    def reported(self) -> Iterator[ReportedException]:
        """Return every exception for the audit report; whether one is too long, its status says."""
        now = self.wall()
        for record in self.feed.exceptions.records():
            if record.granted is None:
                continue
            longest = TOO_SHORT if active_reason(record.status) == "TooLong" else dt.timedelta.max
            yield reported_exception(record.granted, now, longest, bucket_name=record.bucket)

    def _keep(self, record: ExceptionRecord) -> None:
        status = self._status(record)
        if status == record.status:
            return
        turn = (record.uid, active_reason(status))
        if turn[1] != active_reason(record.status) and self._made_due.get(record.key) != turn:
            self.feed.make_named_due(record)  # before the status: a verdict matters more
            self._made_due[record.key] = turn
        patch = status_patch(write_status(record.status), write_status(status))
        stored = self.client.patch_exception_status(record.key, str(record.version), patch)
        self.feed.exceptions.observe(exception_record(stored))
        for event in events.build_for_exception(record.status, status):
            self.recorder.record(record.key, record.uid, event, KIND)
        log.info("exception %s: %s", record.key, active_reason(status), extra={"buckets": status.buckets})

    def _status(self, record: ExceptionRecord) -> BucketExceptionStatus:
        now = self.wall()
        if record.granted is None:
            return exception_status.refuse(record.status, record.problem, generation=record.generation, now=now)
        targets = [Target(each.bucket, self._longest(each)) for each in self.feed.index.named_by(record)]
        return exception_status.build(
            record.status, record.granted, targets, about=record.about, generation=record.generation, now=now
        )

    def _longest(self, bucket: Record) -> dt.timedelta:
        """Say how long an exception for a bucket may last, by its profile."""
        name = self.feed.index.profile_of(bucket)
        profile = self.feed.profiles.find(name) if name else None
        return dt.timedelta(days=profile.spec.max_exception_days) if isinstance(profile, Profile) else WITHOUT_PROFILE
