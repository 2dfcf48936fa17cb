"""The bucket policy: switches for the usual protections, typed grants, and raw statements."""

from typing import Annotated, Any, Literal

from pydantic import Field

from securebucket.api.base import ApiModel, Foreign, rule, validations
from securebucket.api.encryption import SseAlgorithm

AnyJson = Annotated[Any, Field(json_schema_extra={"x-kubernetes-preserve-unknown-fields": True})]


class Grant(ApiModel):
    """One Allow in plain terms: who may do what, where in the bucket, under which conditions."""

    sid: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9]+$",
        max_length=64,
        description="Name of the statement. Default: made from the grant's content.",
    )
    principals: tuple[Annotated[str, Field(min_length=1, max_length=2048)], ...] = Field(
        min_length=1,
        max_length=100,
        description="Account ids, ARNs of roles, users or federations, services (logging.s3.amazonaws.com), or canonical user ids.",
    )
    actions: tuple[Annotated[str, Field(pattern=r"^s3:[A-Za-z*?]+$", max_length=128)], ...] = Field(
        min_length=1, max_length=100, description="S3 actions, e.g. s3:GetObject."
    )
    prefix: str = Field("", max_length=1024, description="Only keys that start with this. Default: the whole bucket.")
    conditions: dict[str, dict[str, tuple[str, ...]]] = Field(
        {}, description="Conditions as in IAM: {operator: {key: [values]}}. Default: none."
    )


class Statement(ApiModel):
    """A raw policy statement in IAM's own words; every element as IAM has it."""

    model_config = validations(
        rule("has(self.Principal) != has(self.NotPrincipal)", "give exactly one of Principal and NotPrincipal"),
        rule("has(self.Action) != has(self.NotAction)", "give exactly one of Action and NotAction"),
        rule("has(self.Resource) != has(self.NotResource)", "give exactly one of Resource and NotResource"),
    )

    sid: str = Field(
        alias="Sid",
        pattern=r"^[A-Za-z0-9]+$",
        max_length=64,
        description="Name of the statement; the operator writes it as SecureBucket<Sid>.",
    )
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
        None, alias="Condition", description="Conditions as in IAM: {operator: {key: value or values}}."
    )


class Policy(ApiModel):
    """The bucket policy (PutBucketPolicy). Secure default: HTTPS only. Statements of others stay unless foreign is Remove."""

    require_tls: bool = Field(True, description="Refuse requests that are not HTTPS. Default: true.")
    min_tls_version: Literal["1.2", "1.3"] | None = Field(
        None,
        description="Refuse older TLS. Default: none (S3 itself refuses TLS below 1.2). 1.3 shuts out PrivateLink and multi-region access points.",
    )
    require_encryption: SseAlgorithm | None = Field(
        None, description="Refuse uploads that S3 would not store with this encryption. Default: none."
    )
    require_kms_key: str | None = Field(
        None,
        max_length=2048,
        description="Refuse uploads that S3 would store with another KMS key (ARN). Default: none.",
    )
    allowed_vpc_endpoints: tuple[Annotated[str, Field(pattern=r"^vpce-[0-9a-f]+$")], ...] = Field(
        (),
        max_length=100,
        description="Refuse requests that do not come through these VPC endpoints. Default: any. Risk: lockout.",
    )
    allowed_vpcs: tuple[Annotated[str, Field(pattern=r"^vpc-[0-9a-f]+$")], ...] = Field(
        (),
        max_length=100,
        description="Refuse requests that do not come from these VPCs. Default: any. Risk: lockout.",
    )
    allowed_organizations: tuple[Annotated[str, Field(pattern=r"^o-[a-z0-9]{10,32}$")], ...] = Field(
        (),
        max_length=20,
        description="Refuse principals of other AWS Organizations. Default: any. Risk: lockout.",
    )
    allowed_accounts: tuple[Annotated[str, Field(pattern=r"^[0-9]{12}$")], ...] = Field(
        (),
        max_length=100,
        description="Refuse principals of other accounts; the bucket's own is always allowed. Default: any. Risk: lockout.",
    )
    allowed_cidrs: tuple[Annotated[str, Field(min_length=3, max_length=43)], ...] = Field(
        (),
        max_length=100,
        description="Refuse public source addresses outside these ranges (aws:SourceIp). Default: any. Risk: lockout.",
    )
    exempt_principals: tuple[Annotated[str, Field(pattern=r"^arn:", max_length=2048)], ...] = Field(
        (),
        max_length=50,
        description="ARNs that the allowed* refusals leave alone, besides AWS services and the operator itself. Default: none.",
    )
    deny_delete: bool = Field(
        False,
        description="Refuse deleting objects and versions, and lifecycle changes (a way to delete), to everyone but the operator's lifecycle. Default: false.",
    )
    require_mfa_for_delete: bool = Field(
        False, description="Refuse deletes without multi-factor authentication. Default: false."
    )
    allow: tuple[Grant, ...] = Field((), max_length=100, description="Grants in plain terms. Default: none.")
    statements: tuple[Statement, ...] = Field(
        (), max_length=100, description="Raw statements in IAM's own words. Default: none."
    )
    foreign: Foreign = Field(
        Foreign.KEEP, description="Statements that are not the operator's: Keep or Remove. Default: Keep."
    )
