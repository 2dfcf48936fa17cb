"""What the informer knows: every object of the fleet in one small record, and every profile. Safe for many threads."""

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from securebucket.fleet.exception_record import ExceptionRecord
from securebucket.fleet.record import News, Record, labels_of, news_between
from securebucket.model.bucket import ObjectKey
from securebucket.model.demand import Asked


def targets_of(record: Record) -> frozenset[str]:
    """Name the buckets that an object's bucket asks for something."""
    return frozenset(each.target for each in record.demands)


@dataclass(frozen=True, slots=True)
class ProfileRecord:
    """One BucketProfile as last seen.

    Args:
        name: its name.
        uid: tells it from an earlier profile of the same name.
        generation: of its spec.
        endpoint: URL of its S3 server; empty for AWS. The same bucket name on two servers is two buckets.
        rollout_approved: a person allowed the fleet to follow it.
    """

    name: str
    uid: str
    generation: int
    endpoint: str
    rollout_approved: bool = False


class Index:
    """The fleet as last seen by the watch and the lists.

    Args:
        default_profile: the profile of objects that name none; empty when there is none.
    """

    def __init__(self, default_profile: str = "") -> None:
        self._default_profile = default_profile
        self._lock = threading.RLock()
        self._records: dict[ObjectKey, Record] = {}
        self._by_bucket: defaultdict[str, set[ObjectKey]] = defaultdict(set)
        self._by_profile: defaultdict[str, set[ObjectKey]] = defaultdict(set)
        self._by_namespace: defaultdict[str, set[ObjectKey]] = defaultdict(set)
        self._by_target: defaultdict[str, set[ObjectKey]] = defaultdict(set)
        self._profiles: dict[str, ProfileRecord] = {}
        self._names: frozenset[str] | None = None
        self._complete = threading.Event()

    @property
    def complete(self) -> bool:
        """The fleet has been listed once; before that an older claim may be missing, so nothing may be written."""
        return self._complete.is_set()

    def mark_complete(self) -> None:
        """Say that the first list has been read to its end."""
        self._complete.set()

    def observe(self, record: Record) -> News:
        """Take in a version of an object, and say what it means. An older version than the known one means nothing."""
        with self._lock:
            before = self._records.get(record.key)
            if before is not None and before.uid == record.uid and 0 < record.version <= before.version:
                return News.NONE
            if before is not None:
                self._unlink(before)
            else:
                self._names = None
            self._records[record.key] = record
            self._by_bucket[record.bucket].add(record.key)
            self._by_profile[self.profile_of(record)].add(record.key)
            self._by_namespace[record.key.namespace].add(record.key)
            for target in targets_of(record):
                self._by_target[target].add(record.key)
            return news_between(before, record)

    def expect_finalizer(self, key: ObjectKey, uid: str, *, wanted: bool) -> None:
        """Take in that we are about to add or remove our finalizer.

        The watch can tell of it before the API has answered us, and our own write must not ask for a pass. A new
        object of the same name, which the watch may have told of already, has no part in it.
        """
        with self._lock:
            record = self._records.get(key)
            if record is not None and record.uid == uid:
                self._records[key] = replace(record, finalizer=wanted)

    def forget(self, key: ObjectKey, uid: str = "") -> tuple[ObjectKey, ...]:
        """Drop an object that is gone, and give the others that claim its bucket: one of them may have it now.

        Args:
            key: the object.
            uid: only drop the object with this uid, not a new one of the same name; empty drops either.
        """
        with self._lock:
            record = self._records.get(key)
            if record is None or (uid and record.uid != uid):
                return ()
            del self._records[key]
            self._unlink(record)
            self._names = None
            return tuple(self._by_bucket.get(record.bucket, ()))

    def get(self, key: ObjectKey) -> Record | None:
        """Return what is known of an object; None when nothing is."""
        with self._lock:
            return self._records.get(key)

    def records(self) -> tuple[Record, ...]:
        """Return everything that is known now."""
        with self._lock:
            return tuple(self._records.values())

    def keys(self) -> tuple[ObjectKey, ...]:
        """Name all objects."""
        with self._lock:
            return tuple(self._records)

    def named_by(self, exception: ExceptionRecord) -> tuple[Record, ...]:
        """Return the objects that an exception is about: of its own namespace, and of no other."""
        with self._lock:
            keys = self._by_namespace.get(exception.key.namespace, set())
            if exception.selector is None:
                keys = keys & self._by_bucket.get(exception.bucket, set())
            records = [self._records[key] for key in sorted(keys)]
        return tuple(each for each in records if exception.names(each.bucket, labels_of(each.labels)))

    def siblings(self) -> frozenset[str]:
        """Name all objects, as `<namespace>/<name>`."""
        with self._lock:
            if self._names is None:
                self._names = frozenset(map(str, self._records))
            return self._names

    def rivals(self, record: Record) -> tuple[tuple[Record, ...], tuple[Record, ...]]:
        """Find the other objects that claim the same bucket on the same S3 server.

        Where a whole name is not known yet, the ownership tag decides.

        Returns:
            Those that are older than `record`, the oldest first, and those that are younger.
        """
        with self._lock:
            server = self._endpoint(record)
            others = [
                self._records[key]
                for key in self._by_bucket.get(record.bucket, ())
                if key != record.key and self._endpoint(self._records[key]) == server
                if not (record.nameless or self._records[key].nameless)
            ]
        others.sort(key=lambda each: each.seniority)
        older = tuple(each for each in others if each.seniority < record.seniority)
        return older, tuple(others[len(older) :])

    def demands_on(self, record: Record) -> tuple[Asked, ...]:
        """Give what other objects ask of an object's bucket, on the same S3 server."""
        with self._lock:
            server = self._endpoint(record)
            asking = [self._records[key] for key in sorted(self._by_target.get(record.bucket, ()))]
            return tuple(
                demand
                for each in asking
                if each.key != record.key and self._is_placed(each) and self._endpoint(each) == server
                for demand in each.demands
                if demand.target == record.bucket
            )

    def bucket_of(self, name: str) -> str:
        """Give the bucket of an object, `<namespace>/<name>`; empty while there is none, or its name is not known."""
        namespace, _, rest = name.partition("/")
        record = self.get(ObjectKey(namespace, rest))
        return record.bucket if record and not record.nameless else ""

    def claimants(self, bucket: str) -> tuple[ObjectKey, ...]:
        """Name the objects that claim a bucket of this name, on whatever server."""
        with self._lock:
            return tuple(sorted(self._by_bucket.get(bucket, ())))

    def buckets_on(self, endpoint: str) -> frozenset[str]:
        """Name the buckets that objects claim on an S3 server; an empty endpoint is AWS."""
        with self._lock:
            return frozenset(each.bucket for each in self._records.values() if self._endpoint(each) == endpoint)

    def profile_of(self, record: Record) -> str:
        """Name the profile that applies to an object; empty for none."""
        return record.profile or self._default_profile

    def profile_name(self, key: ObjectKey) -> str:
        """Name the profile that applies to an object as last seen; empty for none, and for an unknown object."""
        record = self.get(key)
        return self.profile_of(record) if record else ""

    def users_of(self, profile: str) -> tuple[ObjectKey, ...]:
        """Name the objects to which a profile applies."""
        with self._lock:
            return tuple(self._by_profile.get(profile, ()))

    def profiles_in_use(self) -> tuple[str, ...]:
        """Name the profiles that objects ask for, whether they exist or not."""
        with self._lock:
            return tuple(name for name in self._by_profile if name)

    def observe_profile(self, profile: ProfileRecord) -> bool:
        """Take in a profile, and say whether its users need a pass because of it."""
        with self._lock:
            before = self._profiles.get(profile.name)
            self._profiles[profile.name] = profile
            return before != profile

    def forget_profile(self, name: str) -> bool:
        """Drop a profile that is gone, and say whether it was known."""
        with self._lock:
            return self._profiles.pop(name, None) is not None

    def keep_profiles(self, names: Iterable[str]) -> tuple[str, ...]:
        """Drop the profiles that are not in a complete list, and name them."""
        with self._lock:
            gone = tuple(set(self._profiles) - set(names))
            for name in gone:
                del self._profiles[name]
            return gone

    def _is_placed(self, record: Record) -> bool:
        """Tell whether it is known on which server an object's bucket is."""
        name = self.profile_of(record)
        return not name or name in self._profiles

    def _endpoint(self, record: Record) -> str:
        profile = self._profiles.get(self.profile_of(record))
        return profile.endpoint if profile else ""

    def _unlink(self, record: Record) -> None:
        for links, name in (
            (self._by_bucket, record.bucket),
            (self._by_profile, self.profile_of(record)),
            (self._by_namespace, record.key.namespace),
            *((self._by_target, target) for target in targets_of(record)),
        ):
            links[name].discard(record.key)
            if not links[name]:
                del links[name]
