"""The bucket-owner condition: no S3 call leaves without `ExpectedBucketOwner` where it exists.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
"""

from typing import Any


class OwnerConditionMissingError(RuntimeError):
    """A call of our own was about to be sent without the bucket-owner condition: a defect, never a user's fault."""


def require_owner(params: dict[str, Any], model: Any, **_: Any) -> None:
    """Refuse a call that could carry `ExpectedBucketOwner` and does not (handler of `before-parameter-build.s3`).

    Raises:
        OwnerConditionMissingError: the condition is missing.
    """
    shape = model.input_shape
    if shape is not None and "ExpectedBucketOwner" in shape.members and not params.get("ExpectedBucketOwner"):
        raise OwnerConditionMissingError(f"{model.name} without ExpectedBucketOwner")
