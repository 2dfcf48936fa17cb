"""Which exceptions count, and what they do to verdicts."""

import datetime as dt
from typing import Any

import pytest

from securebucket.compliance.catalogue import BY_ID
from securebucket.compliance.exceptions import Standing, lay_over, next_expiry, standing_of
from securebucket.model.granted_exception import GrantedException
from securebucket.model.verdict import Judged, Result, Verdict

NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
LONGEST = 90 * DAY


def exception(
    name: str = "a", *, begins: float = -10, ends: float = 10, check: str = "access-logged"
) -> GrantedException:
    """Give an exception that begins and ends so many days from now."""
    return GrantedException(
        name=f"security/{name}",
        check=check,
        reason="the logs go elsewhere until the move",
        approver="Ada",
        granted_at=NOW + begins * DAY,
        expires_at=NOW + ends * DAY,
    )


def judged(result: Result = Result.FAIL, check: str = "access-logged") -> Judged:
    return Judged(BY_ID[check].check, BY_ID[check].reads[0], Verdict(result, "access is not logged"))


def over(*exceptions: GrantedException, result: Result = Result.FAIL) -> Verdict:
    (found,) = lay_over([judged(result)], exceptions, NOW, LONGEST)
    return found.verdict


SECOND = 1 / 86400
STANDINGS: dict[str, tuple[dict[str, Any], Standing]] = {
    "in the middle": ({}, Standing.IN_FORCE),
    "as long as it may be": ({"begins": -10, "ends": 80}, Standing.IN_FORCE),
    "a second longer": ({"begins": -10 - SECOND, "ends": 80}, Standing.TOO_LONG),
    "about to end": ({"ends": SECOND}, Standing.IN_FORCE),
    "ends now": ({"ends": 0}, Standing.EXPIRED),
    "ended": ({"begins": -20, "ends": -10}, Standing.EXPIRED),
    "ended and was too long": ({"begins": -400, "ends": -10}, Standing.EXPIRED),
    "its end was moved": ({"begins": -89, "ends": 89}, Standing.TOO_LONG),
}


@pytest.mark.parametrize(("days", "expected"), STANDINGS.values(), ids=STANDINGS.keys())
def test_standing(days: dict[str, float], expected: Standing) -> None:
    assert standing_of(exception(**days), NOW, LONGEST) is expected


def test_a_failure_that_is_accepted_says_by_whom_why_and_until_when() -> None:
    accepted = exception()
    verdict = over(accepted)
    assert (verdict.result, verdict.exception) == (Result.EXCEPTED, accepted)
    assert verdict.because == (
        "access is not logged; accepted by Ada until 2026-12-05: the logs go elsewhere until the move"
    )


@pytest.mark.parametrize("result", [Result.PASS, Result.NOT_APPLICABLE, Result.UNKNOWN])
def test_only_a_failure_is_excepted(result: Result) -> None:
    """An unknown verdict above all: nobody knows what would be accepted."""
    assert over(exception(), result=result) == Verdict(result, "access is not logged")


def test_an_exception_that_ended_is_named() -> None:
    verdict = over(exception(begins=-20, ends=-5))
    assert (verdict.result, verdict.exception) == (Result.FAIL, None)
    assert verdict.because == "access is not logged; the exception security/a ended on 2026-11-20"


def test_an_exception_that_is_too_long_is_named_with_what_would_be_allowed() -> None:
    verdict = over(exception(begins=-1, ends=300))
    assert verdict.result is Result.FAIL
    assert verdict.because == (
        "access is not logged; the exception security/a does not count: it is longer than the 90 days that the profile"
        " allows"
    )


@pytest.mark.parametrize("turned", [False, True])
def test_of_several_the_one_that_ends_last_counts(*, turned: bool) -> None:
    several = [exception("short", ends=1), exception("long", ends=20), exception("ended", ends=-1)]
    found = over(*(reversed(several) if turned else several)).exception
    assert found is not None
    assert found.name == "security/long"


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_that_end_together_it_is_always_the_same_one(*, turned: bool) -> None:
    two = [exception("a"), exception("b")]
    found = over(*(reversed(two) if turned else two)).exception
    assert found is not None
    assert found.name == "security/b"


def test_one_that_is_too_long_does_not_hide_one_that_counts() -> None:
    found = over(exception("too-long", ends=300), exception("fine", ends=5)).exception
    assert found is not None
    assert found.name == "security/fine"


def test_an_exception_from_another_check_changes_nothing() -> None:
    assert over(exception(check="tls-required")) == judged().verdict


def test_other_verdicts_stay_in_their_order() -> None:
    verdicts = [judged(), judged(Result.FAIL, "tagged"), judged(Result.PASS, "tls-required")]
    found = lay_over(verdicts, [exception(check="tagged")], NOW, LONGEST)
    assert [each.check.id for each in found] == [each.check.id for each in verdicts]
    assert [each.verdict.result for each in found] == [Result.FAIL, Result.EXCEPTED, Result.PASS]


def test_the_day_is_told_in_utc() -> None:
    east = dt.timezone(dt.timedelta(hours=9))
    ends = dt.datetime(2026, 12, 1, 3, tzinfo=east)
    verdict = over(GrantedException("security/a", "access-logged", "why", "Ada", NOW - DAY, ends))
    assert "until 2026-11-30" in verdict.because


EXPIRIES: dict[str, tuple[list[GrantedException], float | None]] = {
    "none": ([], None),
    "one": ([exception(ends=2)], 172800.0),
    "the next of several": ([exception(ends=20), exception(ends=3), exception(ends=-1)], 259200.0),
    "only ended ones": ([exception(ends=-1), exception(ends=0)], None),
}


@pytest.mark.parametrize(("exceptions", "expected"), EXPIRIES.values(), ids=EXPIRIES.keys())
def test_next_expiry(exceptions: list[GrantedException], expected: float | None) -> None:
    assert next_expiry(exceptions, NOW) == expected
