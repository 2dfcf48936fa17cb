"""Typed grants for AWS services as statements: what the page of each service asks for, with its confinement.

Every Allow names on whose behalf the service acts (`aws:SourceAccount` or `aws:SourceArn`), also where a page leaves
it to the reader: without it, anybody could make the service write here.
https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from securebucket.api.service_grants import (
    CloudFrontGrant,
    CloudTrailGrant,
    ConfigGrant,
    ElasticLoadBalancingGrant,
    GuardDutyGrant,
    ReportsGrant,
    ServiceGrant,
    ServiceScope,
    VpcFlowLogsGrant,
)
from securebucket.model.bucket import Bucket
from securebucket.policy.canonical import canonical_statement
from securebucket.policy.denials import Written
from securebucket.policy.document import OWN_PREFIX, digest
from securebucket.policy.wildcards import escaped

OWNER_GETS_ALL = {"s3:x-amz-acl": "bucket-owner-full-control"}
"""The header with which services write, so that the objects are the bucket owner's where ACLs count."""


@dataclass(frozen=True, slots=True)
class _Service:
    """A service as a statement names it.

    Args:
        name: begins the names of its statements.
        principal: the service principal.
    """

    name: str
    principal: str

    def allow(self, purpose: str, action: str | list[str], resources: list[str], condition: Written) -> Written:
        """Write an Allow, named by its meaning as other grants are: the same thing said twice is one statement."""
        meant: Written = {
            "Effect": "Allow",
            "Principal": {"Service": self.principal},
            "Action": action,
            "Resource": resources[0] if len(resources) == 1 else resources,
            "Condition": condition,
        }
        return {"Sid": f"{OWN_PREFIX}{self.name}{purpose}{digest(canonical_statement(meant))}", **meant}


def service_statements(bucket: Bucket, grant: ServiceGrant) -> Iterator[Written]:
    """Write the statements of one grant."""
    if grant.cloud_trail is not None:
        yield from _cloud_trail(bucket, grant.cloud_trail)
    if grant.elastic_load_balancing is not None:
        yield _elastic_load_balancing(bucket, grant.elastic_load_balancing)
    if grant.vpc_flow_logs is not None:
        yield from _vpc_flow_logs(bucket, grant.vpc_flow_logs)
    if grant.config is not None:
        yield from _config(bucket, grant.config)
    if grant.cloud_front is not None:
        yield _cloud_front(bucket, grant.cloud_front)
    if grant.inventory is not None:
        yield _reports(bucket, grant.inventory)
    if grant.guard_duty is not None:
        yield from _guard_duty(bucket, grant.guard_duty)


def _cloud_trail(bucket: Bucket, grant: CloudTrailGrant) -> Iterator[Written]:
    """Let trails write for the accounts that own them; an organization's trail has a folder of the organization too.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
    """
    service = _Service("CloudTrail", "cloudtrail.amazonaws.com")
    of_trails = {"aws:SourceArn": _one_or_all(grant.trails)}
    owners = [*_accounts_in(grant.trails), *((grant.organization,) if grant.organization else ())]
    yield service.allow("AclCheck", "s3:GetBucketAcl", [bucket.arn], {"StringEquals": of_trails})
    folders = [f"{_folder(bucket, grant)}AWSLogs/{owner}/*" for owner in owners]
    yield service.allow("Write", "s3:PutObject", folders, {"StringEquals": {**OWNER_GETS_ALL, **of_trails}})


def _elastic_load_balancing(bucket: Bucket, grant: ElasticLoadBalancingGrant) -> Written:
    """Let load balancers write, which they do to buckets of their own region only.

    They have one service principal in all regions; the accounts that older regions had before are not let in.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """
    service = _Service("ElasticLoadBalancing", "logdelivery.elasticloadbalancing.amazonaws.com")
    accounts = grant.accounts or (bucket.account_id,)
    balancers = tuple(
        f"arn:{bucket.partition}:elasticloadbalancing:{bucket.region}:{each}:loadbalancer/*" for each in accounts
    )
    folders = [f"{_folder(bucket, grant)}AWSLogs/{each}/*" for each in accounts]
    return service.allow("Write", "s3:PutObject", folders, {"ArnLike": {"aws:SourceArn": _one_or_all(balancers)}})


