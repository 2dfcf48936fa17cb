"""What the samples name besides their bucket: keys, queues, log targets and replicas, made for real."""

import json
from collections.abc import Mapping
from typing import Any

from tests.laws.stage import Stage
from tests.laws.things import ACCOUNT, COPY_KEY, COPY_REGION, KEY, REGION

from securebucket_dev.s3 import copying_role


def localised(stage: Stage, spec: Mapping[str, Any]) -> dict[str, Any]:
    """Make what a sample spec names, and put its real names into the spec; the bucket lies in the samples' region."""
    bucket = stage.fresh_name()
    text = json.dumps(spec).replace(ACCOUNT, stage.account).replace("acme-invoices", bucket)
    key, copy_key = (each.replace(ACCOUNT, stage.account) for each in (KEY, COPY_KEY))
    for placeholder, make in (
        (key, lambda: make_key(stage, REGION)),
        (copy_key, lambda: make_key(stage, COPY_REGION)),
        ("alias/invoices", lambda: make_alias(stage, REGION)),
        ("acme-logs", lambda: make_log_target(stage, REGION)),
        ("acme-reports", lambda: make_bucket(stage, "reports", REGION)),
        ("acme-copy", lambda: make_replica(stage, COPY_REGION)),
        (f"arn:aws:iam::{stage.account}:role/replication", lambda: make_role(stage)),
        (f"arn:aws:sqs:{REGION}:{stage.account}:q", lambda: make_queue(stage, REGION)),
        (f"arn:aws:sns:{REGION}:{stage.account}:t", lambda: make_topic(stage, REGION)),
    ):
        if placeholder in text:
            text = text.replace(placeholder, make())
    return {"bucketName": bucket, "region": REGION, **json.loads(text)}


def make_bucket(stage: Stage, kind: str = "data", region: str = "us-east-1", **options: Any) -> str:
    """Make a bucket as anybody does."""
    name = stage.fresh_name(kind)
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    stage.plain(region=region).create_bucket(Bucket=name, **place, **options)
    return name


def make_log_target(stage: Stage, region: str = "us-east-1") -> str:
    """Make a bucket that the log service may write to, and whose logs may have grants."""
    name = make_bucket(stage, "logs", region, ObjectOwnership="BucketOwnerPreferred")
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{name}/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    stage.plain(region=region).put_bucket_policy(Bucket=name, Policy=policy)
    return name


def make_replica(stage: Stage, region: str = "us-east-1") -> str:
    """Make a bucket that copies may go to."""
    name = make_bucket(stage, "copy", region)
    stage.plain(region=region).put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def make_key(stage: Stage, region: str = "us-east-1") -> str:
    """Make a KMS key that the account and S3's reports may use; gives its ARN."""
    account = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{stage.account}:root"}, "Action": "kms:*"}
    reports = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "kms:GenerateDataKey*"}
    statements = [{**each, "Resource": "*"} for each in (account, reports)]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return str(stage.plain("kms", region).create_key(Policy=policy)["KeyMetadata"]["Arn"])


def make_alias(stage: Stage, region: str = "us-east-1") -> str:
    """Make a KMS key and a name for it."""
    alias = f"alias/{stage.fresh_name('key')}"
    stage.plain("kms", region).create_alias(AliasName=alias, TargetKeyId=make_key(stage, region))
    return alias


def make_role(stage: Stage) -> str:
    """Make a role that S3 may copy as, and that may do everything; gives its ARN."""
    return copying_role.make_role(stage.plain("iam"), stage.fresh_name("role"))


def make_queue(stage: Stage, region: str = "us-east-1") -> str:
    """Make an SQS queue; gives its ARN."""
    name = stage.fresh_name("queue")
    stage.plain("sqs", region).create_queue(QueueName=name)
    return f"arn:aws:sqs:{region}:{stage.account}:{name}"


def make_topic(stage: Stage, region: str = "us-east-1") -> str:
    """Make an SNS topic; gives its ARN."""
    return str(stage.plain("sns", region).create_topic(Name=stage.fresh_name("topic"))["TopicArn"])
