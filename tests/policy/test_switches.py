"""The switches of spec.policy as statements, and that none of them ever shuts the operator out."""

import itertools
from typing import Any

import pytest
from pydantic import ValidationError
from tests.controls.builders import bucket, context

from securebucket.policy.canonical import canonical_statement
from securebucket.policy.document import keyed
from securebucket.policy.lockout import find_lockouts
from securebucket.policy.statements import own_statements

ARN = "arn:aws:s3:::acme-invoices"
BOTH = [ARN, f"{ARN}/*"]
OPERATOR = ["arn:aws:iam::111122223333:role/securebucket", "arn:aws:iam::111122223333:role/*/securebucket"]
OF_SERVICES = "arn:aws:iam::111122223333:role/aws-service-role/*"
SERVICES = {"aws:PrincipalIsAWSService": "false"}
KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
EXEMPT = {"BoolIfExists": SERVICES, "ArnNotLike": {"aws:PrincipalArn": OPERATOR}}
TLS = {
    "Sid": "SecureBucketRequireTls",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": BOTH,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def statements(policy: dict[str, Any], **spec: Any) -> dict[str, dict[str, Any]]:
    wanted = context({"policy": {"requireTls": False, **policy}, **spec})
    return {each["Sid"].removeprefix("SecureBucket"): each for each in own_statements(wanted.bucket, wanted.spec)}


def conditions(policy: dict[str, Any], **spec: Any) -> dict[str, Any]:
    return {sid: each.get("Condition") for sid, each in statements(policy, **spec).items()}


def test_the_default_is_one_statement_in_the_form_that_scanners_read() -> None:
    wanted = context()
    assert own_statements(wanted.bucket, wanted.spec) == (TLS,)


def test_nothing_is_written_when_all_is_off() -> None:
    assert statements({}) == {}


def test_arns_are_of_the_buckets_own_partition() -> None:
    wanted = context({"policy": {"allow": [{"principals": ["444455556666"], "actions": ["s3:GetObject"]}]}})
    china = bucket(partition="aws-cn", caller_arn="arn:aws-cn:sts::111122223333:assumed-role/securebucket/pod")
    tls, grant = own_statements(china, wanted.spec)
    assert tls["Resource"] == ["arn:aws-cn:s3:::acme-invoices", "arn:aws-cn:s3:::acme-invoices/*"]
    assert grant["Principal"] == {"AWS": "arn:aws-cn:iam::444455556666:root"}


def test_tls_1_2_needs_no_exemption() -> None:
    assert conditions({"minTlsVersion": "1.2"}) == {"MinTlsVersion": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}}


def test_tls_1_3_exempts_the_operator_which_may_come_by_private_link() -> None:
    assert conditions({"minTlsVersion": "1.3"}) == {
        "MinTlsVersion": {"NumericLessThan": {"s3:TlsVersion": "1.3"}, **EXEMPT}
    }


KMS_KEY_ID = "s3:x-amz-server-side-encryption-aws-kms-key-id"
ALGORITHM = "s3:x-amz-server-side-encryption"
CUSTOMER = "s3:x-amz-server-side-encryption-customer-algorithm"
ENCRYPTION = {
    "AES256 refuses KMS keys and customer keys, by the key really used": (
        ("AES256", None),
        {
            "RequireEncryption": {"Null": {KMS_KEY_ID: "false"}},
            "RequireEncryptionNoCustomerKey": {"Null": {CUSTOMER: "false"}},
        },
    ),
    "KMS lets clients rely on the default, and refuses another header": (
        ("aws:kms", "aws:kms"),
        {
            "RequireEncryption": {"Null": {KMS_KEY_ID: "true"}},
            "RequireEncryptionHeader": {"StringNotEquals": {ALGORITHM: "aws:kms"}, "Null": {ALGORITHM: "false"}},
        },
    ),
    "DSSE by default needs no header": (
        ("aws:kms:dsse", "aws:kms:dsse"),
        {
            "RequireEncryption": {"Null": {KMS_KEY_ID: "true"}},
            "RequireEncryptionHeader": {"StringNotEquals": {ALGORITHM: "aws:kms:dsse"}, "Null": {ALGORITHM: "false"}},
        },
    ),
    "DSSE over another default needs the header": (
        ("aws:kms:dsse", "aws:kms"),
        {"RequireEncryption": {"StringNotEquals": {ALGORITHM: "aws:kms:dsse"}}},
    ),
}