def _vpc_flow_logs(bucket: Bucket, grant: VpcFlowLogsGrant) -> Iterator[Written]:
    """Let flow logs be delivered. Keys with Hive-compatible folders have `aws-account-id=` before the account.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html
    """
    service = _Service("VpcFlowLogs", "delivery.logs.amazonaws.com")
    accounts, regions = grant.accounts or (bucket.account_id,), grant.regions or (bucket.region,)
    logs = tuple(f"arn:{bucket.partition}:logs:{region}:{each}:*" for each in accounts for region in regions)
    behalf = {"aws:SourceAccount": _one_or_all(accounts)}
    confined = {"ArnLike": {"aws:SourceArn": _one_or_all(logs)}}
    folders = [
        f"{_folder(bucket, grant)}AWSLogs/{owner}/*" for each in accounts for owner in (each, f"aws-account-id={each}")
    ]
    yield service.allow("AclCheck", "s3:GetBucketAcl", [bucket.arn], {"StringEquals": behalf, **confined})
    yield service.allow("Write", "s3:PutObject", folders, {"StringEquals": {**OWNER_GETS_ALL, **behalf}, **confined})


def _config(bucket: Bucket, grant: ConfigGrant) -> Iterator[Written]:
    """Let AWS Config look whether the bucket is there and its own to use, and write.

    https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
    """
    service = _Service("Config", "config.amazonaws.com")
    accounts = grant.accounts or (bucket.account_id,)
    behalf = {"aws:SourceAccount": _one_or_all(accounts)}
    folders = [f"{_folder(bucket, grant)}AWSLogs/{each}/Config/*" for each in accounts]
    yield service.allow("Check", ["s3:GetBucketAcl", "s3:ListBucket"], [bucket.arn], {"StringEquals": behalf})
    yield service.allow("Write", "s3:PutObject", folders, {"StringEquals": {**OWNER_GETS_ALL, **behalf}})


def _cloud_front(bucket: Bucket, grant: CloudFrontGrant) -> Written:
    """Let distributions read objects.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    """
    service = _Service("CloudFront", "cloudfront.amazonaws.com")
    confined = {"StringEquals": {"aws:SourceArn": _one_or_all(grant.distributions)}}
    return service.allow("Read", "s3:GetObject", [f"{_folder(bucket, grant)}*"], confined)


def _reports(bucket: Bucket, grant: ReportsGrant) -> Written:
    """Let S3 write reports about other buckets.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html#example-bucket-policies-s3-inventory
    """
    service = _Service("Inventory", "s3.amazonaws.com")
    accounts = grant.accounts or (bucket.account_id,)
    sources = tuple(f"arn:{bucket.partition}:s3:::{each}" for each in grant.sources)
    condition = {
        "ArnLike": {"aws:SourceArn": _one_or_all(sources)},
        "StringEquals": {**OWNER_GETS_ALL, "aws:SourceAccount": _one_or_all(accounts)},
    }
    return service.allow("Write", "s3:PutObject", [f"{_folder(bucket, grant)}*"], condition)


def _guard_duty(bucket: Bucket, grant: GuardDutyGrant) -> Iterator[Written]:
    """Let detectors export their findings.

    In a region that an account has to enable, the service principal has the region in it.
    https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html
    """
    by_principal: dict[str, list[str]] = {}
    for arn in grant.detectors:
        region = f".{arn.split(':')[3]}" if grant.opt_in_regions else ""
        by_principal.setdefault(f"guardduty{region}.amazonaws.com", []).append(arn)
    for principal, detectors in by_principal.items():
        service = _Service("GuardDuty", principal)
        behalf = {
            "aws:SourceAccount": _one_or_all(_accounts_in(detectors)),
            "aws:SourceArn": _one_or_all(detectors),
        }
        yield service.allow("Check", "s3:GetBucketLocation", [bucket.arn], {"StringEquals": behalf})
        yield service.allow("Write", "s3:PutObject", [f"{_folder(bucket, grant)}*"], {"StringEquals": behalf})


def _folder(bucket: Bucket, grant: ServiceScope) -> str:
    """Name the folder of a grant as resources begin, with the slash that the service puts behind a prefix."""
    return f"{bucket.arn}/{escaped(grant.prefix)}/" if grant.prefix else f"{bucket.arn}/"


def _accounts_in(arns: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(arn.split(":")[4] for arn in arns))


def _one_or_all(values: Iterable[str]) -> Any:
    """Write one value as a text and several as a list, as AWS's pages do."""
    written = list(values)
    return written[0] if len(written) == 1 else written
