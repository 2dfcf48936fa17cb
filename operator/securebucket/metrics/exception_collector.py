"""When exceptions end, for alerts: read from what the operator knows at each scrape, so nothing is left over."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector


@dataclass(frozen=True, slots=True)
class Expiry:
    """The end of one exception for one bucket.

    Args:
        namespace: of the BucketException.
        name: of the BucketException.
        bucket: that it is about.
        check: that the bucket may fail.
        at: Unix time; in the past for one that has ended and is still there.
    """

    namespace: str
    name: str
    bucket: str
    check: str
    at: float


class ExceptionCollector(Collector):
    """Gives a series for each exception and bucket.

    Args:
        expiries: gives all of them as they are now.
        leading: only the leader exports objects: two replicas would double every sum.
    """

    def __init__(self, expiries: Callable[[], Iterable[Expiry]], leading: Callable[[], bool]) -> None:
        self._expiries = expiries
        self._leading = leading

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Return the one family."""
        if not self._leading():
            return
        family = GaugeMetricFamily(
            "securebucket_exception_expiry_timestamp_seconds",
            "When a BucketException ends (Unix time); one that has ended stays until it is deleted.",
            labels=["namespace", "name", "bucket", "check"],
        )
        for each in self._expiries():
            family.add_metric([each.namespace, each.name, each.bucket, each.check], each.at)
        yield family
