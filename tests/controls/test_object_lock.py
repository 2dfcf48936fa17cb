"""Object Lock: on for good, and a default retention that is only touched where it is declared."""

from typing import Any

import pytest
from tests.controls.builders import context, state_of, subject

from securebucket.controls.object_lock import ObjectLockControl, ObjectLockState
from securebucket.model.risk import Risk
from securebucket.model.verdict import Result

CONTROL = ObjectLockControl()
OFF, ON = ObjectLockState(), ObjectLockState(enabled=True)


def _locked(
    mode: str = "GOVERNANCE", days: int = 0, years: int = 0, hold_days: int = 0, hold_years: int = 0
) -> ObjectLockState:
    return ObjectLockState(True, mode, days, years, hold_days, hold_years)


def _answer(retention: Any = None) -> dict[str, Any]:
    rule = {} if retention is None else {"Rule": {"DefaultRetention": retention}}
    return {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", **rule}}


@pytest.mark.parametrize(
    ("response", "state"),
    [
        pytest.param(None, OFF, id="never configured"),
        pytest.param({"ObjectLockConfiguration": {}}, OFF, id="an empty configuration"),
        pytest.param(_answer(), ON, id="no rule is no default retention"),
        pytest.param(_answer({}), ON, id="an empty rule is no default retention"),
        pytest.param(_answer({"Mode": "GOVERNANCE", "Days": 0, "Years": 0}), ON, id="moto's zeros are no retention"),
        pytest.param(_answer({"Mode": "GOVERNANCE", "Days": 30}), _locked(days=30), id="days"),
        pytest.param(
            _answer({"Mode": "GOVERNANCE", "Days": 30, "Years": 0}), _locked(days=30), id="moto: days, 0 years"
        ),
        pytest.param(
            _answer({"Mode": "GOVERNANCE", "Days": 0, "Years": 7}), _locked(years=7), id="moto: 0 days, years"
        ),
        pytest.param(_answer({"Mode": "COMPLIANCE", "Years": 1}), _locked("COMPLIANCE", years=1), id="years"),
        pytest.param(
            _answer({"Mode": "COMPLIANCE", "Years": 7, "DefaultEventHold": {"Days": 90}}),
            _locked("COMPLIANCE", years=7, hold_days=90),
            id="retention and event hold",
        ),
        pytest.param(_answer({"DefaultEventHold": {"Years": 1}}), _locked("", hold_years=1), id="event hold alone"),
    ],
)
def test_parse(response: Any, state: ObjectLockState) -> None:
    assert state_of(CONTROL, response) == state


def test_a_year_and_365_days_are_not_the_same_to_s3() -> None:
    assert state_of(CONTROL, _answer({"Mode": "GOVERNANCE", "Days": 365})) != state_of(
        CONTROL, _answer({"Mode": "GOVERNANCE", "Years": 1})
    )


@pytest.mark.parametrize(
    ("block", "observed", "desired"),
    [
        pytest.param({}, OFF, OFF, id="undeclared stays off"),
        pytest.param({}, ON, ON, id="undeclared stays on"),
        pytest.param(
            {}, _locked("COMPLIANCE", years=7), _locked("COMPLIANCE", years=7), id="undeclared retention stays"
        ),
        pytest.param({"enabled": True}, OFF, ON, id="on"),
        pytest.param({"enabled": True}, _locked(days=30), _locked(days=30), id="on, undeclared retention stays"),
        pytest.param({"enabled": False}, OFF, OFF, id="declared off where it is off"),
        pytest.param(
            {"enabled": True, "defaultRetention": {"mode": "COMPLIANCE", "years": 7}},
            _locked(days=30),
            _locked("COMPLIANCE", years=7),
            id="declared retention replaces",
        ),
        pytest.param(
            {"enabled": True, "defaultRetention": {"mode": "GOVERNANCE", "days": 30}},
            _locked(days=1, hold_years=2),
            _locked(days=30, hold_years=2),
            id="an undeclared event hold is carried along",
        ),
        pytest.param(
            {"enabled": True, "defaultRetention": {"mode": "GOVERNANCE", "days": 30}},
            _locked(days=1, hold_days=20),
            _locked(days=30, hold_days=20),
            id="an undeclared event hold in days is carried along",
        ),
        pytest.param(
            {"enabled": True, "defaultRetention": {"mode": "GOVERNANCE", "defaultEventHold": {"days": 5}}},
            _locked(days=1, hold_years=2),
            _locked(hold_days=5),
            id="a declared event hold replaces",
        ),
        pytest.param(
            {"enabled": True, "defaultRetention": {"mode": "NONE"}},
            _locked(days=30, hold_days=5),
            ON,
            id="declared none takes all of it away",
        ),
    ],
)
def test_desired(block: dict[str, Any], observed: ObjectLockState, desired: ObjectLockState) -> None:
    assert CONTROL.desired(context({"objectLock": block}), observed) == desired


def test_turning_it_off_is_refused_and_shows_as_one_difference() -> None:
    situation = context({"objectLock": {"enabled": False}})
    observed = _locked("COMPLIANCE", years=7)
    desired = CONTROL.desired(situation, observed)
    assert desired == ObjectLockState(False, "COMPLIANCE", 0, 7)
    failure = CONTROL.refuse(situation, observed, desired)
    assert failure is not None
    assert (failure.reason, failure.retry) == ("ObjectLockIsPermanent", False)


@pytest.mark.parametrize("observed", [OFF, ON, _locked(days=1)])
def test_locking_a_data_bucket_is_not_refused(observed: ObjectLockState) -> None:
    assert CONTROL.refuse(context(), observed, _locked(days=30)) is None


@pytest.mark.parametrize(
    ("desired", "configuration"),
    [
        pytest.param(ON, {"ObjectLockEnabled": "Enabled"}, id="without a rule the default retention goes away"),
        pytest.param(
            _locked(days=30),
            {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}}},
            id="days alone: S3 refuses Years beside them",
        ),
        pytest.param(
            _locked("COMPLIANCE", years=7, hold_days=90),
            {
                "ObjectLockEnabled": "Enabled",
                "Rule": {
                    "DefaultRetention": {"Mode": "COMPLIANCE", "Years": 7, "DefaultEventHold": {"Days": 90}},
                },
            },
            id="retention and event hold",
        ),
    ],
)
def test_calls(desired: ObjectLockState, configuration: dict[str, Any]) -> None:
    (call,) = CONTROL.calls(context(), OFF, desired)
    assert call.operation == "put_object_lock_configuration"
    assert call.parameters == {"ObjectLockConfiguration": configuration}


