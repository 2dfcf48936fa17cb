"""Finding the bucket, as far as whose it is can be told without its tags."""

from dataclasses import dataclass, replace

from securebucket.api.spec import Mode
from securebucket.aws.account import Identity
from securebucket.aws.bucket_client import BucketClient, Missing
from securebucket.aws.edge import Aws
from securebucket.engine import claim
from securebucket.engine.naming import name_of
from securebucket.engine.task import Task
from securebucket.engine.tools import Tools
from securebucket.model.bucket import Bucket, Origin
from securebucket.model.failure import Failure


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
class Wanted:
    """The bucket is not there, and this pass may not create it yet: the bucket as it would be."""

    client: BucketClient
    bucket: Bucket


def found_before(tools: Tools, task: Task) -> Found | None:
    """Give the bucket where the last pass found it, without asking whether it is still there; None where none did.

    What is read of it then shows whether it is: see `engine.documents.read_as_before`.
    """
    identity = tools.aws.identify(task.effective.binding)
    if isinstance(identity, Failure) or claim.conflict(task.request) is not None:
        return None
    name = name_of(task.request, identity, task.effective.spec.region or tools.aws.region(task.effective.binding))
    if isinstance(name, Failure):
        return None
    bucket = _bucket(task, identity, name, "")
    memory = tools.lives.known(task.request.key, task.life_with(bucket))
    if memory is None or memory.region is None or task.request.status.bucket is None:
        return None
    client = tools.aws.bucket(task.effective.binding, identity, bucket.name, memory.region)
    return None if isinstance(client, Failure) else Found(client, replace(bucket, region=memory.region))


def reach(tools: Tools, task: Task) -> Found | Wanted | Failure:
    """Find the bucket, as the identity that the profile names; an older object of the cluster has it before us."""
    conflict = claim.conflict(task.request)
    if conflict is not None:
        return conflict
    identity = tools.aws.identify(task.effective.binding)
    return identity if isinstance(identity, Failure) else _find(task, tools.aws, identity)


def _find(task: Task, aws: Aws, identity: Identity) -> Found | Wanted | Failure:
    """Locate the bucket; a missing one is `Wanted`, unless it was there before: then its data is gone."""
    request, effective = task.request, task.effective
    region = effective.spec.region or aws.region(effective.binding)
    name = name_of(request, identity, region)
    if isinstance(name, Failure):
        return name
    client = aws.bucket(effective.binding, identity, name, region)
    if isinstance(client, Failure):
        return client
    bucket = _bucket(task, identity, name, region)
    located = client.locate()
    if isinstance(located, Failure):
        return located
    if isinstance(located, Missing):
        if request.status.bucket is not None:
            return Failure(
                "BucketGone",
                f"bucket {name} existed and is gone, with its data; the operator will not recreate it."
                " Restore it by hand if that is what you want, or delete this object.",
            )
        if effective.mode is Mode.OBSERVE:
            held_back = effective.asked is not Mode.OBSERVE
            who = "this operator only observes (--observe-only): it" if held_back else "mode Observe"
            return Failure("BucketMissing", f"there is no bucket {name}, and {who} does not create one.")
        return Wanted(client, bucket)
    if located.region and located.region != region:
        if effective.spec.region:
            return Failure(
                "WrongRegion",
                f"bucket {name} lies in {located.region}, not in {region}; delete this object and make"
                f" one with spec.region: {located.region}.",
            )
        client = aws.bucket(effective.binding, identity, name, located.region)
        if isinstance(client, Failure):
            return client
        bucket = replace(bucket, region=located.region)
    return Found(client, bucket)


def _bucket(task: Task, identity: Identity, name: str, region: str) -> Bucket:
    endpoint = task.effective.binding.endpoint
    return Bucket(
        name=name,
        region=region,
        account_id=identity.account_id,
        partition=identity.partition,
        origin=Origin.CREATED,
        owner=task.request.owner,
        caller_arn=identity.arn,
        compatible=bool(endpoint) and "amazonaws" not in endpoint,
    )
