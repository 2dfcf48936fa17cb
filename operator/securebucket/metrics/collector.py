"""One collector over the fleet's snapshot: no labelled gauge an object, so a scrape costs no lock and little memory."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from securebucket.metrics.fleet import Fleet, Sighting
from securebucket.model.bucket import ObjectKey

OBJECT = ["namespace", "name"]
CONDITIONS = {
    "Ready": ("securebucket_ready", "1 when the object is Ready, 0 when not; absent while unknown."),
    "InSync": (
        "securebucket_in_sync",
        "1 when all managed controls are as declared, 0 when not; absent while unknown.",
    ),
    "Compliant": ("securebucket_compliant", "1 when no serious check fails, 0 when one does; absent while unknown."),
}
FRAMEWORK = "securebucket"


class FleetCollector(Collector):
    """Turns the snapshot into metric families at scrape time.

    Args:
        fleet: what to read.
        leading: only the leader exports objects: two replicas would double every sum.
    """

    def __init__(self, fleet: Fleet, leading: Callable[[], bool]) -> None:
        self._fleet = fleet
        self._leading = leading

    def describe(self) -> Iterable[Metric]:
        """Say nothing before the first scrape."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Give all families."""
        if not self._leading():
            return
        seen = self._fleet.snapshot()
        yield self._info(seen)
        for condition, (name, text) in CONDITIONS.items():
            family = GaugeMetricFamily(name, text, labels=OBJECT)
            for key, each in seen.items():
                if condition in each.conditions:
                    family.add_metric([key.namespace, key.name], each.conditions[condition])
            yield family
        yield self._drifted(seen)
        yield self._failing(seen)
        yield from self._aggregates(seen)
        verified = GaugeMetricFamily(
            "securebucket_last_verified_timestamp_seconds",
            "When the bucket was last verified (Unix time).",
            labels=OBJECT,
        )
        for key, each in seen.items():
            if each.verified_at:
                verified.add_metric([key.namespace, key.name], each.verified_at)
        yield verified

    @staticmethod
    def _info(seen: dict[ObjectKey, Sighting]) -> Metric:
        labels = ["namespace", "name", "bucket", "account", "region", "profile", "mode"]
        family = GaugeMetricFamily("securebucket_info", "Always 1; joins an object to its bucket.", labels=labels)
        for key, each in seen.items():
            row = [key.namespace, key.name, each.bucket, each.account, each.region, each.profile, each.mode]
            family.add_metric(row, 1.0)
        return family

    @staticmethod
    def _drifted(seen: dict[ObjectKey, Sighting]) -> Metric:
        family = GaugeMetricFamily(
            "securebucket_control_drifted", "1 while a control is not as declared.", labels=[*OBJECT, "control"]
        )
        for key, each in seen.items():
            for control in each.drifted:
                family.add_metric([key.namespace, key.name, control], 1.0)
        return family

    @staticmethod
    def _failing(seen: dict[ObjectKey, Sighting]) -> Metric:
        family = GaugeMetricFamily(
            "securebucket_check_failing", "1 while a bucket fails a check.", labels=[*OBJECT, "check", "severity"]
        )
        for key, each in seen.items():
            for check, severity, result in each.verdicts:
                if result == "fail":
                    family.add_metric([key.namespace, key.name, check, severity], 1.0)
        return family

    @staticmethod
    def _aggregates(seen: dict[ObjectKey, Sighting]) -> Iterator[Metric]:
        totals = Counter((check, result) for each in seen.values() for check, _, result in each.verdicts)
        checks = GaugeMetricFamily(
            "securebucket_checks", "Buckets by check and result.", labels=["framework", "check", "result"]
        )
        for (check, result), count in sorted(totals.items()):
            checks.add_metric([FRAMEWORK, check, result], count)
        yield checks
        passed = sum(count for (_, result), count in totals.items() if result == "pass")
        failed = sum(count for (_, result), count in totals.items() if result == "fail")
        score = GaugeMetricFamily(
            "securebucket_compliance_score_ratio", "Passed out of passed and failed checks.", labels=["framework"]
        )
        if passed + failed:
            score.add_metric([FRAMEWORK], passed / (passed + failed))
        yield score
