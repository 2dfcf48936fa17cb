"""The Denies behind the policy's switches.

A Deny with a negated condition also matches requests that lack the key: those of AWS services, to which S3 shows
neither network nor TLS keys, and those of the operator. Log delivery would stop, and the operator could not repair
its own policy. So each of them exempts AWS services and the operator's role.

`BoolIfExists` and not `Bool`: anonymous requests have no `aws:PrincipalIsAWSService`, and must not be exempt.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice

Uploads: the key id in a condition is that of the key which S3 will really use, from the request or from the bucket's
default. The algorithm is only what the request says in its header: a plain `StringNotEquals` on it also refuses every
client that relies on the bucket's default.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms
"""

from collections.abc import Iterator, Mapping
from typing import Any

from securebucket.api.policy import Policy
from securebucket.model.bucket import Bucket
from securebucket.policy.principals import PRINCIPAL_ARN, operator_arns, principal_arns

Written = dict[str, Any]

REQUIRE_TLS = "SecureBucketRequireTls"
MIN_TLS_VERSION = "SecureBucketMinTlsVersion"
SERVICES_EXEMPT = {"aws:PrincipalIsAWSService": "false"}
CALLS_OF_SERVICES_EXEMPT = {"aws:ViaAWSService": "false"}
"""For network limits: what Athena and its like ask for on a person's behalf comes from AWS's own addresses."""

ALGORITHM = "s3:x-amz-server-side-encryption"
KEY_ID = "s3:x-amz-server-side-encryption-aws-kms-key-id"
CUSTOMER_ALGORITHM = "s3:x-amz-server-side-encryption-customer-algorithm"

REQUIRE_ENCRYPTION = "SecureBucketRequireEncryption"
SSE_S3, DSSE_KMS = "AES256", "aws:kms:dsse"

DELETES = ["s3:DeleteObject", "s3:DeleteObjectVersion"]


def deny(sid: str, action: str | list[str], resource: str | list[str], condition: Mapping[str, Any]) -> Written:
    """Write a Deny for everybody."""
    statement: Written = {"Sid": sid, "Effect": "Deny", "Principal": "*", "Action": action, "Resource": resource}
    return statement | ({"Condition": dict(condition)} if condition else {})


def everything(bucket: Bucket) -> list[str]:
    """Name the bucket and all its objects."""
    return [bucket.arn, f"{bucket.arn}/*"]


def exempting(bucket: Bucket, condition: Mapping[str, Any], *others: str, calls_of_services: bool = False) -> Written:
    """Add to a condition that it does not hold for AWS services, the operator and some other principals."""
    patterns = [*operator_arns(bucket), *(pattern for arn in others for pattern in principal_arns(arn))]
    services = SERVICES_EXEMPT | (CALLS_OF_SERVICES_EXEMPT if calls_of_services else {})
    return {**condition, "BoolIfExists": services, "ArnNotLike": {PRINCIPAL_ARN: list(dict.fromkeys(patterns))}}


def transport_denials(bucket: Bucket, policy: Policy) -> Iterator[Written]:
    """Refuse plain HTTP and old TLS.

    Both in the plain form that scanners look for (`Bool` with the text "false", `s3:*`): an absent key does not match
    them, so services need no exemption. TLS 1.3 is not offered on PrivateLink, where the operator may come through.
    """
    if policy.require_tls:
        yield deny(REQUIRE_TLS, "s3:*", everything(bucket), {"Bool": {"aws:SecureTransport": "false"}})
    if policy.min_tls_version is not None:
        condition: Written = {"NumericLessThan": {"s3:TlsVersion": policy.min_tls_version}}
        if policy.min_tls_version != "1.2":
            condition = exempting(bucket, condition)
        yield deny(MIN_TLS_VERSION, "s3:*", everything(bucket), condition)


