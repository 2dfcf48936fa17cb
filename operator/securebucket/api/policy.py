"""The bucket policy: switches for the usual protections, typed grants, and raw statements."""

import ipaddress
from typing import Annotated, Any, Literal

from pydantic import Field

from securebucket.api.base import ApiModel, Foreign
from securebucket.api.duration import Interval
from securebucket.api.encryption import SseAlgorithm
from securebucket.api.names import AccountId
from securebucket.api.rule import Distinct, Keyed, Rule, exactly_one_of_any, fits, matches
from securebucket.api.service_grants import ServiceGrant

AnyJson = Annotated[Any, Field(json_schema_extra={"x-kubernetes-preserve-unknown-fields": True})]
Sid = Annotated[
    str,
    Field(min_length=1, max_length=64),
    matches("[A-Za-z0-9]+", "a statement's name has letters and digits only, e.g. AllowReports"),
]
Principal = Annotated[
    str,
    Field(min_length=1, max_length=2048),
    # Over 100 grants of 100 long names each, a CEL rule would exceed the API server's budget.
    fits(
        r"(\*|[0-9]{12}|[0-9a-f]{64}|arn:[a-z-]+:(iam|sts)::.+|[a-z0-9-]+(\.[a-z0-9-]+)+)",
        'not a principal; write an account id, an ARN of IAM or STS, a service, a canonical user id, or "*"',
    ),
]
Action = Annotated[
    str, Field(max_length=128), matches("s3:[A-Za-z*?]+", "not an action of S3; write e.g. s3:GetObject or s3:Get*")
]
ConditionValue = Annotated[str, Field(max_length=2048)]


def is_address_range(text: str) -> bool:
    """Tell whether a text is an IPv4 or IPv6 range without host bits."""
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return "/" in text


