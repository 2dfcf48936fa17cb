"""What is in a bucket, as far as a write to it can do harm there."""

from enum import StrEnum

from securebucket.model.flow import Flow, Read

LOOKS = (
    ("list_object_versions", "MaxKeys", ("Versions", "DeleteMarkers")),
    ("list_multipart_uploads", "MaxUploads", ("Uploads",)),
)
"""How to see whether a bucket is empty: the operation, what limits it, and where its answer has what is there."""


class Contents(StrEnum):
    """What a look into a bucket showed; a reason takes its place where the look was refused."""

    NOT_LOOKED_AT = "not looked at"
    NOTHING = "nothing"
    SOMETHING = "something"


def observe_contents() -> Flow[Contents]:
    """Look for a version, a delete marker and an unfinished upload, and no further than the first."""
    for operation, most, members in LOOKS:
        answer = yield Read(operation, parameters={most: 1})
        if answer["IsTruncated"] or any(answer.get(member) for member in members):
            return Contents.SOMETHING
    return Contents.NOTHING
