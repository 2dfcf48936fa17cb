"""The operator process: puts the parts together, runs until it is told to end or cannot go on, and ends in order."""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import TypeVar

from securebucket import __version__
from securebucket.changes.event_intake import EventReading
from securebucket.dispatch.backoff import Backoff
from securebucket.dispatch.periodic import Periodic
from securebucket.dispatch.work_queue import WorkQueue
from securebucket.dispatch.workers import Workers
from securebucket.fleet.index import Index
from securebucket.fleet.profiles import Profiles
from securebucket.kube.client import Client
from securebucket.kube.connection import load_connection, own_namespace
from securebucket.kube.lease_client import LeaseClient
from securebucket.kube.recorder import EventRecorder
from securebucket.kube.transport import Transport
from securebucket.model.api_error import ApiError
from securebucket.process.account_round import AccountRound
from securebucket.process.exception_keeper import ExceptionKeeper
from securebucket.process.feed import FleetFeed
from securebucket.process.health import HealthServer, Pulse
from securebucket.process.lease import Elector, own_identity
from securebucket.process.logs import configure_logs
from securebucket.process.lookout import Lookout
from securebucket.process.observers import Observers
from securebucket.process.pass_requests import PassRequests
from securebucket.process.reconciler import Reconciler
from securebucket.process.settings import RunSettings
from securebucket.process.tenure import Tenure
from securebucket.process.vitals import Assemble, Parts, Vitals
from securebucket.reporting.report_writer import ReportWriter
from securebucket.reporting.result_register import ResultRegister
from securebucket.scan.replication_survey import ROUND

log = logging.getLogger(__name__)

T = TypeVar("T")

