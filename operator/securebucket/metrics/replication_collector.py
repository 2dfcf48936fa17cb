"""How far replication is, read from the register at scrape time."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from securebucket.model.replication_progress import Progress
from securebucket.scan.replication_register import ReplicationRegister

ABSENT = "absent where the rule is not measured, and where CloudWatch tells nothing."
FAMILIES: Mapping[str, tuple[str, Callable[[Progress], float | None]]] = {
    "securebucket_replication_pending_operations": (
        f"Operations of a replication rule that wait; {ABSENT}",
        lambda progress: progress.pending_operations,
    ),
    "securebucket_replication_failed_operations": (
        f"Operations of a replication rule that failed within the last interval; {ABSENT}",
        lambda progress: progress.failed_operations,
    ),
    "securebucket_replication_pending_bytes": (
        f"Bytes of objects that wait for a replication rule; {ABSENT}",
        lambda progress: progress.pending_bytes,
    ),
    "securebucket_replication_latency_seconds": (
        f"Seconds by which the destination of a replication rule is behind; {ABSENT}",
        lambda progress: progress.latency,
    ),
}


class ReplicationCollector(Collector):
    """Gives a series for each rule that was measured.

    Args:
        register: what to read.
        leading: only the leader exports objects: two replicas would double every sum.
    """

    def __init__(self, register: ReplicationRegister, leading: Callable[[], bool]) -> None:
        self._register = register
        self._leading = leading

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Return all families."""
        if not self._leading():
            return
        measured = [(key, each.rule.id, each.progress) for key, each in self._register.all() if each.progress]
        for name, (text, value_of) in FAMILIES.items():
            family = GaugeMetricFamily(name, text, labels=["namespace", "name", "rule"])
            for key, rule, progress in measured:
                value = value_of(progress)
                if value is not None:
                    family.add_metric([key.namespace, key.name, rule], value)
            yield family
