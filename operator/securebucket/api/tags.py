"""Tags of the bucket."""

from typing import Annotated

from pydantic import Field

from securebucket.api.base import ApiModel, Foreign
from securebucket.api.rule import Rule

TagValue = Annotated[str, Field(max_length=256)]


class Tags(ApiModel):
    """Tags (PutBucketTagging). The operator's own securebucket.io/* tags say whose the bucket is and are always there."""

    invariants = (
        Rule(
            "!has(self.tagSet) || self.tagSet.all(key, !key.startsWith('aws:') && !key.startsWith('securebucket.io/'))",
            lambda tags: not any(key.startswith(("aws:", "securebucket.io/")) for key in tags.tag_set),
            "keys that start with aws: or securebucket.io/ are reserved; choose another key",
            "tagSet",
        ),
        Rule(
            "!has(self.tagSet) || self.tagSet.all(key, key.size() >= 1 && key.size() <= 128)",
            lambda tags: all(1 <= len(key) <= 128 for key in tags.tag_set),
            "a tag's key has 1 to 128 characters; shorten it",
            "tagSet",
        ),
    )

    tag_set: dict[str, TagValue] = Field({}, max_length=45, description="Tags to have, as key: value. Default: none.")
    foreign: Foreign = Field(
        Foreign.KEEP,
        description="Tags that are not declared here: Keep or Remove. Default: Keep. Tags that start with aws: always stay.",
    )
