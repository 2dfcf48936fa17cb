"""The access logs of other buckets: the statements that let S3 deliver them, and whether a policy does.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from securebucket.model.bucket import Bucket
from securebucket.model.demand import LogDemand
from securebucket.policy.canonical import Statement
from securebucket.policy.conditions import Known, may_hold, must_hold
from securebucket.policy.coverage import covers
from securebucket.policy.wildcards import ANYTHING, escaped

SERVICE = "logging.s3.amazonaws.com"
PUT = "s3:PutObject"
OF_ACCOUNT = "SecureBucketLogDelivery"
OF_SOURCES = "SecureBucketLogDeliveryOf"


def account_delivery(bucket: Bucket, sid: str) -> dict[str, Any]:
    """Let S3 deliver the access logs of all buckets of this account.

    The whole account and not single sources: a source and its target in one file then converge in either order.
    """
    return _statement(bucket, sid, [""], {"StringEquals": {"aws:SourceAccount": bucket.account_id}})


def source_deliveries(bucket: Bucket, demands: Iterable[LogDemand]) -> tuple[dict[str, Any], ...]:
    """Let S3 deliver the access logs of the buckets that ask for it: one statement for all of an account.

    Single statements would fill a policy with 58 sources; together each costs little more than its name and prefix.
    """
    by_account: dict[str, list[LogDemand]] = {}
    for demand in sorted(demands):
        by_account.setdefault(demand.account or bucket.account_id, []).append(demand)
    return tuple(
        _statement(
            bucket,
            f"{OF_SOURCES}{account}",
            sorted({each.prefix for each in asking}),
            {
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": _alone_or_all([_arn(bucket.partition, each.source) for each in asking])},
            },
        )
        for account, asking in by_account.items()
    )


def _statement(bucket: Bucket, sid: str, prefixes: list[str], condition: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": SERVICE},
        "Action": PUT,
        "Resource": _alone_or_all([f"{bucket.arn}/{escaped(prefix)}*" for prefix in prefixes]),
        "Condition": dict(condition),
    }


def _alone_or_all(texts: list[str]) -> str | list[str]:
    unique = list(dict.fromkeys(texts))
    return unique[0] if len(unique) == 1 else unique


def _arn(partition: str, bucket: str) -> str:
    return f"arn:{partition}:s3:::{bucket}"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a policy says to the delivery of a bucket's logs.

    Args:
        allowed: some statement allows it.
        denied_by: the statements that refuse it, or some of it, for certain.
        doubted_by: those that may refuse it, by conditions of which nobody here knows whether they hold.
    """

    allowed: bool
    denied_by: tuple[str, ...]
    doubted_by: tuple[str, ...] = ()


def delivery_to(target: str, partition: str, demand: LogDemand, statements: Mapping[str, Statement]) -> Delivery:
    """Say whether a target's policy lets the logs of a bucket in.

    Args:
        target: the bucket that gets them.
        partition: of its ARN.
        demand: whose logs, and under which prefix.
        statements: of its policy, by key.
    """
    keys = [f"{_arn(partition, target)}/{demand.prefix}{rest}" for rest in ANYTHING]
    known = _known(_arn(partition, demand.source), demand.account)

    def catches(statement: Statement, key: str) -> bool:
        return (
            _is_meant(statement)
            and covers(statement, "Action", PUT.lower())
            and covers(statement, "Resource", key)
            and may_hold(statement.get("Condition", {}), known)
        )

    allows = (each for each in statements.values() if each.get("Effect") == "Allow")
    denies = {key: each for key, each in statements.items() if each.get("Effect") == "Deny"}
    caught = {name: each for name, each in denies.items() if any(catches(each, key) for key in keys)}
    certain = tuple(name for name, each in caught.items() if must_hold(each.get("Condition", {}), known))
    return Delivery(
        allowed=any(all(catches(each, key) for key in keys) for each in allows),
        denied_by=certain,
        doubted_by=tuple(name for name in caught if name not in certain),
    )


def _is_meant(statement: Statement) -> bool:
    """Tell whether a statement is about the log service."""
    if "NotPrincipal" in statement:
        return SERVICE not in statement["NotPrincipal"].get("Service", ())
    principal = statement.get("Principal", {})
    return SERVICE in principal.get("Service", ()) or "*" in principal.get("AWS", ())


def _known(source_arn: str, account: str) -> Known:
    """Say what is known of the service's requests: they carry no header of encryption, and come from no network.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice
    """
    return {
        "aws:sourcearn": (source_arn,),
        "aws:sourceaccount": (account,),
        "aws:principalisawsservice": ("true",),
        "aws:principalservicename": (SERVICE,),
        "aws:securetransport": ("true",),
        "s3:tlsversion": ("1.2", "1.3"),
        **dict.fromkeys(
            (
                "aws:principalaccount",
                "aws:principalarn",
                "aws:principalorgid",
                "aws:principalorgpaths",
                "aws:principaltype",
                "aws:userid",
                "aws:username",
                "aws:multifactorauthpresent",
                "aws:multifactorauthage",
                "aws:sourceip",
                "aws:sourcevpc",
                "aws:sourcevpce",
                "aws:vpcsourceip",
                "s3:x-amz-server-side-encryption",
                "s3:x-amz-server-side-encryption-aws-kms-key-id",
                "s3:x-amz-server-side-encryption-customer-algorithm",
                "s3:if-none-match",
                "s3:if-match",
            ),
            (),
        ),
    }
