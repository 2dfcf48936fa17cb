"""Defaults of a new bucket, what AWS refuses, and who may see what."""

import json
from typing import Any

from botocore.exceptions import ClientError

from securebucket_dev.s3.bare import client
from securebucket_dev.s3.fidelity.documents import ROLE, replicate, simple_replication
from securebucket_dev.s3.fidelity.probe import BUCKET, RIGHT, kept, probe, refused

STRANGER = "111111111111"
SUSPENDED = {"Status": "Suspended"}


@probe
def encryption_of_a_new_bucket(s3: Any, _: str) -> str:
    """It is SSE-S3, since 2023."""
    found = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"][0]
    return kept({"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}, found)


@probe
def encryption_after_its_delete(s3: Any, _: str) -> str:
    """It is SSE-S3 again."""
    s3.delete_bucket_encryption(Bucket=BUCKET)
    rules = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"].get("Rules", [])
    return RIGHT if rules else "no rules"


@probe
def public_access_block_of_a_new_bucket(s3: Any, _: str) -> str:
    """All four switches are on, since 2023."""
    found = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    return RIGHT if all(found.values()) else str(found)


@probe
def ownership_of_a_new_bucket(s3: Any, _: str) -> str:
    """ACLs are off, since 2023."""
    found = s3.get_bucket_ownership_controls(Bucket=BUCKET)["OwnershipControls"]["Rules"][0]
    return kept({"ObjectOwnership": "BucketOwnerEnforced"}, found)


@probe
def request_payment_of_a_new_bucket(s3: Any, _: str) -> str:
    """The owner pays."""
    return kept({"Payer": "BucketOwner"}, s3.get_bucket_request_payment(Bucket=BUCKET))


@probe
def object_lock_without_versioning(s3: Any, _: str) -> str:
    """It is a conflict with the bucket's state: 409."""
    try:
        s3.put_object_lock_configuration(Bucket=BUCKET, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return RIGHT if (error.response["Error"]["Code"], status) == ("InvalidBucketState", 409) else str(status)
    return "accepted"


@probe
def suspending_versioning_under_object_lock(s3: Any, _: str) -> str:
    """It is refused."""
    s3.create_bucket(Bucket="fidelity-locked", ObjectLockEnabledForBucket=True)
    arguments = {"Bucket": "fidelity-locked", "VersioningConfiguration": SUSPENDED}
    return refused("InvalidBucketState", s3.put_bucket_versioning, **arguments)


@probe
def suspending_versioning_under_replication(s3: Any, _: str) -> str:
    """It is refused."""
    replicate(s3, {"Role": ROLE, "Rules": [simple_replication()]})
    arguments = {"Bucket": BUCKET, "VersioningConfiguration": SUSPENDED}
    return refused("InvalidBucketState", s3.put_bucket_versioning, **arguments)


@probe
def mfa_delete_without_mfa(s3: Any, _: str) -> str:
    """It is refused: only the root user with a device may turn it on."""
    wanted = {"Status": "Enabled", "MFADelete": "Enabled"}
    return refused("AccessDenied", s3.put_bucket_versioning, Bucket=BUCKET, VersioningConfiguration=wanted)


@probe
def expected_bucket_owner(s3: Any, _: str) -> str:
    """A call that expects another owner is refused."""
    return refused("AccessDenied", s3.get_bucket_versioning, Bucket=BUCKET, ExpectedBucketOwner=STRANGER)


@probe
def public_policy_under_block_public_policy(s3: Any, _: str) -> str:
    """It is refused."""
    block = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=block)
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    public = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return refused("AccessDenied", s3.put_bucket_policy, Bucket=BUCKET, Policy=public)


@probe
def policy_without_meaning(s3: Any, _: str) -> str:
    """A policy with an unknown effect, without a principal, for another bucket is refused."""
    statement = {"Effect": "Perhaps", "Action": "s3:Nothing", "Resource": "arn:aws:s3:::another"}
    policy = json.dumps({"Statement": [statement]})
    return refused("MalformedPolicy", s3.put_bucket_policy, Bucket=BUCKET, Policy=policy)


@probe
def policy_status_without_policy(s3: Any, _: str) -> str:
    """It is absent with the policy."""
    return refused("NoSuchBucketPolicy", s3.get_bucket_policy_status, Bucket=BUCKET)


@probe
def delete_of_an_absent_metrics_configuration(s3: Any, _: str) -> str:
    """It leaves the bucket alone."""
    refused("NoSuchConfiguration", s3.delete_bucket_metrics_configuration, Bucket=BUCKET, Id="none")
    return "deletes the bucket" if refused("404", s3.head_bucket, Bucket=BUCKET) == RIGHT else RIGHT


@probe
def pages_of_list_buckets(s3: Any, _: str) -> str:
    """A page that is not the last says how to go on."""
    return RIGHT if s3.list_buckets(MaxBuckets=1).get("ContinuationToken") else "drops what comes after the first page"


@probe
def another_account_sees_no_bucket(_: Any, endpoint: str) -> str:
    """Buckets are listed to their owner."""
    return "sees them" if client(endpoint, account=STRANGER).list_buckets()["Buckets"] else RIGHT


@probe
def another_account_reads_no_bucket(_: Any, endpoint: str) -> str:
    """A bucket of somebody else is refused."""
    return refused("AccessDenied", client(endpoint, account=STRANGER).get_bucket_versioning, Bucket=BUCKET)


@probe
def assuming_a_role_that_is_not_there(_: Any, endpoint: str) -> str:
    """It is refused."""
    missing = {"RoleArn": f"{ROLE}-missing", "RoleSessionName": "tests"}
    return refused("AccessDenied", client(endpoint, "sts").assume_role, **missing)
