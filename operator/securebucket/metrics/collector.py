"""One collector over the fleet's snapshot: no labelled gauge an object, so a scrape costs no lock and little memory."""

from collections.abc import Callable, Iterator

from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from securebucket.metrics.aggregates import aggregates
from securebucket.metrics.fleet import Fleet, Sighting
from securebucket.metrics.object_gauge import ObjectGauge, ObjectMetric, Roll, Row

ONE = 1.0


def _info(seen: Sighting) -> Iterator[Row]:
    yield (seen.bucket, seen.account, seen.region, seen.profile, seen.mode), ONE


def _condition(kind: str) -> Callable[[Sighting], Iterator[Row]]:
    def rows(seen: Sighting) -> Iterator[Row]:
        if kind in seen.conditions:
            yield (), seen.conditions[kind]

    return rows


def _drifted(seen: Sighting) -> Iterator[Row]:
    return (((control,), ONE) for control in seen.drifted)


def _failing(seen: Sighting) -> Iterator[Row]:
    """An exception in force has made `excepted` of it."""
    return (((check, severity), ONE) for check, severity, result in seen.verdicts if result == "fail")


def _verified(seen: Sighting) -> Iterator[Row]:
    if seen.verified_at:
        yield (), seen.verified_at


def _oldest(seen: Sighting) -> Iterator[Row]:
    if seen.oldest_reading:
        yield (), seen.oldest_reading


OBJECT_METRICS = (
    ObjectMetric(
        "securebucket_info",
        "Always 1; joins an object to its bucket.",
        ("bucket", "account", "region", "profile", "mode"),
        _info,
    ),
    ObjectMetric(
        "securebucket_ready",
        "1 when the object is Ready, 0 when not; absent while unknown.",
        (),
        _condition("Ready"),
    ),
    ObjectMetric(
        "securebucket_in_sync",
        "1 when all managed controls are as declared, 0 when not; absent while unknown.",
        (),
        _condition("InSync"),
    ),
    ObjectMetric(
        "securebucket_compliant",
        "1 when no serious check fails, 0 when one does; absent while unknown.",
        (),
        _condition("Compliant"),
    ),
    ObjectMetric(
        "securebucket_control_drifted", "1 while a control differs from what is declared.", ("control",), _drifted
    ),
    ObjectMetric(
        "securebucket_check_failing",
        "1 while a bucket fails a check and no exception is in force.",
        ("check", "severity"),
        _failing,
    ),
    ObjectMetric(
        "securebucket_last_verified_timestamp_seconds",
        "When the bucket was last verified (Unix time).",
        (),
        _verified,
    ),
    ObjectMetric(
        "securebucket_oldest_reading_timestamp_seconds",
        "When the document was read that the last verification knew from the longest time ago (Unix time).",
        (),
        _oldest,
    ),
)


class FleetCollector(Collector):
    """Turns the snapshot into metric families at scrape time.

    Args:
        fleet: what to read.
        leading: only the leader exports objects: two replicas would double every sum.
    """

    def __init__(self, fleet: Fleet, leading: Callable[[], bool]) -> None:
        self._fleet = fleet
        self._leading = leading

    def describe(self) -> Iterator[Metric]:
        """Name the families without reading the fleet: a scrape may ask for some of them (`?name[]=`)."""
        yield from self._families(Roll({}))

    def collect(self) -> Iterator[Metric]:
        """Return all families."""
        if self._leading():
            yield from self._families(Roll(self._fleet.snapshot()))

    @staticmethod
    def _families(roll: Roll) -> Iterator[Metric]:
        for metric in OBJECT_METRICS:
            yield ObjectGauge(metric, roll)
        yield from aggregates(roll.sightings.values())
