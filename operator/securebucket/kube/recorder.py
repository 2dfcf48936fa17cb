"""Events without noise: what repeats is written once in a while, with its count.

https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
"""

import datetime as dt
import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from securebucket.api.base import API_VERSION
from securebucket.dispatch.wall_clock import micro_time, utc_now
from securebucket.kube.client import Client
from securebucket.model.api_error import ApiError, MissingError
from securebucket.model.bucket import ObjectKey
from securebucket.status.events import EventRecord

log = logging.getLogger(__name__)

INTERVAL = 600.0
"""Seconds between two writes of an Event that repeats."""
CAPACITY = 4096
LONGEST_NOTE = 1024
CONTROLLER = "securebucket.io/operator"


@dataclass(slots=True)
class _Series:
    name: str
    count: int
    written: float


@dataclass(slots=True)
class EventRecorder:
    """Posts Events, and counts repetitions in memory. Safe for many threads; a failure to post is logged and no more.

    Args:
        client: the Kubernetes API.
        identity: names this process.
        clock: monotonic seconds.
        wall: the time for people.
        capacity: how many different Events are remembered.
        interval: seconds between two writes of an Event that repeats.
    """

    client: Client
    identity: str
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], dt.datetime] = utc_now
    capacity: int = CAPACITY
    interval: float = INTERVAL
    _series: OrderedDict[bytes, _Series] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def record(self, key: ObjectKey, uid: str, event: EventRecord, kind: str = "SecureBucket") -> None:
        """Tell of one thing about an object: at once the first time, then once an interval at most."""
        digest = blake2b(f"{uid}\n{event.reason}\n{event.message}".encode(), digest_size=16).digest()
        now = self.clock()
        with self._lock:
            series = self._series.get(digest)
            if series is None:
                series = self._series[digest] = _Series(_new_name(key), 1, now)
                if len(self._series) > self.capacity:
                    self._series.popitem(last=False)
            else:
                self._series.move_to_end(digest)
                series.count += 1
                if now - series.written < self.interval:
                    return
                series.written = now
            name, count = series.name, series.count
        try:
            body = self._event(name, key, uid, event, kind)
            if count == 1:
                self.client.create_event(key.namespace, body)
            else:
                self._repeat(series, key, body)
        except ApiError as error:
            log.warning("the Event %s could not be posted: %s", event.reason, error)

    def _repeat(self, series: _Series, key: ObjectKey, body: dict[str, Any]) -> None:
        patch = {"series": {"count": series.count, "lastObservedTime": self._now()}}
        try:
            self.client.patch_event(key.namespace, series.name, patch)
        except MissingError:  # the server drops Events after an hour
            series.name = _new_name(key)
            metadata = {"name": series.name, "namespace": key.namespace}
            self.client.create_event(key.namespace, body | patch | {"metadata": metadata})

    def _event(self, name: str, key: ObjectKey, uid: str, event: EventRecord, kind: str) -> dict[str, Any]:
        return {
            "apiVersion": "events.k8s.io/v1",
            "kind": "Event",
            "metadata": {"name": name, "namespace": key.namespace},
            "eventTime": self._now(),
            "reportingController": CONTROLLER,
            "reportingInstance": self.identity[:128],
            "type": event.type,
            "reason": event.reason[:128],
            "action": event.action[:128],
            "note": event.message.encode()[:LONGEST_NOTE].decode(errors="ignore"),
            "regarding": {
                "apiVersion": API_VERSION,
                "kind": kind,
                "namespace": key.namespace,
                "name": key.name,
                "uid": uid,
            },
        }

    def _now(self) -> str:
        return micro_time(self.wall())


def _new_name(key: ObjectKey) -> str:
    return f"{key.name[:230]}.{secrets.token_hex(8)}"
