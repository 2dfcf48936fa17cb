"""Counters and histograms: their names, their labels, and what moves them."""

import datetime as dt
from dataclasses import replace

import pytest
from tests.engine.builders import NOW
from tests.status.builders import PROPOSAL, control, corrected, failed, outcome, status_after

from securebucket import __version__
from securebucket.api.spec import Mode
from securebucket.api.status import ControlState
from securebucket.controls import CONTROLS
from securebucket.engine.outcome import Outcome
from securebucket.metrics.instruments import Instruments, QueueCollector, result_of
from securebucket.model.bucket import ObjectKey
from securebucket.model.event_message import QueuePlace
from securebucket.model.failure import Failure
from securebucket.model.reported_change import ReportedChange

KEY = ObjectKey("payments", "invoices")
QUEUE = QueuePlace("https://sqs.example/111122223333/events", "eu-west-1", "111122223333", "events")
LATER = Failure("Throttled", "busy", retry=True)
NEVER = Failure("AdoptionRequired", "adopt")
DRIFTED = control("Drifted", drifted=True)


@pytest.fixture
def instruments() -> Instruments:
    return Instruments(lambda: True)


def observe(instruments: Instruments, made: Outcome, *, seconds: float = 1.0, after: float = 0.0) -> None:
    """Take in a pass that ended `after` seconds from the start."""
    made = replace(made, at=NOW + dt.timedelta(seconds=after))
    instruments.observed(KEY, "acme-invoices", made, status_after(made), seconds)


def value(instruments: Instruments, name: str, /, **labels: str) -> float | None:
    return instruments.registry.get_sample_value(f"securebucket_{name}", labels)


# Names

NAMES = {
    "securebucket_drift_detected": ("counter", {"control"}),
    "securebucket_drift_corrected": ("counter", {"control"}),
    "securebucket_drift_detection_seconds": ("histogram", set()),
    "securebucket_drift_repair_seconds": ("histogram", set()),
    "securebucket_reconcile": ("counter", {"result"}),
    "securebucket_reconcile_duration_seconds": ("histogram", set()),
    "securebucket_queue_depth": ("gauge", {"priority"}),
    "securebucket_workers_busy": ("gauge", set()),
    "securebucket_aws_requests": ("counter", {"service", "operation", "code"}),
    "securebucket_aws_request_duration_seconds": ("histogram", set()),
    "securebucket_kubernetes_requests": ("counter", {"verb", "code"}),
    "securebucket_event_messages": ("counter", {"result"}),
    "securebucket_event_queue_last_read_timestamp_seconds": ("gauge", {"account", "region", "queue"}),
    "securebucket_build_info": ("gauge", {"version"}),
    "securebucket_leader": ("gauge", set()),
}
"""As the library names them: a counter's samples end with `_total`."""


@pytest.fixture
def busy(instruments: Instruments) -> Instruments:
    """Instruments that have seen one of everything, but no object."""
    instruments.registry.register(QueueCollector(lambda: {"sweep": 3}, lambda: 2))
    observe(instruments, outcome(corrected()))
    instruments.gone(KEY)
    instruments.aws_request("s3", "GetBucketPolicy", "200", 0.1)
    instruments.kube_request("patch", "200")
    instruments.polled(QUEUE)
    return instruments


def test_names_types_and_labels(busy: Instruments) -> None:
    found = {
        family.name: (family.type, {name for sample in family.samples for name in sample.labels} - {"le"})
        for family in busy.registry.collect()
        if family.samples
    }
    assert found == NAMES


def test_counters_end_with_total_and_have_no_second_series(busy: Instruments) -> None:
    samples = {each.name for family in busy.registry.collect() for each in family.samples}
    assert {f"{name}_total" for name, (kind, _) in NAMES.items() if kind == "counter"} <= samples
    assert [each for each in samples if each.endswith("_created")] == []


def test_every_control_has_its_drift_counters_from_the_start(instruments: Instruments) -> None:
    """A counter that appears with the value 1 has no rate."""
    for name in ("drift_detected_total", "drift_corrected_total"):
        assert {value(instruments, name, control=control.name) for control in CONTROLS} == {0.0}


def test_the_version_is_told(instruments: Instruments) -> None:
    assert value(instruments, "build_info", version=__version__) == 1.0


def test_the_queue_is_read_when_it_is_scraped(instruments: Instruments) -> None:
    depth = {"spec": 1, "sweep": 0}
    instruments.registry.register(QueueCollector(lambda: depth, lambda: 2))
    depth["sweep"] = 7
    assert [value(instruments, "queue_depth", priority=each) for each in depth] == [1.0, 7.0]
    assert value(instruments, "workers_busy") == 2.0


# Requests


def test_requests_to_aws_are_counted_by_code_and_timed(instruments: Instruments) -> None:
    instruments.aws_request("s3", "GetBucketPolicy", "200", 0.25)
    instruments.aws_request("s3", "GetBucketPolicy", "SlowDown", 0.5)
    for code in ("200", "SlowDown"):
        assert value(instruments, "aws_requests_total", service="s3", operation="GetBucketPolicy", code=code) == 1.0
    assert value(instruments, "aws_request_duration_seconds_sum") == 0.75


def test_requests_to_kubernetes_are_counted(instruments: Instruments) -> None:
    instruments.kube_request("patch", "409")
    assert value(instruments, "kubernetes_requests_total", verb="patch", code="409") == 1.0


# Passes


