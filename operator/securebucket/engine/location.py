"""Finding the bucket, and creating it when it was never there."""

from dataclasses import dataclass, replace

from securebucket.api.spec import Mode, Role
from securebucket.aws.account import Identity
from securebucket.aws.bucket_client import BucketClient, Missing
from securebucket.aws.edge import Aws
from securebucket.engine.effective import Effective
from securebucket.engine.request import PassRequest
from securebucket.model.bucket import Bucket, Origin
from securebucket.model.call import Call
from securebucket.model.failure import Failure
from securebucket.model.ownership_tags import ownership_tags
from securebucket.model.risk import Risk

CREATION = Call("create_bucket")


@dataclass(frozen=True, slots=True)
class Found:
    """The bucket is there.

    Args:
        created: by this pass.
    """

    client: BucketClient
    bucket: Bucket
    created: bool = False


@dataclass(frozen=True, slots=True)
class LookAgain:
    """The bucket is not there by one look; so many seconds later a second one may create it."""

    after: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """The bucket is not there, and this pass may not create it yet: the bucket as it would be."""

    client: BucketClient
    bucket: Bucket


def find(request: PassRequest, effective: Effective, aws: Aws, identity: Identity) -> Found | Wanted | Failure:
    """Locate the bucket; a missing one is `Wanted`, unless it was there before: then its data is gone."""
    region = effective.spec.region or aws.region(effective.binding)
    client = aws.bucket(effective.binding, identity, request.bucket_name, region)
    if isinstance(client, Failure):
        return client
    bucket = Bucket(
        name=request.bucket_name,
        region=region,
        account_id=identity.account_id,
        partition=identity.partition,
        origin=Origin.CREATED,
        owner=request.owner,
        caller_arn=identity.arn,
    )
    located = client.locate()
    if isinstance(located, Failure):
        return located
    if isinstance(located, Missing):
        if request.status.bucket is not None:
            return Failure(
                "BucketGone",
                f"bucket {request.bucket_name} was there and is gone, and its data with it; it is not created again."
                " Restore it by hand if that is what you want, or delete this object.",
            )
        if effective.mode is Mode.OBSERVE:
            held_back = effective.asked is not Mode.OBSERVE
            who = "this operator only observes (--observe-only): it" if held_back else "mode Observe"
            return Failure("BucketMissing", f"there is no bucket {request.bucket_name}, and {who} does not create one.")
        return Wanted(client, bucket)
    if located.region and located.region != region:
        if effective.spec.region:
            return Failure(
                "WrongRegion",
                f"bucket {request.bucket_name} lies in {located.region}, not in {region}; delete this object and make"
                f" one with spec.region: {located.region}.",
            )
        client = aws.bucket(effective.binding, identity, request.bucket_name, located.region)
        if isinstance(client, Failure):
            return client
        bucket = replace(bucket, region=located.region)
    return Found(client, bucket)


def create(wanted: Wanted, effective: Effective) -> Found | Failure:
    """Create the bucket. Only after a second 404: one alone can be a replica of S3's index that lags behind."""
    # Object Lock is for good: unless it is permitted or was approved with the plan, it waits like on any other bucket.
    lockable = effective.mode is Mode.PLAN or Risk.IRREVERSIBLE in effective.permitted
    object_lock = bool(effective.spec.object_lock.enabled) and effective.spec.role is not Role.LOG_TARGET and lockable
    failure = wanted.client.create(wanted.bucket.region, ownership_tags(wanted.bucket), object_lock=object_lock)
    if failure is not None and failure.code != "BucketAlreadyOwnedByYou":
        return failure
    return Found(wanted.client, wanted.bucket, created=failure is None)
