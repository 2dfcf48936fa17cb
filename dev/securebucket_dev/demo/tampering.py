"""What an attacker, or a tired colleague, does to a bucket behind the operator's back: plain boto3, no code of ours."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Tampering:
    """One act.

    Args:
        control: the control that must find it.
        text: what was done, for people.
        act: does it, given an S3 client and the bucket's name.
    """

    control: str
    text: str
    act: Callable[[Any, str], None]


def open_to_the_world(s3: Any, bucket: str) -> None:
    """Take the public access block away and let everybody read."""
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": False,
            "IgnorePublicAcls": False,
            "BlockPublicPolicy": False,
            "RestrictPublicBuckets": False,
        },
    )


def replace_policy(s3: Any, bucket: str) -> None:
    """Replace the policy by one that gives every object to everybody."""
    public = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "SecureBucketEverybody",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{bucket}/*",
            }
        ],
    }
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(public))


def change_encryption(s3: Any, bucket: str) -> None:
    """Let uploads use keys that only the attacker has."""
    s3.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [
                {
                    "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"},
                    "BlockedEncryptionTypes": {"EncryptionType": ["NONE"]},
                }
            ]
        },
    )


def suspend_versioning(s3: Any, bucket: str) -> None:
    """Make deletes final."""
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def stop_logging(s3: Any, bucket: str) -> None:
    """Cover the tracks."""
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})


ACTS = (
    Tampering("publicAccessBlock", "public access block switched off", open_to_the_world),
    Tampering("policy", "policy replaced: everybody may read", replace_policy),
    Tampering("encryption", "default encryption changed, SSE-C let in", change_encryption),
    Tampering("versioning", "versioning suspended", suspend_versioning),
    Tampering("logging", "access logging stopped", stop_logging),
)
