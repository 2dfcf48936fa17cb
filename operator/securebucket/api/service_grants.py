"""Typed grants for the AWS services that write to buckets or read from them, each confined as its AWS page asks."""

from typing import Annotated

from pydantic import Field

from securebucket.api.base import ApiModel
from securebucket.api.names import AccountId, Region
from securebucket.api.rule import Distinct, exactly_one_of_any, fits

# Twenty grants with lists of ARNs each would exceed the API server's budget as CEL rules.
TrailArn = Annotated[
    str,
    Field(max_length=256),
    fits(
        "arn:[a-z-]+:cloudtrail:[a-z0-9-]+:[0-9]{12}:trail/[A-Za-z0-9._-]+",
        "not the ARN of a trail; write e.g. arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit",
    ),
]
DistributionArn = Annotated[
    str,
    Field(max_length=256),
    fits(
        "arn:[a-z-]+:cloudfront::[0-9]{12}:distribution/[A-Z0-9]+",
        "not the ARN of a distribution; write e.g. arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE",
    ),
]
DetectorArn = Annotated[
    str,
    Field(max_length=256),
    fits(
        "arn:[a-z-]+:guardduty:[a-z0-9-]+:[0-9]{12}:detector/[a-z0-9]+",
        "not the ARN of a detector; write e.g."
        " arn:aws:guardduty:eu-west-1:111122223333:detector/12abc34d567e8fa901bc2d34e56789f0",
    ),
]
SourceBucket = Annotated[
    str,
    Field(max_length=63),
    fits("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "not the name of a bucket; write e.g. acme-payments-invoices"),
]
OrganizationId = Annotated[
    str,
    Field(max_length=34),
    fits("o-[a-z0-9]{10,32}", "not the id of an AWS Organization; write e.g. o-exampleorgid"),
]
Folder = Annotated[
    str, Field(max_length=512), fits("(.*[^/])?", "leave the slash at the end out; the service adds it itself")
]
Accounts = Annotated[tuple[AccountId, ...], Distinct()]
ACCOUNTS = "Accounts that it works for. Default: the bucket's own."


class ServiceScope(ApiModel):
    """Where in the bucket a service gets in."""

    prefix: Folder = Field(
        "", description="Folder, without the slash at its end, as the service has it. Default: none."
    )


class CloudTrailGrant(ServiceScope):
    """Trails that deliver their log files here."""

    trails: Annotated[tuple[TrailArn, ...], Distinct()] = Field(
        min_length=1, max_length=20, description="ARNs of the trails."
    )
    organization: OrganizationId | None = Field(
        None,
        description="Id of the AWS Organization, where a trail is an organization's. Default: trails of accounts only.",
    )


class ElasticLoadBalancingGrant(ServiceScope):
    """Application Load Balancers of the bucket's region that deliver logs here. They cannot write to buckets with KMS."""

    accounts: Accounts = Field((), max_length=50, description=ACCOUNTS)


class VpcFlowLogsGrant(ServiceScope):
    """VPC flow logs that are delivered here; Network Load Balancers deliver their logs in the same way."""

    accounts: Accounts = Field((), max_length=50, description=ACCOUNTS)
    regions: Annotated[tuple[Region, ...], Distinct()] = Field(
        (), max_length=20, description="Regions of the flow logs. Default: the bucket's own."
    )


class ConfigGrant(ServiceScope):
    """AWS Config, which delivers its history and snapshots here."""

    accounts: Accounts = Field((), max_length=50, description=ACCOUNTS)


class CloudFrontGrant(ServiceScope):
    """Distributions that read objects from here with origin access control."""

    distributions: Annotated[tuple[DistributionArn, ...], Distinct()] = Field(
        min_length=1, max_length=20, description="ARNs of the distributions."
    )


class ReportsGrant(ServiceScope):
    """S3 Inventory and storage class analysis of other buckets, whose reports come here."""

    accounts: Accounts = Field((), max_length=50, description="Accounts that own the sources. Default: the bucket's.")
    sources: Annotated[tuple[SourceBucket, ...], Distinct()] = Field(
        min_length=1, max_length=50, description="Names of the buckets that the reports are about."
    )


class GuardDutyGrant(ServiceScope):
    """Detectors that export their findings here."""

    detectors: Annotated[tuple[DetectorArn, ...], Distinct()] = Field(
        min_length=1, max_length=20, description="ARNs of the detectors."
    )
    opt_in_regions: bool = Field(
        False,
        description="Whether the detectors are in regions that an account has to enable, where GuardDuty has another name. Default: false.",
    )


class ServiceGrant(ApiModel):
    """One Allow for one AWS service. Give exactly one of them."""

    invariants = (
        exactly_one_of_any(
            cloud_trail="cloudTrail",
            elastic_load_balancing="elasticLoadBalancing",
            vpc_flow_logs="vpcFlowLogs",
            config="config",
            cloud_front="cloudFront",
            inventory="inventory",
            guard_duty="guardDuty",
        ),
    )

    cloud_trail: CloudTrailGrant | None = Field(None, description="Trails that deliver their log files here.")
    elastic_load_balancing: ElasticLoadBalancingGrant | None = Field(
        None,
        description="Logs of Application Load Balancers; write {} for the bucket's own account.",
    )
    vpc_flow_logs: VpcFlowLogsGrant | None = Field(
        None, description="VPC flow logs and logs of Network Load Balancers; write {} for the bucket's own account."
    )
    config: ConfigGrant | None = Field(
        None, description="AWS Config's history and snapshots; write {} for the bucket's own account."
    )
    cloud_front: CloudFrontGrant | None = Field(
        None, description="Distributions that read objects from here with origin access control."
    )
    inventory: ReportsGrant | None = Field(
        None, description="Reports of S3 Inventory and storage class analysis about other buckets."
    )
    guard_duty: GuardDutyGrant | None = Field(None, description="Findings that GuardDuty exports.")
