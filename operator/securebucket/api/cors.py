"""What pages of other origins may do with the bucket, by the browsers that show them."""

from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel, AwsName
from securebucket.api.rule import Distinct, Rule, fits

Method = Literal["GET", "PUT", "POST", "DELETE", "HEAD"]
Origin = Annotated[
    str,
    Field(min_length=1, max_length=512),
    fits("[^*]*[*]?[^*]*", "an origin has one * at most; write e.g. https://*.example.com, or * for any"),
]
AllowedHeader = Annotated[
    str,
    Field(min_length=1, max_length=256),
    fits("[^*]*[*]?[^*]*", "a header has one * at most; write e.g. x-amz-*, or * for any"),
]
ExposeHeader = Annotated[
    str,
    Field(min_length=1, max_length=256),
    fits("[^*]*", "S3 takes no * in exposeHeaders; name each header, e.g. ETag"),
]


class CorsRule(ApiModel):
    """One CORS rule, in S3's own fields. The first rule that fits a request counts."""

    id: Annotated[str | None, AwsName("ID")] = Field(
        None, min_length=1, max_length=255, description="Name of the rule, unique in the bucket. Default: none."
    )
    allowed_origins: Annotated[tuple[Origin, ...], Distinct()] = Field(
        min_length=1, max_length=100, description="Origins whose pages may ask, e.g. https://app.example.com."
    )
    allowed_methods: Annotated[tuple[Method, ...], Distinct()] = Field(
        min_length=1, max_length=5, description="What they may ask for: GET, PUT, POST, DELETE, HEAD."
    )
    allowed_headers: Annotated[tuple[AllowedHeader, ...], Distinct()] = Field(
        (), max_length=100, description="Request headers that they may send. Default: none but the usual."
    )
    expose_headers: Annotated[tuple[ExposeHeader, ...], Distinct()] = Field(
        (), max_length=100, description="Headers of an answer that they may see. Default: none but the usual."
    )
    max_age_seconds: int | None = Field(
        None, ge=0, le=2147483647, description="How long a browser may remember the answer. Default: not said."
    )


class Cors(ApiModel):
    """Cross-origin resource sharing (PutBucketCors). Secure default: no rules, so that no page of another origin sees data."""

    invariants = (
        Rule(
            "!has(self.rules) || self.rules.all(rule, !has(rule.id)"
            " || self.rules.exists_one(other, has(other.id) && other.id == rule.id))",
            lambda block: (
                len({rule.id for rule in block.rules if rule.id}) == sum(bool(rule.id) for rule in block.rules)
            ),
            "two rules have the same id; give each another one, or none",
            "rules",
        ),
    )

    rules: tuple[CorsRule, ...] = Field(
        (), max_length=100, description="Rules to have, in this order. Default: none. Others are removed."
    )