@pytest.mark.parametrize(("algorithms", "expected"), ENCRYPTION.values(), ids=ENCRYPTION.keys())
def test_required_encryption(algorithms: tuple[str, str | None], expected: dict[str, Any]) -> None:
    required, default = algorithms
    encryption = {"sseAlgorithm": default} if default else {}
    assert conditions({"requireEncryption": required}, encryption=encryption) == {
        sid: {**condition, **EXEMPT} for sid, condition in expected.items()
    }


def test_required_key_also_refuses_uploads_without_a_key() -> None:
    (statement,) = statements({"requireKmsKey": KEY}).values()
    assert statement["Action"] == "s3:PutObject"
    assert statement["Resource"] == f"{ARN}/*"
    assert statement["Condition"] == {"ArnNotEqualsIfExists": {KMS_KEY_ID: KEY}, **EXEMPT}


def test_an_alias_is_no_required_key() -> None:
    """Policies see the key behind an alias, so that an alias in the Deny would refuse every upload."""
    with pytest.raises(ValidationError, match="requireKmsKey"):
        statements({"requireKmsKey": "arn:aws:kms:eu-central-1:111122223333:alias/data"})


DELETES = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:DeleteObjectAnnotation"]
NETWORK_EXEMPT = {
    "BoolIfExists": {**SERVICES, "aws:ViaAWSService": "false"},
    "ArnNotLike": {"aws:PrincipalArn": OPERATOR},
}
PERIMETERS = {
    "endpoints": (
        {"allowedVpcEndpoints": ["vpce-1a"]},
        {"AllowedNetworks": {"StringNotEquals": {"aws:SourceVpce": ["vpce-1a"]}, **NETWORK_EXEMPT}},
    ),
    "endpoints or VPCs, in one Deny: one of them is enough": (
        {"allowedVpcEndpoints": ["vpce-1a"], "allowedVpcs": ["vpc-1", "vpc-2"]},
        {
            "AllowedNetworks": {
                "StringNotEquals": {"aws:SourceVpce": ["vpce-1a"], "aws:SourceVpc": ["vpc-1", "vpc-2"]},
                **NETWORK_EXEMPT,
            }
        },
    ),
    "addresses or VPCs, in one Deny: a request has only one way in": (
        {"allowedCidrs": ["203.0.113.0/24"], "allowedVpcs": ["vpc-1"]},
        {
            "AllowedNetworks": {
                "StringNotEquals": {"aws:SourceVpc": ["vpc-1"]},
                "NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24"]},
                **NETWORK_EXEMPT,
            }
        },
    ),
    "addresses within VPCs, in a Deny of their own: they are no way in": (
        {"allowedVpcs": ["vpc-1"], "allowedVpcSourceCidrs": ["10.1.0.0/16"]},
        {
            "AllowedNetworks": {"StringNotEquals": {"aws:SourceVpc": ["vpc-1"]}, **NETWORK_EXEMPT},
            "AllowedVpcSourceAddresses": {
                "NotIpAddress": {"aws:VpcSourceIp": ["10.1.0.0/16"]},
                "Null": {"aws:SourceVpce": "false"},
                **NETWORK_EXEMPT,
            },
        },
    ),
    "the organization of the bucket itself": (
        {"requireResourceOrganization": "o-1234567890"},
        {"RequireResourceOrganization": {"StringNotEquals": {"aws:ResourceOrgID": "o-1234567890"}, **EXEMPT}},
    ),
    "organizations": (
        {"allowedOrganizations": ["o-1234567890"]},
        {"AllowedOrganizations": {"StringNotEquals": {"aws:PrincipalOrgID": ["o-1234567890"]}, **EXEMPT}},
    ),
    "accounts, and always the bucket's own": (
        {"allowedAccounts": ["444455556666"]},
        {
            "AllowedAccounts": {
                "StringNotEquals": {"aws:PrincipalAccount": ["111122223333", "444455556666"]},
                **EXEMPT,
            }
        },
    ),
    "the bucket's own account is named once": (
        {"allowedAccounts": ["111122223333"]},
        {"AllowedAccounts": {"StringNotEquals": {"aws:PrincipalAccount": ["111122223333"]}, **EXEMPT}},
    ),
}


