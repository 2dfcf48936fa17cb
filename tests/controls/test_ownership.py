"""Object Ownership and the ACL: what is seen of them, how ACLs end, and who loses what."""

import json
from typing import Any

import pytest
from tests.controls.builders import context, reading_of, state_of, subject

from securebucket.controls.ownership import OwnershipControl, OwnershipState
from securebucket.model.acl import AclGrant
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.document import fields_of
from securebucket.model.failure import Failure
from securebucket.model.observation import Unsupported
from securebucket.model.risk import Risk
from securebucket.model.verdict import Result

CONTROL = OwnershipControl()
OWNER, PARTNER = "owner-id", "partner-id"
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
AUTHENTICATED = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"
LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"

ENFORCED = OwnershipState("BucketOwnerEnforced")
NEVER = OwnershipState("")
PUT_ENFORCED = Call(
    "put_bucket_ownership_controls",
    {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}},
)
POLICY = {"policy": object()}
"""A policy that was read; what is in it is the policy control's business."""


def _writer(*grants: tuple[str, str]) -> OwnershipState:
    return OwnershipState("ObjectWriter", frozenset(AclGrant(*grant) for grant in grants))


def _acl(*grants: tuple[dict[str, str], str], owner: str = OWNER) -> dict[str, Any]:
    return {
        "Owner": {"ID": owner, "DisplayName": "acme"},
        "Grants": [{"Grantee": grantee, "Permission": permission} for grantee, permission in grants],
    }


def _controls(state: OwnershipState) -> Any:
    return {"OwnershipControls": {"Rules": [{"ObjectOwnership": state.object_ownership}]}}


@pytest.mark.parametrize(
    ("response", "state"),
    [
        pytest.param(None, NEVER, id="never configured, which S3 treats as ObjectWriter"),
        pytest.param({"OwnershipControls": {"Rules": []}}, NEVER, id="no rule"),
        pytest.param(
            {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}, ENFORCED, id="ACLs off"
        ),
    ],
)
def test_parse(response: Any, state: OwnershipState) -> None:
    assert state_of(CONTROL, response) == state


@pytest.mark.parametrize(("state", "asked"), [(ENFORCED, False), (NEVER, True), (_writer(), True)])
def test_the_acl_is_read_only_where_it_counts(state: OwnershipState, asked: bool) -> None:
    reading = reading_of(CONTROL, _controls(state))
    assert list(reading.answers) == ["GetBucketOwnershipControls", "GetBucketAcl"][: 1 + asked]


@pytest.mark.parametrize(
    ("acl", "grants"),
    [
        pytest.param(None, [], id="no answer"),
        pytest.param(_acl(({"ID": OWNER}, "FULL_CONTROL")), [], id="the owner's own grant is none"),
        pytest.param(_acl(({"ID": OWNER, "DisplayName": "renamed"}, "READ")), [], id="the owner is known by id"),
        pytest.param(
            _acl(({"ID": PARTNER, "Type": "CanonicalUser"}, "READ"), ({"URI": ALL_USERS, "Type": "Group"}, "WRITE")),
            [(PARTNER, "READ"), (ALL_USERS, "WRITE")],
            id="an account and a group",
        ),
        pytest.param(
            _acl(({"EmailAddress": "a@example.com", "Type": "AmazonCustomerByEmail"}, "READ")),
            [("a@example.com", "READ")],
            id="an email address, as other servers may still answer",
        ),
        pytest.param({"Owner": {"ID": ""}}, [], id="a server without owners"),
    ],
)
def test_the_grants_of_an_acl(acl: Any, grants: list[tuple[str, str]]) -> None:
    assert state_of(CONTROL, _controls(_writer()), acl) == _writer(*grants)


def test_the_order_of_grants_means_nothing() -> None:
    one, other = ({"ID": PARTNER}, "READ"), ({"URI": ALL_USERS}, "READ")
    controls = _controls(_writer())
    assert state_of(CONTROL, controls, _acl(one, other)) == state_of(CONTROL, controls, _acl(other, one))


def test_a_grant_in_a_difference_is_plain_json() -> None:
    """Plans are hashed, and shown in status."""
    assert json.loads(json.dumps(fields_of(_writer((PARTNER, "READ"))))) == {
        "objectOwnership": "ObjectWriter",
        "grants": [{"grantee": PARTNER, "permission": "READ"}],
    }


