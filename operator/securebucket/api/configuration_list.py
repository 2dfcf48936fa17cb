"""What the lists have in common of which S3 keeps each configuration under an id of its own."""

from typing import Annotated

from pydantic import Field

from securebucket.api.base import ApiModel, Foreign
from securebucket.api.rule import Keyed, fits

# The schema holds these and not CEL: over a thousand entries, rules would exceed the API server's budget.
ConfigurationId = Annotated[
    str,
    Field(min_length=1, max_length=64),
    fits("[A-Za-z0-9_.-]+", "an id has letters, digits, dots, dashes and underscores only, e.g. whole-bucket"),
]
ReportBucket = Annotated[
    str,
    Field(max_length=100),
    fits(
        "(arn:[a-z-]+:s3:::)?[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
        "not a bucket; write its name or its ARN, e.g. arn:aws:s3:::acme-reports",
    ),
]
MOST = 1000
"""Configurations of one list that S3 takes."""


class Configuration(ApiModel):
    """One configuration of a list."""

    id: ConfigurationId = Field(description="Name of the configuration, unique in its list.")


class ConfigurationList(ApiModel):
    """Configurations by their id, and what becomes of those of others."""

    configurations: Annotated[tuple[Configuration, ...], Keyed("id")] = Field(
        (), max_length=MOST, description="Configurations to have. Default: none."
    )
    foreign: Foreign | None = Field(
        None,
        description="Configurations that are not declared here: Keep or Remove. Default: Remove on a bucket that the operator created, Keep on an adopted one.",
    )
