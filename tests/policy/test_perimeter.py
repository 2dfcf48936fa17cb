"""Who gets through the Denies around a bucket: whole requests, judged by the statements that are written."""

from typing import Any

import pytest
from tests.controls.builders import context

from securebucket.policy.canonical import canonical_statement
from securebucket.policy.conditions import may_hold
from securebucket.policy.statements import own_statements

OURS, STRANGER = "o-exampleorgid", "o-strangersid"
ABSENT: tuple[str, ...] = ()
PERSON: dict[str, tuple[str, ...]] = {
    "aws:principalarn": ("arn:aws:iam::111122223333:role/app",),
    "aws:principalisawsservice": ("false",),
    "aws:viaawsservice": ("false",),
    "aws:sourcevpce": ABSENT,
    "aws:sourcevpc": ABSENT,
    "aws:vpcsourceip": ABSENT,
    "aws:sourceip": ABSENT,
    "aws:sourceaccount": ABSENT,
    "aws:sourceorgid": ABSENT,
    "aws:resourceorgid": (OURS,),
    "aws:multifactorauthage": ABSENT,
    "s3:if-none-match": ABSENT,
    "s3:if-match": ABSENT,
    "s3:objectcreationoperation": ("true",),
}
OPERATOR = {"aws:principalarn": ("arn:aws:iam::111122223333:role/securebucket",)}
SERVICE = {"aws:principalisawsservice": ("true",), "aws:principalarn": ABSENT}


def denials(policy: dict[str, Any], request: dict[str, tuple[str, ...]]) -> list[str]:
    """Name the statements that refuse a request; every key that they ask for is known of it."""
    wanted = context({"policy": {"requireTls": False, **policy}})
    known = PERSON | request
    return [
        each["Sid"].removeprefix("SecureBucket")
        for each in own_statements(wanted.bucket, wanted.spec)
        if may_hold(canonical_statement(each)["Condition"], known)
    ]


def through(vpc: str, address: str = "") -> dict[str, tuple[str, ...]]:
    """Give what S3 shows of a request through a VPC endpoint."""
    return {
        "aws:sourcevpce": (f"vpce-{vpc}",),
        "aws:sourcevpc": (f"vpc-{vpc}",),
        "aws:vpcsourceip": (address,) if address else ABSENT,
    }


def public(address: str) -> dict[str, tuple[str, ...]]:
    return {"aws:sourceip": (address,)}


VPC = {"allowedVpcs": ["vpc-1"], "allowedVpcSourceCidrs": ["10.1.0.0/16", "fd00:1::/32"]}
ENDPOINT = {"allowedVpcEndpoints": ["vpce-1"], "allowedVpcSourceCidrs": ["10.1.0.0/16"]}
OFFICE_TOO = VPC | {"allowedCidrs": ["203.0.113.0/24"]}
NETWORK, ADDRESS = "AllowedNetworks", "AllowedVpcSourceAddresses"
NETWORKS: dict[str, tuple[dict[str, Any], dict[str, tuple[str, ...]], list[str]]] = {
    "our VPC, an allowed address": (VPC, through("1", "10.1.2.3"), []),
    "our VPC, an allowed IPv6 address": (VPC, through("1", "fd00:1::7"), []),
    "our VPC, another address": (VPC, through("1", "10.2.2.3"), [ADDRESS]),
    "our VPC, no address shown": (VPC, through("1"), [ADDRESS]),
    "a stranger's VPC, an allowed address": (VPC, through("2", "10.1.2.3"), [NETWORK]),
    "a stranger's VPC, another address": (VPC, through("2", "10.2.2.3"), [NETWORK, ADDRESS]),
    "the internet": (VPC, public("198.51.100.7"), [NETWORK]),
    "our endpoint, an allowed address": (ENDPOINT, through("1", "10.1.2.3"), []),
    "our endpoint, another address": (ENDPOINT, through("1", "10.2.2.3"), [ADDRESS]),
    "a stranger's endpoint, an allowed address": (ENDPOINT, through("2", "10.1.2.3"), [NETWORK]),
    "the office": (OFFICE_TOO, public("203.0.113.7"), []),
    "not the office": (OFFICE_TOO, public("198.51.100.7"), [NETWORK]),
    "our VPC beside an office, an allowed address": (OFFICE_TOO, through("1", "10.1.2.3"), []),
    "our VPC beside an office, another address": (OFFICE_TOO, through("1", "10.2.2.3"), [ADDRESS]),
    "Athena for a person": (VPC, public("198.51.100.7") | {"aws:viaawsservice": ("true",)}, []),
    "a service": (VPC, SERVICE, []),
    "the operator": (VPC, public("198.51.100.7") | OPERATOR, []),
}


