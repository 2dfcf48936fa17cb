"""Leader election: one Lease says which replica may write. Only the local monotonic clock decides.

A Lease is not a fence: a replica that hangs between asking and writing may be late. So every single write asks
`may_write` first, which says no two seconds before anybody else can take over.
https://kubernetes.io/docs/concepts/architecture/leases/
"""

import datetime as dt
import logging
import os
import random
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from securebucket.dispatch.wall_clock import micro_time, utc_now
from securebucket.kube.lease_client import LeaseClient
from securebucket.model.api_error import ApiError, ConflictError, MissingError

log = logging.getLogger(__name__)

Spec = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """The times of an election, in seconds.

    Args:
        duration: how long a Lease holds that is not renewed.
        deadline: after so long without a renewal the holder gives up by itself.
        period: between two tries, shortened by chance up to a quarter.
        call: longest time for one request.
        margin: nothing is written in the last seconds of a Lease.
    """

    duration: float = 15.0
    deadline: float = 10.0
    period: float = 2.0
    call: float = 5.0
    margin: float = 2.0


def own_identity() -> str:
    """Name this process: the pod's name where it is known, and something random, since a pod can restart in place."""
    return f"{os.environ.get('POD_NAME') or socket.gethostname()}_{secrets.token_hex(4)}"


@dataclass(slots=True)
class Elector:
    """Tries to get and to keep the Lease, in a thread of its own.

    Args:
        leases: the Lease.
        identity: who we are; unique to this process.
        on_won: called once, in the elector's thread, when the Lease is ours.
        on_lost: called once when it was ours and is not any more; the elector ends then.
        terms: the times.
        clock: monotonic seconds; everything is decided by it.
        wall: the time that is written into the Lease, for people.
    """

    leases: LeaseClient
    identity: str
    on_won: Callable[[], None]
    on_lost: Callable[[], None]
    terms: Terms = field(default_factory=Terms)
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], dt.datetime] = utc_now
    _expiry: float = 0.0
    _won: bool = False
    _lease: Mapping[str, Any] = field(default_factory=dict)
    _seen: tuple[str, float] = ("", 0.0)
    _holder: str = ""
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to try."""
        self._thread = threading.Thread(target=self._run, name="elector", daemon=True)
        self._thread.start()

    def stop(self, *, release: bool) -> None:
        """Stop trying; `release` hands the Lease over at once, so that the next leader need not wait for its end.

        Release only when nothing can be written any more.
        """
        self._stop.set()
        if self._thread is not None:
            self._thread.join(self.terms.call)
        finished = self._thread is None or not self._thread.is_alive()
        held = self.leading()
        self._expiry = 0.0
        if release and held and finished:
            self._release()

    def leading(self) -> bool:
        """Tell whether the Lease is ours now."""
        return self._won and self.clock() < self._expiry

    def leader(self) -> str:
        """Return the identity of whoever held the Lease when it was last looked at; empty when nobody did."""
        return self.identity if self.leading() else self._holder

    def expires_at(self) -> float:
        """Return the moment of the clock at which our Lease ends unless it is renewed; 0 when it is not ours."""
        return self._expiry if self._won else 0.0

    def may_write(self) -> bool:
        """Tell whether something may be written now. To be asked before every single write."""
        return self._won and self.clock() < self._expiry - self.terms.margin

    def step(self) -> bool:
        """Try once to get or to renew the Lease; true when it is ours afterwards."""
        began = self.clock()
        try:
            mine = self._renew(began) if self._won else self._acquire(began)
        except ConflictError:
            self._lease = {}  # somebody wrote it: look at it again before the next try
            mine = False
        except MissingError:
            self._expiry = min(self._expiry, began)  # deleted under us: another replica may make its own at once
            mine = False
        except ApiError as error:
            log.warning("the Lease could not be %s: %s", "renewed" if self._won else "read", error)
            mine = False
        if mine:
            self._expiry = began + self.terms.duration  # from before the request: nobody else can count from earlier
            if not self._won:
                self._won = True
                log.info("this replica leads", extra={"identity": self.identity})
                self._take_over()
        return mine

    def _take_over(self) -> None:
        try:
            self.on_won()
        except Exception:  # a leader that does not work is worse than none
            log.exception("this replica cannot become leader; it stops")
            self.on_lost()
            self._stop.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.step()
            except Exception:  # the thread's outermost edge: without it, nobody would ever lead or notice that
                log.exception("the election crashed; trying again")
            if self._won and self._overdue():
                self._expiry = 0.0
                log.error("the Lease is lost: not renewed for %.0f s, or another replica has it", self.terms.deadline)
                self.on_lost()
                return
            self._stop.wait(self.terms.period * (1.0 - random.random() / 4))  # noqa: S311 - chance, not a secret

    def _overdue(self) -> bool:
        return self.clock() >= self._expiry - self.terms.duration + self.terms.deadline

    def _timeout(self) -> float:
        """Return a request no longer than what is left until the deadline: a hung one must not outlive it."""
        if not self._won:
            return self.terms.call
        left = self._expiry - self.terms.duration + self.terms.deadline - self.clock()
        return max(0.1, min(self.terms.call, left))

    def _acquire(self, now: float) -> bool:
        lease = self.leases.get(timeout=self.terms.call)
        if lease is None:
            self._lease = self.leases.create(self._claim({}), timeout=self.terms.call)
            return True
        spec = _spec_of(lease)
        version = str(lease["metadata"]["resourceVersion"])
        if version != self._seen[0]:
            self._seen = (version, self.clock())  # after the answer: the holder may have renewed while we asked
        self._holder = holder = spec.get("holderIdentity") or ""
        held_for = float(spec.get("leaseDurationSeconds") or self.terms.duration)
        if holder and holder != self.identity and now < self._seen[1] + held_for:
            return False
        self._lease = self.leases.update({**lease, "spec": self._claim(spec)}, timeout=self.terms.call)
        return True

    def _renew(self, now: float) -> bool:
        lease = self._lease or self.leases.get(timeout=self._timeout())
        if not lease or _spec_of(lease).get("holderIdentity") != self.identity:
            self._expiry = min(self._expiry, now)  # deleted or taken: do not fight for it
            return False
        spec = {**lease["spec"], "renewTime": self._written_now()}
        self._lease = self.leases.update({**lease, "spec": spec}, timeout=self._timeout())
        return True

    def _claim(self, before: Spec) -> dict[str, Any]:
        now = self._written_now()
        taken = bool(before) and before.get("holderIdentity") != self.identity
        return {
            "holderIdentity": self.identity,
            "leaseDurationSeconds": int(self.terms.duration),
            "acquireTime": now,
            "renewTime": now,
            "leaseTransitions": int(before.get("leaseTransitions") or 0) + int(taken),
        }

    def _release(self) -> None:
        # An absent holder, not an empty one: newer API servers refuse the empty string.
        kept = {name: value for name, value in self._lease.get("spec", {}).items() if name != "holderIdentity"}
        spec = {**kept, "leaseDurationSeconds": 1, "renewTime": self._written_now()}
        try:
            self.leases.update({**self._lease, "spec": spec}, timeout=self.terms.call)
        except ApiError as error:
            log.warning("the Lease could not be released, so the next leader waits until it expires: %s", error)

    def _written_now(self) -> str:
        return micro_time(self.wall())


def _spec_of(lease: Mapping[str, Any]) -> Spec:
    """Return a Lease's spec; whoever may write Leases may have left it out."""
    return lease.get("spec") or {}
