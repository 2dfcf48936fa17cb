"""One pass for one key, level-based: read the object afresh, do what it asks for, tell what came of it.

Nothing is taken from the event that made the key due, and nothing is kept but counts: whatever is missed or done twice
is corrected by the next pass.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from securebucket.api.spec import DeletionPolicy, Mode
from securebucket.api.status import SecureBucketStatus
from securebucket.dispatch import requeue
from securebucket.dispatch.backoff import LONGEST_RETRY, Backoff
from securebucket.dispatch.requeue import Ending, Gone, Requeue, Rest
from securebucket.dispatch.wall_clock import utc_now
from securebucket.dispatch.work_queue import Priority
from securebucket.engine.engine import Engine
from securebucket.engine.outcome import Outcome
from securebucket.engine.request import PassRequest
from securebucket.fleet.record import News, Record, mapping_of, record_of
from securebucket.kube.client import Client
from securebucket.kube.recorder import EventRecorder
from securebucket.model.api_error import ApiError, ConflictError, ForbiddenError, MissingError
from securebucket.model.bucket import ObjectKey
from securebucket.model.failure import Failure
from securebucket.process.feed import FleetFeed
from securebucket.process.logs import bind
from securebucket.process.observers import Observer
from securebucket.process.pass_requests import PassRequests
from securebucket.process.status_document import read_status, status_patch, write_status
from securebucket.status import events
from securebucket.status.events import EventRecord
from securebucket.status.status import build as build_status

log = logging.getLogger(__name__)

Body = Mapping[str, Any]

FINALIZER_STAYS = Failure(
    "FinalizerStays",
    "the object waits for its bucket to be deleted, and this operator only observes (--observe-only). Run one that"
    " enforces; or delete the object and keep the bucket: remove securebucket.io/bucket from its metadata.finalizers.",
)


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Makes passes. Safe for many threads, as long as no key is in two of them.

    Args:
        client: reads and writes the objects.
        engine: acts on the buckets.
        requests: makes the engine's requests.
        feed: told when an object is found gone, or newer than known.
        backoff: counts failures.
        recorder: posts Events.
        observer: gets the outcomes, for metrics.
        may_write: asked before every write to Kubernetes; false while stopping or when the Lease runs out.
        going: false once the process is to end: a pass that it cut short says nothing about its bucket.
        observe_only: no object gets a finalizer or loses one, since no bucket is ever deleted.
        wall: the time for people.

    What is remembered of an object, here and by its observers, is remembered by its name. `_uids` says whose it is: an
    object that was made anew under the same name begins anew, whether or not a pass has found the former one gone.
    """

    client: Client
    engine: Engine
    requests: PassRequests
    feed: FleetFeed
    backoff: Backoff
    recorder: EventRecorder
    observer: Observer
    may_write: Callable[[], bool]
    observe_only: bool = False
    going: Callable[[], bool] = lambda: True
    wall: Callable[[], dt.datetime] = utc_now
    _uids: dict[ObjectKey, str] = field(default_factory=dict)

    def reconcile(self, key: ObjectKey) -> Ending:
        """Make one pass, and say when the object is due again."""
        with bind(namespace=key.namespace, name=key.name):
            try:
                body = self.client.get_bucket(key)
                if body is None:
                    self.feed.clear_bucket(key)
                    self._forget(key)
                    return Gone()
                self._recognise(key, _uid(body))
                return self._pass(body)
            except ConflictError:
                log.info("the object changed during the pass; it gets another pass")
                return requeue.overtaken(key, self.backoff)
            except MissingError:
                return requeue.overtaken(key, self.backoff)  # it went during the pass; the next one clears up
            except ApiError as error:
                if not self.going():
                    return Rest()
                log.warning("the Kubernetes API failed: %s", error)
                wait = self.backoff.wait(key, stalled=not error.transient)
                return Requeue(max(wait, min(error.retry_after, LONGEST_RETRY)), Priority.RETRY)

    def tell_crash(self, key: ObjectKey, error: Exception) -> None:
        """Tell an object, and the metrics, that the operator itself failed at it."""
        body = self.client.get_bucket(key)
        if body is None or self._uids.get(key, _uid(body)) != _uid(body):
            return  # it is gone; a new one of the same name did not crash
        failure = Failure(
            "InternalError",
            f"the operator failed on this object ({type(error).__name__}: {error}). Other objects are not affected."
            " Please report it with the operator's log. Until it is fixed, the object is tried again, but less and less"
            " often.",
        )
        record = record_of(body, self.feed.default_interval)
        self._tell(body, record, read_status(body.get("status")), self._failed(body, record, failure), 0.0)

    def _recognise(self, key: ObjectKey, uid: str) -> None:
        """Say whose pass this is; what was remembered of an earlier object of the same name is dropped."""
        if self._uids.get(key, uid) != uid:
            self._forget(key)
        self._uids[key] = uid

    def _forget(self, key: ObjectKey) -> None:
        self._uids.pop(key, None)
        self.backoff.reset(key)
        self.engine.forget(key)
        self.observer.gone(key)

    def _pass(self, body: Body) -> Ending:
        began = time.monotonic()
        record = self._note(body)
        with bind(uid=record.uid, generation=record.generation, bucket=record.bucket):
            if record.deleting:
                return self._let_go(body, record, began)
            request = self.requests.build(body, record, self.wall())
            if isinstance(request, Failure):
                return self._end(body, record, request, began)
            wanted = request.spec.deletion_policy is DeletionPolicy.DELETE
            if wanted != record.finalizer and self.may_write() and not self.observe_only:
                self.feed.index.expect_finalizer(record.key, record.uid, wanted=wanted)
                try:
                    body = self.client.set_finalizer(body, wanted=wanted)  # before there is anything to delete
                except ForbiddenError as error:
                    self.feed.index.expect_finalizer(record.key, record.uid, wanted=record.finalizer)
                    return self._end(body, record, _may_not(error), began)
                record = self._note(body)
            return self._run(body, record, request, began)

    def _run(self, body: Body, record: Record, request: PassRequest, began: float) -> Ending:
        asked = record.annotations.reconcile_at
        if asked and asked != request.status.last_handled_reconcile_at:
            self.engine.forgive(record.key)
            self.backoff.reset(record.key)
        pause = record.annotations.pause(request.now)
        if pause.problem and self.may_write():
            event = EventRecord("Warning", "InvalidAnnotation", "Reconcile", pause.problem)
            self.recorder.record(record.key, record.uid, event)
        outcome = self.engine.run(request)
        if not self.going():
            return Rest()
        if outcome.look_again is None:  # else it has not come to an end yet, and there is nothing to tell
            self._tell(body, record, request.status, outcome, time.monotonic() - began)
        return requeue.after_outcome(outcome, record.key, self.backoff, pause.left)

    def _let_go(self, body: Body, record: Record, began: float) -> Ending:
        """Undo what there is to undo for an object that is being deleted. A pause does not hold it up."""
        if not record.finalizer:
            return Rest()  # it waits for somebody else's finalizer
        if not self.may_write():
            return requeue.OVERTAKEN  # whoever leads next does it
        if self.observe_only:
            return self._end(body, record, FINALIZER_STAYS, began)
        if record.annotations.abandoned:
            return self._release(body, record, "Abandoned", "the object is released, the bucket stays as it is")
        request = self.requests.build(body, record, self.wall())
        if isinstance(request, PassRequest):
            request = replace(request, read_only=False)
            failure = self.engine.delete(request)
        else:
            failure = _may_abandon(request)
        if failure is not None and not self.going():
            return Rest()
        if failure is None:
            kept = isinstance(request, PassRequest) and request.spec.deletion_policy is not DeletionPolicy.DELETE
            what = (
                "the bucket stays (deletionPolicy: Retain)"
                if kept
                else "the bucket is gone, or stays: it is not this object's to delete, or the mode is not Enforce"
            )
            return self._release(body, record, "Released", what)
        return self._end(body, record, failure, began)

    def _end(self, body: Body, record: Record, failure: Failure, began: float) -> Ending:
        """End a pass that came to no bucket: tell why."""
        outcome = self._failed(body, record, failure)
        self._tell(body, record, read_status(body.get("status")), outcome, time.monotonic() - began)
        return requeue.after_outcome(outcome, record.key, self.backoff)

    def _release(self, body: Body, record: Record, reason: str, message: str) -> Ending:
        if not self.may_write():  # the Lease may have run out during the deletion
            return requeue.OVERTAKEN
        self.client.set_finalizer(body, wanted=False)
        self.recorder.record(record.key, record.uid, EventRecord("Normal", reason, "Delete", message))
        return Rest()  # the watch, or the next comparison, tells that it is gone

    def _tell(self, body: Body, record: Record, previous: SecureBucketStatus, outcome: Outcome, seconds: float) -> None:
        """Write the status if it differs, post the Events, count. While stopping, nothing is told.

        Raises:
            ConflictError: the object has changed, so the status would be about an old one.
        """
        asked = record.annotations.reconcile_at
        status = build_status(previous, outcome, generation=record.generation, reconcile_at=asked)
        self.observer.observed(record.key, record.bucket, outcome, status, seconds)
        if not self.may_write():
            return
        for event in events.build(previous, outcome):  # what was done, was done: also if the status is overtaken
            self.recorder.record(record.key, record.uid, event)
        stored = mapping_of(body.get("status"))
        patch = status_patch(stored, write_status(status))
        if patch and record.observed_generation <= record.generation:
            ready = next((f"{each.status} {each.reason}" for each in status.conditions if each.type == "Ready"), "")
            log.info("the status changes", extra={"ready": ready, "changed": ",".join(sorted(patch))})
            self._note(self.client.patch_status(record.key, str(body["metadata"].get("resourceVersion", "")), patch))

    def _note(self, body: Body) -> Record:
        """Keep the index as new as what was just read, so that our own writes ask for no pass when the watch tells."""
        record = record_of(body, self.feed.default_interval)
        if self.feed.note(record) not in {News.NONE, News.LABELS}:
            self.backoff.reset(record.key)
        return record

    def _failed(self, body: Body, record: Record, failure: Failure) -> Outcome:
        """Make the outcome of a pass that ended before the engine."""
        written = mapping_of(body.get("spec")).get("mode")
        mode = Mode(written) if isinstance(written, str) and written in set(Mode) else Mode.ENFORCE
        mode = Mode.OBSERVE if self.observe_only else mode
        return Outcome(at=self.wall(), mode=mode, interval=record.interval, failure=failure)


def _uid(body: Body) -> str:
    return str(body["metadata"].get("uid", ""))


def _may_abandon(failure: Failure) -> Failure:
    return replace(
        failure,
        message=f"{failure.message} Until then the bucket cannot be deleted; annotate the object with"
        ' securebucket.io/abandon: "true" to delete the object and keep the bucket.',
    )


def _may_not(error: ForbiddenError) -> Failure:
    return Failure(
        "FinalizerForbidden",
        "deletionPolicy Delete takes a finalizer, and the operator may not set or remove one: leave deletionPolicy out,"
        f" or let it patch securebuckets (chart: rbac.finalizers). {error}",
    )
