"""Tags of the bucket."""

from typing import Annotated

from pydantic import Field

from securebucket.api.base import ApiModel, Foreign, rule, validations

TagKey = Annotated[str, Field(min_length=1, max_length=128)]
TagValue = Annotated[str, Field(max_length=256)]


class Tags(ApiModel):
    """Tags (PutBucketTagging). The operator's own securebucket.io/* tags say whose the bucket is and are always there."""

    model_config = validations(
        rule(
            "!has(self.tagSet) || self.tagSet.all(key, !key.startsWith('aws:') && !key.startsWith('securebucket.io/'))",
            "keys that start with aws: or securebucket.io/ are reserved; choose another key",
            ".tagSet",
        ),
    )

    tag_set: dict[TagKey, TagValue] = Field(
        {}, max_length=45, description="Tags to have, as key: value. Default: none."
    )
    foreign: Foreign = Field(
        Foreign.KEEP,
        description="Tags that are not declared here: Keep or Remove. Default: Keep. Tags that start with aws: always stay.",
    )