@pytest.mark.parametrize(
    ("declared", "observed", "desired"),
    [
        pytest.param(None, NEVER, ENFORCED, id="the secure default"),
        pytest.param(None, _writer((PARTNER, "READ")), ENFORCED, id="with ACLs off no grant is left"),
        pytest.param("ObjectWriter", _writer((ALL_USERS, "READ")), _writer(), id="a grant that nobody declared goes"),
        pytest.param("ObjectWriter", ENFORCED, _writer(), id="ACLs on"),
        pytest.param(
            "BucketOwnerPreferred",
            _writer((PARTNER, "READ")),
            OwnershipState("BucketOwnerPreferred"),
            id="another ownership with ACLs",
        ),
    ],
)
def test_desired(declared: str | None, observed: OwnershipState, desired: OwnershipState) -> None:
    spec = {"ownership": {"objectOwnership": declared}} if declared else {}
    assert CONTROL.desired(context(spec), observed) == desired


@pytest.mark.parametrize("observed", [_writer((PARTNER, "READ")), _writer(), NEVER])
def test_the_acl_is_emptied_before_acls_go_off(observed: OwnershipState) -> None:
    """S3 refuses to turn ACLs off while the stored ACL grants anything, shown or hidden by Block Public Access."""
    assert CONTROL.calls(context(), observed, ENFORCED) == (Call("put_bucket_acl", {"ACL": "private"}), PUT_ENFORCED)


def test_turning_acls_on_leaves_the_acl_alone() -> None:
    (call,) = CONTROL.calls(context(), ENFORCED, _writer())
    assert call.parameters == {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}}


@pytest.mark.parametrize(
    ("observed", "spec", "others", "reason", "retry"),
    [
        pytest.param(_writer((PARTNER, "READ")), {}, POLICY, None, False, id="the policy takes the grants over"),
        pytest.param(
            _writer((PARTNER, "READ")),
            {"unmanaged": ["policy"]},
            POLICY,
            "GrantsNotMigrated",
            False,
            id="the policy is not ours to write",
        ),
        pytest.param(
            _writer((LOG_DELIVERY, "WRITE")),
            {},
            {"policy": Failure("AccessDenied", "denied")},
            "GrantsNotMigrated",
            True,
            id="the policy cannot be read",
        ),
        pytest.param(
            _writer((PARTNER, "READ")),
            {},
            {"policy": Unsupported("no policies")},
            "GrantsNotMigrated",
            False,
            id="the server has no policies",
        ),
        pytest.param(_writer((PARTNER, "READ")), {}, {}, "GrantsNotMigrated", False, id="the policy was not read"),
        pytest.param(_writer(), {"unmanaged": ["policy"]}, {}, None, False, id="no grants, nothing to take over"),
        pytest.param(
            _writer((ALL_USERS, "READ")), {"unmanaged": ["policy"]}, {}, None, False, id="public grants are dropped"
        ),
    ],
)
def test_grants_that_nobody_takes_over_are_not_dropped(
    observed: OwnershipState, spec: dict[str, Any], others: dict[str, Any], reason: str | None, retry: bool
) -> None:
    failure = CONTROL.refuse(context(spec, others, origin=Origin.ADOPTED), observed, ENFORCED)
    assert (failure.reason if failure else None) == reason
    assert (failure.retry if failure else False) is retry


def test_a_grant_on_a_bucket_that_we_created_is_drift_and_goes_without_ado() -> None:
    observed = _writer((PARTNER, "READ"))
    situation = context({"unmanaged": ["policy"]})
    assert CONTROL.refuse(situation, observed, ENFORCED) is None
    assert CONTROL.risk(situation, observed, ENFORCED) is Risk.NONE


