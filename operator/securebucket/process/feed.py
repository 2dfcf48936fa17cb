"""From what is seen in Kubernetes to what is due: keeps the index, and puts keys into the queue."""

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from securebucket.dispatch.backoff import Backoff
from securebucket.dispatch.sweep import starting_place
from securebucket.dispatch.wall_clock import utc_now
from securebucket.dispatch.work_queue import Priority, WorkQueue
from securebucket.fleet.annotations import approves_rollout
from securebucket.fleet.exception_index import ExceptionIndex
from securebucket.fleet.exception_record import ExceptionRecord, exception_record
from securebucket.fleet.index import Index, ProfileRecord
from securebucket.fleet.profiles import Profiles
from securebucket.fleet.record import News, Record, labels_of, mapping_of, number_of, record_of
from securebucket.model.bucket import ObjectKey

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FleetFeed:
    """Takes everything that is seen of the fleet. Safe for many threads.

    Args:
        index: what is known.
        queue: what is due.
        backoff: forgiven where something changed.
        profiles: dropped where one changed.
        active: whether this replica works: before that, only the index is kept, and `seed` fills the queue later.
        default_interval: seconds between the sweeps of objects that say nothing.
        exceptions: what is known of exceptions.
        tell_keeper: called where the status of an exception may have to change.
    """

    index: Index
    queue: WorkQueue
    backoff: Backoff
    profiles: Profiles
    active: Callable[[], bool]
    default_interval: float
    exceptions: ExceptionIndex = field(default_factory=ExceptionIndex)
    tell_keeper: Callable[[], None] = lambda: None

    def see_bucket(self, event: str, body: Mapping[str, Any]) -> None:
        """Take in a SecureBucket from a watch or a list."""
        record = record_of(body, self.default_interval)
        if event == "DELETED":
            self.lose_bucket(record.key, record.uid)
        else:
            self.take_in(record)

    def take_in(self, record: Record) -> News:
        """Take in a version of an object, make it due if it asks for a pass, and say what it means.

        Other labels mean nothing, unless other exceptions are about the object now.
        """
        before = self.index.get(record.key)
        change = self.note(record)
        if change is News.LABELS and before is not None and self._excepted(before) == self._excepted(record):
            change = News.NONE
        if change is not News.NONE:
            self._tell_keeper_of(record.key.namespace)
            self.backoff.reset(record.key)
            if self.active():
                self._make_due(record, change)
        return change

    def note(self, record: Record) -> News:
        """Take in a version of an object without making it due: what its bucket asks of others may be news to them."""
        before = self.index.get(record.key)
        change = self.index.observe(record)
        self._make_targets_due(before, self.index.get(record.key))
        return change

    def lose_bucket(self, key: ObjectKey, uid: str = "") -> None:
        """Take in that an object is gone, as far as a watch or a list can tell."""
        self.clear_bucket(key, uid)
        if self.active():
            self.queue.add(key, Priority.DELETION)  # the pass finds it gone, and clears up after it

    def clear_bucket(self, key: ObjectKey, uid: str = "") -> None:
        """Drop an object from the index; others that claim its bucket get their turn."""
        before = self.index.get(key)
        rivals = self.index.forget(key, uid)
        self._make_targets_due(before, self.index.get(key))
        self._tell_keeper_of(key.namespace)
        self.backoff.reset(key)
        if self.active():
            for rival in rivals:
                self.backoff.reset(rival)
                self.queue.add(rival, Priority.RETRY)

    def _make_targets_due(self, before: Record | None, after: Record | None) -> None:
        """Give their turn to the buckets of which an object asks something else than before."""
        if not self.active():
            return
        asked = {each for record in (before, after) if record for each in record.demands}
        same = set(before.demands) & set(after.demands) if before and after else set()
        for target in sorted({each.target for each in asked - same}):
            for key in self.index.claimants(target):
                self.backoff.reset(key)
                self.queue.add(key, Priority.RETRY)

    def see_profile(self, event: str, body: Mapping[str, Any]) -> None:
        """Take in a BucketProfile; its users are due when it changed.

        They come after what changed itself, since they can be the whole fleet.
        """
        profile = profile_record(body)
        gone = event == "DELETED"
        if self.index.forget_profile(profile.name) if gone else self.index.observe_profile(profile):
            self.change_profile(profile.name)

    def change_profile(self, name: str) -> None:
        """Make all users of a profile due, with the profile read anew."""
        self.profiles.drop(name)
        self.tell_keeper()
        if not self.active():
            return
        users = self.index.users_of(name)
        log.info("profile %s changed; verifying %d objects", name, len(users), extra={"profile": name})
        for key in users:
            self.backoff.reset(key)
            self.queue.add(key, Priority.RETRY)

    def see_exception(self, event: str, body: Mapping[str, Any]) -> None:
        """Take in a BucketException from a watch or a list."""
        record = exception_record(body)
        if event == "DELETED" or record.deleting:
            self.lose_exception(record.key, record.uid)
        else:
            self.take_in_exception(record)

    def take_in_exception(self, record: ExceptionRecord) -> bool:
        """Take in a version of an exception, make due what it was and is about, and say whether it is news."""
        changed = self.exceptions.observe(record)
        self._make_named_due(changed)
        return bool(changed)

    def lose_exception(self, key: ObjectKey, uid: str = "") -> bool:
        """Take in that an exception is gone, so that its check counts again, and say whether it was known."""
        known = self.exceptions.forget(key, uid)
        self._make_named_due(known)
        return bool(known)

    def seed(self) -> None:
        """Make the whole fleet due, each object at its own time: this replica has begun to work.

        At once what an exception excused that is over or gone by now: it may have ended while nobody worked.
        """
        now = utc_now()
        for record in self.index.records():
            priority, delay = starting_place(record)
            if record.excepted and not self._excused(record, now):
                priority, delay = min(priority, Priority.RETRY), 0.0
            self.queue.add(record.key, priority, delay)

    def make_named_due(self, exception: ExceptionRecord) -> None:
        """Make the objects due that an exception is about: it counts now, or does not count any more.

        They come after what changed itself, since they can be a whole namespace.
        """
        if self.active():
            for record in self.index.named_by(exception):
                self.backoff.reset(record.key)
                self.queue.add(record.key, Priority.RETRY)

    def _make_named_due(self, exceptions: tuple[ExceptionRecord, ...]) -> None:
        for exception in exceptions:
            self.make_named_due(exception)
        if exceptions:
            self.tell_keeper()

    def _excused(self, record: Record, now: dt.datetime) -> bool:
        about = self.exceptions.about(record.key.namespace, record.bucket, labels_of(record.labels))
        return any(each.expires_at > now for each in about)

    def _excepted(self, record: Record) -> frozenset[str]:
        about = self.exceptions.about(record.key.namespace, record.bucket, labels_of(record.labels))
        return frozenset(each.name for each in about)

    def _tell_keeper_of(self, namespace: str) -> None:
        if self.exceptions.records(namespace):
            self.tell_keeper()

    def _make_due(self, record: Record, change: News) -> None:
        if change is News.DELETION:
            self.queue.add(record.key, Priority.DELETION)
        elif change is News.NEW:
            priority, delay = starting_place(record)
            self.queue.add(record.key, priority, delay)
        else:
            self.queue.add(record.key, Priority.SPEC_CHANGE)


def profile_record(body: Mapping[str, Any]) -> ProfileRecord:
    """Take what we keep out of a profile's JSON, however odd it is: the passes of its users tell what is wrong."""
    metadata = mapping_of(body.get("metadata"))
    endpoint = mapping_of(mapping_of(body.get("spec")).get("endpoint"))
    return ProfileRecord(
        name=str(metadata.get("name", "")),
        uid=str(metadata.get("uid", "")),
        generation=number_of(metadata.get("generation")),
        endpoint=str(endpoint.get("url") or "").rstrip("/"),
        rollout_approved=approves_rollout(metadata),
    )