LATENCY = 0.5
"""Seconds after which a signal is noticed at the latest."""
FAREWELL = 0.5
"""Seconds for passes that end by themselves; one that hangs in a read keeps nobody waiting."""


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
    _lookout: Lookout = field(init=False)
    _results: ResultRegister = field(default_factory=ResultRegister)
    _recorder: EventRecorder = field(init=False)
    _exceptions: Periodic = field(init=False)
    _backoff: Backoff = field(default_factory=Backoff)
    _events: EventReading = field(init=False)
    _tenure: Tenure | None = None
    _working: threading.Event = field(default_factory=threading.Event)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)
    _end: End = End.STOPPED
    _waiting_for: str = "the operator starts"

    def __post_init__(self) -> None:
        settings = self.settings
        self._transport = Transport(load_connection(settings.kubeconfig, threads=settings.workers), self._count)
        self._client = Client(self._transport)
        self._index = Index(settings.default_profile)
        lease = LeaseClient(self._transport, settings.lease_namespace or own_namespace(), settings.lease_name)
        identity = settings.identity or own_identity()
        elector = Elector(lease, identity, self._begin_work, lambda: self._finish(End.CANNOT_GO_ON), settings.lease)
        queue = WorkQueue(account_of=self._index.profile_name, workers=settings.workers)
        self.vitals = Vitals(queue, elector, gate=self._transport.gate, fleet_size=lambda: len(self._index.records()))
        self._feed = FleetFeed(
            self._index,
            self.vitals.queue,
            self._backoff,
            Profiles(self._client.get_profile),
            self._working.is_set,
            settings.default_interval,
            tell_keeper=self._wake_keeper,
        )
        self._lookout = Lookout(self._client, self._feed, settings, self._count)
        self._recorder = EventRecorder(self._client, self.vitals.elector.identity, interval=settings.event_interval)
        keeper = ExceptionKeeper(self._client, self._feed, self._recorder, self.vitals.may_write)
        self._exceptions = Periodic("exceptions", settings.exception_interval, keeper.look, keeper.next_look)
        self.vitals.expiries = keeper.expiries
        self.vitals.exceptions = keeper.reported
        self._parts = self.assemble(self.vitals)
        self._events = EventReading(self._parts.events, self._index, self.vitals.queue, self.vitals.may_write)

    def run(self) -> int:
        """Run until the end, and give the exit code: 0 when told to end, 1 when a restart is needed."""
        settings = self.settings
        identity = self.vitals.elector.identity
        log.info("securebucket %s starts", __version__, extra={"identity": identity})
        if settings.observe_only:
            log.info("observing only: no bucket is created, corrected or deleted, whatever mode an object asks for")
        health = HealthServer(self.pulse, settings.health_host, settings.health_port)
        self.health_port = health.start()
        tasks = [*self._lookout.tasks(), self._exceptions]
        if settings.reports:
            writer = ReportWriter(
                self._client,
                settings.reports,
                self._results,
                self._index.keys,
                self.vitals.may_write,
                settings.namespaces,
            )
            tasks.append(Periodic("reports", settings.report_interval, writer.run))
        # In a thread: a server that does not answer must not keep a process from ending that is told to.
        threading.Thread(target=self._start, args=(tasks,), name="start", daemon=True).start()
        # A signal that comes just before the wait is only noticed after it: without an end, SIGTERM would get lost.
        while not self._ended.wait(LATENCY):
            pass
        for task in tasks:
            task.stop()
        self._shut_down()
        health.stop()
        return self._end.value

    def stop(self) -> None:
        """End in order: begin no further call, finish the writes that are under way, hand over the Lease."""
        log.info("the operator is told to stop")
        self._finish(End.STOPPED)

    def pulse(self) -> Pulse:
        """Take the operator's pulse."""
        workers = self.vitals.workers
        return Pulse(
            leading=self.vitals.leading(),
            synced=self._index.complete,
            stopping=self.vitals.stopping.is_set(),
            informer_alive=self._lookout.alive(),
            watch_quiet_for=self._lookout.quiet_for(),
            longest_pass=workers.longest_running() if workers else 0.0,
            overdue=self.vitals.queue.oldest_overdue(),
            busy=self.vitals.workers_busy(),
            interval=self.settings.default_interval,
            waiting_for=self._waiting_for or self._lookout.informer.waiting_for(),
        )

    def _start(self, tasks: Sequence[Periodic]) -> None:
        try:
            cluster = self._get_to_know()
        except NotStarted:
            return
        except Exception:  # the thread's outermost edge: a process that never begins has to be seen to end
            log.exception("the operator cannot start")
            self._finish(End.CANNOT_GO_ON)
            return
        with self._turn:  # all of it begins, or nothing: what begins after the end would never be stopped
            if self._ended.is_set():
                return
            self.vitals.workers = workers = self._make_workers(cluster)
            self._tenure = Tenure(
                self._make_all_due, workers, self._events, self._watch_accounts(), self._measure_replication()
            )
            self._waiting_for = ""
            self.vitals.elector.start()
            for task in tasks:
                task.start()

    def _get_to_know(self) -> str:
        """Come to know the fleet, and only then stand for election: a standby knows everything already."""
        self._insist("the CRDs", self._lookout.await_kinds)
        cluster = self.settings.cluster_id or self._insist("the cluster's id", self._client.cluster_id)
        self._lookout.begin(self._insist)
        log.info("the fleet is known", extra={"objects": len(self._index.records()), "cluster": cluster})
        return cluster

    def _make_workers(self, cluster: str) -> Workers:
        reconciler = Reconciler(
            client=self._client,
            engine=self._parts.engine,
            requests=PassRequests(
                self._index,
                self._feed.profiles,
                cluster,
                not self.settings.namespaces,
                self.settings.approve_rollout,
                self._feed.exceptions,
                self._events.register.changes,
            ),
            feed=self._feed,
            backoff=self._backoff,
            recorder=self._recorder,
            observer=Observers(
                (self._parts.observer, *([self._results] if self.settings.reports else []), *self._events.observers)
            ),
            may_write=self.vitals.may_write,
            observe_only=self.settings.observe_only,
            going=self.vitals.going,
        )
        return Workers(
            self.vitals.queue, reconciler.reconcile, reconciler.tell_crash, self._backoff, self.settings.workers
        )

    def _wake_keeper(self) -> None:
        self._exceptions.wake()

    def _insist(self, what: str, action: Callable[[], T]) -> T:
        """Try until it succeeds; `/readyz` says what is waited for."""
        while True:
            try:
                return action()
            except ApiError as error:
                self._waiting_for = f"{what}: {error}"
                log.warning("waiting for %s: %s", what, error)
            if self._ended.wait(self.settings.start_interval):
                raise NotStarted

    def _begin_work(self) -> None:
        if self._tenure:  # there is one before the elector starts
            self._tenure.begin()

    def _make_all_due(self) -> None:
        self._working.set()  # first: what changes while the queue is filled must not be lost
        self._feed.seed()
        self._exceptions.wake()

    def _watch_accounts(self) -> Periodic | None:
        """Make the task that looks at the accounts, if wanted: in a thread of its own, so that no pass waits for it."""
        settings, surveyor = self.settings, self._parts.accounts
        if surveyor is None:
            return None
        if settings.namespaces:
            log.info("buckets that no SecureBucket covers are not counted: the operator watches some namespaces only")
        task = AccountRound(
            self._index, self._feed.profiles, not settings.namespaces, surveyor, going=self.vitals.may_write
        )
        return Periodic("accounts", settings.account_interval, task.run, first=settings.account_delay)

    def _measure_replication(self) -> Periodic | None:
        """Make the task that has replication measured, where a profile asks for it: in a thread of its own too."""
        survey = self._parts.replication
        if survey is None:
            return None
        action = partial(survey.run, self.vitals.may_write)
        return Periodic("replication", ROUND, action, first=self.settings.account_delay)

    def _finish(self, end: End) -> None:
        self.vitals.stop()
        if not self._ended.is_set():
            self._end = end
            self._ended.set()

    def _shut_down(self) -> None:
        with self._turn:  # a start that is under way comes to its end first, so that all of it can be stopped
            tenure = self._tenure
        if tenure:
            tenure.end(0.0)
        written = self.vitals.gate.wait(self.settings.stop_timeout)
        # A write that hangs may still come through: the Lease runs out by itself then. Reads may hang as they like.
        self.vitals.elector.stop(release=written and self._end is End.STOPPED)
        finished = tenure.end(FAREWELL) if tenure else True
        self._lookout.stop()
        self._parts.close()
        self._transport.close()
        log.info("the operator has ended", extra={"finished": finished, "written": written, "code": self._end.value})

    def _count(self, verb: str, code: str) -> None:
        self._parts.requested(verb, code)


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
