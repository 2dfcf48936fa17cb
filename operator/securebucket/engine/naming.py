"""The bucket's whole name, once the account is known. Pure."""

from securebucket.api.bucket_namespace import BucketNamespace, regional_suffix, suffix_of
from securebucket.aws.account import Identity
from securebucket.engine.request import PassRequest
from securebucket.model.failure import Failure

LONGEST_NAME = 63


def name_of(request: PassRequest, identity: Identity, region: str) -> str | Failure:
    """Give the name that S3 knows the bucket by.

    Args:
        request: the object; what its status remembers stays, whatever becomes of its profile.
        identity: whose account it is.
        region: where the bucket is to be; empty where none is known, which whoever asks for the bucket is told then.
    """
    name = request.bucket_name
    regional = request.spec.bucket_namespace is BucketNamespace.ACCOUNT_REGIONAL
    if not regional or request.status.bucket is not None or not region:
        return name
    if not identity.account_id:
        return Failure(
            "AccountUnknown",
            "an account-regional name holds the account's id, and this server has no accounts; leave"
            " spec.bucketNamespace out.",
        )
    suffix = regional_suffix(identity.account_id, region)
    if name.endswith(suffix):
        return name
    if suffix_of(name):
        return Failure(
            "BucketNameOfOthers",
            f"bucket name {name} ends as those of another account or region do, and not with {suffix}; leave the end"
            " out of spec.bucketName, it is added.",
        )
    if len(name) + len(suffix) > LONGEST_NAME:
        return Failure(
            "BucketNameTooLong",
            f"bucket name {name}{suffix} would have {len(name) + len(suffix)} characters, and S3 takes {LONGEST_NAME};"
            f" choose a bucketName of {LONGEST_NAME - len(suffix)} at most, or spec.bucketNamespace: Global.",
        )
    return name + suffix
