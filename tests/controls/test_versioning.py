"""Versioning: on, suspended or never on; MFA delete in the way; what S3 ties to it."""

from typing import Any

import pytest
from tests.controls.builders import context, state_of, subject

from securebucket.controls.lifecycle import LifecycleState
from securebucket.controls.object_lock import ObjectLockState
from securebucket.controls.replication import ReplicationState
from securebucket.controls.versioning import VersioningControl, VersioningState
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.failure import Failure
from securebucket.model.observation import Observation, Unsupported
from securebucket.model.risk import Risk
from securebucket.model.verdict import Result

CONTROL = VersioningControl()
NEVER, ON, OFF = VersioningState(""), VersioningState("Enabled"), VersioningState("Suspended")
ON_MFA, OFF_MFA = VersioningState("Enabled", mfa_delete=True), VersioningState("Suspended", mfa_delete=True)
SUSPEND = {"versioning": {"status": "Suspended"}}
REPLICATED = ReplicationState("arn:aws:iam::111122223333:role/r", {"all": {"Status": "Enabled"}})


@pytest.mark.parametrize(
    ("response", "state"),
    [
        pytest.param(None, NEVER, id="never configured"),
        pytest.param({}, NEVER, id="never configured is 200 without a status"),
        pytest.param({"Status": "Enabled"}, ON, id="on"),
        pytest.param({"Status": "Suspended"}, OFF, id="suspended"),
        pytest.param({"Status": "Enabled", "MFADelete": "Disabled"}, ON, id="MFA delete turned off again"),
        pytest.param({"Status": "Enabled", "MFADelete": "Enabled"}, ON_MFA, id="MFA delete on"),
    ],
)
def test_parse(response: Any, state: VersioningState) -> None:
    assert state_of(CONTROL, response) == state


@pytest.mark.parametrize(
    ("spec", "observed", "desired"),
    [
        pytest.param({}, NEVER, ON, id="the secure default"),
        pytest.param({}, OFF, ON, id="a suspended bucket is turned on"),
        pytest.param({}, OFF_MFA, ON_MFA, id="MFA delete is left as it is"),
        pytest.param(SUSPEND, ON, OFF, id="suspended"),
        pytest.param(SUSPEND, NEVER, NEVER, id="a bucket that never had versioning is left alone"),
    ],
)
def test_desired(spec: dict[str, Any], observed: VersioningState, desired: VersioningState) -> None:
    assert CONTROL.desired(context(spec), observed) == desired


@pytest.mark.parametrize("desired", [ON_MFA, OFF])
def test_mfa_delete_is_never_sent(desired: VersioningState) -> None:
    """S3 would ask for the root user's code."""
    assert CONTROL.calls(context(), NEVER, desired) == (
        Call("put_bucket_versioning", {"VersioningConfiguration": {"Status": desired.status}}),
    )


