"""The ACL where it counts: which grants are to be there, how they are put, and what is kept of them."""

from typing import Any

import pytest
from tests.controls.builders import ACCOUNT, context, state_of

from securebucket.api.spec import SecureBucketSpec
from securebucket.controls.ownership import OwnershipControl, OwnershipState
from securebucket.model.acl import LOG_DELIVERY_GROUP, AclGrant
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.failure import Failure
from securebucket.model.risk import Risk
from securebucket.model.surroundings import BucketOwner, BucketOwnerQuery

CONTROL = OwnershipControl()
OWNER, PARTNER, STRANGER = "owner-id", "partner-id", "stranger-id"
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
QUERY = BucketOwnerQuery("acme-invoices", ACCOUNT)
TO_PARTNER = {"grantee": {"type": "CanonicalUser", "id": PARTNER}, "permission": "READ"}
TO_ALL = {"grantee": {"type": "Group", "uri": ALL_USERS}, "permission": "READ"}
OFF = OwnershipState("BucketOwnerEnforced")


def writer(*grants: tuple[str, str], owner: str = OWNER) -> OwnershipState:
    return OwnershipState("ObjectWriter", frozenset(AclGrant(*grant) for grant in grants), owner)


def spec(*grants: Any, **options: Any) -> dict[str, Any]:
    block = {"objectOwnership": "ObjectWriter", "grants": list(grants), **options.pop("block", {})}
    return {"ownership": block, **options}


def own(grantee: str, permission: str) -> dict[str, Any]:
    kind = {"Type": "Group", "URI": grantee} if "/" in grantee else {"Type": "CanonicalUser", "ID": grantee}
    return {"Grantee": kind, "Permission": permission}


def put(*grants: dict[str, Any]) -> Call:
    return Call("put_bucket_acl", {"AccessControlPolicy": {"Owner": {"ID": OWNER}, "Grants": list(grants)}})


def test_the_owner_is_read_with_the_grants_and_is_no_difference() -> None:
    acl = {"Owner": {"ID": OWNER}, "Grants": [own(OWNER, "FULL_CONTROL")]}
    state = state_of(CONTROL, {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}}, acl)
    assert state.owner == OWNER
    assert state == writer(owner="")


@pytest.mark.parametrize(
    ("origin", "declared", "left"),
    [
        (Origin.CREATED, spec(), writer()),
        (Origin.CREATED, spec(TO_PARTNER), writer((PARTNER, "READ"))),
        (Origin.CREATED, spec(block={"foreign": "Keep"}), writer((STRANGER, "WRITE"))),
        (Origin.ADOPTED, spec(), writer((STRANGER, "WRITE"))),
        (Origin.ADOPTED, spec(TO_PARTNER), writer((PARTNER, "READ"), (STRANGER, "WRITE"))),
        (Origin.ADOPTED, spec(TO_PARTNER, block={"foreign": "Remove"}), writer((PARTNER, "READ"))),
        (Origin.ADOPTED, {}, OFF),
    ],
)
def test_what_nobody_declared_stays_only_where_it_was_at_adoption(
    origin: Origin, declared: Any, left: OwnershipState
) -> None:
    assert CONTROL.desired(context(declared, origin=origin), writer((STRANGER, "WRITE"))) == left


@pytest.mark.parametrize(
    ("role", "permission", "stays"),
    [
        ("LogTarget", "WRITE", True),
        ("LogTarget", "READ_ACP", True),
        ("LogTarget", "READ", False),
        ("Data", "WRITE", False),
    ],
)
def test_what_logs_arrive_by_stays_on_a_log_target(role: str, permission: str, stays: bool) -> None:
    there = writer((LOG_DELIVERY_GROUP, permission))
    situation = context(spec(role=role))
    assert CONTROL.desired(situation, there) == (there if stays else writer())
    assert bool(CONTROL.kept(situation, there)) is stays


def test_declared_grants_are_put_beside_the_owners_own() -> None:
    situation = context(spec(TO_PARTNER, TO_ALL))
    desired = CONTROL.desired(situation, writer())
    assert CONTROL.calls(situation, writer(), desired) == (
        put(own(ALL_USERS, "READ"), own(OWNER, "FULL_CONTROL"), own(PARTNER, "READ")),
    )


def test_an_acl_without_grants_is_the_private_one() -> None:
    situation = context(spec())
    assert CONTROL.calls(situation, writer((STRANGER, "READ")), writer()) == (
        Call("put_bucket_acl", {"ACL": "private"}),
    )


