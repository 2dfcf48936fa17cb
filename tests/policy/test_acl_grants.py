"""ACL grants as statements of others, before ACLs are turned off."""

from typing import Any

import pytest
from tests.controls.builders import context

from securebucket.controls.ownership import OwnershipState
from securebucket.model.acl import LOG_DELIVERY_GROUP, PUBLIC_GROUPS, AclGrant
from securebucket.model.bucket import Origin
from securebucket.model.failure import Failure
from securebucket.policy.acl_grants import migrated_statements
from securebucket.policy.document import is_own

ARN = "arn:aws:s3:::acme-invoices"
USER = "0123456789abcdef" * 4
LISTING = ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"]


def migrate(*grants: AclGrant, origin: Origin = Origin.ADOPTED, **spec: Any) -> tuple[dict[str, Any], ...]:
    state = OwnershipState("ObjectWriter", frozenset(grants))
    return migrated_statements(context(spec, {"ownership": state}, origin=origin))


PERMISSIONS = {
    "READ": (LISTING, [ARN]),
    "WRITE": (["s3:PutObject"], [f"{ARN}/*"]),
    "READ_ACP": (["s3:GetBucketAcl"], [ARN]),
    "FULL_CONTROL": ([*LISTING, "s3:PutObject", "s3:GetBucketAcl"], [ARN, f"{ARN}/*"]),
}


@pytest.mark.parametrize(("permission", "expected"), PERMISSIONS.items(), ids=PERMISSIONS.keys())
def test_permissions_become_actions(permission: str, expected: tuple[list[str], list[str]]) -> None:
    (statement,) = migrate(AclGrant(USER, permission))
    assert (statement["Action"], statement["Resource"]) == expected
    assert statement["Effect"] == "Allow"
    assert statement["Principal"] == {"CanonicalUser": USER}
    assert not is_own(statement["Sid"])


def test_the_right_to_write_the_acl_ends_with_the_acl() -> None:
    assert migrate(AclGrant(USER, "WRITE_ACP")) == ()
    assert "s3:PutBucketAcl" not in migrate(AclGrant(USER, "FULL_CONTROL"))[0]["Action"]


def test_each_grant_has_a_statement_of_its_own() -> None:
    grants = [AclGrant(user, permission) for user in (USER, "f" * 64) for permission in ("READ", "WRITE")]
    assert len({each["Sid"] for each in migrate(*grants)}) == 4


@pytest.mark.parametrize("group", sorted(PUBLIC_GROUPS))
def test_the_public_gets_nothing(group: str) -> None:
    assert migrate(AclGrant(group, "READ"), AclGrant(group, "FULL_CONTROL")) == ()


def test_log_delivery_goes_on() -> None:
    (statement,) = migrate(AclGrant(LOG_DELIVERY_GROUP, "WRITE"), AclGrant(LOG_DELIVERY_GROUP, "READ_ACP"))
    assert statement["Sid"] == "AclGrantLogDelivery"
    assert statement["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}


def test_log_target_has_the_grant_already() -> None:
    assert migrate(AclGrant(LOG_DELIVERY_GROUP, "WRITE"), role="LogTarget") == ()


@pytest.mark.parametrize(
    "options",
    [
        {"origin": Origin.CREATED},
        {"ownership": {"objectOwnership": "ObjectWriter"}},
        {"unmanaged": ["ownership"]},
    ],
    ids=["created: a grant is drift", "ACLs stay", "ACLs are left alone"],
)
def test_nothing_is_migrated_while_the_acl_stays_or_was_never_meant(options: dict[str, Any]) -> None:
    assert migrate(AclGrant(USER, "READ"), **options) == ()


@pytest.mark.parametrize("observed", [{}, {"ownership": Failure("AccessDenied", "no")}], ids=["unread", "unknown"])
def test_nothing_is_migrated_while_the_acl_is_not_known(observed: dict[str, Any]) -> None:
    assert migrated_statements(context({}, observed, origin=Origin.ADOPTED)) == ()
