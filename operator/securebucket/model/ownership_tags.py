"""The tags that say whose a bucket is: set at creation, read before anything is changed, kept by the tags control."""

from securebucket.model.bucket import Bucket

OWNER_TAG = "securebucket.io/owner"
"""Holds `<cluster>/<namespace>/<name>` of the object that owns the bucket."""

ORIGIN_TAG = "securebucket.io/origin"
"""Holds `Created` or `Adopted`."""


def ownership_tags(bucket: Bucket) -> dict[str, str]:
    """Give the tags that mark a bucket as its object's."""
    return {OWNER_TAG: bucket.owner, ORIGIN_TAG: bucket.origin.value}
