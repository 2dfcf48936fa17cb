"""What the rest of the process may ask of the running operator: whether it leads, may write, and how busy it is."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from securebucket.changes.event_intake import EventFeed
from securebucket.dispatch.work_queue import WorkQueue
from securebucket.dispatch.workers import Workers
from securebucket.dispatch.write_gate import WriteGate
from securebucket.engine.engine import Engine
from securebucket.kube.transport import Requested
from securebucket.metrics.exception_collector import Expiry
from securebucket.process.lease import Elector
from securebucket.process.observers import Observer
from securebucket.report.audit_report import ReportedException
from securebucket.scan.account_survey import AccountSurvey
from securebucket.scan.replication_survey import ReplicationSurvey


@dataclass(slots=True)
class Vitals:
    """The operator's state, for the engine, the metrics and the health paths.

    Args:
        queue: what is due.
        elector: who leads.
        stopping: set once the process is to end.
        gate: passed by every write; closed once the process is to end.
        workers: the threads; absent until they are made.
        expiries: gives the end of every exception for every bucket that it is about.
        exceptions: gives every exception for the audit report.
        fleet_size: counts the objects that are known.
    """

    queue: WorkQueue
    elector: Elector
    stopping: threading.Event = field(default_factory=threading.Event)
    gate: WriteGate = field(default_factory=WriteGate)
    workers: Workers | None = None
    expiries: Callable[[], Iterable[Expiry]] = tuple
    exceptions: Callable[[], Iterable[ReportedException]] = tuple
    fleet_size: Callable[[], int] = lambda: 0

    def leading(self) -> bool:
        """Tell whether this replica leads."""
        return self.elector.leading()

    def leader(self) -> str:
        """Return the identity of the replica that leads; empty while nobody is known to."""
        return self.elector.leader()

    def may_write(self) -> bool:
        """Tell whether something may be written now; to be asked before every single write."""
        return self.elector.may_write() and not self.stopping.is_set()

    def going(self) -> bool:
        """Tell whether another call may begin; false once the process is to end."""
        return not self.stopping.is_set()

    def stop(self) -> None:
        """Begin nothing more: no pass, no call and no write. What is under way comes to its end."""
        self.stopping.set()
        self.gate.close()
        self.queue.close()

    def queue_depth(self) -> Mapping[str, int]:
        """Count the objects that wait for a pass, by priority: `spec_change`, `deletion`, `retry`, `sweep`."""
        return {priority.name.lower(): count for priority, count in self.queue.depth().items()}

    def workers_busy(self) -> int:
        """Count the passes that run now."""
        return self.workers.busy() if self.workers else 0

    def passing(self) -> bool:
        """Tell whether a pass runs now."""
        return self.workers_busy() > 0


@dataclass(frozen=True, slots=True)
class Parts:
    """What the operator is put together with.

    Args:
        engine: acts on the buckets; it must ask `Vitals.may_write` before every write.
        observer: gets the outcomes.
        requested: told of each request to the Kubernetes API.
        close: called at the end.
        accounts: looks at the accounts in use; absent where that is not wanted.
        events: tells of changes; absent where nobody does.
        replication: measures replication; absent where that is not wanted.
    """

    engine: Engine
    observer: Observer
    requested: Requested
    close: Callable[[], None]
    accounts: AccountSurvey | None = None
    events: EventFeed | None = None
    replication: ReplicationSurvey | None = None


Assemble = Callable[[Vitals], Parts]
"""Makes the parts for an operator that is about to start."""