@pytest.mark.parametrize(("policy", "expected"), PERIMETERS.values(), ids=PERIMETERS.keys())
def test_perimeters(policy: dict[str, Any], expected: dict[str, Any]) -> None:
    assert conditions(policy) == expected
    assert {tuple(each["Resource"]) for each in statements(policy).values()} == {tuple(BOTH)}


def test_exempt_principals_join_the_operator_in_perimeters_only() -> None:
    admin = "arn:aws:iam::111122223333:role/admin"
    found = conditions({"allowedVpcs": ["vpc-1"], "requireKmsKey": KEY, "exemptPrincipals": [admin]})
    assert found["AllowedNetworks"]["ArnNotLike"] == {"aws:PrincipalArn": [*OPERATOR, admin]}
    assert found["RequireKmsKey"]["ArnNotLike"] == {"aws:PrincipalArn": OPERATOR}


def test_deny_delete_leaves_the_operator_its_lifecycle() -> None:
    found = statements({"denyDelete": True})
    deletes, lifecycle = found["DenyDelete"], found["DenyLifecycleChange"]
    assert deletes["Action"] == DELETES
    assert deletes["Resource"] == f"{ARN}/*"
    assert "Condition" not in deletes
    assert (lifecycle["Action"], lifecycle["Resource"]) == ("s3:PutLifecycleConfiguration", ARN)
    assert lifecycle["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": OPERATOR}}


def test_mfa_for_deletes_is_asked_of_long_term_keys_too() -> None:
    found = statements({"requireMfaForDelete": True})["RequireMfaForDelete"]
    assert found["Action"] == DELETES
    assert found["Condition"] == {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}


def test_recent_mfa_is_asked_of_whoever_has_none_too() -> None:
    (statement,) = statements({"requireRecentMfa": {"maxAge": "1h30m"}}).values()
    assert (statement["Action"], statement["Resource"]) == ("s3:*", f"{ARN}/*")
    assert statement["Condition"] == {
        "NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": "5400"},
        **EXEMPT,
        "ArnNotLike": {"aws:PrincipalArn": [*OPERATOR, OF_SERVICES]},
    }


def test_recent_mfa_can_be_asked_of_a_folder_and_not_of_software() -> None:
    robot = "arn:aws:iam::111122223333:role/robot"
    policy = {"requireRecentMfa": {"maxAge": "1h", "prefix": "tax*/"}, "exemptPrincipals": [robot]}
    (statement,) = statements(policy).values()
    assert statement["Resource"] == f"{ARN}/tax${{*}}/*"
    assert statement["Condition"]["ArnNotLike"] == {"aws:PrincipalArn": [*OPERATOR, robot, OF_SERVICES]}


def test_recent_mfa_is_not_asked_of_the_roles_as_which_s3_acts_on_the_bucket() -> None:
    copier, reader = (f"arn:aws:iam::111122223333:role/{name}" for name in ("copier", "reader"))
    (statement,) = statements(
        {"requireRecentMfa": {"maxAge": "1h"}},
        replication={"role": copier},
        metadata={"journalTable": {}, "annotationTable": {"configurationState": "ENABLED", "role": reader}},
    ).values()
    assert statement["Condition"]["ArnNotLike"] == {"aws:PrincipalArn": [*OPERATOR, OF_SERVICES, copier, reader]}