@pytest.mark.parametrize(
    ("observed", "desired", "risk"),
    [
        pytest.param(NEVER, ENFORCED, Risk.NONE, id="nobody else is in the ACL"),
        pytest.param(_writer((ALL_USERS, "READ")), ENFORCED, Risk.NONE, id="the public is shut out on purpose"),
        pytest.param(_writer((LOG_DELIVERY, "WRITE")), ENFORCED, Risk.NONE, id="log delivery moves as a whole"),
        pytest.param(_writer((PARTNER, "READ")), ENFORCED, Risk.LOCKOUT, id="an account may rely on ACLs of objects"),
        pytest.param(ENFORCED, _writer(), Risk.NONE, id="turning ACLs on"),
    ],
)
def test_risk_on_an_adopted_bucket(observed: OwnershipState, desired: OwnershipState, risk: Risk) -> None:
    assert CONTROL.risk(context(origin=Origin.ADOPTED), observed, desired) is risk


@pytest.mark.parametrize(
    ("declared", "kept"),
    [
        ("BucketOwnerEnforced", ()),
        ("ObjectWriter", ("READ to AllUsers", "FULL_CONTROL to partner-id")),
    ],
)
def test_grants_that_stay_are_named(declared: str, kept: tuple[str, ...]) -> None:
    state = _writer((PARTNER, "FULL_CONTROL"), (ALL_USERS, "READ"))
    adopted = context({"ownership": {"objectOwnership": declared}}, origin=Origin.ADOPTED)
    assert CONTROL.kept(adopted, state) == kept


@pytest.mark.parametrize(
    ("check_id", "state", "result"),
    [
        ("acls-disabled", ENFORCED, Result.PASS),
        ("acls-disabled", _writer(), Result.FAIL),
        ("acls-disabled", OwnershipState("BucketOwnerPreferred"), Result.FAIL),
        ("acls-disabled", NEVER, Result.FAIL),
        ("acl-not-publicly-readable", ENFORCED, Result.PASS),
        ("acl-not-publicly-readable", _writer((PARTNER, "READ")), Result.PASS),
        ("acl-not-publicly-readable", _writer((ALL_USERS, "WRITE")), Result.PASS),
        ("acl-not-publicly-readable", _writer((ALL_USERS, "READ")), Result.FAIL),
        ("acl-not-publicly-readable", _writer((ALL_USERS, "READ_ACP")), Result.FAIL),
        ("acl-not-publicly-readable", _writer((AUTHENTICATED, "FULL_CONTROL")), Result.FAIL),
        ("acl-not-publicly-writable", ENFORCED, Result.PASS),
        ("acl-not-publicly-writable", _writer((LOG_DELIVERY, "WRITE")), Result.PASS),
        ("acl-not-publicly-writable", _writer((ALL_USERS, "READ")), Result.PASS),
        ("acl-not-publicly-writable", _writer((AUTHENTICATED, "WRITE")), Result.FAIL),
        ("acl-not-publicly-writable", _writer((ALL_USERS, "WRITE_ACP")), Result.FAIL),
        ("acl-not-publicly-writable", OwnershipState("", frozenset({AclGrant(ALL_USERS, "WRITE")})), Result.FAIL),
    ],
)
def test_verdict(check_id: str, state: OwnershipState, result: Result) -> None:
    check = next(each for each in CONTROL.checks if each.id == check_id)
    assert check.judge(subject(), state).result is result


CLOUDFRONT = "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0"


@pytest.mark.parametrize(
    ("desired", "named"),
    [
        pytest.param(ENFORCED, True, id="ACLs are turned off"),
        pytest.param(_writer(), True, id="the grant is removed"),
        pytest.param(_writer((CLOUDFRONT, "FULL_CONTROL")), False, id="it stays"),
    ],
)
def test_an_aws_service_that_loses_the_acl_is_named(desired: OwnershipState, named: bool) -> None:
    observed = _writer((CLOUDFRONT, "FULL_CONTROL"), (PARTNER, "READ"))
    assert ("CloudFront" in CONTROL.warning(context(origin=Origin.ADOPTED), observed, desired)) is named


def test_an_aws_service_waits_for_a_person_and_not_for_a_policy_that_could_not_help() -> None:
    observed = _writer((CLOUDFRONT, "FULL_CONTROL"))
    situation = context({"unmanaged": ["policy"]}, origin=Origin.ADOPTED)
    assert CONTROL.refuse(situation, observed, ENFORCED) is None
    assert CONTROL.risk(situation, observed, ENFORCED) is Risk.LOCKOUT
