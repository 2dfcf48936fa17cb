"""When objects of the storage class INTELLIGENT_TIERING go into its archives."""

from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel
from securebucket.api.configuration_list import MOST, Configuration, ConfigurationList
from securebucket.api.object_filter import ObjectFilter
from securebucket.api.rule import Keyed, Rule

ONE_OF_EACH = Rule(
    "self.all(one, self.exists_one(other, other.accessTier == one.accessTier))",
    lambda tierings: len({each.access_tier for each in tierings}) == len(tierings),
    "two entries have the same accessTier; keep one of each",
)


class Tiering(ApiModel):
    """An archive, and when objects go there."""

    invariants = (
        Rule(
            "self.accessTier != 'DEEP_ARCHIVE_ACCESS' || self.days >= 180",
            lambda tiering: tiering.access_tier != "DEEP_ARCHIVE_ACCESS" or tiering.days >= 180,
            "S3 moves objects to DEEP_ARCHIVE_ACCESS after 180 days at the earliest; set days to 180 or more",
            "days",
        ),
    )

    days: int = Field(ge=90, le=730, description="Days without access; at least 180 for DEEP_ARCHIVE_ACCESS.")
    access_tier: Literal["ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"] = Field(description="Where they go.")


class IntelligentTieringConfiguration(Configuration):
    """The archives of a part of the bucket, in S3's own fields."""

    status: Literal["Enabled", "Disabled"] = Field("Enabled", description="Whether it works. Default: Enabled.")
    filter: ObjectFilter = Field(ObjectFilter(), description="Which objects it is about. Default: all.")
    tierings: Annotated[tuple[Tiering, ...], ONE_OF_EACH] = Field(
        min_length=1, max_length=2, description="Archives, and when objects go there."
    )


class IntelligentTiering(ConfigurationList):
    """Archives of Intelligent-Tiering (PutBucketIntelligentTieringConfiguration). Secure default: none that nobody declared."""

    configurations: Annotated[tuple[IntelligentTieringConfiguration, ...], Keyed("id")] = Field(
        (), max_length=MOST, description="Archives to use. Default: none."
    )