Cidr = Annotated[
    str,
    Field(min_length=3, max_length=43),
    Rule(
        "self.matches('^[0-9a-fA-F.:]+/[0-9]{1,3}$')",  # isCIDR() is younger than the oldest API server we support
        is_address_range,
        "not an address range; write e.g. 203.0.113.0/24 or 2001:db8::/32",
    ),
]
VpcEndpoint = Annotated[
    str,
    Field(max_length=32),
    matches("vpce-[0-9a-f]+", "not the id of a VPC endpoint; write e.g. vpce-0123456789abcdef0"),
]
Vpc = Annotated[
    str, Field(max_length=32), matches("vpc-[0-9a-f]+", "not the id of a VPC; write e.g. vpc-0123456789abcdef0")
]
Organization = Annotated[
    str,
    Field(max_length=34),
    matches("o-[a-z0-9]{10,32}", "not the id of an AWS Organization; write e.g. o-exampleorgid"),
]
PrincipalArn = Annotated[
    str,
    Field(max_length=2048),
    matches("arn:.+", "not an ARN; write e.g. arn:aws:iam::111122223333:role/admin"),
]
KmsKeyArn = Annotated[
    str,
    Field(max_length=2048),
    matches(
        "arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/.+",
        "not the ARN of a KMS key; write e.g. arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    ),
]
RequiredKey = Annotated[
    str,
    Field(max_length=2048),
    matches(
        "arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+",
        "not the ARN of a KMS key itself, which is what policies see of an alias too; write e.g."
        " arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    ),
]

Condition = Annotated[
    dict[str, Annotated[tuple[ConditionValue, ...], Field(min_length=1, max_length=100)]],
    Field(min_length=1, max_length=20),
]


class Grant(ApiModel):
    """One Allow in plain terms: who may do what, where in the bucket, under which conditions."""

    sid: Sid | None = Field(None, description="Name of the statement. Default: made from the grant's content.")
    principals: Annotated[tuple[Principal, ...], Distinct()] = Field(
        min_length=1,
        max_length=100,
        description='Account ids, ARNs of roles, users or federations, services (logging.s3.amazonaws.com), canonical user ids, or "*".',
    )
    actions: Annotated[tuple[Action, ...], Distinct()] = Field(
        min_length=1, max_length=100, description="S3 actions, e.g. s3:GetObject."
    )
    prefix: str = Field("", max_length=1024, description="Only keys that start with this. Default: the whole bucket.")
    conditions: dict[str, Condition] = Field(
        {}, max_length=20, description="Conditions as in IAM: {operator: {key: [values]}}. Default: none."
    )


class Statement(ApiModel):
    """A raw policy statement in IAM's own words; every element as IAM has it."""

    invariants = (
        exactly_one_of_any(principal="Principal", not_principal="NotPrincipal"),
        exactly_one_of_any(action="Action", not_action="NotAction"),
        exactly_one_of_any(resource="Resource", not_resource="NotResource"),
    )

    sid: Sid = Field(alias="Sid", description="Name of the statement; the operator writes it as SecureBucket<Sid>.")
    effect: Literal["Allow", "Deny"] = Field(alias="Effect", description="Allow or Deny.")
    principal: AnyJson = Field(
        None, alias="Principal", description='Who it is for: "*", or {"AWS": [...], "Service": [...], ...}.'
    )
    not_principal: AnyJson = Field(None, alias="NotPrincipal", description="Who it is not for.")
    action: AnyJson = Field(None, alias="Action", description="One action or a list.")
    not_action: AnyJson = Field(None, alias="NotAction", description="All but these actions.")
    resource: AnyJson = Field(None, alias="Resource", description="One ARN or a list; the bucket or its objects.")
    not_resource: AnyJson = Field(None, alias="NotResource", description="All but these ARNs.")
    condition: AnyJson = Field(
        None,
        alias="Condition",
        description="Conditions as in IAM: {operator: {key: value or values}}. Quote accounts, dates and tags: YAML reads 012 as 10.",
    )


class RecentMfa(ApiModel):
    """People have to have authenticated with a second factor not long ago. Roles of software never have."""

    max_age: Interval = Field(description="How long ago at most, e.g. 1h.")
    prefix: str = Field("", max_length=1024, description="Only keys that start with this. Default: all objects.")


class Policy(ApiModel):
    """The bucket policy (PutBucketPolicy). Secure default: HTTPS only. Statements of others stay unless foreign is Remove."""

    invariants = (
        Rule(
            "!has(self.allowedVpcSourceCidrs) || self.allowedVpcSourceCidrs.size() == 0"
            " || (has(self.allowedVpcs) && self.allowedVpcs.size() > 0)"
            " || (has(self.allowedVpcEndpoints) && self.allowedVpcEndpoints.size() > 0)",
            lambda policy: (
                not policy.allowed_vpc_source_cidrs or bool(policy.allowed_vpcs or policy.allowed_vpc_endpoints)
            ),
            "anybody's VPC can have these private addresses; name yours in allowedVpcs or allowedVpcEndpoints too",
            "allowedVpcSourceCidrs",
        ),
    )

    log_delivery: Literal["Account", "Sources"] | None = Field(
        None,
        description="Whose access logs a LogTarget takes: those of its whole account, or of the SecureBuckets that name it as logging target. Default: Account. Any other bucket takes those of SecureBuckets that name it.",
    )
    require_tls: bool = Field(True, description="Refuse requests that are not HTTPS. Default: true.")
    min_tls_version: Literal["1.2", "1.3"] | None = Field(
        None,
        description="Refuse older TLS. Default: none (S3 itself refuses TLS below 1.2). 1.3 shuts out PrivateLink and multi-region access points.",
    )
    require_encryption: SseAlgorithm | None = Field(
        None, description="Refuse uploads that S3 would not store with this encryption. Default: none."
    )
    require_kms_key: RequiredKey | None = Field(
        None, description="Refuse uploads that S3 would not store with this KMS key (ARN). Default: none."
    )
    require_conditional_writes: Literal["IfNoneMatch", "IfMatch", "IfNoneMatchOrIfMatch"] | None = Field(
        None,
        description="Refuse uploads without this header, so that nothing is overwritten unseen. Default: none. CopyObject into the bucket then fails. Risk: lockout.",
    )
    require_recent_mfa: RecentMfa | None = Field(
        None,
        description="Refuse everything on objects to whoever has not used a second factor lately. Default: none. Risk: lockout.",
    )
    require_resource_organization: Organization | None = Field(
        None,
        description="Refuse everybody once the bucket's own account is not in this AWS Organization. Default: none. Risk: lockout.",
    )
    allowed_vpc_endpoints: Annotated[tuple[VpcEndpoint, ...], Distinct()] = Field(
        (),
        max_length=100,
        description="Refuse requests that come neither through these VPC endpoints nor from allowedVpcs or allowedCidrs. Default: any. Risk: lockout.",
    )
    allowed_vpcs: Annotated[tuple[Vpc, ...], Distinct()] = Field(
        (),
        max_length=100,
        description="Refuse requests that come neither from these VPCs nor through allowedVpcEndpoints or from allowedCidrs. Default: any. Risk: lockout.",
    )
    allowed_organizations: Annotated[tuple[Organization, ...], Distinct()] = Field(
        (),
        max_length=20,
        description="Refuse principals of other AWS Organizations. Default: any. Risk: lockout.",
    )
    allowed_accounts: Annotated[tuple[AccountId, ...], Distinct()] = Field(
        (),
        max_length=100,
        description="Refuse principals of other accounts; the bucket's own is always allowed. Default: any. Risk: lockout.",
    )
    allowed_cidrs: Annotated[tuple[Cidr, ...], Distinct()] = Field(
        (),
        max_length=100,
        description="Refuse requests that come neither from these public addresses (aws:SourceIp) nor from allowedVpcEndpoints or allowedVpcs. Default: any. Risk: lockout.",
    )
    allowed_vpc_source_cidrs: Annotated[tuple[Cidr, ...], Distinct()] = Field(
        (),
        max_length=100,
        description="Of what comes through a VPC endpoint, refuse what has none of these private addresses (aws:VpcSourceIp). Needs allowedVpcs or allowedVpcEndpoints. Default: any. Risk: lockout.",
    )
    allowed_source_organizations: Annotated[tuple[Organization, ...], Distinct()] = Field(
        (),
        max_length=20,
        description="Refuse AWS services that act for accounts neither of these AWS Organizations nor in allowedSourceAccounts. Default: any. Risk: lockout.",
    )
    allowed_source_accounts: Annotated[tuple[AccountId, ...], Distinct()] = Field(
        (),
        max_length=100,
        description="Refuse AWS services that act for other accounts, unless allowedSourceOrganizations has them; the bucket's own is always allowed. Default: any. Risk: lockout.",
    )
    exempt_principals: Annotated[tuple[PrincipalArn, ...], Distinct()] = Field(
        (),
        max_length=50,
        description="ARNs that the allowed* refusals, requireRecentMfa and requireResourceOrganization leave alone, besides AWS services and the operator itself. Default: none.",
    )
    deny_delete: bool = Field(
        False,
        description="Refuse deleting objects, versions and annotations, and lifecycle changes (a way to delete), to everyone but the operator's lifecycle. Default: false.",
    )
    require_mfa_for_delete: bool = Field(
        False, description="Refuse deletes without multi-factor authentication. Default: false."
    )
    allow: tuple[Grant, ...] = Field((), max_length=100, description="Grants in plain terms. Default: none.")
    allow_services: tuple[ServiceGrant, ...] = Field(
        (),
        max_length=20,
        description="Grants for AWS services, each confined to the accounts or resources that are named. Default: none.",
    )
    statements: Annotated[tuple[Statement, ...], Keyed("Sid")] = Field(
        (), max_length=100, description="Raw statements in IAM's own words. Default: none."
    )
    foreign: Foreign = Field(
        Foreign.KEEP, description="Statements that are not the operator's: Keep or Remove. Default: Keep."
    )
