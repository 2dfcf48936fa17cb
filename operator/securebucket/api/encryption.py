"""Default encryption of new objects."""

from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel, AwsName
from securebucket.api.rule import Distinct, Rule

SseAlgorithm = Literal["AES256", "aws:kms", "aws:kms:dsse"]


class Encryption(ApiModel):
    """Default encryption (PutBucketEncryption). Secure default: SSE-S3, with SSE-C blocked."""

    invariants = (
        Rule(
            "!has(self.kmsMasterKeyId) || (has(self.sseAlgorithm) && self.sseAlgorithm != 'AES256')",
            lambda block: block.kms_master_key_id is None or block.sse_algorithm in {"aws:kms", "aws:kms:dsse"},
            "kmsMasterKeyId goes with sseAlgorithm aws:kms or aws:kms:dsse; set sseAlgorithm, or leave the key out",
            "kmsMasterKeyId",
        ),
        Rule(
            "!has(self.bucketKeyEnabled) || !self.bucketKeyEnabled || (has(self.sseAlgorithm) && self.sseAlgorithm == 'aws:kms')",
            lambda block: not block.bucket_key_enabled or block.sse_algorithm == "aws:kms",
            "bucketKeyEnabled goes with sseAlgorithm aws:kms only; S3 has no bucket keys for AES256 and aws:kms:dsse",
            "bucketKeyEnabled",
        ),
        Rule(
            "!has(self.blockedEncryptionTypes) || !('NONE' in self.blockedEncryptionTypes) || self.blockedEncryptionTypes.size() == 1",
            lambda block: "NONE" not in block.blocked_encryption_types or len(block.blocked_encryption_types) == 1,
            "NONE blocks nothing, so it stands alone; take it out, or take the others out",
            "blockedEncryptionTypes",
        ),
    )

    sse_algorithm: Annotated[SseAlgorithm | None, AwsName("SSEAlgorithm")] = Field(
        None,
        description=(
            "AES256 (SSE-S3), aws:kms (SSE-KMS) or aws:kms:dsse (two layers). Default: AES256 on a bucket that the operator created;"
            " an adopted bucket keeps a stronger one."
        ),
    )
    kms_master_key_id: Annotated[str | None, AwsName("KMSMasterKeyID")] = Field(
        None,
        min_length=1,
        max_length=2048,
        description="KMS key as ARN (recommended), id or alias; same region as the bucket. Default: the AWS managed key aws/s3, under whichever name the bucket has it; declare its ARN where other accounts upload.",
    )
    bucket_key_enabled: bool | None = Field(
        None,
        description="S3 Bucket Key: fewer KMS calls. Default: true with aws:kms; S3 has none for the others.",
    )
    blocked_encryption_types: Annotated[tuple[Literal["SSE-C", "NONE"], ...], Distinct()] = Field(
        ("SSE-C",),
        max_length=2,
        description='Encryption types that uploads may not use. Default: ["SSE-C"]. To block nothing, say ["NONE"].',
    )
