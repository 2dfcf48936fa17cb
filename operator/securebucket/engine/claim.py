"""Whose bucket is it? Decided by the ownership tags and the other objects of the cluster, never by a call's success."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from securebucket.api.spec import Adoption
from securebucket.api.status import ControlState
from securebucket.engine.request import PassRequest
from securebucket.model.bucket import Origin
from securebucket.model.failure import Failure
from securebucket.model.ownership_tags import ORIGIN_TAG, OWNER_TAG


class Title(StrEnum):
    """What gives the object the right to the bucket."""

    OWNED = "owned"
    ADOPTED_NOW = "adopted now"


@dataclass(frozen=True, slots=True)
class Ownership:
    """The bucket is this object's.

    Args:
        title: whether the tags say so already, or this pass takes it over.
        origin: what the tags say of its origin; `ADOPTED` for a bucket that is taken over.
    """

    title: Title
    origin: Origin


def conflict(request: PassRequest) -> Failure | None:
    """Refuse when an older object of the cluster names the same bucket: the older wins."""
    if request.older_claim is None:
        return None
    return Failure(
        "Conflict",
        f"bucket {request.bucket_name} belongs to the older object {request.older_claim.key}; delete one of the two"
        " objects, or choose another bucketName.",
    )


def decide(request: PassRequest, tags: Mapping[str, str], *, versioned: bool) -> Ownership | Failure:
    """Say whether a bucket with these tags is the object's, may be taken over, or is somebody else's.

    What the status remembers goes before the tag of the origin: else whoever may tag a bucket could tell the operator
    to keep the rules that were added to it. And a bucket that has lost its owner tag is still the object's if the
    operator made it, or whoever removes that tag would be rid of the operator.

    Args:
        request: what is asked for.
        tags: of the bucket.
        versioned: whether versioning was ever turned on. S3 never forgets that, so where the status remembers it, a
            bucket without it is another one: somebody deleted ours and made one of the same name.
    """
    owner = tags.get(OWNER_TAG, "")
    known = request.status.bucket
    created = known.created_by_operator if known is not None else tags.get(ORIGIN_TAG) == Origin.CREATED
    origin = Origin.CREATED if created else Origin.ADOPTED
    if owner == request.owner:
        return Ownership(Title.OWNED, origin)
    adopt = request.spec.adoption is Adoption.ADOPT
    replaced = not versioned and _remembers_versioning(request)
    if not owner and known is not None and created and not replaced:
        return Ownership(Title.OWNED, origin)
    if not owner:
        if adopt:
            return Ownership(Title.ADOPTED_NOW, Origin.ADOPTED)
        return Failure(
            "AdoptionRequired",
            f"bucket {request.bucket_name} exists and the operator did not create it; set spec.adoption: Adopt to take"
            " it over, or choose another bucketName.",
        )
    if _gone(request, owner):
        if adopt or origin is Origin.CREATED:
            return Ownership(Title.ADOPTED_NOW, origin)
        return Failure(
            "AdoptionRequired",
            f"bucket {request.bucket_name} was taken over by {owner}, which is gone; set spec.adoption: Adopt to take"
            " it over again.",
        )
    return Failure(
        "Conflict",
        f"bucket {request.bucket_name} belongs to {owner} (its tag {OWNER_TAG} says so); delete one of the two objects,"
        " or remove the tag if that owner is gone for good.",
    )


def _remembers_versioning(request: PassRequest) -> bool:
    settled = {ControlState.IN_SYNC, ControlState.CORRECTED}
    declared = (request.status.effective or {}).get("versioning", {}).get("status")
    states = {each.name: each.state for each in request.status.controls}
    return declared == "Enabled" and states.get("versioning") in settled


def _gone(request: PassRequest, owner: str) -> bool:
    """Tell whether the tag names an object of this cluster that is not there, or is a newer claim on the same bucket.

    The newer one cannot hold the bucket against the older: that the older object is in this pass says it is older,
    since the pass of the newer one ends in `conflict`.
    """
    cluster, _, rest = owner.partition("/")
    if cluster != request.cluster or not request.siblings_known:
        return False
    return rest not in request.siblings or rest in request.newer_claims
