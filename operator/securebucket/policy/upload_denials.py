"""The Denies that make uploads use the required encryption.

The key id in a condition is that of the key which S3 will really use, from the request or from the bucket's default.
The algorithm is only what the request says in its header: a plain `StringNotEquals` on it also refuses every client
that relies on the bucket's default.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms
"""

from collections.abc import Iterator

from securebucket.api.policy import Policy
from securebucket.model.bucket import Bucket
from securebucket.policy.denials import Written, deny, exempting

ALGORITHM = "s3:x-amz-server-side-encryption"
KEY_ID = "s3:x-amz-server-side-encryption-aws-kms-key-id"
CUSTOMER_ALGORITHM = "s3:x-amz-server-side-encryption-customer-algorithm"

REQUIRE_ENCRYPTION = "SecureBucketRequireEncryption"
SSE_S3, DSSE_KMS = "AES256", "aws:kms:dsse"


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
