"""`securebucket iam-policy`: the least that the operator needs, made from what the controls say they call."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from securebucket.aws.partitions import partitions
from securebucket.cli.output import OK, DocumentFormat, write
from securebucket.compliance.account import ACCOUNT_DOCUMENTS
from securebucket.controls import CONTROLS
from securebucket.model.kms_keys import RIGHTS as KEYS

LISTING = ("s3:ListAllMyBuckets",)
FINDING = ("s3:ListBucket",)
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
CREATING: Mapping[str, str] = {
    "s3:CreateBucket": "makes the bucket",
    "s3:TagResource": "marks it as ours in the same call, so that a crash strands none",
    "s3:PutBucketTagging": "marks it where the server takes no tags in that call",
    "s3:PutBucketOwnershipControls": "turns ACLs off in the same call",
    "s3:PutBucketObjectLockConfiguration": "turns Object Lock on in the same call, where it is declared",
    "s3:PutBucketVersioning": "is asked for by S3 together with Object Lock",
    "s3:ListBucketVersions": "sees whether a new bucket is still empty, so that nothing risky waits for an approval",
    "s3:ListBucketMultipartUploads": "sees the same of unfinished uploads",
}
"""What making a bucket needs, each with its reason."""
ACCOUNT: Mapping[str, str] = {
    "s3:GetAccountPublicAccessBlock": "the account's Block Public Access, where only that can keep the public out",
    "s3:ListAccessPoints": "which access points lead to a bucket",
    "s3:GetAccessPoint": "what each of them blocks",
    "s3:GetAccessPointPolicy": "whom each of them lets in",
}
"""What checks of a bucket ask about its account, each with its reason."""
ROLES: Mapping[str, str] = {
    "iam:GetRole": "whether the role that S3 copies as is there, and lets S3 assume it",
    "iam:SimulatePrincipalPolicy": "what that role may not do that copying takes",
}
"""What is asked about roles, each with its reason."""
METRICS = ("cloudwatch:GetMetricData",)
"""What CloudWatch tells cannot be narrowed down to some metrics.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
"""
EVENTS = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
"""On a queue of events; GetQueueAttributes is for `securebucket doctor`."""
QUEUE_ARN = re.compile(r"arn:aws[\w-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}")
OTHER_SIDS = {"s3": "LookAtTargets", "iam": "PassRoles", "s3tables": "MakeMetadataTables"}
"""By service: what is outside the bucket that a spec may name."""
ONLY_TO_WRITE = ("iam:", "s3tables:")
"""How actions begin that whoever only observes does not need."""
ROLES_FOR = ("metadata.s3.amazonaws.com", "s3.amazonaws.com")
"""Services that are given a role: the one that reads annotations for a metadata table, and the one that replicates."""


class Purpose(StrEnum):
    """What the policy is for."""

    ENFORCE = "enforce"
    OBSERVE = "observe"
    SCAN = "scan"


def policy_document(
    *,
    purpose: Purpose,
    bucket: str = "*",
    partition: str = "aws",
    controls: frozenset[str] = frozenset(),
    delete: bool = False,
    account_checks: bool = True,
    event_queues: Sequence[str] = (),
    replication_metrics: bool = False,
) -> dict[str, Any]:
    """Write the IAM policy.

    Args:
        purpose: `OBSERVE` reads only; `SCAN` reads less of what is outside the buckets, and lists them.
        bucket: name or pattern of the buckets.
        partition: as in ARNs, e.g. `aws`, `aws-cn`, `aws-us-gov`.
        controls: whose writes to allow; empty means all. Every control is read, whatever is managed.
        delete: allow deleting buckets, for `deletionPolicy: Delete`.
        account_checks: allow the reads of the account's own documents.
        event_queues: ARNs of queues of events to read.
        replication_metrics: allow asking CloudWatch how far replication is, for `replicationMetrics` of a profile.
    """
    resource = f"arn:{partition}:s3:::{bucket}"
    wanted = [control for control in CONTROLS if not controls or control.name in controls]
    statements = [_statement("Observe", _actions([*FINDING, *_read()]), resource)]
    statements.append(_statement("LookAtAccount", _actions(list(ACCOUNT)), "*"))
    statements.append(_statement("LookAtKeys", _actions(list(KEYS)), f"arn:{partition}:kms:*:*:key/*"))
    statements.append(_statement("LookAtRoles", _actions(list(ROLES)), f"arn:{partition}:iam::*:role/*"))
    if account_checks:
        asked = {action for document in ACCOUNT_DOCUMENTS for action in document.actions} - set(ACCOUNT)
        statements.append(_statement("CheckAccount", _actions(list(asked)), "*"))
    if purpose is Purpose.SCAN:
        return {"Version": "2012-10-17", "Statement": [*statements, _statement("List", LISTING, "*")]}
    if purpose is Purpose.ENFORCE:
        writes = [action for control in wanted for action in control.permissions.write]
        statements.append(_statement("Create", tuple(CREATING), resource))
        statements.append(_statement("Correct", _actions(writes), resource))
        if delete:
            statements.append(_statement("Delete", ("s3:DeleteBucket",), resource))
    granted = {(action, each["Resource"]) for each in statements for action in each["Action"]}
    others: dict[str, list[str]] = {}
    for control in wanted:
        for action, pattern, _ in control.permissions.other:
            place = pattern.replace("arn:*:", f"arn:{partition}:", 1)
            if (action, place) not in granted and (purpose is Purpose.ENFORCE or not action.startswith(ONLY_TO_WRITE)):
                others.setdefault(place, []).append(action)
    if replication_metrics:
        statements.append(_statement("MeasureReplication", METRICS, "*"))
    if event_queues:
        statements.append(_statement("ReadEvents", EVENTS, "*") | {"Resource": sorted(event_queues)})
    statements.extend(_other_statement(place, _actions(actions)) for place, actions in others.items())
    return {"Version": "2012-10-17", "Statement": statements}


def _other_statement(place: str, actions: tuple[str, ...]) -> dict[str, Any]:
    service = actions[0].partition(":")[0]
    statement = _statement(OTHER_SIDS[service], actions, place)
    if service == "iam":
        statement["Condition"] = {"StringEquals": {"iam:PassedToService": list(ROLES_FOR)}}
    return statement


def _read() -> list[str]:
    return [action for control in CONTROLS for action in control.permissions.read]


def _actions(actions: list[str]) -> tuple[str, ...]:
    return tuple(sorted(set(actions)))


def _statement(sid: str, actions: tuple[str, ...], resource: str) -> dict[str, Any]:
    return {"Sid": f"SecureBucket{sid}", "Effect": "Allow", "Action": list(actions), "Resource": resource}


def iam_policy(
    *,
    purpose: Annotated[
        Purpose,
        typer.Option(help="enforce reads and writes; observe only reads; scan is for `scan` and `adopt`."),
    ] = Purpose.ENFORCE,
    bucket: Annotated[str, typer.Option(help="Name or pattern of the buckets, e.g. acme-*.")] = "*",
    partition: Annotated[str, typer.Option(help="aws, aws-cn, aws-us-gov or another partition of AWS.")] = "aws",
    control: Annotated[
        list[str] | None, typer.Option(help="Allow only the writes of this control; may be repeated.")
    ] = None,
    delete: Annotated[bool, typer.Option(help="Also allow deleting buckets, for deletionPolicy: Delete.")] = False,
    account_checks: Annotated[
        bool, typer.Option(help="Also allow reading the account's own settings and its list of buckets.")
    ] = True,
    event_queue: Annotated[
        list[str] | None,
        typer.Option(
            help="ARN of a queue of events: also allow reading it; may be repeated. For the operator's own role."
        ),
    ] = None,
    replication_metrics: Annotated[
        bool,
        typer.Option(
            "--replication-metrics",
            help="Also allow asking CloudWatch how far replication is, for replicationMetrics of a profile.",
        ),
    ] = False,
    output: Annotated[DocumentFormat, typer.Option("--output", "-o", help="How it is written.")] = DocumentFormat.JSON,
) -> None:
    """Print the IAM policy with only the rights that the operator needs.

    Attach it to the operator's role, or to the role that a BucketProfile assumes.
    """
    names = {each.name for each in CONTROLS}
    unknown = sorted(set(control or ()) - names)
    if unknown:
        raise typer.BadParameter(
            f"unknown control {', '.join(unknown)}; choose one of {', '.join(sorted(names))}", param_hint="--control"
        )
    known = partitions()
    if partition not in known:
        raise typer.BadParameter(
            f"unknown partition {partition}; choose one of {', '.join(known)}", param_hint="--partition"
        )
    for arn in event_queue or ():
        if not QUEUE_ARN.fullmatch(arn):
            hint = (
                f"{arn!r} is not the ARN of a queue; write e.g. arn:aws:sqs:eu-west-1:111122223333:securebucket-events"
            )
            raise typer.BadParameter(hint, param_hint="--event-queue")
    document = policy_document(
        purpose=purpose,
        bucket=bucket,
        partition=partition,
        controls=frozenset(control or ()),
        delete=delete,
        account_checks=account_checks,
        event_queues=tuple(dict.fromkeys(event_queue or ())),
        replication_metrics=replication_metrics,
    )
    write(document, output)
    raise typer.Exit(OK)