@pytest.mark.parametrize(
    ("observed", "desired", "risk"),
    [
        pytest.param(OFF, ON, Risk.IRREVERSIBLE, id="turning it on"),
        pytest.param(ON, _locked(days=30), Risk.NONE, id="governance can be lifted"),
        pytest.param(_locked(days=30), _locked(days=60), Risk.NONE, id="longer governance"),
        pytest.param(_locked(days=30), _locked(days=29), Risk.DATA_LOSS, id="shorter governance"),
        pytest.param(_locked(days=30), ON, Risk.DATA_LOSS, id="no retention any more"),
        pytest.param(ON, _locked("COMPLIANCE", days=1), Risk.IRREVERSIBLE, id="compliance"),
        pytest.param(
            _locked(days=30), _locked("COMPLIANCE", days=30), Risk.IRREVERSIBLE, id="governance to compliance"
        ),
        pytest.param(
            _locked(days=30), _locked("COMPLIANCE", days=1), Risk.IRREVERSIBLE, id="shorter, but now compliance"
        ),
        pytest.param(
            _locked("COMPLIANCE", days=30), _locked("COMPLIANCE", days=31), Risk.IRREVERSIBLE, id="longer compliance"
        ),
        pytest.param(
            _locked("COMPLIANCE", days=30), _locked("COMPLIANCE", days=29), Risk.DATA_LOSS, id="shorter compliance"
        ),
        pytest.param(
            _locked("COMPLIANCE", days=30), _locked(days=60), Risk.DATA_LOSS, id="compliance to longer governance"
        ),
        pytest.param(
            _locked("COMPLIANCE", days=365),
            _locked("COMPLIANCE", years=1),
            Risk.IRREVERSIBLE,
            id="a year may be longer than 365 days",
        ),
        pytest.param(
            _locked("COMPLIANCE", days=366),
            _locked("COMPLIANCE", years=1),
            Risk.DATA_LOSS,
            id="a year may be shorter than 366 days",
        ),
        pytest.param(
            _locked("COMPLIANCE", days=30),
            _locked("COMPLIANCE", days=30, hold_days=1),
            Risk.IRREVERSIBLE,
            id="compliance with an event hold",
        ),
        pytest.param(_locked(days=30, hold_days=9), _locked(days=30), Risk.DATA_LOSS, id="no event hold any more"),
        pytest.param(
            _locked(days=30, hold_days=9), _locked(days=60, hold_days=8), Risk.DATA_LOSS, id="longer, a shorter hold"
        ),
    ],
)
def test_risk(observed: ObjectLockState, desired: ObjectLockState, risk: Risk) -> None:
    assert CONTROL.risk(context(), observed, desired) is risk


@pytest.mark.parametrize(
    ("role", "state", "result"),
    [
        ("Data", ON, Result.PASS),
        ("Data", _locked("COMPLIANCE", years=7), Result.PASS),
        ("Data", OFF, Result.FAIL),
        ("ReplicaTarget", OFF, Result.FAIL),
        ("LogTarget", OFF, Result.NOT_APPLICABLE),
    ],
)
def test_verdict(role: str, state: ObjectLockState, result: Result) -> None:
    (check,) = CONTROL.checks
    assert check.judge(subject(role), state).result is result
