"""Which changes can explain what a pass finds."""

import datetime as dt

import pytest
from tests.aws.trail_events import ACCOUNT, JANE, message
from tests.engine.builders import NOW
from tests.status.builders import LATER, failed, missing, outcome, status_after

from securebucket.api.status import BucketStatus, SecureBucketStatus
from securebucket.aws.cloud_trail_event import read_event
from securebucket.changes.change_register import ChangeRegister
from securebucket.model.bucket import ObjectKey
from securebucket.model.reported_change import ReportedChange

KEY = ObjectKey("payments", "invoices")
BUCKET = BucketStatus(
    name="acme-invoices", arn="arn:aws:s3:::acme-invoices", region="r", account_id=ACCOUNT, created_by_operator=True
)


def moment(seconds):
    return NOW + dt.timedelta(seconds=seconds)


def change(seconds=0.0, event="PutBucketPolicy", actor=JANE, account=ACCOUNT):
    return ReportedChange(event, "acme-invoices", account, moment(seconds), actor)


class Wall:
    """The time for people, which only moves when it is told to."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return moment(self.seconds)


@pytest.fixture
def wall():
    return Wall()


@pytest.fixture
def register(wall):
    return ChangeRegister(wall)


def explains(register, verified="", account=ACCOUNT):
    bucket = BUCKET.model_copy(update={"account_id": account})
    status = SecureBucketStatus(bucket=bucket, last_verified_at=verified or None)
    return register.changes(KEY, status)


def had_pass(register, made, seconds):
    made = made(seconds)
    register.observed(KEY, "acme-invoices", made, status_after(made), 0.1)


def reached(seconds):
    return outcome(at=moment(seconds))


def test_a_change_is_of_the_control_whose_document_it_wrote(register):
    told = change()
    register.note(KEY, told)
    assert explains(register) == {"policy": told}


@pytest.mark.parametrize(
    ("event", "controls"),
    [
        ("DeleteBucketEncryption", {"encryption"}),
        ("PutBucketAcl", {"ownership"}),
        ("UntagResource", {"tags"}),
        ("CreateBucket", set()),
        ("DeleteBucket", set()),
    ],
)
def test_events_and_controls(register, event, controls):
    register.note(KEY, change(event=event))
    assert set(explains(register)) == controls


def test_the_latest_of_several_explains(register):
    for told in (change(2, "DeleteBucketPolicy"), change(5), change(3, actor="somebody-else")):
        register.note(KEY, told)
    assert explains(register)["policy"] == change(5)


def test_another_account_or_an_unknown_one_explains_nothing(register):
    register.note(KEY, change())
    assert explains(register, account="444455556666") == {}
    assert register.changes(KEY, SecureBucketStatus()) == {}


def test_another_object_is_not_concerned(register):
    register.note(ObjectKey("payments", "orders"), change())
    assert explains(register) == {}


def test_what_a_pass_has_looked_into_explains_nothing_later(register):
    register.note(KEY, change(0))
    had_pass(register, reached, 5)
    assert explains(register) == {}


@pytest.mark.parametrize("made", [lambda at: failed(LATER, at=moment(at)), lambda at: missing(at=moment(at))])
def test_a_pass_that_did_not_reach_the_bucket_settles_nothing(register, made):
    register.note(KEY, change(0))
    had_pass(register, made, 5)
    assert set(explains(register)) == {"policy"}


def test_what_is_heard_during_a_pass_is_for_the_next_one(register, wall):
    wall.seconds = 7
    register.note(KEY, change(6))
    had_pass(register, reached, 5)
    assert explains(register) == {"policy": change(6)}


@pytest.mark.parametrize(("made_at", "explained"), [(3.0, False), (4.0, True), (9.0, True)])
def test_an_event_that_comes_late_explains_only_what_was_changed_since_the_last_look(
    register, wall, made_at, explained
):
    """CloudTrail's times are cut down to seconds: one second of doubt is left to the event."""
    had_pass(register, reached, 5)
    wall.seconds = 60
    register.note(KEY, change(made_at))
    assert bool(explains(register)) is explained


@pytest.mark.parametrize(("verified", "explained"), [("2026-06-01T11:00:00Z", True), ("2026-06-01T13:00:00Z", False)])
def test_after_a_start_the_status_says_when_the_last_look_was(register, verified, explained):
    register.note(KEY, change())
    assert bool(explains(register, verified)) is explained


def test_what_our_own_clock_calls_the_future_is_settled_by_the_pass_too(register):
    register.note(KEY, change(3600))
    had_pass(register, reached, 5)
    assert explains(register) == {}


@pytest.mark.parametrize("year", [1, 9999])
def test_a_time_that_cannot_be_makes_nothing_fail(register, year):
    """Anybody may have written a message."""
    told = read_event(message(eventTime=f"{year:04}-12-31T23:59:59-14:00"))
    register.note(KEY, told)
    assert set(explains(register, "2026-06-01T12:00:00Z")) == ({"policy"} if year == 9999 else set())


def test_an_object_that_is_gone_leaves_nothing(register):
    register.note(KEY, change())
    had_pass(register, reached, -5)
    register.gone(KEY)
    assert explains(register) == {}
    register.note(KEY, change(-60))
    assert set(explains(register)) == {"policy"}