def test_acls_are_turned_on_before_the_acl_is_put() -> None:
    situation = context(spec(TO_PARTNER), facts={QUERY: BucketOwner(OWNER)})
    calls = CONTROL.calls(situation, OFF, CONTROL.desired(situation, OFF))
    assert [call.operation for call in calls] == ["put_bucket_ownership_controls", "put_bucket_acl"]
    assert calls[1] == put(own(OWNER, "FULL_CONTROL"), own(PARTNER, "READ"))


def test_another_ownership_leaves_the_acl_alone() -> None:
    there = writer((PARTNER, "READ"))
    preferred = spec(TO_PARTNER, block={"objectOwnership": "BucketOwnerPreferred"})
    (call,) = CONTROL.calls(context(preferred), there, CONTROL.desired(context(preferred), there))
    assert call.operation == "put_bucket_ownership_controls"


@pytest.mark.parametrize(
    ("declared", "observed", "asked"),
    [
        (spec(TO_PARTNER), OFF, True),
        (spec(TO_PARTNER), writer(), False),
        (spec(), OFF, False),
        ({}, writer((PARTNER, "READ"), owner=""), False),
    ],
)
def test_who_owns_the_bucket_is_asked_only_before_a_write_that_names_him(
    declared: Any, observed: OwnershipState, asked: bool
) -> None:
    assert CONTROL.facts(context(declared), observed) == ((QUERY,) if asked else ())


@pytest.mark.parametrize(
    ("declared", "facts", "reason"),
    [
        (spec(TO_PARTNER), {QUERY: BucketOwner(OWNER)}, None),
        (spec(TO_PARTNER), {QUERY: Failure("AccessDenied", "no")}, "AccessDenied"),
        (spec(TO_PARTNER), {}, "NotAsked"),
        (spec(), {}, None),
        (spec(TO_ALL), {QUERY: BucketOwner(OWNER)}, "PublicAclRefused"),
        (spec(TO_ALL, publicAccessBlock={"blockPublicAcls": False}), {QUERY: BucketOwner(OWNER)}, None),
    ],
)
def test_what_s3_would_refuse_is_refused(declared: Any, facts: Any, reason: str | None) -> None:
    situation = context(declared, facts=facts)
    failure = CONTROL.refuse(situation, OFF, CONTROL.desired(situation, OFF))
    assert (failure.reason if failure else None) == reason


def test_a_public_grant_that_is_there_refuses_no_other_change() -> None:
    situation = context(spec(TO_PARTNER), origin=Origin.ADOPTED)
    there = writer((ALL_USERS, "READ"))
    assert CONTROL.refuse(situation, there, CONTROL.desired(situation, there)) is None


@pytest.mark.parametrize(
    ("origin", "grantee", "risk"),
    [
        (Origin.ADOPTED, PARTNER, Risk.LOCKOUT),
        (Origin.ADOPTED, ALL_USERS, Risk.NONE),
        (Origin.CREATED, PARTNER, Risk.NONE),
    ],
)
def test_a_grant_of_an_account_leaves_an_adopted_bucket_with_a_yes(origin: Origin, grantee: str, risk: Risk) -> None:
    situation = context(spec(block={"foreign": "Remove"}), origin=origin)
    assert CONTROL.risk(situation, writer((grantee, "READ")), writer()) is risk


def test_a_grant_that_goes_while_acls_stay_on_needs_no_policy() -> None:
    situation = context(spec(block={"foreign": "Remove"}, unmanaged=["policy"]), origin=Origin.ADOPTED)
    assert CONTROL.refuse(situation, writer((PARTNER, "READ")), writer()) is None


@pytest.mark.parametrize(
    ("found", "block"),
    [
        (writer(), {}),
        (writer((PARTNER, "READ"), (ALL_USERS, "READ")), {"grants": [TO_ALL, TO_PARTNER]}),
        (OwnershipState("", frozenset({AclGrant(PARTNER, "READ")})), {"grants": [TO_PARTNER]}),
        (writer((PARTNER, "LIST")), {"foreign": "Keep"}),
        (writer(*[(f"{number}", "READ") for number in range(41)]), {"foreign": "Keep"}),
    ],
)
def test_what_is_found_can_be_kept(found: OwnershipState, block: Any) -> None:
    assert CONTROL.found_block(found) == block
    kept = {"ownership": {"objectOwnership": "ObjectWriter", **block}}
    assert SecureBucketSpec.model_validate(kept)
    assert CONTROL.desired(context(kept), found).grants == found.grants
