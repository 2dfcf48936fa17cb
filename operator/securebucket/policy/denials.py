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

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from securebucket.api.duration import parse_interval
from securebucket.api.policy import Policy
from securebucket.model.bucket import Bucket
from securebucket.policy.principals import PRINCIPAL_ARN, operator_arns, principal_arns
from securebucket.policy.wildcards import escaped

Written = dict[str, Any]

REQUIRE_TLS = "SecureBucketRequireTls"
MIN_TLS_VERSION = "SecureBucketMinTlsVersion"
SERVICES_EXEMPT = {"aws:PrincipalIsAWSService": "false"}
CALLS_OF_SERVICES_EXEMPT = {"aws:ViaAWSService": "false"}
"""For network limits: what Athena and its like ask for on a person's behalf comes from AWS's own addresses."""

CONDITIONAL_HEADERS = {
    "IfNoneMatch": ("s3:if-none-match",),
    "IfMatch": ("s3:if-match",),
    "IfNoneMatchOrIfMatch": ("s3:if-none-match", "s3:if-match"),
}
"""The condition keys of the headers that `requireConditionalWrites` asks for; one of them is enough."""

ALGORITHM = "s3:x-amz-server-side-encryption"
KEY_ID = "s3:x-amz-server-side-encryption-aws-kms-key-id"
CUSTOMER_ALGORITHM = "s3:x-amz-server-side-encryption-customer-algorithm"

REQUIRE_ENCRYPTION = "SecureBucketRequireEncryption"
SSE_S3, DSSE_KMS = "AES256", "aws:kms:dsse"

DELETES = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:DeleteObjectAnnotation"]
"""A deleted annotation cannot be had back: annotations have no versions.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectAnnotation.html
"""
DELETES_OF_0_1_0 = ["s3:deleteobject", "s3:deleteobjectversion"]
"""What stood in these Denies before there were annotations, in canonical form."""


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


def mfa_denials(bucket: Bucket, policy: Policy, acting: Iterable[str]) -> Iterator[Written]:
    """Refuse everything on objects to whoever has not used a second factor lately, or not at all.

    Roles have no second factor. Those as which S3 and other services act on the bucket are exempt.

    AWS writes two statements, one for an old factor and one for none. `IfExists` holds in both cases.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html#example-bucket-policies-MFA

    Args:
        bucket: the bucket.
        policy: the switches.
        acting: ARNs of those roles.
    """
    recent = policy.require_recent_mfa
    if recent is None:
        return
    too_old = {"NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": str(parse_interval(recent.max_age))}}
    objects = f"{bucket.arn}/{escaped(recent.prefix)}*"
    exempt = exempting(bucket, too_old, *policy.exempt_principals, *acting)
    yield deny("SecureBucketRequireRecentMfa", "s3:*", objects, exempt)


def upload_denials(bucket: Bucket, policy: Policy, default: str) -> Iterator[Written]:
    """Refuse uploads that would be stored with another encryption than the required one, and unconditional ones.

    The parts of a multipart upload cannot have the header; only what makes the object from them can.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html

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
    if policy.require_conditional_writes is not None:
        headers = CONDITIONAL_HEADERS[policy.require_conditional_writes]
        unconditional = {"Null": dict.fromkeys(headers, "true"), "Bool": {"s3:ObjectCreationOperation": "true"}}
        yield _deny_upload("SecureBucketRequireConditionalWrites", bucket, unconditional)


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
