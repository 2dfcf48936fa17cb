"""Nothing that S3 keeps of a bucket is unseen: each operation on it belongs to a control, or is left out on purpose.

A new version of botocore that knows a new document fails here, and somebody has to say what becomes of it.
"""

from collections.abc import Mapping
from functools import cache

import pytest
from tests.laws.aws_model import operation_model, s3_operations
from tests.laws.worlds import calls_of

from securebucket.controls import CONTROLS

ONE_OF_A_LIST = "the list is read as a whole, with every entry in it"
OLDER = "the older form of another operation, which tells of both"
SAFE_VALUE = "a PUT of an explicit safe value is sent instead: servers take the DELETE for the bucket's"
ABOUT_OBJECTS = "about objects, not about how the bucket is configured"

LEFT_OUT: Mapping[str, str] = {
    "CreateBucket": "made by the engine, with the ownership tags, and not by a control",
    "CreateBucketMetadataTableConfiguration": OLDER,
    "CreateSession": "a session of a directory bucket",
    "DeleteBucket": "made by the engine, when an object with deletionPolicy Delete goes",
    "DeleteBucketEncryption": SAFE_VALUE,
    "DeleteBucketMetadataTableConfiguration": OLDER,
    "DeleteBucketOwnershipControls": SAFE_VALUE,
    "DeleteBucketTagging": "the ownership tags are never all taken away",
    "DeleteObjects": ABOUT_OBJECTS,
    "DeletePublicAccessBlock": SAFE_VALUE,
    "GetBucketAnalyticsConfiguration": ONE_OF_A_LIST,
    "GetBucketIntelligentTieringConfiguration": ONE_OF_A_LIST,
    "GetBucketInventoryConfiguration": ONE_OF_A_LIST,
    "GetBucketLifecycle": OLDER,
    "GetBucketLocation": "asked by the engine, where HeadBucket does not tell the region",
    "GetBucketMetadataTableConfiguration": OLDER,
    "GetBucketMetricsConfiguration": ONE_OF_A_LIST,
    "GetBucketNotification": OLDER,
    "GetBucketPolicyStatus": "what it says is judged from the policy itself, with the reason",
    "HeadBucket": "asked by the engine: whether the bucket is there, whose it is, and where",
    "ListMultipartUploads": "asked by the engine, right before a risky step on a new bucket",
    "ListObjectVersions": "asked by the engine, right before a risky step on a new bucket",
    "ListObjects": OLDER,
    "ListObjectsV2": "asked by the engine, where a server has no versions",
    "PutBucketLifecycle": OLDER,
    "PutBucketNotification": OLDER,
}
"""Operations on a bucket that no control makes, and why."""


def on_a_bucket() -> set[str]:
    """Name the operations that are about a bucket, and not about one object in it."""
    found = set()
    for api in s3_operations():
        shape = operation_model(api).input_shape
        members = shape.members if shape is not None else {}
        if "Bucket" in members and "Key" not in members:
            found.add(api)
    return found


@cache
def of_controls() -> set[str]:
    """Name the operations that controls read by, or write with."""
    reads = {read.partition("/")[0] for control in CONTROLS for read in control.documents()}
    return reads | {call.api for control in CONTROLS for call in calls_of(control)}


@pytest.mark.parametrize("api", sorted(on_a_bucket()))
def test_every_operation_on_a_bucket_has_its_place(api: str) -> None:
    assert (api in of_controls()) is not (api in LEFT_OUT), LEFT_OUT.get(
        api, "no control makes it, and nobody says why"
    )


def test_what_is_left_out_is_there() -> None:
    assert set(LEFT_OUT) <= on_a_bucket()