@pytest.mark.parametrize(
    ("made", "result"),
    [
        (outcome(), "success"),
        (outcome(corrected()), "success"),
        (outcome(control("Drifted", reason="Contended")), "success"),
        (outcome(mode=Mode.OBSERVE), "observed"),
        (outcome(control("Pending"), proposal=PROPOSAL), "waiting"),
        (outcome(control("Failed", retry=True)), "retry"),
        (outcome(control("Unknown", retry=True), control("Failed", "policy")), "retry"),
        (outcome(control("Failed"), proposal=PROPOSAL), "stalled"),
        (failed(LATER), "retry"),
        (failed(NEVER), "stalled"),
    ],
)
def test_result_of_a_pass(made: Outcome, result: str) -> None:
    assert result_of(made) == result


def test_passes_are_counted_by_result_and_timed(instruments: Instruments) -> None:
    observe(instruments, outcome(), seconds=0.5)
    observe(instruments, failed(LATER), seconds=1.5)
    assert value(instruments, "reconcile_total", result="success") == 1.0
    assert value(instruments, "reconcile_total", result="retry") == 1.0
    assert value(instruments, "reconcile_duration_seconds_sum") == 2.0


# Drift


@pytest.mark.parametrize(
    ("made", "detected", "corrected_too"),
    [
        pytest.param(outcome(), 0, 0, id="none"),
        pytest.param(outcome(control("Drifted")), 0, 0, id="told before"),
        pytest.param(outcome(control(applied=("PutBucketVersioning",))), 0, 0, id="our own new wish"),
        pytest.param(outcome(DRIFTED), 1, 0, id="only seen"),
        pytest.param(outcome(replace(DRIFTED, state=ControlState.FAILED)), 1, 0, id="could not be put back"),
        pytest.param(outcome(corrected()), 1, 1, id="put back"),
    ],
)
def test_drift_is_counted(instruments: Instruments, made: Outcome, detected: int, corrected_too: int) -> None:
    observe(instruments, made)
    assert value(instruments, "drift_detected_total", control="versioning") == detected
    assert value(instruments, "drift_corrected_total", control="versioning") == corrected_too
    assert value(instruments, "drift_repair_seconds_count") == corrected_too


def test_drift_is_counted_for_the_control_that_drifted(instruments: Instruments) -> None:
    observe(instruments, outcome(control(), corrected("policy")))
    assert value(instruments, "drift_detected_total", control="policy") == 1.0
    assert value(instruments, "drift_detected_total", control="versioning") == 0.0


def test_a_change_was_there_at_most_since_the_last_look(instruments: Instruments) -> None:
    observe(instruments, outcome())
    observe(instruments, failed(LATER), after=40)
    observe(instruments, outcome(DRIFTED), after=90)
    assert value(instruments, "drift_detection_seconds_sum") == 90.0


def test_the_first_look_of_a_process_tells_no_time_of_detection(instruments: Instruments) -> None:
    observe(instruments, outcome(DRIFTED))
    assert value(instruments, "drift_detection_seconds_count") == 0.0


def test_an_event_tells_exactly_when_a_change_was_made(instruments: Instruments) -> None:
    told = ReportedChange("PutBucketVersioning", "acme-invoices", "111122223333", NOW + dt.timedelta(seconds=85))
    observe(instruments, outcome())
    observe(instruments, outcome(replace(DRIFTED, change=told)), after=90)
    assert value(instruments, "drift_detection_seconds_sum") == 5.0


def test_a_clock_that_is_behind_makes_no_time_negative(instruments: Instruments) -> None:
    told = ReportedChange("PutBucketVersioning", "acme-invoices", "111122223333", NOW + dt.timedelta(seconds=5))
    observe(instruments, outcome(replace(DRIFTED, change=told)))
    assert value(instruments, "drift_detection_seconds_sum") == 0.0
    assert value(instruments, "drift_detection_seconds_count") == 1.0


def test_messages_and_polls_of_the_queues_of_events(instruments: Instruments) -> None:
    place = {"account": "111122223333", "region": "eu-west-1", "queue": "events"}
    assert value(instruments, "event_queue_last_read_timestamp_seconds", **place) is None
    for result in ("matched", "own", "matched"):
        instruments.event(result)
    instruments.polled(QUEUE)
    assert [value(instruments, "event_messages_total", result=each) for each in ("matched", "own", "malformed")] == [
        2.0,
        1.0,
        0.0,
    ]
    assert (value(instruments, "event_queue_last_read_timestamp_seconds", **place) or 0.0) > NOW.timestamp()


def test_the_time_of_repair_is_the_pass(instruments: Instruments) -> None:
    observe(instruments, outcome(corrected()), seconds=2.5)
    assert value(instruments, "drift_repair_seconds_sum") == 2.5


# Objects


def test_an_object_has_series_until_it_is_gone(instruments: Instruments) -> None:
    me = {"namespace": "payments", "name": "invoices"}
    observe(instruments, outcome())
    assert value(instruments, "ready", **me) == 1.0
    instruments.gone(KEY)
    assert value(instruments, "ready", **me) is None


def test_a_process_that_does_not_lead_counts_its_own_work_only() -> None:
    follower = Instruments(lambda: False)
    observe(follower, outcome())
    assert value(follower, "ready", namespace="payments", name="invoices") is None
    assert value(follower, "reconcile_total", result="success") == 1.0


def test_every_replica_says_whether_it_leads() -> None:
    leads = False
    replica = Instruments(lambda: leads)
    assert value(replica, "leader") == 0.0
    leads = True
    assert value(replica, "leader") == 1.0


def test_two_processes_in_one_do_not_share_their_numbers(instruments: Instruments) -> None:
    observe(Instruments(lambda: True), outcome())
    assert value(instruments, "reconcile_duration_seconds_count") == 0.0
