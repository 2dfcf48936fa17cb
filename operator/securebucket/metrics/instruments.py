"""Counters and histograms, bumped where things happen. Names are in `docs/reference/metrics.md`."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from securebucket import __version__
from securebucket.api.spec import Mode
from securebucket.api.status import ControlState, SecureBucketStatus
from securebucket.controls import CONTROLS
from securebucket.engine.outcome import Outcome
from securebucket.metrics.collector import FleetCollector
from securebucket.metrics.fleet import Fleet, sighting_of
from securebucket.model.bucket import ObjectKey
from securebucket.model.event_message import QueuePlace

LATENCY = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
EVENT_RESULTS = ("matched", "unmatched", "own", "account", "ignored", "malformed")
"""What a message of a queue of events was about: a bucket of ours, one of others, our own call, a whole account,
nothing that matters; or it was not an event at all."""
DRIFT = (1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 21600, 86400)


class QueueCollector(Collector):
    """Reads the queue when it is scraped."""

    def __init__(self, depth: Callable[[], Mapping[str, int]], busy: Callable[[], int]) -> None:
        self._depth = depth
        self._busy = busy

    def collect(self) -> list[GaugeMetricFamily]:
        """Return depth by priority and busy workers."""
        depth = GaugeMetricFamily("securebucket_queue_depth", "Objects that wait for a pass.", labels=["priority"])
        for priority, count in self._depth().items():
            depth.add_metric([priority], count)
        busy = GaugeMetricFamily("securebucket_workers_busy", "Workers in a pass.")
        busy.add_metric([], self._busy())
        return [depth, busy]


class Instruments:
    """All metrics of one process, in a registry of its own.

    Args:
        leading: whether this process exports the fleet.
    """

    def __init__(self, leading: Callable[[], bool]) -> None:
        disable: Any = disable_created_metrics  # the library has no type for it
        disable()  # a second series for every counter, which nobody asks for
        self.registry = CollectorRegistry()
        self.fleet = Fleet()
        self.registry.register(FleetCollector(self.fleet, leading))
        self.drift_detected = self._counter(
            "drift_detected", "Drift that was detected: changes by others.", ["control"]
        )
        self.drift_corrected = self._counter("drift_corrected", "Drift that was corrected.", ["control"])
        for control in CONTROLS:
            self.drift_detected.labels(control.name)
            self.drift_corrected.labels(control.name)
        self.drift_detection = self._histogram(
            "drift_detection_seconds",
            "From a change to when it was seen: where no event reported it, the longest time possible.",
            DRIFT,
        )
        self.drift_repair = self._histogram("drift_repair_seconds", "From seeing a change to its correction.", LATENCY)
        self.passes = self._counter("reconcile", "Passes by result.", ["result"])
        self.pass_duration = self._histogram("reconcile_duration_seconds", "How long a pass takes.", LATENCY)
        self.aws_requests = self._counter(
            "aws_requests", "Requests to AWS, reads and retries included.", ["service", "operation", "code"]
        )
        self.aws_duration = self._histogram("aws_request_duration_seconds", "How long a request to AWS takes.", LATENCY)
        self.kube_requests = self._counter("kubernetes_requests", "Requests to the Kubernetes API.", ["verb", "code"])
        self.event_messages = self._counter(
            "event_messages", "Messages of the queues of events, by what came of them.", ["result"]
        )
        for told in EVENT_RESULTS:
            self.event_messages.labels(told)
        self.event_queue_read = Gauge(
            "securebucket_event_queue_last_read_timestamp_seconds",
            "When a queue of events was last read, with or without a message in it (Unix time).",
            ["account", "region", "queue"],
            registry=self.registry,
        )
        build = Gauge(
            "securebucket_build_info", "Always 1; the version of the operator.", ["version"], registry=self.registry
        )
        build.labels(__version__).set(1)
        leader = Gauge("securebucket_leader", "1 on the replica that leads, 0 on the others.", registry=self.registry)
        leader.set_function(leading)

    def _counter(self, name: str, text: str, labels: list[str]) -> Counter:
        return Counter(f"securebucket_{name}", text, labels, registry=self.registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(f"securebucket_{name}", text, registry=self.registry, buckets=buckets)

    def aws_request(self, service: str, operation: str, code: str, seconds: float) -> None:
        """Count one request to AWS."""
        self.aws_requests.labels(service, operation, code).inc()
        self.aws_duration.observe(seconds)

    def kube_request(self, verb: str, code: str) -> None:
        """Count one request to the Kubernetes API."""
        self.kube_requests.labels(verb, code).inc()

    def event(self, result: str) -> None:
        """Count one message by one of `EVENT_RESULTS`."""
        self.event_messages.labels(result).inc()

    def polled(self, place: QueuePlace) -> None:
        """Take in that a queue was read just now, or that reading it began."""
        self.event_queue_read.labels(place.account_id, place.region, place.name).set_to_current_time()

    def observed(
        self, key: ObjectKey, bucket_name: str, outcome: Outcome, status: SecureBucketStatus, seconds: float
    ) -> None:
        """Take in one finished pass of `seconds`."""
        before = self.fleet.get(key)
        self.fleet.see(key, sighting_of(outcome, status, bucket_name, before))
        self.passes.labels(result_of(outcome)).inc()
        self.pass_duration.observe(seconds)
        for control in outcome.controls:
            if control.drifted:
                self.drift_detected.labels(control.name).inc()
                if control.change is not None:
                    self.drift_detection.observe(max(0.0, (outcome.at - control.change.at).total_seconds()))
                elif before and before.verified_at:
                    self.drift_detection.observe(max(0.0, outcome.at.timestamp() - before.verified_at))
            if control.state is ControlState.CORRECTED:
                self.drift_corrected.labels(control.name).inc()
                self.drift_repair.observe(seconds if control.drifted else seconds + _since_detected(outcome, status))

    def gone(self, key: ObjectKey) -> None:
        """Drop all series of an object."""
        self.fleet.drop(key)


def _since_detected(outcome: Outcome, status: SecureBucketStatus) -> float:
    """Return the seconds since an earlier pass found the drift that this one has corrected."""
    detected = status.drift.last_detected_at if status.drift else None
    if detected is None:
        return 0.0
    return max(0.0, (outcome.at - dt.datetime.fromisoformat(detected)).total_seconds())


def result_of(outcome: Outcome) -> str:
    """Name a pass's result for the label: `success`, `waiting`, `retry`, `stalled`, or `observed`."""
    if outcome.failure is not None:
        return "retry" if outcome.failure.retry else "stalled"
    if any(each.retry for each in outcome.controls):
        return "retry"
    if any(each.state is ControlState.FAILED for each in outcome.controls):
        return "stalled"
    if outcome.proposal is not None:
        return "waiting"
    return "observed" if outcome.mode is Mode.OBSERVE else "success"
