"""Observations and reports, short."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from securebucket.compliance.stored_observation import (
    StoredAnswer,
    StoredBucket,
    StoredObservation,
    StoredReason,
)
from securebucket.controls import CONTROLS
from securebucket.model.granted_exception import GrantedException
from securebucket.report.assembly import assemble
from securebucket.report.audit_report import AccountAudit, AuditReport, BucketAudit
from securebucket.report.bucket_judgement import judge_bucket

NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
ACCOUNT = "111122223333"
DENIED = StoredAnswer(unknown=StoredReason(reason="AccessDenied", message="it was denied."))


def observation(name: str = "acme-invoices", **answers: Any) -> StoredObservation:
    """Give a bucket on which nothing was ever configured, but these answers, by the API's name."""
    absent = {control.documents()[0]: StoredAnswer(absent=True) for control in CONTROLS}
    given = {
        api: answer if isinstance(answer, StoredAnswer) else StoredAnswer(response=answer)
        for api, answer in answers.items()
    }
    return StoredObservation(
        bucket=StoredBucket(name=name, region="eu-west-1", account_id=ACCOUNT), read_at=NOW, answers={**absent, **given}
    )


def judged(name: str = "acme-invoices", *exceptions: GrantedException, **answers: Any) -> BucketAudit:
    """Give the audit of such a bucket."""
    return judge_bucket(observation(name, **answers), exceptions, NOW)


def unread(name: str = "acme-invoices", reason: str = "AccessDenied") -> BucketAudit:
    """Give a bucket that could not be read."""
    bucket = StoredBucket(name=name, region="", account_id=ACCOUNT)
    failure = StoredReason(reason=reason, message="it was denied.")
    return BucketAudit(observation=StoredObservation(bucket=bucket, read_at=NOW), failure=failure)


def report(*buckets: BucketAudit, **fields: Any) -> AuditReport:
    """Give the report on these buckets of one account, which has no others."""
    account = AccountAudit(account_id=ACCOUNT, read_at=NOW, buckets=len(buckets))
    given: Mapping[str, Any] = {
        "generated_at": NOW,
        "scope": f"account {ACCOUNT}, all buckets",
        "accounts": (account,),
        **fields,
    }
    return assemble(buckets=buckets, **given)


def policy(*statements: Mapping[str, Any]) -> dict[str, Any]:
    """Give the answer to GetBucketPolicy."""
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": list(statements)})}


PUBLIC = {
    "Sid": "Everybody",
    "Effect": "Allow",
    "Principal": "*",
    "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::acme-invoices/*",
}


def logging(target: str) -> dict[str, Any]:
    """Give the answer to GetBucketLogging."""
    return {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": "logs/"}}


def replication(target: str, status: str = "Enabled") -> dict[str, Any]:
    """Give the answer to GetBucketReplication."""
    rule = {
        "ID": "copy",
        "Status": status,
        "Priority": 1,
        "Filter": {},
        "Destination": {"Bucket": f"arn:aws:s3:::{target}"},
    }
    return {"ReplicationConfiguration": {"Role": "arn:aws:iam::111122223333:role/copy", "Rules": [rule]}}


def exception(
    check: str, *, days: int = 30, granted: dt.datetime = NOW, name: str = "payments/legacy"
) -> GrantedException:
    """Give an exception."""
    return GrantedException(
        name, check, "legacy client", "ciso@example.com", granted, granted + dt.timedelta(days=days)
    )
