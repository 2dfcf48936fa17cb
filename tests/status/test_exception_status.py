"""The status of a BucketException over its life, and the Events that tell of it."""

import datetime as dt
from typing import Any

import pytest
from tests.engine.builders import NOW
from tests.status.builders import granted

from securebucket.api.bucket_exception import BucketExceptionStatus
from securebucket.status import events
from securebucket.status.exception_status import Target, build, next_change, refuse

YEAR = dt.timedelta(days=365)
HOUR = dt.timedelta(hours=1)
ONE = (Target("acme-invoices", YEAR),)
ABSENT = BucketExceptionStatus()


def days(count: float) -> dt.timedelta:
    return dt.timedelta(days=count)


def status_at(
    passed: dt.timedelta, previous: BucketExceptionStatus = ABSENT, targets: Any = ONE, **options: Any
) -> BucketExceptionStatus:
    """Give the status of an exception for 30 days, some time after it was granted."""
    return build(previous, granted(**options), targets, about="bucket acme-invoices", generation=1, now=NOW + passed)


def told(status: BucketExceptionStatus) -> dict[str, str]:
    return {each.type: f"{each.status} {each.reason}" for each in status.conditions}


def message(status: BucketExceptionStatus, kind: str = "Active") -> str:
    return next(each.message for each in status.conditions if each.type == kind)


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        (days(0), {"Active": "True InForce"}),
        (days(23) - HOUR, {"Active": "True InForce"}),
        (days(23), {"Active": "True InForce", "ExpiringSoon": "True WithinSevenDays"}),
        (days(29) - HOUR, {"Active": "True InForce", "ExpiringSoon": "True WithinSevenDays"}),
        (days(29), {"Active": "True InForce", "ExpiringSoon": "True WithinOneDay"}),
        (days(30) - HOUR, {"Active": "True InForce", "ExpiringSoon": "True WithinOneDay"}),
        (days(30), {"Active": "False Expired"}),
        (days(300), {"Active": "False Expired"}),
    ],
    ids=str,
)
def test_it_is_told_before_it_ends(passed: dt.timedelta, expected: dict[str, str]) -> None:
    assert told(status_at(passed)) == expected


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ((), "False NoSuchBucket"),
        ((Target("a", days(29)),), "False TooLong"),
        ((Target("a", days(30)),), "True InForce"),
        ((Target("a", days(29)), Target("b", days(7))), "False TooLong"),
        ((Target("a", days(29)), Target("b", YEAR)), "True InForce"),
    ],
    ids=str,
)
def test_it_counts_where_a_bucket_allows_it(targets: Any, expected: str) -> None:
    status = status_at(days(0), targets=targets)
    assert told(status)["Active"] == expected
    assert status.buckets == len(targets)


def test_what_is_over_is_not_called_too_long() -> None:
    assert told(status_at(days(31), targets=()))["Active"] == "False Expired"


def test_a_refused_one_does_not_remind_of_its_end() -> None:
    assert told(status_at(days(29), targets=(Target("a", days(7)),))) == {"Active": "False TooLong"}


def test_one_that_is_too_long_says_how_to_make_it_count() -> None:
    status = status_at(days(0), targets=(Target("a", days(7)), Target("b", days(14))))
    assert message(status) == (
        "not in force: the profile allows 14 days; move expiresAt to 2026-06-15T12:00:00Z or earlier"
    )
    shorter = status_at(days(0), targets=(Target("b", days(14)),), expires_at=NOW + days(14))
    assert told(shorter)["Active"] == "True InForce"


def test_it_says_what_is_accepted_by_whom_and_until_when() -> None:
    assert message(status_at(days(0))) == (
        "tls-required may fail on 1 bucket until 2026-07-01T12:00:00Z, accepted by security@acme.example"
    )


