"""The BucketExceptions as last seen, by namespace. Safe for many threads."""

import threading
from collections import defaultdict
from collections.abc import Mapping

from securebucket.fleet.exception_record import ExceptionRecord
from securebucket.model.bucket import ObjectKey
from securebucket.model.granted_exception import GrantedException


class ExceptionIndex:
    """What the watch and the lists have told of exceptions. One that is being deleted is as good as gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: defaultdict[str, dict[str, ExceptionRecord]] = defaultdict(dict)

    def observe(self, record: ExceptionRecord) -> tuple[ExceptionRecord, ...]:
        """Take in a version of an exception. An older version than the known one means nothing.

        Returns:
            What it was and what it is, where that can change verdicts; empty where it cannot, as a status does not.
        """
        key = record.key
        with self._lock:
            before = self._records[key.namespace].get(key.name)
            if before is not None and before.uid == record.uid and 0 < record.version <= before.version:
                return ()
            self._records[key.namespace][key.name] = record
        if before is None:
            return (record,)
        return (before, record) if (before.uid, before.generation) != (record.uid, record.generation) else ()

    def forget(self, key: ObjectKey, uid: str = "") -> tuple[ExceptionRecord, ...]:
        """Drop an exception that is gone, and give what it was; empty when it was not known.

        Args:
            key: the object.
            uid: only drop the object with this uid, not a new one of the same name; empty drops either.
        """
        with self._lock:
            records = self._records.get(key.namespace, {})
            known = records.get(key.name)
            if known is None or (uid and known.uid != uid):
                return ()
            del records[key.name]
            if not records:
                del self._records[key.namespace]
            return (known,)

    def records(self, namespace: str = "") -> tuple[ExceptionRecord, ...]:
        """Return what is known of a namespace, or of all."""
        with self._lock:
            if namespace:
                return tuple(self._records.get(namespace, {}).values())
            return tuple(each for records in self._records.values() for each in records.values())

    def about(self, namespace: str, bucket: str, labels: Mapping[str, str]) -> tuple[GrantedException, ...]:
        """Return the exceptions that are about a SecureBucket, in force or not.

        Args:
            namespace: of the SecureBucket: no other one's exceptions are ever about it.
            bucket: name of its bucket.
            labels: of the SecureBucket.
        """
        return tuple(
            each.granted for each in self.records(namespace) if each.granted is not None and each.names(bucket, labels)
        )
