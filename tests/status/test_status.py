"""The status after a pass: equal when nothing changed, and nothing lost during an outage."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from tests.controls.builders import bucket
from tests.engine.builders import NOW
from tests.status.builders import (
    DIFFERENCE,
    LATER,
    NEVER,
    PROPOSAL,
    STEP,
    control,
    corrected,
    failed,
    judged,
    missing,
    outcome,
    reported,
    status_after,
)

from securebucket.api.spec import Mode
from securebucket.api.status import SecureBucketStatus
from securebucket.engine.effective import document_of
from securebucket.engine.outcome import Outcome, Proposal
from securebucket.model.bucket import Origin
from securebucket.status.status import LONGEST_MESSAGE, LONGEST_VALUE, short

HOUR = dt.timedelta(hours=1)
THEN, LATER_ON = "2026-06-01T12:00:00Z", "2026-06-01T13:00:00Z"
WAITING = control("Pending", reason="ApprovalRequired", message="status waits")


def an_hour_later(made: Outcome) -> Outcome:
    return replace(made, at=NOW + HOUR)


# Nothing changed


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(outcome(), id="in sync"),
        pytest.param(outcome(control("Drifted", reason="Differs", message="m")), id="drifted"),
        pytest.param(outcome(WAITING, proposal=PROPOSAL), id="waiting"),
        pytest.param(outcome(verdicts=(judged("fail"), judged("unknown", "other"))), id="checks fail"),
        pytest.param(missing(), id="missing"),
        pytest.param(failed(NEVER), id="stalled"),
        pytest.param(failed(LATER), id="retrying"),
    ],
)
def test_the_same_outcome_an_hour_later_gives_an_equal_status(made: Outcome) -> None:
    first = status_after(made)
    assert status_after(an_hour_later(made), first) == first


# What moves when


def condition(status: SecureBucketStatus, kind: str) -> Any:
    return next((each for each in status.conditions if each.type == kind), None)


def test_a_conditions_time_moves_with_its_status_only() -> None:
    first = status_after(outcome(control("Failed", reason="AccessDenied", message="a")))
    second = status_after(an_hour_later(outcome(control("Failed", reason="Throttled", message="b"))), first)
    third = status_after(an_hour_later(outcome()), first)
    assert [condition(each, "Ready").last_transition_time for each in (first, second, third)] == [THEN, THEN, LATER_ON]
    assert condition(second, "Ready").reason == "Throttled"


def test_last_verified_at_moves_only_when_something_else_does() -> None:
    first = status_after(outcome())
    same = status_after(an_hour_later(outcome()), first)
    other = status_after(an_hour_later(outcome(control("Drifted"))), first)
    assert [each.last_verified_at for each in (first, same, other)] == [THEN, THEN, LATER_ON]


def test_the_oldest_reading_is_told_where_the_status_is_written_anyway() -> None:
    first = status_after(outcome(oldest=60.0))
    same = status_after(an_hour_later(outcome(oldest=3660.0)), first)
    other = status_after(an_hour_later(outcome(control("Drifted"), oldest=3600.0)), first)
    a_minute_before = "2026-06-01T11:59:00Z"
    assert [each.oldest_reading_at for each in (first, same, other)] == [a_minute_before, a_minute_before, THEN]


@pytest.mark.parametrize("made", [failed(LATER), missing()])
def test_what_was_not_reached_was_not_verified(made: Outcome) -> None:
    first = status_after(outcome())
    assert status_after(an_hour_later(made), first).last_verified_at == THEN


def test_generation_is_echoed_in_the_status_and_its_conditions() -> None:
    found = status_after(outcome(), generation=7)
    assert {found.observed_generation, *(each.observed_generation for each in found.conditions)} == {7}


@pytest.mark.parametrize(("given", "kept"), [("", "before"), ("now", "now")])
def test_reconcile_at_is_echoed_and_kept(given: str, kept: str) -> None:
    first = status_after(outcome(), reconcile_at="before")
    assert status_after(outcome(), first, reconcile_at=given).last_handled_reconcile_at == kept


# An outage

FULL = status_after(
    outcome(corrected("policy"), WAITING, proposal=PROPOSAL, verdicts=(judged("pass"), judged("fail", "other")))
)


@pytest.mark.parametrize("failure", [LATER, NEVER])
@pytest.mark.parametrize(
    "field", ["bucket", "controls", "plan", "compliance", "drift", "effective", "last_verified_at"]
)
def test_an_outage_loses_nothing(failure: Any, field: str) -> None:
    after = status_after(failed(failure, effective=None), FULL)
    assert getattr(FULL, field)
    assert getattr(after, field) == getattr(FULL, field)


@pytest.mark.parametrize("made", [failed(LATER), failed(NEVER), missing()])
def test_what_was_found_is_kept_where_nothing_was_read(made: Outcome) -> None:
    """Without it, the next pass would take what somebody has added meanwhile for what was there at first."""
    before = status_after(outcome(found={"cors": {"rules": []}}))
    assert before.found == {"cors": {"rules": []}}
    assert status_after(made, before).found == before.found


def test_a_spec_that_changes_during_an_outage_is_in_force_only_after_it() -> None:
    """Else the bucket, which still follows the old one, would look as if somebody had changed it."""
    first = status_after(outcome())
    after = status_after(failed(LATER, effective=outcome(profile={"region": "eu-west-1"}).effective), first)
    assert after.effective == first.effective


def test_a_first_pass_that_fails_tells_what_is_in_force() -> None:
    made = failed(NEVER)
    assert made.effective is not None
    assert status_after(made).effective == document_of(made.effective)


def test_a_missing_bucket_keeps_what_was_known_of_its_controls() -> None:
    assert status_after(missing(), FULL).controls == FULL.controls


def test_while_a_rollout_is_held_the_previous_configuration_is_in_force() -> None:
    first = status_after(outcome())
    held = outcome(control("Pending", reason="RolloutHeld"), profile={"region": "eu-west-1"})
    assert status_after(held, first).effective == first.effective


def test_a_pass_that_reached_the_bucket_tells_what_is_in_force() -> None:
    first = status_after(outcome())
    after = status_after(outcome(profile={"region": "eu-west-1"}), first)
    assert after.effective is not None
    assert after.effective["region"] == "eu-west-1"


def test_a_plan_that_is_done_goes() -> None:
    assert status_after(outcome(), FULL).plan is None


# The parts


@pytest.mark.parametrize(("origin", "created"), [(Origin.CREATED, True), (Origin.ADOPTED, False)])
def test_bucket(origin: Origin, created: bool) -> None:
    found = status_after(outcome(bucket=bucket(origin))).bucket
    assert found is not None
    assert found.model_dump(by_alias=True, exclude_none=True) == {
        "name": "acme-invoices",
        "arn": "arn:aws:s3:::acme-invoices",
        "region": "eu-central-1",
        "accountId": "111122223333",
        "createdByOperator": created,
    }


@pytest.mark.parametrize(
    ("made", "marked"),
    [
        pytest.param(outcome(WAITING, bucket=bucket(), new=True), True, id="new, and not ready"),
        pytest.param(outcome(control(), bucket=bucket(), new=True), None, id="ready for the first time"),
        pytest.param(outcome(WAITING, bucket=bucket()), None, id="it was ready before"),
        pytest.param(failed(LATER), True, id="the pass did not reach it"),
    ],
)
def test_a_bucket_is_marked_until_it_is_ready_for_the_first_time(made: Outcome, *, marked: bool | None) -> None:
    before = status_after(outcome(WAITING, bucket=bucket(), new=True))
    found = status_after(made, before).bucket
    assert found is not None
    assert found.never_ready is marked


@pytest.mark.parametrize("in_force", [False, True])
def test_a_control_says_that_it_was_in_force(*, in_force: bool) -> None:
    (found,) = status_after(outcome(control("Failed", in_force=in_force))).controls
    assert found.in_force is (in_force or None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({}, None, id="nothing to say"),
        pytest.param({"state": "Drifted", "message": "status differs"}, "status differs", id="its message"),
        pytest.param(
            {"state": "Corrected", "differences": (DIFFERENCE,)}, "corrected: status", id="what was corrected"
        ),
        pytest.param({"kept": ("a", "b")}, "kept entries of others: a, b", id="kept entries"),
        pytest.param({"state": "Drifted", "message": "m", "kept": ("a",)}, "m; kept entries of others: a", id="both"),
    ],
)
def test_the_message_of_a_control(options: dict[str, Any], message: str | None) -> None:
    (found,) = status_after(outcome(control(**options))).controls
    assert found.message == message


def test_controls_stand_in_the_outcomes_order_with_their_state() -> None:
    found = status_after(outcome(control("Unknown", "tags"), control("InSync", "policy"))).controls
    assert [(each.name, each.state.value) for each in found] == [("tags", "Unknown"), ("policy", "InSync")]


def test_a_step_is_written_with_its_values_as_json() -> None:
    step = replace(STEP, observed={"b": [1, None], "a": "x"}, desired=True)
    found = status_after(outcome(WAITING, proposal=Proposal("h", (step,)))).plan
    assert found is not None
    assert found.model_dump(by_alias=True) == {
        "hash": "h",
        "steps": (
            {
                "control": "versioning",
                "field": "status",
                "from": '{"a":"x","b":[1,null]}',
                "to": "true",
                "risk": "data-loss",
                "call": "PutBucketVersioning",
            },
        ),
    }


# Compliance


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ((), (0, 0, 0, 0, 0)),
        (("pass", "pass"), (2, 0, 0, 0, 100)),
        (("pass", "fail"), (1, 1, 0, 0, 50)),
        (("pass", "pass", "fail"), (2, 1, 0, 0, 66)),
        (("pass", "notApplicable", "unknown"), (1, 0, 1, 1, 100)),
        (("unknown",), (0, 0, 0, 1, 0)),
    ],
)
def test_the_score_is_of_what_could_be_judged(results: tuple[str, ...], expected: tuple[int, ...]) -> None:
    verdicts = tuple(judged(result, f"check-{number}") for number, result in enumerate(results))
    found = status_after(outcome(verdicts=verdicts)).compliance
    assert found is not None
    assert (found.passed, found.failed, found.not_applicable, found.unknown, found.score) == expected


def test_failing_checks_come_worst_first_and_say_what_to_set() -> None:
    verdicts = (
        judged("fail", "c", "low"),
        judged("fail", "b", "critical"),
        judged("fail", "a", "critical", because="it is open"),
        judged("pass", "d"),
    )
    found = status_after(outcome(verdicts=verdicts)).compliance
    assert found is not None
    assert [(each.check, each.severity) for each in found.failing] == [
        ("a", "critical"),
        ("b", "critical"),
        ("c", "low"),
    ]
    assert found.failing[0].message == "it is open. Set it."


# Drift


def test_drift_that_was_put_back() -> None:
    found = status_after(outcome(corrected("policy"), corrected("tags"))).drift
    assert found is not None
    assert (found.count, found.last_detected_at, found.last_corrected_at) == (2, THEN, THEN)


def test_drift_that_was_only_seen() -> None:
    found = status_after(outcome(control("Drifted", drifted=True), mode=Mode.OBSERVE)).drift
    assert found is not None
    assert (found.count, found.last_detected_at, found.last_corrected_at) == (1, THEN, None)


def test_drift_adds_up_and_what_was_put_back_before_stays_told() -> None:
    first = status_after(outcome(corrected()))
    found = status_after(an_hour_later(outcome(control("Failed", drifted=True))), first).drift
    assert found is not None
    assert (found.count, found.last_detected_at, found.last_corrected_at) == (2, LATER_ON, THEN)


def test_without_drift_there_is_no_drift_to_tell() -> None:
    assert status_after(outcome(control("Failed"), control(name="policy", applied=("PutBucketPolicy",)))).drift is None


@pytest.mark.parametrize(
    ("controls", "actor"),
    [
        pytest.param((corrected(change=reported("jane")),), "jane", id="told"),
        pytest.param((corrected(),), None, id="not told"),
        pytest.param((corrected(change=reported("")),), None, id="told without a name"),
        pytest.param(
            (corrected("policy", change=reported("jane", 9)), corrected("tags", change=reported("joe"))),
            "jane",
            id="the last",
        ),
        pytest.param(
            (corrected("policy", change=reported("jane")), corrected("tags")), "jane", id="the only one known"
        ),
    ],
)
def test_who_made_the_last_change_is_named_where_it_is_known(controls: tuple[Any, ...], actor: str | None) -> None:
    before = status_after(outcome(corrected(change=reported("somebody-before"))))
    found = status_after(an_hour_later(outcome(*controls)), before).drift
    assert found is not None
    assert found.last_actor == actor


def test_the_name_stays_as_long_as_its_change_is_the_last() -> None:
    before = status_after(outcome(control("Failed", drifted=True, change=reported("jane"))))
    found = status_after(an_hour_later(outcome(control("Corrected", applied=("PutBucketVersioning",)))), before).drift
    assert found is not None
    assert (found.last_actor, found.last_corrected_at) == ("jane", LATER_ON)


# What is too long

LONG = "x" * 50_000


def test_long_messages_are_cut() -> None:
    found = status_after(outcome(control("Failed", reason="R", message=LONG), verdicts=(judged("fail", because=LONG),)))
    assert found.compliance is not None
    assert len(found.controls[0].message or "") == LONGEST_MESSAGE
    assert len(condition(found, "Ready").message) == LONGEST_MESSAGE
    assert len(found.compliance.failing[0].message) == 1024


@pytest.mark.parametrize(
    ("length", "written"),
    [(LONGEST_VALUE - 2, LONGEST_VALUE), (LONGEST_VALUE - 1, None)],
)
def test_long_values_of_a_plan_are_cut_and_say_so(length: int, written: int | None) -> None:
    text = short("x" * length)
    assert len(text) == written if written else text.endswith(f"… ({length + 2} characters)")


def test_a_plan_shows_five_hundred_steps_and_its_hash_names_them_all() -> None:
    found = status_after(outcome(WAITING, proposal=Proposal("h", (STEP,) * 501))).plan
    assert found is not None
    assert (len(found.steps), found.hash) == (500, "h")


def test_a_hundred_failing_checks_fit() -> None:
    verdicts = tuple(judged("fail", f"check-{number}") for number in range(100))
    found = status_after(outcome(verdicts=verdicts)).compliance
    assert found is not None
    assert len(found.failing) == 100
