"""What is in a bucket, as far as a write to it can do harm there."""

from enum import StrEnum

from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.observation import Unsupported

LISTS = ("Versions", "DeleteMarkers", "Contents", "Uploads")
"""Members of the answers that have what is there."""
RIGHTS = ("s3:ListBucketVersions", "s3:ListBucketMultipartUploads")
"""What a look takes besides `s3:ListBucket`."""

FORBIDDEN = frozenset({"MethodNotAllowed", "405"})
"""Codes by which a gateway may keep us from a list that is there."""


class Contents(StrEnum):
    """What a look into a bucket showed; a reason takes its place where the look was refused."""

    NOT_LOOKED_AT = "not looked at"
    NOTHING = "nothing"
    SOMETHING = "something"


def observe_contents() -> Flow[Contents | Failure]:
    """Look for a version, a delete marker and an unfinished upload, and no further than the first.

    What a server has not implemented it does not have. Without versions, as at Cloudflare R2, its objects are listed.
    """
    versions = Read("list_object_versions", parameters={"MaxKeys": 1}, optional=True)
    objects = Read("list_objects_v2", parameters={"MaxKeys": 1}, optional=True)
    uploads = Read("list_multipart_uploads", parameters={"MaxUploads": 1}, optional=True)
    for look, instead in ((versions, objects), (uploads, None)):
        answer = yield look
        if isinstance(answer, Unsupported) and instead is not None:
            answer = yield instead
        if isinstance(answer, Unsupported) and answer.code not in FORBIDDEN:
            continue
        if isinstance(answer, Failure):
            return answer
        if answer["IsTruncated"] or any(map(answer.get, LISTS)):
            return Contents.SOMETHING
    return Contents.NOTHING