@pytest.mark.parametrize(("policy", "request_", "refused_by"), NETWORKS.values(), ids=NETWORKS.keys())
def test_private_addresses_narrow_the_vpcs(
    policy: dict[str, Any], request_: dict[str, tuple[str, ...]], refused_by: list[str]
) -> None:
    assert denials(policy, request_) == refused_by


def acting_for(account: str, organization: str = "") -> dict[str, tuple[str, ...]]:
    """Give what S3 shows of a service that acts for an account."""
    of = (organization,) if organization else ABSENT
    return SERVICE | {"aws:sourceaccount": (account,), "aws:sourceorgid": of}


SOURCES = {"allowedSourceOrganizations": [OURS], "allowedSourceAccounts": ["444455556666"]}
ACCOUNTS_ONLY = {"allowedSourceAccounts": ["444455556666"]}
RESOURCE, MFA = {"requireResourceOrganization": OURS}, {"requireRecentMfa": {"maxAge": "1h"}}
CREATE, EITHER = {"requireConditionalWrites": "IfNoneMatch"}, {"requireConditionalWrites": "IfNoneMatchOrIfMatch"}
OTHERS: dict[str, tuple[dict[str, Any], dict[str, tuple[str, ...]], list[str]]] = {
    "a service for our organization": (SOURCES, acting_for("999999999999", OURS), []),
    "a service for an account that is named": (SOURCES, acting_for("444455556666", STRANGER), []),
    "a service for the bucket's own account, which is in no organization": (SOURCES, acting_for("111122223333"), []),
    "a service for another organization": (SOURCES, acting_for("999999999999", STRANGER), ["AllowedSources"]),
    "a service for an account in no organization": (SOURCES, acting_for("999999999999"), ["AllowedSources"]),
    "a service that does not say for whom": (SOURCES, SERVICE, []),
    "a person, for whom another Deny is": (SOURCES, {}, []),
    "accounts only: ours": (ACCOUNTS_ONLY, acting_for("111122223333"), []),
    "accounts only: another": (ACCOUNTS_ONLY, acting_for("999999999999", OURS), ["AllowedSources"]),
    "the bucket is in the organization": (RESOURCE, {}, []),
    "the bucket is in another one": (RESOURCE, {"aws:resourceorgid": (STRANGER,)}, ["RequireResourceOrganization"]),
    "the bucket is in none": (RESOURCE, {"aws:resourceorgid": ABSENT}, ["RequireResourceOrganization"]),
    "the bucket is in none, and the operator comes": (RESOURCE, {"aws:resourceorgid": ABSENT} | OPERATOR, []),
    "a factor that is new enough": (MFA, {"aws:multifactorauthage": ("3600",)}, []),
    "a factor that is too old": (MFA, {"aws:multifactorauthage": ("3601",)}, ["RequireRecentMfa"]),
    "no factor": (MFA, {}, ["RequireRecentMfa"]),
    "no factor of a service": (MFA, SERVICE, []),
    "a write that makes": (CREATE, {"s3:if-none-match": ("*",)}, []),
    "a write that may overwrite": (CREATE, {}, ["RequireConditionalWrites"]),
    "a write that changes what it has seen": (CREATE, {"s3:if-match": ("etag",)}, ["RequireConditionalWrites"]),
    "a part of a write": (CREATE, {"s3:objectcreationoperation": ("false",)}, []),
    "a log that a service writes": (CREATE, SERVICE, []),
    "either header: the one": (EITHER, {"s3:if-none-match": ("*",)}, []),
    "either header: the other": (EITHER, {"s3:if-match": ("etag",)}, []),
    "either header: none": (EITHER, {}, ["RequireConditionalWrites"]),
}


@pytest.mark.parametrize(("policy", "request_", "refused_by"), OTHERS.values(), ids=OTHERS.keys())
def test_a_denial_refuses_whom_it_is_for(
    policy: dict[str, Any], request_: dict[str, tuple[str, ...]], refused_by: list[str]
) -> None:
    assert denials(policy, request_) == refused_by
