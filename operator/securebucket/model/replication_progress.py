"""How far the copies of a replication rule are, as S3 has CloudWatch tell it.

What waits is told in the region of the destination, and what failed in that of the source:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Measure(Enum):
    """A metric of S3 about one rule: its name and the statistic that is asked for."""

    PENDING_OPERATIONS = ("OperationsPendingReplication", "Maximum")
    PENDING_BYTES = ("BytesPendingReplication", "Maximum")
    LATENCY = ("ReplicationLatency", "Maximum")
    FAILED_OPERATIONS = ("OperationsFailedReplication", "Sum")

    @property
    def at_source(self) -> bool:
        """Whether it is told in the region of the source."""
        return self is Measure.FAILED_OPERATIONS


@dataclass(frozen=True, slots=True)
class MetricQuery:
    """One metric of one rule.

    Args:
        measure: what is asked.
        source: name of the bucket that is copied.
        destination: name of the bucket that it is copied to.
        rule: the rule's id.
    """

    measure: Measure
    source: str
    destination: str
    rule: str


@dataclass(frozen=True, slots=True)
class CopyingRule:
    """A rule that is applied.

    Args:
        id: of the rule.
        destination: name of the bucket that it copies to.
        region: where that lies; empty where that is not known.
        measured: whether S3 measures it: the rule has metrics or Replication Time Control on.
    """

    id: str
    destination: str
    region: str
    measured: bool

    def queries(self, source: str, source_region: str) -> dict[MetricQuery, str]:
        """Give what can be asked about it, each with the region where it is asked."""
        places = {each: source_region if each.at_source else self.region for each in Measure}
        asked = {MetricQuery(each, source, self.destination, self.id): place for each, place in places.items() if place}
        return asked if self.measured else {}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rule is; None where CloudWatch tells nothing: where nothing was to be copied, or it may not be asked.

    Args:
        pending_operations: that wait.
        failed_operations: that failed within the last interval, and are not tried again.
        pending_bytes: of objects that wait.
        latency: seconds by which the destination is behind.
        unread: why some of it could not be asked; empty else.
    """

    pending_operations: float | None = None
    failed_operations: float | None = None
    pending_bytes: float | None = None
    latency: float | None = None
    unread: str = ""


def progress_of(values: Mapping[Measure, tuple[float, ...]], unread: str = "") -> Progress:
    """Make it of what CloudWatch told, the newest values first: what waits is as of now, what failed is summed up."""

    def newest(measure: Measure) -> float | None:
        return next(iter(values.get(measure, ())), None)

    failed = values.get(Measure.FAILED_OPERATIONS)
    return Progress(
        pending_operations=newest(Measure.PENDING_OPERATIONS),
        failed_operations=sum(failed) if failed else None,
        pending_bytes=newest(Measure.PENDING_BYTES),
        latency=newest(Measure.LATENCY),
        unread=unread,
    )
