import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.dispatch.clock import Clock

from securebucket.kube.recorder import EventRecorder
from securebucket.model.api_error import ApiError, MissingError
from securebucket.model.bucket import ObjectKey
from securebucket.status.events import EventRecord

KEY = ObjectKey("payments", "invoices")
DRIFT = EventRecord("Warning", "VersioningCorrected", "Correct", "versioning: somebody changed status")


@dataclass
class EventsInMemory:
    """Takes Events; `fails` is raised by every request."""

    created: list[dict[str, Any]] = field(default_factory=list)
    patched: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    fails: ApiError | None = None
    expired: bool = False

    def create_event(self, _namespace, event):
        if self.fails:
            raise self.fails
        self.created.append(event)

    def patch_event(self, _namespace, name, patch):
        if self.expired:
            raise MissingError(404, "NotFound", "", "")
        self.patched.append((name, patch))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def events():
    return EventsInMemory()


@pytest.fixture
def recorder(events, clock):
    noon = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
    return EventRecorder(events, "pod-1", clock, lambda: noon, capacity=3)


def test_an_event_names_the_object_and_says_what_happened(recorder, events):
    recorder.record(KEY, "uid-1", DRIFT)
    (event,) = events.created
    assert event["regarding"] == {
        "apiVersion": "securebucket.io/v1alpha1",
        "kind": "SecureBucket",
        "namespace": "payments",
        "name": "invoices",
        "uid": "uid-1",
    }
    assert (event["type"], event["reason"], event["action"]) == ("Warning", "VersioningCorrected", "Correct")
    assert event["note"] == DRIFT.message
    assert event["eventTime"] == "2026-01-01T12:00:00.000000Z"
    assert event["reportingInstance"] == "pod-1"


def test_an_event_can_be_about_another_kind(recorder, events):
    recorder.record(KEY, "uid-1", DRIFT, "BucketException")
    assert events.created[0]["regarding"]["kind"] == "BucketException"


def test_repetitions_within_ten_minutes_are_only_counted(recorder, events, clock):
    for _ in range(100):
        recorder.record(KEY, "uid-1", DRIFT)
        clock.advance(5)
    assert len(events.created) == 1
    assert events.patched == []


def test_after_ten_minutes_the_count_is_written(recorder, events, clock):
    for _ in range(3):
        recorder.record(KEY, "uid-1", DRIFT)
    clock.advance(600)
    recorder.record(KEY, "uid-1", DRIFT)
    recorder.record(KEY, "uid-1", DRIFT)
    ((name, patch),) = events.patched
    assert name == events.created[0]["metadata"]["name"]
    assert patch["series"]["count"] == 4


def test_the_interval_can_be_another(events, clock):
    recorder = EventRecorder(events, "pod-1", clock, interval=60.0)
    for _ in range(3):
        recorder.record(KEY, "uid-1", DRIFT)
        clock.advance(59)
    assert [patch["series"]["count"] for _, patch in events.patched] == [3]


@pytest.mark.parametrize(
    ("uid", "event"),
    [
        ("uid-2", DRIFT),
        ("uid-1", EventRecord("Warning", "VersioningCorrected", "Correct", "something else")),
        ("uid-1", EventRecord("Warning", "Other", "Correct", DRIFT.message)),
    ],
)
def test_another_object_reason_or_message_is_another_event(recorder, events, uid, event):
    recorder.record(KEY, "uid-1", DRIFT)
    recorder.record(KEY, uid, event)
    assert len(events.created) == 2


def test_an_event_that_the_server_dropped_is_made_anew_with_its_count(recorder, events, clock):
    recorder.record(KEY, "uid-1", DRIFT)
    events.expired = True
    clock.advance(3600)
    recorder.record(KEY, "uid-1", DRIFT)
    assert events.created[1]["series"]["count"] == 2
    assert events.created[1]["metadata"]["name"] != events.created[0]["metadata"]["name"]


def test_a_failure_to_post_stops_nobody(recorder, events, caplog):
    events.fails = ApiError(403, "Forbidden", "events is forbidden", "create")
    recorder.record(KEY, "uid-1", DRIFT)
    assert "events is forbidden" in caplog.text


def test_the_least_recent_is_forgotten_first(recorder, events):
    for number in (0, 1, 2, 0, 3):  # there is room for three
        recorder.record(KEY, f"uid-{number}", DRIFT)
    recorder.record(KEY, "uid-0", DRIFT)
    assert len(events.created) == 4
    recorder.record(KEY, "uid-1", DRIFT)
    assert len(events.created) == 5


def test_a_long_message_is_cut_to_what_the_api_takes(recorder, events):
    recorder.record(KEY, "uid-1", EventRecord("Normal", "R" * 200, "A" * 200, "ä" * 1000))
    (event,) = events.created
    assert len(event["note"].encode()) == 1024
    assert len(event["reason"]) == len(event["action"]) == 128


def test_a_long_object_name_still_gives_a_valid_event_name(recorder, events):
    recorder.record(ObjectKey("payments", "n" * 253), "uid-1", DRIFT)
    assert len(events.created[0]["metadata"]["name"]) <= 253
