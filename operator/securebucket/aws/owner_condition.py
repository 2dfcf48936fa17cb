"""The bucket-owner condition: no S3 call leaves without `ExpectedBucketOwner` where it exists.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
"""

from typing import Any


class OwnerConditionMissingError(RuntimeError):
    """A call of our own was about to be sent without the bucket-owner condition: a defect, never a user's fault."""


def require_owners(emitter: Any) -> None:
    """Hold every call of a client to the condition."""
    emitter.register("before-parameter-build.s3", require_owner, unique_id="securebucket-owner")
    emitter.register("needs-retry.s3.*", keep_from_asking, unique_id="securebucket-redirect")


def keep_from_asking(response: Any, request_dict: dict[str, Any], **_: Any) -> None:
    """Keep botocore from asking HeadBucket itself, without the condition, where a redirect tells no region.

    (Handler of `needs-retry`, called before botocore's own, which follows a redirect once and looks here whether it
    has.)
    """
    if response is None:
        return
    headers, told = response[0].headers, response[1].get("Error") or {}
    if "x-amz-bucket-region" not in headers and not told.get("Region"):
        request_dict["context"].setdefault("s3_redirect", {})["redirected"] = True


def require_owner(params: dict[str, Any], model: Any, **_: Any) -> None:
    """Refuse a call that could carry `ExpectedBucketOwner` and does not (handler of `before-parameter-build.s3`).

    Raises:
        OwnerConditionMissingError: the condition is missing.
    """
    shape = model.input_shape
    if shape is not None and "ExpectedBucketOwner" in shape.members and not params.get("ExpectedBucketOwner"):
        raise OwnerConditionMissingError(f"{model.name} without ExpectedBucketOwner")
