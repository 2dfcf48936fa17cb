"""`BucketProfile.spec`: where and as whom, defaults, and a floor that no bucket may go below."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel
from securebucket.api.duration import Interval
from securebucket.api.names import AccountId, Region, RoleArn
from securebucket.api.rule import Distinct, Rule, matches
from securebucket.api.spec import Controls, Mode

LONGEST_EXCEPTION = dt.timedelta(days=365)
"""What a profile allows that says nothing, and what holds where there is none."""

NamePattern = Annotated[
    str,
    Field(min_length=1, max_length=63),
    matches("[a-z0-9.*-]+", "a name has lowercase letters, digits, dots and hyphens; * stands for any part of it"),
]


# https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
ExternalId = Annotated[
    str,
    Field(min_length=2, max_length=1224),
    matches(r"[A-Za-z0-9_+=,.@:/-]+", "an external id has letters, digits and _+=,.@:/- only"),
]


class AssumeRole(ApiModel):
    """The role that the operator assumes to reach the account."""

    arn: RoleArn = Field(description="ARN of the role.")
    external_id: ExternalId | None = Field(
        None,
        description="External id that the role's trust policy requires. Default: none.",
    )


Url = Annotated[
    str,
    Field(max_length=2048),
    matches("https?://[^ ]+", "not a URL; write e.g. https://s3.example.com"),
]


class Endpoint(ApiModel):
    """An S3 server other than AWS, or a special AWS endpoint."""

    url: Url = Field(description="URL, e.g. https://s3.example.com.")
    path_style: bool = Field(True, description="Put the bucket in the path and not in the host name. Default: true.")


class Floor(ApiModel):
    """What every bucket of the profile must at least have. A spec below it is refused with the field's name."""

    block_public_access: bool = Field(False, description="All four public access blocks must be on. Default: false.")
    bucket_owner_enforced: bool = Field(False, description="ACLs must be off. Default: false.")
    sse_algorithm: Literal["AES256", "aws:kms", "aws:kms:dsse"] | None = Field(
        None, description="Weakest default encryption allowed. Default: any."
    )
    block_sse_c: bool = Field(False, description="SSE-C must be blocked. Default: false.")
    versioning: bool = Field(False, description="Versioning must be on. Default: false.")
    object_lock: bool = Field(False, description="Object Lock must be on. Default: false.")
    require_tls: bool = Field(False, description="The policy must refuse plain HTTP. Default: false.")
    min_tls_version: Literal["1.2", "1.3"] | None = Field(
        None, description="Lowest TLS version that the policy may accept. Default: any."
    )
    logging: bool = Field(
        False, description="Server access logging must be declared, except on a LogTarget. Default: false."
    )
    managed: bool = Field(False, description="No control may be listed in unmanaged. Default: false.")


class AdmittedSources(ApiModel):
    """SecureBuckets of other namespaces whose logs and copies the buckets of the profile take."""

    namespaces: Annotated[tuple[NamePattern, ...], Distinct()] = Field(
        min_length=1, max_length=200, description="Their namespaces; * matches any part of a name."
    )
    prefixes: Annotated[tuple[Annotated[str, Field(max_length=512)], ...], Distinct()] = Field(
        (),
        max_length=100,
        description="What the keys of their logs must begin with: one of these; no copies then. Default: anything.",
    )


class ReplicationMetrics(ApiModel):
    """How far copies are, as CloudWatch tells it of rules with metrics or replication time on."""

    interval: Interval | None = Field(
        None, description="How often it is asked; CloudWatch takes money for each rule and time. Default: 15m."
    )


class BucketProfileSpec(ApiModel):
    """Where and as whom buckets are managed, what they have by default, and what they must at least have."""

    invariants = (
        Rule(
            "!has(self.accountId) || !has(self.assumeRole) || self.assumeRole.arn.contains('::' + self.accountId + ':')",
            lambda profile: (
                profile.account_id is None
                or profile.assume_role is None
                or f"::{profile.account_id}:" in profile.assume_role.arn
            ),
            "assumeRole.arn is a role of another account than accountId; correct one of the two",
            "assumeRole.arn",
        ),
    )

    namespaces: Annotated[tuple[NamePattern, ...], Distinct()] = Field(
        max_length=200,
        description='Namespaces that may use the profile; * matches any part of a name, e.g. ["payments", "team-*"].',
    )
    bucket_names: Annotated[tuple[NamePattern, ...], Distinct()] = Field(
        ("*",),
        max_length=200,
        description='Bucket names that may be used; * matches any part. Default: ["*"].',
    )
    account_id: AccountId | None = Field(
        None,
        description="Account that the credentials must belong to; anything else stops. Default: whatever they are.",
    )
    region: Region | None = Field(None, description="Region of new buckets. Default: the operator's.")
    assume_role: AssumeRole | None = Field(None, description="Role to assume. Default: the operator's own identity.")
    endpoint: Endpoint | None = Field(
        None, description="S3 endpoint. Default: AWS, or AWS_ENDPOINT_URL of the operator."
    )
    mode: Mode | None = Field(None, description="Mode of buckets that set none. Default: Enforce.")
    interval: Interval | None = Field(
        None, description="How often to verify buckets that set no interval. Default: 1h."
    )
    full_read_interval: Interval | None = Field(
        None,
        description="Time in which every document has been read; those that let data out, lose or expose it are read in every pass. Default: 24h.",
    )
    replication_metrics: ReplicationMetrics | None = Field(
        None, description="Ask CloudWatch how far replication is. Write {} to turn it on. Default: not asked."
    )
    permit: Annotated[tuple[Literal["irreversible", "data-loss", "lockout"], ...], Distinct()] = Field(
        (), max_length=3, description="Risks that need no approval in mode Enforce. Default: none."
    )
    compliance_severity: Literal["critical", "high", "medium", "low"] = Field(
        "high",
        description="Failing checks of this severity and above make a bucket not Compliant. Default: high.",
    )
    trusted_accounts: Annotated[tuple[AccountId, ...], Distinct()] = Field(
        (),
        max_length=200,
        description="Other accounts that policies may let in (check cross-account-access-restricted). Default: none.",
    )
    admitted_sources: tuple[AdmittedSources, ...] = Field(
        (),
        max_length=100,
        description="Whose logs and copies the buckets of the profile take, besides those of their own namespace. Default: nobody's.",
    )
    max_exception_days: int = Field(
        LONGEST_EXCEPTION.days,
        ge=1,
        le=3650,
        description="Days that a BucketException for a bucket of the profile may last, from its creation. Default: 365.",
    )
    defaults: Controls = Field(Controls(), description="Settings of buckets that do not declare them.")
    floor: Floor = Field(Floor(), description="What every bucket must at least have.")
