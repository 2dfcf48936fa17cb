"""Laws of the whole bucket: all controls together, as a pass makes them, settle and stay settled."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.controls.builders import ACCOUNT, context, seen
from tests.laws.pretend_s3 import PretendS3, acl
from tests.laws.register import TRIED

from securebucket.aws.bucket_client import BucketClient
from securebucket.aws.s3_calls import S3Calls
from securebucket.controls.ownership import OwnershipState
from securebucket.engine.plan import make_plan
from securebucket.model.acl import AclGrant
from securebucket.model.bucket import Origin
from securebucket.policy.document import PolicyState

PARTNER = "c1daexampleaaf850ea79cf0430f33d72579fd1611c97f7ded193374c0b163b6"
ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"


@pytest.fixture
def server() -> PretendS3:
    return PretendS3()


@pytest.fixture
def client(server: PretendS3) -> BucketClient:
    return BucketClient(S3Calls(server.client()), "acme-invoices", ACCOUNT, other=server.client)


def _pass(client: BucketClient, spec: Mapping[str, Any], origin: Origin) -> list[str]:
    """Make one pass: read all, plan, apply in order. Gives the names of the controls that were changed."""
    situation = context(spec, seen(client, *TRIED), origin=origin)
    planned = make_plan(situation, TRIED)
    assert [change.control for change in planned if change.refusal is not None] == []
    for change in planned:
        for call in change.calls:
            assert client.make(call) is None, change.control
    return [change.control for change in planned]


@pytest.mark.parametrize("origin", list(Origin))
def test_a_bucket_settles_in_one_pass_and_stays_so(client: BucketClient, origin: Origin) -> None:
    assert _pass(client, {}, origin)
    assert _pass(client, {}, origin) == []


def test_acl_grants_move_into_the_policy_and_stay_there(client: BucketClient, server: PretendS3) -> None:
    server.documents["acl"] = acl(("ID", PARTNER, "READ"), ("URI", ALL_USERS, "READ"))
    ownership = next(control for control in TRIED if control.name == "ownership")
    before = seen(client, ownership)
    assert before == OwnershipState("", frozenset({AclGrant(PARTNER, "READ"), AclGrant(ALL_USERS, "READ")}))

    assert {"policy", "ownership"} <= set(_pass(client, {}, Origin.ADOPTED))
    assert _pass(client, {}, Origin.ADOPTED) == []

    assert seen(client, ownership) == OwnershipState("BucketOwnerEnforced")
    policy = seen(client, next(control for control in TRIED if control.name == "policy"))
    assert isinstance(policy, PolicyState)
    assert [each["Principal"] for each in policy.statements.values() if "CanonicalUser" in each["Principal"]] != []


def test_grants_on_a_bucket_that_we_created_do_not_move(client: BucketClient, server: PretendS3) -> None:
    server.documents["acl"] = acl(("ID", PARTNER, "READ"))
    _pass(client, {}, Origin.CREATED)
    assert PARTNER.encode() not in server.documents["policy"].body
    assert "acl" not in server.documents
