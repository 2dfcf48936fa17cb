"""AWS services that write by the ACL are named before it goes, and get no statement that could not help them."""

from collections import Counter

import pytest
from tests.controls.builders import bucket, context

from securebucket.controls.ownership import OwnershipState
from securebucket.model.acl import LOG_DELIVERY_GROUP, AclGrant
from securebucket.model.bucket import Origin
from securebucket.policy.acl_grants import ACTIONS, migrated_statements
from securebucket.policy.acl_services import CLOUDFRONT, ELASTICACHE, SERVICES, VM_EXPORT, ends_of_services

USER = "0123456789abcdef" * 4
OF_CLOUDFRONT = "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0"


def test_all_of_aws_regions_are_known() -> None:
    assert Counter(SERVICES.values()) == {CLOUDFRONT: 2, ELASTICACHE: 3, VM_EXPORT: 21}
    assert all(len(each) == 64 and set(each) <= set("0123456789abcdef") for each in SERVICES)


@pytest.mark.parametrize("grantee", SERVICES)
def test_a_service_gets_no_statement_and_other_accounts_do(grantee: str) -> None:
    grants = frozenset(AclGrant(grantee, permission) for permission in ACTIONS) | {AclGrant(USER, "READ")}
    state = OwnershipState("ObjectWriter", grants)
    (statement,) = migrated_statements(context({}, {"ownership": state}, origin=Origin.ADOPTED))
    assert statement["Principal"] == {"CanonicalUser": USER}


@pytest.mark.parametrize("grantee", SERVICES)
def test_a_service_is_named_with_what_happens_and_what_to_do(grantee: str) -> None:
    words = ends_of_services(bucket(), [AclGrant(grantee, "WRITE"), AclGrant(grantee, "READ_ACP")])
    assert words.startswith(f"{SERVICES[grantee].name} writes by the ACL: ")
    assert words.endswith("spec.ownership.objectOwnership: BucketOwnerPreferred")
    assert words.count("writes by the ACL") == 1


def test_each_service_is_told_what_helps_it() -> None:
    words = {each: ends_of_services(bucket(), [AclGrant(key, "WRITE")]) for key, each in SERVICES.items()}
    assert "move to standard logging (v2) first" in words[CLOUDFRONT]
    assert "let the service eu-central-1.elasticache-snapshot.amazonaws.com in" in words[ELASTICACHE]
    assert "exports to no bucket whose ACLs are off" in words[VM_EXPORT]


def test_several_services_are_all_named_and_others_are_not() -> None:
    grants = [AclGrant(each, "WRITE") for each in (*SERVICES, USER, LOG_DELIVERY_GROUP)]
    words = ends_of_services(bucket(), grants)
    assert [words.count(each.name) for each in (CLOUDFRONT, ELASTICACHE, VM_EXPORT)] == [1, 1, 1]
    assert ends_of_services(bucket(), grants[-2:]) == ""