@pytest.mark.parametrize(
    ("spec", "start", "observed", "reason", "retry"),
    [
        pytest.param({}, NEVER, {}, None, False, id="turning on is never refused"),
        pytest.param({}, OFF_MFA, {}, "MfaDeleteOn", False, id="with MFA delete S3 refuses every change without MFA"),
        pytest.param(SUSPEND, ON_MFA, {}, "MfaDeleteOn", False, id="MFA delete, suspending"),
        pytest.param(SUSPEND, ON, {}, None, False, id="nothing in the way"),
        pytest.param(
            SUSPEND,
            ON,
            {"objectLock": ObjectLockState(enabled=True)},
            "ObjectLockNeedsVersioning",
            False,
            id="Object Lock",
        ),
        pytest.param(SUSPEND, ON, {"objectLock": ObjectLockState()}, None, False, id="no Object Lock"),
        pytest.param(
            SUSPEND,
            ON,
            {"objectLock": Failure("AccessDenied", "denied", retry=False)},
            "ObjectLockUnknown",
            False,
            id="Object Lock that cannot be read is not taken for none",
        ),
        pytest.param(
            SUSPEND, ON, {"objectLock": Unsupported("no")}, None, False, id="a server that has no Object Lock"
        ),
        pytest.param(
            SUSPEND,
            ON,
            {"replication": REPLICATED},
            "ReplicationNeedsVersioning",
            True,
            id="replication rules that go in this very pass",
        ),
        pytest.param(
            SUSPEND | {"replication": {"foreign": "Keep"}},
            ON,
            {"replication": REPLICATED},
            "ReplicationNeedsVersioning",
            False,
            id="replication rules that stay",
        ),
        pytest.param(
            SUSPEND | {"unmanaged": ["replication"]},
            ON,
            {"replication": REPLICATED},
            "ReplicationNeedsVersioning",
            False,
            id="replication rules that are not ours to remove",
        ),
        pytest.param(SUSPEND, ON, {"replication": ReplicationState()}, None, False, id="no replication"),
    ],
)
def test_refusals(
    spec: dict[str, Any],
    start: VersioningState,
    observed: dict[str, Observation],
    reason: str | None,
    retry: bool,
) -> None:
    situation = context(spec, observed)
    failure = CONTROL.refuse(situation, start, CONTROL.desired(situation, start))
    assert (failure.reason if failure else None) == reason
    assert (failure.retry if failure else False) is retry


def test_replication_rules_stay_on_an_adopted_bucket_so_waiting_does_not_help() -> None:
    situation = context(SUSPEND, {"replication": REPLICATED}, origin=Origin.ADOPTED)
    failure = CONTROL.refuse(situation, ON, OFF)
    assert failure is not None
    assert not failure.retry


def test_the_way_out_of_mfa_delete_is_told() -> None:
    failure = CONTROL.refuse(context(), OFF_MFA, ON_MFA)
    assert failure is not None
    assert "root user" in failure.message
    assert "spec.unmanaged" in failure.message


@pytest.mark.parametrize(
    ("observed", "desired", "risk"),
    [
        pytest.param(ON, OFF, Risk.DATA_LOSS, id="suspending"),
        pytest.param(NEVER, ON, Risk.NONE, id="turning on"),
        pytest.param(OFF, ON, Risk.NONE, id="turning on again"),
    ],
)
def test_risk(observed: VersioningState, desired: VersioningState, risk: Risk) -> None:
    assert CONTROL.risk(context(), observed, desired) is risk


@pytest.mark.parametrize(
    ("check_id", "state", "lifecycle", "result"),
    [
        pytest.param("versioning-enabled", ON, None, Result.PASS, id="on"),
        pytest.param("versioning-enabled", OFF, None, Result.FAIL, id="suspended"),
        pytest.param("versioning-enabled", NEVER, None, Result.FAIL, id="never on"),
        pytest.param("mfa-delete-enabled", ON_MFA, LifecycleState(), Result.PASS, id="MFA delete"),
        pytest.param("mfa-delete-enabled", ON, LifecycleState(), Result.FAIL, id="MFA delete off, no lifecycle"),
        pytest.param(
            "mfa-delete-enabled",
            ON,
            LifecycleState(rules={"all": {"Status": "Enabled"}}),
            Result.NOT_APPLICABLE,
            id="S3 has MFA delete or a lifecycle",
        ),
        pytest.param(
            "mfa-delete-enabled",
            ON,
            Failure("AccessDenied", "denied"),
            Result.UNKNOWN,
            id="a lifecycle that cannot be read",
        ),
        pytest.param("mfa-delete-enabled", ON, None, Result.UNKNOWN, id="a lifecycle that was not read"),
    ],
)
@pytest.mark.parametrize("role", ["Data", "LogTarget", "ReplicaTarget"])
def test_verdict(check_id: str, state: VersioningState, lifecycle: Any, result: Result, role: str) -> None:
    check = next(each for each in CONTROL.checks if each.id == check_id)
    observed = {} if lifecycle is None else {"lifecycle": lifecycle}
    assert check.judge(subject(role, observed), state).result is result
