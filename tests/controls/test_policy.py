"""The bucket policy control."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.controls.builders import context, state_of
from tests.laws.aws_model import problems_of
from tests.policy.strategies import PATIENT, STATEMENTS

from securebucket.controls import CONTROLS
from securebucket.controls.bucket_policy import BucketPolicyControl
from securebucket.controls.ownership import OwnershipState
from securebucket.model.acl import AclGrant
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.control import Context
from securebucket.model.document import fields_of
from securebucket.model.risk import Risk
from securebucket.policy.document import ABSENT, PolicyState

CONTROL = BucketPolicyControl()
ARN = "arn:aws:s3:::acme-invoices"
DEAD = "AROAEXAMPLEEXAMPLE12"
TLS: dict[str, Any] = {
    "Sid": "SecureBucketRequireTls",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": [ARN, f"{ARN}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
ROLE = "arn:aws:iam::444455556666:role/reader"
FOREIGN: dict[str, Any] = {
    "Sid": "Reader",
    "Effect": "Allow",
    "Principal": {"AWS": ROLE},
    "Action": "s3:GetObject",
    "Resource": f"{ARN}/*",
}


def read(*statements: Any, version: str = "2012-10-17", **document: Any) -> PolicyState:
    text = json.dumps({"Version": version, **document, "Statement": list(statements)})
    return state_of(CONTROL, {"Policy": text})


def desired(state: PolicyState = ABSENT, spec: dict[str, Any] | None = None, **options: Any) -> PolicyState:
    return CONTROL.desired(context(spec, **options), state)


def put(observed: PolicyState, spec: dict[str, Any] | None = None) -> dict[str, Any]:
    """Give the document that would be put."""
    wanted = context(spec)
    (call,) = CONTROL.calls(wanted, observed, CONTROL.desired(wanted, observed))
    assert call.operation == "put_bucket_policy"
    assert problems_of(call) == []
    assert set(call.parameters) == {"Policy"}
    document: dict[str, Any] = json.loads(call.parameters["Policy"])
    return document


def changed_fields(observed: PolicyState, spec: dict[str, Any] | None = None) -> list[str]:
    before, after = fields_of(observed), fields_of(desired(observed, spec))
    return [name for name in before | after if before.get(name) != after.get(name)]


def test_a_bucket_without_policy_has_no_statements() -> None:
    assert state_of(CONTROL) == ABSENT


def test_a_bare_bucket_gets_the_tls_statement() -> None:
    assert put(ABSENT) == {"Version": "2012-10-17", "Statement": [TLS]}


def test_what_was_put_is_what_is_wanted() -> None:
    assert desired(read(TLS)) == read(TLS)


AS_S3_GIVES_IT_BACK = {
    "everybody as AWS": {"Principal": {"AWS": "*"}},
    "resources in another order": {"Resource": [f"{ARN}/*", ARN]},
    "lists of one": {"Action": ["s3:*"], "Condition": {"Bool": {"aws:SecureTransport": ["false"]}}},
    "boolean": {"Condition": {"Bool": {"aws:SecureTransport": False}}},
    "case of the key": {"Condition": {"Bool": {"AWS:securetransport": "false"}}},
}


@pytest.mark.parametrize("elements", AS_S3_GIVES_IT_BACK.values(), ids=AS_S3_GIVES_IT_BACK.keys())
def test_another_way_to_write_our_statement_is_no_difference(elements: dict[str, Any]) -> None:
    assert changed_fields(read({**TLS, **elements})) == []


TAMPERED = {
    "sid": {"Sid": "Other"},
    "effect": {"Effect": "Allow"},
    "principal": {"Principal": {"AWS": "444455556666"}},
    "action": {"Action": "s3:GetObject"},
    "resource": {"Resource": ARN},
    "condition value": {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
    "condition operator": {"Condition": {"BoolIfExists": {"aws:SecureTransport": "false"}}},
    "one more condition": {
        "Condition": {"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}}
    },
    "one more element": {"NotResource": ARN},
}


@pytest.mark.parametrize("elements", TAMPERED.values(), ids=TAMPERED.keys())
def test_tampering_shows_in_the_one_statement(elements: dict[str, Any]) -> None:
    observed = read({**TLS, **elements}, FOREIGN)
    assert changed_fields(observed) == ["statements[SecureBucketRequireTls]"]
    assert TLS in put(observed)["Statement"]


def test_statements_of_others_stay_behind_ours() -> None:
    other = {**FOREIGN, "Sid": "Another"}
    assert put(read(other, FOREIGN))["Statement"] == [TLS, other, FOREIGN]


def test_statements_of_others_are_put_as_they_were_read() -> None:
    odd = {**FOREIGN, "Action": ["s3:GetObject"], "Principal": {"AWS": ["444455556666"]}, "Sid": ""}
    assert put(read(odd))["Statement"][1] == odd


def test_statements_of_others_go_when_asked() -> None:
    assert put(read(TLS, FOREIGN), {"policy": {"foreign": "Remove"}})["Statement"] == [TLS]


def test_a_statement_with_our_prefix_that_nobody_declared_goes() -> None:
    observed = read(TLS, {**FOREIGN, "Sid": "SecureBucketReader"})
    assert changed_fields(observed) == ["statements[SecureBucketReader]"]
    assert put(observed)["Statement"] == [TLS]


def test_two_statements_with_our_sid_become_the_right_one() -> None:
    observed = read(TLS, {**TLS, "Effect": "Allow"})
    assert put(observed)["Statement"] == [TLS]


def test_id_and_version_stay() -> None:
    assert put(read(FOREIGN, Id="Policy1", version="2008-10-17")) == {
        "Version": "2008-10-17",
        "Id": "Policy1",
        "Statement": [TLS, FOREIGN],
    }


WITH_VARIABLE = {
    "policy": {"allow": [{"sid": "A", "principals": ["111122223333"], "actions": ["s3:GetObject"], "prefix": "a*"}]}
}


def test_version_rises_where_ours_need_variables() -> None:
    """In the old version the escaped `${*}` would be plain text, and the grant would allow nothing."""
    assert put(read(FOREIGN, version="2008-10-17"), WITH_VARIABLE)["Version"] == "2012-10-17"


def test_version_does_not_rise_over_plain_text_of_others() -> None:
    odd = {**FOREIGN, "Resource": f"{ARN}/${{x}}/*"}
    assert desired(read(odd, version="2008-10-17"), WITH_VARIABLE).version == "2008-10-17"


NOTHING = {"policy": {"requireTls": False}}


def test_an_empty_policy_is_deleted_where_one_was() -> None:
    wanted = context(NOTHING)
    observed = read(TLS)
    assert CONTROL.calls(wanted, observed, CONTROL.desired(wanted, observed)) == (Call("delete_bucket_policy"),)


def test_a_policy_without_statements_is_deleted() -> None:
    wanted = context(NOTHING)
    observed = read()
    assert CONTROL.desired(wanted, observed) != observed
    assert CONTROL.calls(wanted, observed, CONTROL.desired(wanted, observed)) == (Call("delete_bucket_policy"),)


def test_nothing_is_deleted_where_nothing_was() -> None:
    wanted = context(NOTHING)
    assert CONTROL.desired(wanted, ABSENT) == ABSENT
    assert CONTROL.calls(wanted, ABSENT, ABSENT) == ()


def test_no_policy_is_deleted_while_others_have_statements() -> None:
    assert put(read(TLS, FOREIGN), NOTHING)["Statement"] == [FOREIGN]


DEAD_ALLOW = {**FOREIGN, "Sid": "Gone", "Principal": {"AWS": DEAD}}


def test_dead_grants_alone_are_no_difference() -> None:
    assert changed_fields(read(TLS, DEAD_ALLOW)) == []


def test_dead_grants_do_not_stop_ours() -> None:
    """S3 would answer `MalformedPolicy` to the raw id, and the TLS statement would never come."""
    half = {**FOREIGN, "Sid": "Half", "Principal": {"AWS": [DEAD, ROLE]}}
    observed = read(DEAD_ALLOW, half, FOREIGN)
    assert put(observed)["Statement"] == [TLS, {**half, "Principal": {"AWS": [ROLE]}}, FOREIGN]
    assert changed_fields(observed) == [
        "statements[Gone]",
        "statements[Half]",
        "statements[SecureBucketRequireTls]",
    ]


def test_our_own_dead_grant_is_put_again() -> None:
    spec = {"policy": {"allow": [{"sid": "R", "principals": [ROLE], "actions": ["s3:GetObject"]}]}}
    dead = {**FOREIGN, "Sid": "SecureBucketR", "Principal": {"AWS": DEAD}}
    assert changed_fields(read(TLS, dead), spec) == ["statements[SecureBucketR]"]
    assert put(read(TLS, dead), spec)["Statement"][1]["Principal"] == {"AWS": ROLE}


@PATIENT
@given(statements=st.lists(STATEMENTS, max_size=4))
def test_what_is_put_over_any_policy_needs_nothing_more(statements: list[dict[str, Any]]) -> None:
    wanted = context()
    observed = read(*statements)
    for call in CONTROL.calls(wanted, observed, CONTROL.desired(wanted, observed)):
        observed = state_of(CONTROL, {"Policy": call.parameters["Policy"]})
    assert CONTROL.desired(wanted, observed) == observed


USER = "0123456789abcdef" * 4
GRANTS = OwnershipState("ObjectWriter", frozenset({AclGrant(USER, "READ")}))


def test_acl_grants_join_the_statements_of_others() -> None:
    found = desired(ABSENT, observed={"ownership": GRANTS}, origin=Origin.ADOPTED)
    (own, migrated) = found.statements
    assert own == "SecureBucketRequireTls"
    assert migrated.startswith("AclGrantRead")
    assert CONTROL.kept(context(), found) == (migrated,)


def test_migrated_grants_stay_when_the_acl_is_gone() -> None:
    migrated = desired(ABSENT, observed={"ownership": GRANTS}, origin=Origin.ADOPTED)
    assert desired(migrated, origin=Origin.ADOPTED) == migrated


def test_a_migrated_grant_that_s3_shows_as_an_account_is_not_migrated_again() -> None:
    migrated = desired(ABSENT, observed={"ownership": GRANTS}, origin=Origin.ADOPTED)
    (sid,) = [key for key in migrated.statements if key.startswith("Acl")]
    shown = {**migrated.written[sid], "Principal": {"AWS": "arn:aws:iam::444455556666:root"}}
    observed = read(TLS, shown)
    assert desired(observed, observed={"ownership": GRANTS}, origin=Origin.ADOPTED) == observed


def test_acl_grants_are_not_migrated_where_others_may_have_nothing() -> None:
    spec = {"policy": {"foreign": "Remove"}}
    assert list(desired(ABSENT, spec, observed={"ownership": GRANTS}, origin=Origin.ADOPTED).statements) == [
        "SecureBucketRequireTls"
    ]


def test_kept_statements_are_named() -> None:
    state = read(TLS, FOREIGN, {**FOREIGN, "Sid": ""})
    names = CONTROL.kept(context(), state)
    assert names[0] == "Reader"
    assert names[1].startswith("foreign-")
    assert CONTROL.kept(context({"policy": {"foreign": "Remove"}}), state) == ()


RISKS = {
    "the default": ({}, {}, Risk.NONE),
    "TLS 1.2, which S3 asks for anyway": ({}, {"minTlsVersion": "1.2"}, Risk.NONE),
    "TLS 1.3": ({}, {"minTlsVersion": "1.3"}, Risk.LOCKOUT),
    "from TLS 1.2 to 1.3": ({"minTlsVersion": "1.2"}, {"minTlsVersion": "1.3"}, Risk.LOCKOUT),
    "a network": ({}, {"allowedVpcs": ["vpc-1"]}, Risk.LOCKOUT),
    "one network more": ({"allowedVpcs": ["vpc-1"]}, {"allowedVpcs": ["vpc-1", "vpc-2"]}, Risk.NONE),
    "one network less": ({"allowedVpcs": ["vpc-1", "vpc-2"]}, {"allowedVpcs": ["vpc-1"]}, Risk.LOCKOUT),
    "another network": ({"allowedVpcs": ["vpc-1"]}, {"allowedVpcs": ["vpc-2"]}, Risk.LOCKOUT),
    "another way in": (
        {"allowedVpcs": ["vpc-1"]},
        {"allowedVpcs": ["vpc-1"], "allowedCidrs": ["203.0.113.0/24"]},
        Risk.LOCKOUT,
    ),
    "one address range more": (
        {"allowedCidrs": ["203.0.113.0/24"]},
        {"allowedCidrs": ["203.0.113.0/24", "198.51.100.0/24"]},
        Risk.NONE,
    ),
    "one more exempt": (
        {"allowedVpcs": ["vpc-1"]},
        {"allowedVpcs": ["vpc-1"], "exemptPrincipals": [ROLE]},
        Risk.NONE,
    ),
    "no network any more": ({"allowedVpcs": ["vpc-1"]}, {}, Risk.NONE),
    "organizations": ({}, {"allowedOrganizations": ["o-1234567890"]}, Risk.LOCKOUT),
    "accounts": ({}, {"allowedAccounts": ["444455556666"]}, Risk.LOCKOUT),
    "encryption": ({}, {"requireEncryption": "aws:kms"}, Risk.LOCKOUT),
    "deletes": ({}, {"denyDelete": True}, Risk.LOCKOUT),
    "MFA": ({}, {"requireMfaForDelete": True}, Risk.LOCKOUT),
    "conditional writes": ({}, {"requireConditionalWrites": "IfNoneMatch"}, Risk.LOCKOUT),
    "a recent second factor": ({}, {"requireRecentMfa": {"maxAge": "1h"}}, Risk.LOCKOUT),
    "another age of it": ({"requireRecentMfa": {"maxAge": "2h"}}, {"requireRecentMfa": {"maxAge": "1h"}}, Risk.LOCKOUT),
    "private addresses": (
        {"allowedVpcs": ["vpc-1"]},
        {"allowedVpcs": ["vpc-1"], "allowedVpcSourceCidrs": ["10.0.0.0/16"]},
        Risk.LOCKOUT,
    ),
    "one private range more": (
        {"allowedVpcs": ["vpc-1"], "allowedVpcSourceCidrs": ["10.0.0.0/16"]},
        {"allowedVpcs": ["vpc-1"], "allowedVpcSourceCidrs": ["10.0.0.0/16", "10.1.0.0/16"]},
        Risk.NONE,
    ),
    "the bucket's organization": ({}, {"requireResourceOrganization": "o-1234567890"}, Risk.LOCKOUT),
    "sources": ({}, {"allowedSourceOrganizations": ["o-1234567890"]}, Risk.LOCKOUT),
    "one source more": (
        {"allowedSourceAccounts": ["444455556666"]},
        {"allowedSourceAccounts": ["444455556666", "777788889999"]},
        Risk.NONE,
    ),
    "a service": ({}, {"allowServices": [{"config": {}}]}, Risk.NONE),
    "a raw Deny": (
        {},
        {"statements": [{**FOREIGN, "Sid": "A", "Effect": "Deny"}]},
        Risk.LOCKOUT,
    ),
    "a wider raw Deny": (
        {"statements": [{**FOREIGN, "Sid": "A", "Effect": "Deny"}]},
        {"statements": [{**FOREIGN, "Sid": "A", "Effect": "Deny", "Action": "s3:PutObject"}]},
        Risk.LOCKOUT,
    ),
    "a raw Deny for more values": (
        {"statements": [{**FOREIGN, "Sid": "A", "Effect": "Deny", "Condition": {"StringEquals": {"a": ["1"]}}}]},
        {"statements": [{**FOREIGN, "Sid": "A", "Effect": "Deny", "Condition": {"StringEquals": {"a": ["1", "2"]}}}]},
        Risk.LOCKOUT,
    ),
    "a grant": ({}, {"allow": [{"principals": [ROLE], "actions": ["s3:GetObject"]}]}, Risk.NONE),
    "no grant any more": ({"allow": [{"principals": [ROLE], "actions": ["s3:GetObject"]}]}, {}, Risk.NONE),
}


@pytest.mark.parametrize(("before", "after", "risk"), RISKS.values(), ids=RISKS.keys())
def test_risk_is_judged_on_the_change(before: dict[str, Any], after: dict[str, Any], risk: Risk) -> None:
    observed = desired(ABSENT, {"policy": before})
    wanted = context({"policy": after})
    assert CONTROL.risk(wanted, observed, CONTROL.desired(wanted, observed)) is risk


def with_deletes(switch: str, actions: list[str], **more: Any) -> tuple[Context, PolicyState]:
    """Declare a refusal of deletes, and find it with these actions."""
    made = CONTROL.desired(context({"policy": {switch: True}}), ABSENT)
    older = [each | {"Action": actions} if "DeleteObject" in str(each) else each for each in made.written.values()]
    return context({"policy": {switch: True, **more}}), read(*older)


each_refusal_of_deletes = pytest.mark.parametrize("switch", ["denyDelete", "requireMfaForDelete"])
OF_0_1_0 = ["s3:DeleteObject", "s3:DeleteObjectVersion"]


@each_refusal_of_deletes
def test_a_refusal_of_deletes_that_0_1_0_wrote_is_left_alone(switch: str) -> None:
    wanted, observed = with_deletes(switch, OF_0_1_0)
    assert CONTROL.desired(wanted, observed) == observed


@each_refusal_of_deletes
def test_it_learns_of_annotations_when_the_policy_is_written_anyway(switch: str) -> None:
    wanted, observed = with_deletes(switch, OF_0_1_0, minTlsVersion="1.2")
    written = CONTROL.desired(wanted, observed)
    assert "s3:DeleteObjectAnnotation" in str(written.written)
    assert CONTROL.risk(wanted, observed, written) is Risk.NONE


@each_refusal_of_deletes
@pytest.mark.parametrize("actions", [["s3:DeleteObject"], ["s3:DeleteObjectAnnotation"]])
def test_a_refusal_of_fewer_deletes_is_put_right(switch: str, actions: list[str]) -> None:
    wanted, observed = with_deletes(switch, actions)
    assert CONTROL.desired(wanted, observed) != observed
    assert CONTROL.risk(wanted, observed, CONTROL.desired(wanted, observed)) is Risk.LOCKOUT


def test_a_denial_that_somebody_else_wrote_is_no_risk_of_ours() -> None:
    wanted = context()
    observed = read({**FOREIGN, "Effect": "Deny", "Action": "s3:*"})
    assert CONTROL.risk(wanted, observed, CONTROL.desired(wanted, observed)) is Risk.NONE


def test_a_denial_without_its_dead_principals_is_no_risk() -> None:
    wanted = context()
    observed = read({**FOREIGN, "Effect": "Deny", "Principal": {"AWS": [DEAD, ROLE]}})
    better = CONTROL.desired(wanted, observed)
    assert better.statements["Reader"]["Principal"] == {"AWS": [ROLE]}
    assert CONTROL.risk(wanted, observed, better) is Risk.NONE


def test_it_comes_between_the_public_access_block_and_ownership() -> None:
    names = [control.name for control in CONTROLS]
    assert names.index("publicAccessBlock") < names.index("policy") < names.index("ownership")
