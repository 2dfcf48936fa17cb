"""Accounts with buckets in them, made through boto3, for the tests of `scan`."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import boto3

from securebucket.controls.replication_role import TRUST
from securebucket_dev.s3.recorder import Recorder

PUBLIC = {"Sid": "Everybody", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}


def make_buckets(*names: str, region: str = "us-east-1") -> None:
    """Make buckets as S3 makes them: safe from the public, and nothing else."""
    client = boto3.client("s3", region_name=region)
    place: dict[str, Any] = (
        {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    )
    for name in names:
        client.create_bucket(Bucket=name, **place)


def open_to_public(name: str) -> None:
    """Let everybody read."""
    client = boto3.client("s3")
    client.delete_public_access_block(Bucket=name)
    statement = {**PUBLIC, "Resource": f"arn:aws:s3:::{name}/*"}
    client.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def encrypt_with_key(name: str) -> None:
    """Encrypt with a key of the account by default."""
    key = boto3.client("kms", region_name="us-east-1").create_key()["KeyMetadata"]["Arn"]
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rules = [{"ApplyServerSideEncryptionByDefault": default}]
    boto3.client("s3").put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})


def close_to_public(name: str) -> None:
    """Let nobody read any more."""
    boto3.client("s3").delete_bucket_policy(Bucket=name)


def log_to(name: str, target: str) -> None:
    """Log the access to a bucket."""
    enabled = {"TargetBucket": target, "TargetPrefix": f"{name}/"}
    boto3.client("s3").put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": enabled})


def copying_role() -> str:
    """Make a role that S3 may copy as, once; gives its ARN."""
    iam = boto3.client("iam", region_name="us-east-1")
    everything = {"Effect": "Allow", "Action": ["s3:*", "kms:*"], "Resource": "*"}
    with suppress(iam.exceptions.EntityAlreadyExistsException):
        iam.create_role(RoleName="copy", AssumeRolePolicyDocument=json.dumps(TRUST))
    policy = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    iam.put_role_policy(RoleName="copy", PolicyName="all", PolicyDocument=policy)
    return str(iam.get_role(RoleName="copy")["Role"]["Arn"])


def replicate_to(name: str, target: str, target_region: str) -> None:
    """Copy a bucket's objects."""
    for bucket, region in ((name, "us-east-1"), (target, target_region)):
        client = boto3.client("s3", region_name=region)
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    rule = {
        "ID": "copy",
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{target}"},
    }
    configuration = {"Role": copying_role(), "Rules": [rule]}
    boto3.client("s3").put_bucket_replication(Bucket=name, ReplicationConfiguration=configuration)


def calls_by_bucket(s3: Recorder) -> Mapping[str, list[str]]:
    """Give the operations that were asked, by bucket; `` is the account."""
    found: dict[str, list[str]] = {}
    for call in s3.calls:
        found.setdefault(call.bucket, []).append(call.operation)
    return found
