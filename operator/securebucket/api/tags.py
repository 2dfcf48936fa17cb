"""Tags of the bucket, and what S3 asks of any tag."""

import unicodedata
from typing import Annotated

from pydantic import Field

from securebucket.api.base import ApiModel, Foreign
from securebucket.api.rule import Rule

TagValue = Annotated[str, Field(max_length=256)]

TAGS_HAVE_KEYS = Rule(
    "!has(self.tags) || self.tags.all(key, key.size() >= 1 && key.size() <= 128)",
    lambda given: all(1 <= len(key) <= 128 for key in given.tags),
    "the key of a tag to look for has 1 to 128 characters, as every tag's; write the whole key",
    "tags",
    since="0.2.0",
)
"""https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tag.html"""

SIGNS = frozenset("_.:/=+-@")
ALLOWED = r"^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]*$"
"""https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_Tag.html, as CEL writes it."""


def is_tag_text(text: str) -> bool:
    """Tell whether S3 takes the characters of a tag's key or value: letters, numbers, spaces and a few signs."""
    return all(sign in SIGNS or unicodedata.category(sign)[0] in "LZN" for sign in text)


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
        Rule(
            f"!has(self.tagSet) || self.tagSet.all(key, key.matches('{ALLOWED}') && self.tagSet[key].matches('{ALLOWED}'))",
            lambda tags: all(is_tag_text(key) and is_tag_text(value) for key, value in tags.tag_set.items()),
            "S3 takes letters, numbers, spaces and _ . : / = + - @ in tags; take other characters out of the keys and"
            " values",
            "tagSet",
            since="0.2.0",
        ),
    )

    tag_set: dict[str, TagValue] = Field({}, max_length=45, description="Tags to have, as key: value. Default: none.")
    foreign: Foreign = Field(
        Foreign.KEEP,
        description="Tags that are not declared here: Keep or Remove. Default: Keep. Tags that start with aws: always stay.",
    )