CONDITIONAL: dict[str, dict[str, str]] = {
    "IfNoneMatch": {"s3:if-none-match": "true"},
    "IfMatch": {"s3:if-match": "true"},
    "IfNoneMatchOrIfMatch": {"s3:if-none-match": "true", "s3:if-match": "true"},
}


@pytest.mark.parametrize(("header", "absent"), CONDITIONAL.items())
def test_conditional_writes_are_asked_of_what_makes_an_object_and_not_of_its_parts(
    header: str, absent: dict[str, str]
) -> None:
    (statement,) = statements({"requireConditionalWrites": header}).values()
    assert (statement["Action"], statement["Resource"]) == ("s3:PutObject", f"{ARN}/*")
    assert statement["Condition"] == {"Null": absent, "Bool": {"s3:ObjectCreationOperation": "true"}, **EXEMPT}


def test_log_target_admits_the_logs_of_its_account() -> None:
    assert statements({}, role="LogTarget") == {
        "LogDelivery": {
            "Sid": "SecureBucketLogDelivery",
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"{ARN}/*",
            "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        }
    }


def test_raw_statement_gets_the_prefix_and_texts_in_conditions() -> None:
    raw = {
        "Sid": "Mine",
        "Effect": "Deny",
        "NotPrincipal": {"AWS": ["111122223333"]},
        "NotAction": "s3:GetObject",
        "NotResource": [f"{ARN}/public/*"],
        "Condition": {"Bool": {"aws:SecureTransport": False}, "NumericEquals": {"s3:max-keys": [1, 2]}},
    }
    assert statements({"statements": [raw]})["Mine"] == {
        **raw,
        "Sid": "SecureBucketMine",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}, "NumericEquals": {"s3:max-keys": ["1", "2"]}},
    }


SWITCHES: list[dict[str, Any]] = [
    {"requireTls": True},
    {"minTlsVersion": "1.3"},
    {"requireEncryption": "aws:kms"},
    {"requireEncryption": "AES256"},
    {"requireKmsKey": KEY},
    {"allowedVpcEndpoints": ["vpce-1a"]},
    {"allowedVpcs": ["vpc-1a"]},
    {"allowedOrganizations": ["o-1234567890"]},
    {"allowedAccounts": ["444455556666"]},
    {"allowedCidrs": ["203.0.113.0/24"]},
    {"allowedVpcs": ["vpc-1a"], "allowedVpcSourceCidrs": ["10.0.0.0/8"]},
    {"requireResourceOrganization": "o-1234567890"},
    {"requireConditionalWrites": "IfNoneMatch"},
    {"requireRecentMfa": {"maxAge": "1h"}},
    {"denyDelete": True},
    {"requireMfaForDelete": True},
    {"allowedSourceOrganizations": ["o-1234567890"]},
    {"allowedSourceAccounts": ["444455556666"]},
]
CALLERS = [
    "arn:aws:sts::111122223333:assumed-role/securebucket/pod-1",
    "arn:aws:sts::999999999999:assumed-role/securebucket/pod-1",
    "arn:aws:iam::111122223333:user/ops/bot",
    "arn:aws:iam::111122223333:root",
]


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(SWITCHES, 2)))
def test_no_switch_shuts_the_operator_out(one: dict[str, Any], other: dict[str, Any], caller: str) -> None:
    wanted = context({"policy": {"requireTls": False, **one, **other}}, caller_arn=caller)
    written = keyed(own_statements(wanted.bucket, wanted.spec))
    found = {sid: canonical_statement(each) for sid, each in written.items()}
    assert found
    assert list(find_lockouts(found, wanted.bucket, wanted.rights)) == []


@pytest.mark.parametrize("switch", SWITCHES[1:14])
def test_no_switch_stops_the_log_delivery(switch: dict[str, Any]) -> None:
    """S3 hides TLS, network and more from policies when a service asks: every such Deny leaves services alone."""
    for statement in statements(switch, role="LogTarget").values():
        if statement["Effect"] == "Deny":
            services = statement["Condition"].get("BoolIfExists", {}).get("aws:PrincipalIsAWSService")
            assert services == "false" or "NumericLessThan" in statement["Condition"]
