"""The operator process: puts the parts together, runs until it is told to end or cannot go on, and ends in order."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TypeVar

from securebucket import __version__
from securebucket.kube.api_error import ApiError
from securebucket.kube.backoff import Backoff
from securebucket.kube.client import BUCKETS, PROFILES, Client
from securebucket.kube.comparison import Comparison
from securebucket.kube.connection import load_connection
from securebucket.kube.feed import FleetFeed
from securebucket.kube.health import HealthServer, Pulse
from securebucket.kube.index import Index
from securebucket.kube.informer import Informer
from securebucket.kube.lease import Elector, own_identity
from securebucket.kube.lease_client import LeaseClient
from securebucket.kube.logs import configure_logs
from securebucket.kube.pass_requests import PassRequests
from securebucket.kube.periodic import Periodic
from securebucket.kube.profiles import LIFETIME, Profiles
from securebucket.kube.reconciler import Reconciler
from securebucket.kube.recorder import EventRecorder
from securebucket.kube.settings import RunSettings
from securebucket.kube.transport import Transport
from securebucket.kube.vitals import Assemble, Parts, Vitals
from securebucket.kube.work_queue import WorkQueue
from securebucket.kube.workers import Workers
from securebucket.report import events, status

log = logging.getLogger(__name__)

T = TypeVar("T")

NAMESPACE_FILE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
RETRY = 5.0
LATENCY = 0.5
"""Seconds after which a signal is noticed at the latest."""


class End(Enum):
    """Why the operator ends, with the exit code of the process."""

    STOPPED = 0
    CANNOT_GO_ON = 1


class NotStarted(Exception):  # noqa: N818 - it is a signal of this module to itself, no error
    """The process was told to end before the operator had begun."""


@dataclass(slots=True)
class Operator:
    """One operator process.

    Args:
        settings: how to run.
        assemble: makes the engine and the metrics.

    Raises:
        NotConnectedError: there is no way to a Kubernetes API.
    """

    settings: RunSettings
    assemble: Assemble
    vitals: Vitals = field(init=False)
    health_port: int = 0
    _parts: Parts = field(init=False)
    _transport: Transport = field(init=False)
    _client: Client = field(init=False)
    _index: Index = field(init=False)
    _feed: FleetFeed = field(init=False)
    _informer: Informer = field(init=False)
    _backoff: Backoff = field(default_factory=Backoff)
    _working: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)
    _end: End = End.STOPPED
    _waiting_for: str = "the operator starts"

    def __post_init__(self) -> None:
        settings = self.settings
        self._transport = Transport(load_connection(settings.kubeconfig, threads=settings.workers), self._count)
        self._client = Client(self._transport)
        self._index = Index(settings.default_profile)
        lease = LeaseClient(self._transport, settings.lease_namespace or own_namespace(), settings.lease_name)
        elector = Elector(
            lease, settings.identity or own_identity(), self._begin_work, self._lose_lease, settings.lease
        )
        self.vitals = Vitals(WorkQueue(), elector, fleet_size=lambda: len(self._index.records()))
        self._feed = FleetFeed(
            self._index,
            self.vitals.queue,
            self._backoff,
            Profiles(self._client),
            self._working.is_set,
            settings.default_interval,
        )
        self._informer = Informer(
            self._feed,
            lambda: load_connection(settings.kubeconfig),
            settings.namespaces,
            self._lose_sight,
            requested=self._count,
            terms=settings.watch,
        )
        self._parts = self.assemble(self.vitals)

    def run(self) -> int:
        """Run until the end, and give the exit code: 0 when told to end, 1 when a restart is needed."""
        settings = self.settings
        log.info("securebucket %s starts", __version__, extra={"identity": self.vitals.elector.identity})
        health = HealthServer(self.pulse, settings.health_host, settings.health_port)
        self.health_port = health.start()
        comparison = Comparison(self._client, self._index, self._feed, settings.namespaces)
        tasks = [Periodic("comparison", settings.comparison_interval, comparison.run)]
        if settings.namespaces:
            tasks.append(Periodic("profiles", LIFETIME, comparison.compare_profiles))
        try:
            self._start(comparison)
            for task in tasks:
                task.start()
            # A signal that comes just before the wait is only noticed after it: without an end, SIGTERM would get lost.
            while not self._ended.wait(LATENCY):
                pass
        except NotStarted:
            pass
        for task in tasks:
            task.stop()
        self._shut_down()
        health.stop()
        return self._end.value

    def stop(self) -> None:
        """End in order: take no more work, finish the current AWS call, hand over the Lease."""
        log.info("the operator is told to end")
        self._finish(End.STOPPED)

    def pulse(self) -> Pulse:
        """Take the operator's pulse."""
        workers = self.vitals.workers
        return Pulse(
            leading=self.vitals.leading(),
            synced=self._index.complete,
            stopping=self.vitals.stopping.is_set(),
            informer_alive=self._informer.alive(),
            watch_quiet_for=self._informer.activity.quiet_for(),
            longest_pass=workers.longest_running() if workers else 0.0,
            overdue=self.vitals.queue.oldest_overdue(),
            busy=self.vitals.workers_busy(),
            interval=self.settings.default_interval,
            waiting_for=self._waiting_for,
        )

    def _start(self, comparison: Comparison) -> None:
        """Come to know the fleet, and only then stand for election: a standby knows everything already."""
        self._insist("the CRDs", self._await_kinds)
        cluster = self.settings.cluster_id or self._insist("the cluster's id", self._client.cluster_id)
        self._informer.start()
        count = self._insist("the list of the fleet", comparison.run)
        log.info("the fleet is known", extra={"objects": count, "cluster": cluster})
        self.vitals.workers = self._make_workers(cluster)
        self._waiting_for = ""
        self.vitals.elector.start()

    def _make_workers(self, cluster: str) -> Workers:
        reconciler = Reconciler(
            cluster=self._client,
            engine=self._parts.engine,
            requests=PassRequests(
                self._index, self._feed.profiles, cluster, not self.settings.namespaces, self.settings.approve_rollout
            ),
            feed=self._feed,
            backoff=self._backoff,
            build_status=status.build,
            build_events=events.build,
            recorder=EventRecorder(self._client, self.vitals.elector.identity),
            observer=self._parts.observer,
            may_write=self.vitals.may_write,
        )
        return Workers(
            self.vitals.queue, reconciler.reconcile, reconciler.tell_crash, self._backoff, self.settings.workers
        )

    def _insist(self, what: str, action: Callable[[], T]) -> T:
        """Try until it succeeds; `/readyz` says what is waited for."""
        while True:
            try:
                return action()
            except ApiError as error:
                self._waiting_for = f"{what}: {error}"
                log.warning("waiting for %s: %s", what, error)
            if self._ended.wait(RETRY):
                raise NotStarted

    def _await_kinds(self) -> None:
        missing = {BUCKETS, PROFILES} - self._client.served_kinds()
        if missing:
            text = (
                f"not installed: {', '.join(sorted(missing))}; apply the CRDs (securebucket crd | kubectl apply -f -)"
            )
            raise ApiError(404, "NotFound", text, "discovery")

    def _begin_work(self) -> None:
        self._working.set()  # first: what changes while the queue is filled must not be lost
        self._feed.seed()
        if self.vitals.workers:
            self.vitals.workers.start()

    def _lose_lease(self) -> None:
        self._finish(End.CANNOT_GO_ON)

    def _lose_sight(self) -> None:
        self._finish(End.CANNOT_GO_ON)

    def _finish(self, end: End) -> None:
        self.vitals.stopping.set()
        self.vitals.queue.close()
        if not self._ended.is_set():
            self._end = end
            self._ended.set()

    def _shut_down(self) -> None:
        workers = self.vitals.workers
        idle = workers.stop(self.settings.stop_timeout) if workers else True
        # The Lease runs out by itself where a pass hangs in a call: that call may still be a write.
        self.vitals.elector.stop(release=idle and self._end is End.STOPPED)
        self._informer.stop(timeout=2.0)
        self._parts.close()
        self._transport.close()
        log.info("the operator has ended", extra={"finished": idle, "code": self._end.value})

    def _count(self, verb: str, code: str) -> None:
        self._parts.requested(verb, code)


def own_namespace() -> str:
    """Name the namespace that this pod runs in; `default` outside of one."""
    given = os.environ.get("POD_NAMESPACE", "")
    if given:
        return given
    return NAMESPACE_FILE.read_text().strip() if NAMESPACE_FILE.exists() else "default"


def run(settings: RunSettings, assemble: Assemble) -> int:
    """Run the operator in the main thread until SIGTERM or SIGINT, and give the exit code.

    Args:
        settings: how to run.
        assemble: makes the engine and the metrics for the operator's vitals.

    Raises:
        NotConnectedError: there is no way to a Kubernetes API.
    """
    configure_logs(settings.log_format, settings.log_level)
    operator = Operator(settings, assemble)
    for number in (signal.SIGTERM, signal.SIGINT):
        # In a thread: a handler that takes a lock, which the interrupted main thread may hold, can wait for ever.
        signal.signal(number, lambda _number, _frame: threading.Thread(target=operator.stop).start())
    return operator.run()