def test_buckets_for_which_it_is_too_long_are_named_and_many_are_counted() -> None:
    strict = [Target(f"strict-{number}", days(7)) for number in range(7)]
    status = status_at(days(0), targets=[*ONE, *strict])
    assert "may fail on 1 bucket until" in message(status)
    assert message(status).endswith("for strict-0, strict-1, strict-2, strict-3, strict-4 and 2 more")


def test_one_without_a_bucket_says_what_it_looks_for() -> None:
    assert "for bucket acme-invoices; correct it" in message(status_at(days(0), targets=()))


def test_a_later_look_changes_nothing_but_at_the_turns() -> None:
    """Otherwise every look at every exception would be a write."""
    status, changes = ABSENT, 0
    for hour in range(31 * 24):
        after = status_at(hour * HOUR, status)
        changes += after != status
        status = after
    assert changes == 4


def test_the_transition_time_moves_with_the_status_alone() -> None:
    first = status_at(days(23))
    second = status_at(days(29), first)
    third = status_at(days(30), second)
    times = [each.conditions[0].last_transition_time for each in (first, second, third)]
    assert times == ["2026-06-24T12:00:00Z", "2026-06-24T12:00:00Z", "2026-07-01T12:00:00Z"]
    assert second.conditions[1].last_transition_time == "2026-06-24T12:00:00Z"


def test_one_that_is_not_understood_does_not_count_and_says_why() -> None:
    status = refuse(ABSENT, "spec.check: 'x' is not valid", generation=3, now=NOW)
    assert told(status) == {"Active": "False InvalidSpec"}
    assert "spec.check: 'x' is not valid" in message(status)
    assert status.observed_generation == 3


@pytest.mark.parametrize(
    ("passed", "left"),
    [(days(0), days(23)), (days(23), days(6)), (days(29), days(1)), (days(30) - HOUR, HOUR), (days(30), None)],
    ids=str,
)
def test_the_next_turn_is_known(passed: dt.timedelta, left: dt.timedelta | None) -> None:
    assert next_change(NOW + days(30), NOW + passed) == (left.total_seconds() if left else None)


# Events


def reasons(previous: BucketExceptionStatus, status: BucketExceptionStatus) -> list[str]:
    return [f"{each.type} {each.reason}" for each in events.build_for_exception(previous, status)]


def test_a_whole_life_is_told_in_four_events() -> None:
    status, seen = ABSENT, []
    for hour in range(31 * 24):
        after = status_at(hour * HOUR, status)
        seen += reasons(status, after)
        status = after
    assert seen == [
        "Normal InForce",
        "Warning ExpiresWithinSevenDays",
        "Warning ExpiresWithinOneDay",
        "Warning Expired",
    ]


@pytest.mark.parametrize(
    ("targets", "told_as"), [((), "Warning NoSuchBucket"), ((Target("a", days(7)),), "Warning TooLong")]
)
def test_one_that_does_not_count_is_told_once(targets: Any, told_as: str) -> None:
    status = status_at(days(0), targets=targets)
    assert reasons(ABSENT, status) == [told_as]
    assert reasons(status, status_at(HOUR, status, targets=targets)) == []


def test_one_that_counts_again_is_told_again() -> None:
    refused = status_at(days(0), targets=())
    assert reasons(refused, status_at(HOUR, refused)) == ["Normal InForce"]


def test_another_bucket_is_no_event() -> None:
    first = status_at(days(0))
    second = status_at(HOUR, first, targets=[*ONE, Target("acme-more", YEAR)])
    assert second != first
    assert reasons(first, second) == []


def test_an_event_says_what_the_condition_says() -> None:
    (event,) = events.build_for_exception(ABSENT, status_at(days(0)))
    assert event.message == message(status_at(days(0)))


def test_a_long_reason_is_cut() -> None:
    """A check of any length is told back: where it could not be, its exception was never told why it does not count."""
    status = refuse(ABSENT, f"spec.check: '{'x' * 100_000}' is not valid", generation=3, now=NOW)
    assert message(status).startswith("not in force: spec.check: 'xxx")
    assert len(message(status)) == 2048
