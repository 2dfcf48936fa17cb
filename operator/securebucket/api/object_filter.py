"""Which objects something of a bucket is about."""

from pydantic import Field

from securebucket.api.base import ApiModel
from securebucket.api.tags import TAGS_HAVE_KEYS, TagValue


class ObjectFilter(ApiModel):
    """Which objects it is about. Empty: all. More than one field: all of them must hold."""

    invariants = (TAGS_HAVE_KEYS,)

    prefix: str | None = Field(None, max_length=1024, description="Keys that start with this.")
    tags: dict[str, TagValue] = Field({}, max_length=10, description="Objects that carry all these tags.")
