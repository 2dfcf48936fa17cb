"""Default encryption of new objects."""

from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel, AwsName, rule, validations

SseAlgorithm = Literal["AES256", "aws:kms", "aws:kms:dsse"]


class Encryption(ApiModel):
    """Default encryption (PutBucketEncryption). Secure default: SSE-S3, with SSE-C blocked."""

    model_config = validations(
        rule(
            "!has(self.kmsMasterKeyId) || (has(self.sseAlgorithm) && self.sseAlgorithm != 'AES256')",
            "kmsMasterKeyId goes with sseAlgorithm aws:kms or aws:kms:dsse; set sseAlgorithm, or leave the key out",
            ".kmsMasterKeyId",
        ),
        rule(
            "!has(self.bucketKeyEnabled) || !self.bucketKeyEnabled || (has(self.sseAlgorithm) && self.sseAlgorithm == 'aws:kms')",
            "bucketKeyEnabled goes with sseAlgorithm aws:kms only; S3 has no bucket keys for AES256 and aws:kms:dsse",
            ".bucketKeyEnabled",
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
        description="KMS key as ARN (recommended), id or alias; same region as the bucket. Default: the AWS managed key aws/s3.",
    )
    bucket_key_enabled: bool | None = Field(
        None,
        description="S3 Bucket Key: fewer KMS calls. Default: true with aws:kms; S3 has none for the others.",
    )
    blocked_encryption_types: tuple[Literal["SSE-C", "NONE"], ...] = Field(
        ("SSE-C",),
        max_length=2,
        description='Encryption types that uploads may not use. Default: ["SSE-C"]. To block nothing, say ["NONE"].',
    )
