"""What is in a bucket, as far as a write to it can do harm there."""

from enum import StrEnum

from securebucket.model.document import Response
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.observation import Unsupported

LISTS = ("Versions", "DeleteMarkers", "Contents", "Uploads")
"""Members of the answers that have what is there."""
RIGHTS = ("s3:ListBucketVersions", "s3:ListBucketMultipartUploads")
"""What a look takes besides `s3:ListBucket`."""


class Contents(StrEnum):
    """What a look into a bucket showed; a reason takes its place where the look was refused."""

    NOT_LOOKED_AT = "not looked at"
    NOTHING = "nothing"
    SOMETHING = "something"


def observe_contents() -> Flow[Contents | Failure]:
    """Look for a version, a delete marker and an unfinished upload, and no further than the first.

    On a server that has no versions, such as Cloudflare R2, the objects are listed.
    """
    listed = yield Read("list_object_versions", parameters={"MaxKeys": 1}, optional=True)
    if isinstance(listed, Unsupported):
        listed = yield Read("list_objects_v2", parameters={"MaxKeys": 1})
    elif isinstance(listed, Failure):
        return listed
    if _shows_something(listed):
        return Contents.SOMETHING
    uploads = yield Read("list_multipart_uploads", parameters={"MaxUploads": 1})
    return Contents.SOMETHING if _shows_something(uploads) else Contents.NOTHING


def _shows_something(answer: Response) -> bool:
    return bool(answer["IsTruncated"]) or any(map(answer.get, LISTS))