def perimeter_denials(bucket: Bucket, policy: Policy) -> Iterator[Written]:
    """Refuse requests from outside the allowed networks, organizations and accounts.

    One request comes in by one way only, so the three kinds of networks are one Deny: any of them lets it pass. An
    organization and an account are facts of one principal, so each is a Deny of its own: both must hold.
    """
    networks: Written = {}
    if policy.allowed_vpc_endpoints or policy.allowed_vpcs:
        networks["StringNotEquals"] = _given(
            {"aws:SourceVpce": policy.allowed_vpc_endpoints, "aws:SourceVpc": policy.allowed_vpcs}
        )
    if policy.allowed_cidrs:
        networks["NotIpAddress"] = {"aws:SourceIp": list(policy.allowed_cidrs)}
    limits = (
        ("SecureBucketAllowedNetworks", networks, True),
        ("SecureBucketAllowedOrganizations", _unequal("aws:PrincipalOrgID", policy.allowed_organizations), False),
        ("SecureBucketAllowedAccounts", _unequal("aws:PrincipalAccount", _accounts(bucket, policy)), False),
    )
    for sid, condition, calls_of_services in limits:
        if condition:
            exempt = exempting(bucket, condition, *policy.exempt_principals, calls_of_services=calls_of_services)
            yield deny(sid, "s3:*", everything(bucket), exempt)


def _given(tests: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {key: list(values) for key, values in tests.items() if values}


def _unequal(key: str, values: tuple[str, ...]) -> Written:
    return {"StringNotEquals": {key: list(values)}} if values else {}


def _accounts(bucket: Bucket, policy: Policy) -> tuple[str, ...]:
    own = (bucket.account_id,) if policy.allowed_accounts else ()
    return tuple(dict.fromkeys((*own, *policy.allowed_accounts)))


def deletion_denials(bucket: Bucket, policy: Policy) -> Iterator[Written]:
    """Refuse deletes, and the changes of lifecycle that would delete by other means.

    The operator deletes no objects, so nothing exempts it there; it does write the declared lifecycle.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
    """
    if policy.deny_delete:
        yield deny("SecureBucketDenyDelete", DELETES, f"{bucket.arn}/*", {})
        others = {"ArnNotLike": {PRINCIPAL_ARN: operator_arns(bucket)}}
        yield deny("SecureBucketDenyLifecycleChange", "s3:PutLifecycleConfiguration", bucket.arn, others)
    if policy.require_mfa_for_delete:
        # IfExists: requests with long-term keys have no such key at all, and plain Bool would let them delete.
        without_mfa = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
        yield deny("SecureBucketRequireMfaForDelete", DELETES, f"{bucket.arn}/*", without_mfa)


def upload_denials(bucket: Bucket, policy: Policy, default: str) -> Iterator[Written]:
    """Refuse uploads that would be stored with another encryption than the required one.

    Args:
        bucket: the bucket.
        policy: the switches.
        default: algorithm of the declared default encryption, which an upload without a header gets.
    """
    if policy.require_encryption is not None:
        for suffix, condition in _wrong_encryption(policy.require_encryption, default):
            yield _deny_upload(REQUIRE_ENCRYPTION + suffix, bucket, condition)
    if policy.require_kms_key is not None:
        # IfExists: an upload without any KMS key is refused too.
        other_key = {"ArnNotEqualsIfExists": {KEY_ID: policy.require_kms_key}}
        yield _deny_upload("SecureBucketRequireKmsKey", bucket, other_key)


def _wrong_encryption(required: str, default: str) -> Iterator[tuple[str, Written]]:
    """Return the conditions of uploads to refuse, each with the end of its statement's name."""
    if required == SSE_S3:
        yield "", {"Null": {KEY_ID: "false"}}
        yield "NoCustomerKey", {"Null": {CUSTOMER_ALGORITHM: "false"}}
        return
    other = {"StringNotEquals": {ALGORITHM: required}}
    if required == DSSE_KMS and default != DSSE_KMS:
        # Nothing in a request tells one layer of KMS by default from two: the header has to say it.
        yield "", other
        return
    yield "", {"Null": {KEY_ID: "true"}}
    yield "Header", {**other, "Null": {ALGORITHM: "false"}}


def _deny_upload(sid: str, bucket: Bucket, condition: Written) -> Written:
    return deny(sid, "s3:PutObject", f"{bucket.arn}/*", exempting(bucket, condition))
